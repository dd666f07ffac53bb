/* One batch: records are whole when they are synced, with all places that the job has told; a job
 * that fails takes its bytes along. */
#include "store/record.h"
#include "mailbox-fixture.h"

static gboolean
add_to_two (StoreTransaction *transaction, gpointer data, GError **error)
{
  Call *self = data;
  g_autoptr (PreparedMessage) message = prepare_text (self->fixture->store, self->name);
  gint64 id = message_append (transaction, message, error);

  return mailbox_add (transaction, self->mailbox, id, self->flags, 99, -60, NULL, error)
      && mailbox_add (transaction, self->other, id, 0, 99, -60, NULL, error);
}

static char *
read_segments (Fixture *self, gsize *length)
{
  g_autoptr (GArray) numbers = segments_list (self->store->segments, NULL);
  g_autofree char *path
      = segments_path (self->store->segments, g_array_index (numbers, guint64, 0));
  char *content = NULL;

  g_assert_true (g_file_get_contents (path, &content, length, NULL));
  return content;
}

static void
test_places (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  gint64 other = create_mailbox (self, "Büro/Post");
  Call arguments = { .mailbox = self->inbox, .other = other, .name = "the text" };
  gsize length;

  arguments.flags = keyword_bit (self, self->inbox, "$Junk") | FLAG_SEEN;
  g_assert_true (call (self, add_to_two, &arguments, NULL));
  g_autofree char *content = read_segments (self, &length);
  g_autoptr (Record) record = record_parse ((const guint8 *)content, length, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (record->length, ==, length);
  g_assert_cmpuint (record->places->len, ==, 2);
  const RecordPlace *first = record->places->pdata[0], *second = record->places->pdata[1];
  g_assert_cmpstr (first->account, ==, "ada@example.com");
  g_assert_cmpstr (first->mailbox, ==, "INBOX");
  g_assert_cmpstr (first->keywords[0], ==, "$Junk");
  g_assert_cmpuint (first->flags, ==, arguments.flags);
  g_assert_cmpuint (first->uid, ==, 1);
  g_assert_cmpint (first->date, ==, 99);
  g_assert_cmpint (first->zone, ==, -60);
  g_assert_cmpstr (second->mailbox, ==, "Büro/Post");
  g_assert_cmpuint (second->uid_validity, >, first->uid_validity);
}

static gboolean
add_and_fail (StoreTransaction *transaction, gpointer data, GError **error)
{
  ((Call *)data)->other = 4711;
  return add_to_two (transaction, data, error);
}

static void
test_failed_job (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  Call arguments = { .mailbox = self->inbox, .name = "refused" };
  gsize before, after;

  fixture_add (self, self->inbox, "kept", 0);
  g_free (read_segments (self, &before));
  g_assert_false (call (self, add_and_fail, &arguments, &error));
  g_assert_error (error, STORE_ERROR, STORE_ERROR_NOT_FOUND);
  g_free (read_segments (self, &after));
  g_assert_cmpuint (before, ==, after);
  assert_mailbox (self, self->inbox, 1, 1, 4);
}

/* The places of a big message follow it in a note of their own. */
static void
test_note (Fixture *self, gconstpointer data)
{
  g_autofree char *text = g_strnfill (1500000, 'n');
  g_autoptr (GError) error = NULL;
  gsize length;

  fixture_add (self, self->inbox, text, 0);
  g_autofree char *content = read_segments (self, &length);
  g_autoptr (Record) note = record_parse ((const guint8 *)content, length, &error);
  g_assert_no_error (error);
  g_assert_cmpint (note->kind, ==, RECORD_PLACES);
  g_assert_cmpuint (note->elsewhere_segment, >, 0);
  g_assert_cmpuint (note->places->len, ==, 1);
  g_assert_cmpuint (note->length, ==, length);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  fixture_test ("/batch/places", test_places);
  fixture_test ("/batch/failed-job", test_failed_job);
  fixture_test ("/batch/note", test_note);
  return g_test_run ();
}

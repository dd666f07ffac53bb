/* What a worker makes of a message: frames, digest, envelope; a big one has a segment of its own.
 */
#include "store/prepared.h"
#include "store-fixture.h"

static PreparedMessage *
prepare (Fixture *self, gsize length, const MessageEnvelope *envelope)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *text = g_strnfill (length, 'p');
  g_autoptr (GBytes) bytes = g_bytes_new (text, length);
  PreparedMessage *message = prepared_message_new (self->store, bytes, NULL, envelope, &error);

  g_assert_no_error (error);
  return message;
}

static void
test_sizes (Fixture *self, gconstpointer data)
{
  static const struct {
    gsize length;
    guint frames;
    gboolean own;
  } cases[] = {
    { 0, 0, FALSE },
    { 1, 1, FALSE },
    { FRAME_SIZE, 1, FALSE },
    { FRAME_SIZE + 1, 2, FALSE },
    { OWN_SEGMENT_FROM, 4, FALSE },
    { OWN_SEGMENT_FROM + 1, 5, TRUE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (PreparedMessage) message = prepare (self, cases[i].length, NULL);
    g_assert_cmpuint (prepared_message_size (message), ==, cases[i].length);
    g_assert_cmpuint (message->record->frame_count, ==, cases[i].frames);
    g_assert_cmpint (message->own_segment != 0, ==, cases[i].own);
    g_assert_null (message->record->sender);
  }
}

static void
test_envelope (Fixture *self, gconstpointer data)
{
  const char *recipients[] = { "ada@example.com", NULL };
  MessageEnvelope from_somebody = { "bob@example.net", recipients };
  MessageEnvelope bounce = { "", NULL };
  g_autoptr (PreparedMessage) first = prepare (self, 10, &from_somebody);
  g_autoptr (PreparedMessage) second = prepare (self, 10, &bounce);

  g_assert_cmpstr (first->record->sender, ==, "bob@example.net");
  g_assert_cmpstr (first->record->recipients[0], ==, "ada@example.com");
  g_assert_cmpstr (second->record->sender, ==, "");
  g_assert_cmpuint (g_strv_length (second->record->recipients), ==, 0);
}

/* Its own segment is whole: it parses, and goes when nothing was committed. */
static void
test_own_segment (Fixture *self, gconstpointer data)
{
  PreparedMessage *message = prepare (self, 3000000, NULL);
  g_autofree char *path = segments_path (self->store->segments, message->own_segment);
  g_autofree char *content = NULL;
  gsize length;
  g_autoptr (GError) error = NULL;

  g_assert_true (g_file_get_contents (path, &content, &length, NULL));
  g_autoptr (Record) record = record_parse ((const guint8 *)content, length, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (record->length, ==, length);
  prepared_message_ref (message);
  prepared_message_unref (message);
  g_assert_true (file_exists (path));
  prepared_message_unref (message);
  g_assert_false (file_exists (path));
}

/* After the commit it stays. */
static void
test_committed (Fixture *self, gconstpointer data)
{
  PreparedMessage *message = prepare (self, 3000000, NULL);
  g_autofree char *path = segments_path (self->store->segments, message->own_segment);
  Adding adding = { .mailbox = self->inbox, .message = message };

  g_assert_true (store_write_sync (self->store, add_message, &adding, NULL));
  prepared_message_unref (message);
  g_assert_true (file_exists (path));
  fixture_reopen (self);
  g_assert_true (file_exists (path));
}

static gboolean
fail_sync (File *file, GError **error)
{
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE, "full");
  return FALSE;
}

/* Nothing stays of a big message that could not be synced. */
static void
test_full (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *text = g_strnfill (3000000, 'p');
  g_autoptr (GBytes) bytes = g_bytes_new (text, 3000000);
  g_autoptr (GArray) before = segments_list (self->store->segments, NULL);
  FileSystem failing = *file_system_default ();

  failing.sync = fail_sync;
  file_system_replace (&failing);
  g_assert_null (prepared_message_new (self->store, bytes, NULL, NULL, &error));
  g_assert_error (error, STORE_ERROR, STORE_ERROR_FULL);
  file_system_replace (NULL);
  g_autoptr (GArray) after = segments_list (self->store->segments, NULL);
  g_assert_cmpuint (after->len, ==, before->len);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  fixture_test ("/prepared/sizes", test_sizes);
  fixture_test ("/prepared/envelope", test_envelope);
  fixture_test ("/prepared/own-segment", test_own_segment);
  fixture_test ("/prepared/committed", test_committed);
  fixture_test ("/prepared/full", test_full);
  return g_test_run ();
}

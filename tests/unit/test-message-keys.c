/* Keys of messages: kept with the append, told in runs, gone with the message. */
#include "store/message-keys.h"
#include "store/compact.h"
#include "tests/unit/store-fixture.h"

typedef struct {
  Fixture *fixture;
  guint count;
  gint64 ids[600];
  GString *told;
} Keeping;

static gboolean
append_all (StoreTransaction *transaction, gpointer data, GError **error)
{
  Keeping *self = data;

  for (guint i = 0; i < self->count; i++) {
    g_autoptr (PreparedMessage) message = prepare_text (self->fixture->store, "Subject: x\r\n\r\n");
    g_autofree char *text = g_strdup_printf ("%u", i);
    g_autoptr (GBytes) keys = g_bytes_new (text, strlen (text));
    if (i % 7 != 3)
      prepared_message_set_keys (message, keys);
    self->ids[i] = message_append (transaction, message, error);
    if (!mailbox_add (transaction, self->fixture->inbox, self->ids[i], 0, 0, 0, NULL, error))
      return FALSE;
  }
  return TRUE;
}

static void
note (guint index, const guint8 *keys, gsize length, gpointer data)
{
  g_string_append_printf (data, "%u=%.*s ", index, (int)length, (const char *)keys);
}

static char *
told (Keeping *self, const gint64 *messages, guint count)
{
  GString *text = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  g_autofree char *path = g_build_filename (self->fixture->folder, "store.db", NULL);
  g_autoptr (Database) database = database_open (path, DATABASE_READ, &error);

  message_keys_each (database, messages, count, note, text, &error);
  g_assert_no_error (error);
  return g_string_free (text, FALSE);
}

static void
test_runs (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  Keeping self = { fixture, 600 };

  store_write_sync (fixture->store, append_all, &self, &error);
  g_assert_no_error (error);
  /* All of them, over several runs; every seventh has none. */
  g_autofree char *all = told (&self, self.ids, 600);
  g_auto (GStrv) words = g_strsplit (all, " ", -1);
  g_assert_cmpuint (g_strv_length (words) - 1, ==, 600 - 86);
  g_assert_true (g_str_has_prefix (all, "0=0 1=1 2=2 4=4 "));
  g_assert_true (g_str_has_suffix (all, "599=599 "));
  /* Far apart, and one that stands twice. */
  const gint64 few[] = { self.ids[0], self.ids[5], self.ids[5], self.ids[599], G_MAXINT64 };
  g_autofree char *some = told (&self, few, 5);
  g_assert_cmpstr (some, ==, "0=0 1=5 2=5 3=599 ");
  const gint64 near[] = { self.ids[5], self.ids[5], self.ids[6] };
  g_autofree char *others = told (&self, near, 3);
  g_assert_cmpstr (others, ==, "0=5 1=5 2=6 ");
}

static gboolean
put (StoreTransaction *transaction, gpointer data, GError **error)
{
  Keeping *self = data;
  g_autoptr (GBytes) keys = g_bytes_new_static ("late", 4);

  return message_keys_put (transaction, self->ids[3], keys, error)
      && message_keys_put (transaction, G_MAXINT64, keys, error);
}

static gboolean
expunge (StoreTransaction *transaction, gpointer data, GError **error)
{
  Keeping *self = data;
  UidRange all = { 1, G_MAXUINT32 };
  guint32 next;

  return mailbox_expunge (transaction, self->fixture->inbox, &all, 1, 0, &next, error);
}

/* Later ones are kept for messages that are there; all go with their message, and an id that was
 * used once does not come back. */
static void
test_put_and_remove (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  Keeping self = { fixture, 5 };
  CompactReport report;

  store_write_sync (fixture->store, append_all, &self, &error);
  g_assert_no_error (error);
  store_write_sync (fixture->store, put, &self, &error);
  g_assert_no_error (error);
  g_autofree char *before = told (&self, self.ids, 5);
  g_assert_cmpstr (before, ==, "0=0 1=1 2=2 3=late 4=4 ");

  gint64 last = self.ids[4];
  store_write_sync (fixture->store, expunge, &self, &error);
  g_assert_no_error (error);
  store_compact_sync (fixture->store, 0, NULL, NULL, &report, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (report.messages, ==, 5);
  g_autofree char *after = told (&self, self.ids, 5);
  g_assert_cmpstr (after, ==, "");
  fixture_reopen (fixture);
  self.count = 1;
  store_write_sync (fixture->store, append_all, &self, &error);
  g_assert_no_error (error);
  g_assert_cmpint (self.ids[0], ==, last + 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  fixture_test ("/message-keys/runs", test_runs);
  fixture_test ("/message-keys/put-and-remove", test_put_and_remove);
  return g_test_run ();
}

/* Notes: after the commit, in order, of jobs that went well; the last ones only. */
#include "store-fixture.h"

#include "store/notes.h"

typedef struct {
  const char *text;
  gint64 mailbox, account;
  guint64 origin;
  guint count;
  gboolean fails;
} Saying;

static gboolean
say (StoreTransaction *transaction, gpointer data, GError **error)
{
  const Saying *self = data;

  store_transaction_sign (transaction, self->origin);
  for (guint i = 0; i < self->count; i++)
    store_transaction_note (transaction, NOTE_METADATA, self->mailbox, self->account, self->text);
  if (self->fails)
    g_set_error_literal (error, STORE_ERROR, STORE_ERROR_INVALID, "on purpose");
  return !self->fails;
}

static void
collect (const Note *note, gpointer data)
{
  g_string_append_printf (data,
                          "%s/%" G_GINT64_FORMAT "/%" G_GINT64_FORMAT "/%" G_GUINT64_FORMAT " ",
                          note->text, note->mailbox, note->account, note->origin);
}

static void
test_order (Fixture *self, gconstpointer data)
{
  g_autoptr (GString) found = g_string_new (NULL);
  Saying first = { "a", 1, 2, 3, 1 }, failed = { "b", 1, 0, 0, 1, TRUE },
         last = { "c", 0, 0, 0, 2 };
  guint64 serial = store_notes_last (self->store);

  store_write_sync (self->store, say, &first, NULL);
  store_write_sync (self->store, say, &failed, NULL);
  store_write_sync (self->store, say, &last, NULL);
  g_assert_cmpuint (store_notes_last (self->store), ==, serial + 3);
  g_assert_true (store_notes_since (self->store, &serial, collect, found));
  g_assert_cmpstr (found->str, ==, "a/1/2/3 c/0/0/0 c/0/0/0 ");
  g_string_truncate (found, 0);
  g_assert_true (store_notes_since (self->store, &serial, collect, found));
  g_assert_cmpstr (found->str, ==, "");
}

static void
count_one (const Note *note, gpointer data)
{
  ++*(guint *)data;
}

static void
test_ring (Fixture *self, gconstpointer data)
{
  Saying many = { "x", 1, 0, 0, NOTES_KEPT }, one = { "y", 1, 0, 0, 1 };
  guint64 serial = store_notes_last (self->store), late = serial;
  guint count = 0;

  store_write_sync (self->store, say, &many, NULL);
  g_assert_true (store_notes_since (self->store, &serial, count_one, &count));
  g_assert_cmpuint (count, ==, NOTES_KEPT);
  store_write_sync (self->store, say, &one, NULL);
  count = 0;
  g_assert_false (store_notes_since (self->store, &late, count_one, &count));
  g_assert_cmpuint (count, ==, 0);
  /* From here on it is whole again. */
  g_assert_true (store_notes_since (self->store, &late, count_one, &count));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  fixture_test ("/notes/order", test_order);
  fixture_test ("/notes/ring", test_ring);
  return g_test_run ();
}

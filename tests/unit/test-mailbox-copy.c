/* Adding, copying, moving, expunging: UIDs, counts, used bytes, tombstones. */
#include "mailbox-fixture.h"

static void
expunge (Fixture *self, gint64 mailbox, UidRange range, guint64 required)
{
  g_autoptr (GError) error = NULL;
  Call arguments = { .mailbox = mailbox, .range = range, .flags = required };

  call (self, call_expunge, &arguments, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (arguments.next, ==, 0);
}

static void
copy (Fixture *self, Call *arguments)
{
  g_autoptr (GError) error = NULL;

  arguments->source = g_array_new (FALSE, FALSE, sizeof (guint32));
  arguments->target = g_array_new (FALSE, FALSE, sizeof (guint32));
  call (self, call_copy, arguments, &error);
  g_assert_no_error (error);
}

static void
assert_uids (GArray *uids, guint count, guint32 first)
{
  g_assert_cmpuint (uids->len, ==, count);
  for (guint i = 0; i < count; i++)
    g_assert_cmpuint (g_array_index (uids, guint32, i), ==, first + i);
  g_array_unref (uids);
}

static void
test_expunge (Fixture *self, gconstpointer data)
{
  fixture_add (self, self->inbox, "one", FLAG_DELETED);
  fixture_add (self, self->inbox, "three", FLAG_DELETED | FLAG_SEEN);
  fixture_add (self, self->inbox, "seven..", 0);
  assert_used (self, 15);
  expunge (self, self->inbox, (UidRange) { 1, G_MAXUINT32 }, FLAG_DELETED);
  assert_entries (self, self->inbox, 0, "1:4@5- 2:c@5- 3:0@4");
  assert_mailbox (self, self->inbox, 1, 1, 7);
  assert_used (self, 7);
  expunge (self, self->inbox, (UidRange) { 1, G_MAXUINT32 }, 0);
  expunge (self, self->inbox, (UidRange) { 1, G_MAXUINT32 }, 0); /* a second time: nothing */
  assert_entries (self, self->inbox, 0, "1:4@5- 2:c@5- 3:0@6-");
  assert_used (self, 0);
  /* The last UID is not given away again, not even after a new start. */
  fixture_reopen (self);
  g_assert_cmpuint (fixture_add (self, self->inbox, "x", 0).uid, ==, 4);
}

static void
test_copy (Fixture *self, gconstpointer data)
{
  gint64 other = create_mailbox (self, "Other");
  guint64 later = keyword_bit (self, self->inbox, "later");

  keyword_bit (self, other, "first there");
  fixture_add (self, self->inbox, "one", FLAG_SEEN);
  fixture_add (self, self->inbox, "two", later | FLAG_FLAGGED);
  Call arguments = { .mailbox = self->inbox, .other = other, .range = { 1, G_MAXUINT32 } };
  copy (self, &arguments);
  assert_uids (arguments.source, 2, 1);
  assert_uids (arguments.target, 2, 1);
  assert_entries (self, self->inbox, 0, "1:8@2 2:102@3");
  assert_entries (self, other, 0, "1:8@2 2:202@2"); /* the keyword's bit is another there */
  assert_mailbox (self, other, 2, 1, 6);
  assert_used (self, 12);
}

static void
test_move (Fixture *self, gconstpointer data)
{
  gint64 other = create_mailbox (self, "Other");

  for (guint i = 0; i < 1500; i++)
    fixture_add (self, self->inbox, "x", 0);
  Call arguments
      = { .mailbox = self->inbox, .other = other, .move = TRUE, .range = { 11, G_MAXUINT32 } };
  copy (self, &arguments);
  assert_uids (arguments.source, 1490, 11);
  assert_uids (arguments.target, 1490, 1);
  assert_mailbox (self, self->inbox, 10, 10, 10);
  assert_mailbox (self, other, 1490, 1490, 1490);
  assert_used (self, 1500);
}

static void
test_into_itself (Fixture *self, gconstpointer data)
{
  fixture_add (self, self->inbox, "one", 0);
  fixture_add (self, self->inbox, "two", 0);
  Call arguments = { .mailbox = self->inbox, .other = self->inbox, .range = { 1, G_MAXUINT32 } };
  copy (self, &arguments);
  assert_uids (arguments.source, 2, 1);
  assert_uids (arguments.target, 2, 3);
  assert_mailbox (self, self->inbox, 4, 4, 12);
  arguments.range = (UidRange) { 1, 1 };
  arguments.move = TRUE;
  copy (self, &arguments);
  assert_uids (arguments.source, 1, 1);
  assert_uids (arguments.target, 1, 5);
  assert_mailbox (self, self->inbox, 4, 4, 12);
  assert_used (self, 12);
}

static gboolean
add_missing (StoreTransaction *transaction, gpointer data, GError **error)
{
  Call *self = data;

  return mailbox_add (transaction, self->mailbox, 4711, 0, 0, 0, NULL, error);
}

static void
test_missing (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  Call arguments = { .mailbox = self->inbox };

  g_assert_false (call (self, add_missing, &arguments, &error));
  g_assert_error (error, STORE_ERROR, STORE_ERROR_NOT_FOUND);
  g_clear_error (&error);
  arguments.other = 4711;
  g_assert_false (call (self, call_copy, &arguments, &error));
  g_assert_error (error, STORE_ERROR, STORE_ERROR_NOT_FOUND);
  assert_mailbox (self, self->inbox, 0, 0, 0);
}

static gboolean
use_up_uids (StoreTransaction *transaction, gpointer data, GError **error)
{
  return database_run (store_transaction_database (transaction), error,
                       "UPDATE mailbox SET uid_next = 4294967295", "");
}

static void
test_uids_used_up (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PreparedMessage) message = prepare_text (self->store, "x");
  Adding adding = { .mailbox = self->inbox, .message = message };

  g_assert_true (store_write_sync (self->store, use_up_uids, NULL, NULL));
  g_assert_false (store_write_sync (self->store, add_message, &adding, &error));
  g_assert_error (error, STORE_ERROR, STORE_ERROR_INVALID);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  fixture_test ("/mailbox-copy/expunge", test_expunge);
  fixture_test ("/mailbox-copy/copy", test_copy);
  fixture_test ("/mailbox-copy/move", test_move);
  fixture_test ("/mailbox-copy/into-itself", test_into_itself);
  fixture_test ("/mailbox-copy/missing", test_missing);
  fixture_test ("/mailbox-copy/uids-used-up", test_uids_used_up);
  return g_test_run ();
}

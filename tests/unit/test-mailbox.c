/* Reading mailboxes and entries. */
#include "mailbox-fixture.h"

static gboolean
look_uids (StoreSnapshot *snapshot, gpointer data, GError **error)
{
  Look *self = data;

  self->uids = mailbox_uids (store_snapshot_database (snapshot), self->id, error);
  return self->uids != NULL;
}

static void
assert_ranges (Fixture *self, const char *expected)
{
  g_autoptr (GString) text = g_string_new (NULL);
  Look look = { .id = self->inbox };

  g_assert_true (store_read_sync (self->store, look_uids, &look, NULL));
  for (guint i = 0; i < look.uids->len; i++) {
    UidRange range = g_array_index (look.uids, UidRange, i);
    g_string_append_printf (text, "%s%u-%u", i ? " " : "", range.first, range.last);
  }
  g_assert_cmpstr (text->str, ==, expected);
  g_array_unref (look.uids);
}

static void
expunge (Fixture *self, guint32 first, guint32 last)
{
  Call arguments = { .mailbox = self->inbox, .range = { first, last } };

  g_assert_true (call (self, call_expunge, &arguments, NULL));
}

static void
test_uids (Fixture *self, gconstpointer data)
{
  assert_ranges (self, "");
  for (guint i = 0; i < 10; i++)
    fixture_add (self, self->inbox, "x", 0);
  assert_ranges (self, "1-10");
  expunge (self, 4, 4);
  expunge (self, 9, 10);
  assert_ranges (self, "1-3 5-8");
  expunge (self, 1, 1);
  expunge (self, 3, 7);
  assert_ranges (self, "2-2 8-8");
}

static gboolean
look_last_entry (const Entry *entry, gpointer data)
{
  *(Entry *)data = *entry;
  return FALSE;
}

static gboolean
look_entry (StoreSnapshot *snapshot, gpointer data, GError **error)
{
  Entry *entry = data;
  gint64 mailbox = entry->message;

  return mailbox_each (store_snapshot_database (snapshot), mailbox, entry->uid, G_MAXUINT32, FALSE,
                       look_last_entry, entry, error);
}

static void
test_entry (Fixture *self, gconstpointer data)
{
  Adding first = fixture_add (self, self->inbox, "first", FLAG_SEEN);
  Adding second = fixture_add (self, self->inbox, "second!", FLAG_DRAFT);
  Entry entry = { .message = self->inbox, .uid = 2 };

  g_assert_cmpint (first.id, <, second.id);
  g_assert_true (store_read_sync (self->store, look_entry, &entry, NULL));
  g_assert_cmpuint (entry.uid, ==, 2);
  g_assert_cmpint (entry.message, ==, second.id);
  g_assert_cmpuint (entry.flags, ==, FLAG_DRAFT);
  g_assert_cmpint (entry.date, ==, 1000000);
  g_assert_cmpint (entry.zone, ==, 60);
  g_assert_cmpuint (entry.size, ==, 7);
  g_assert_cmpint (entry.save_date, >, 1700000000);
  g_assert_false (entry.expunged);
}

static void
test_row (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  Call sent = { .name = "Sent", .to = "\\Sent" };

  g_assert_true (call (self, call_create, &sent, NULL));
  fixture_add (self, sent.mailbox, "text", 0);
  g_autoptr (Mailbox) row = load_mailbox (self, sent.mailbox);
  g_assert_cmpstr (row->name, ==, "Sent");
  g_assert_cmpstr (row->special_use, ==, "\\Sent");
  g_assert_cmpint (row->account, ==, self->account);
  g_assert_cmpuint (row->uid_next, ==, 2);
  g_assert_cmpuint (row->modseq, ==, 2);
  g_assert_cmpuint (row->recent_from, ==, 1);
  Look look = { .account = self->account, .name = "sent" };
  g_assert_false (store_read_sync (self->store, look_load, &look, &error));
  g_assert_error (error, STORE_ERROR, STORE_ERROR_NOT_FOUND);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  fixture_test ("/mailbox/uids", test_uids);
  fixture_test ("/mailbox/entry", test_entry);
  fixture_test ("/mailbox/row", test_row);
  return g_test_run ();
}

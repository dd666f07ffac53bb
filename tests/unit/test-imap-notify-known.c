/* Rows of what a client was told, and what it does itself. */
#include "imap/imap-notify-known.h"

static void
put (ImapKnown *known, const char *name, gint64 id)
{
  ImapKnownRow *row = imap_known_row_new (name);

  row->id = row->numbers.id = id;
  imap_known_put (known, row);
}

static ImapKnown *
fill (void)
{
  ImapKnown *known = imap_known_new (imap_notify_request_new ());

  put (known, "INBOX", 1);
  put (known, "a", 2);
  put (known, "a/b", 3);
  put (known, "ab", 4);
  return known;
}

static void
test_put (void)
{
  g_autoptr (ImapKnown) known = fill ();

  g_assert_cmpstr (imap_known_find_id (known, 3)->name, ==, "a/b");
  put (known, "a/b", 7); /* another one of that name */
  g_assert_null (imap_known_find_id (known, 3));
  g_assert_true (imap_known_find_id (known, 7) == imap_known_find (known, "a/b"));
  g_assert_cmpuint (g_hash_table_size (known->by_name), ==, 4);
}

static void
test_create (void)
{
  g_autoptr (ImapKnown) known = fill ();

  imap_known_did_create (known, "x/y/z");
  g_assert_true (imap_known_find (known, "x")->silent);
  g_assert_true (imap_known_find (known, "x/y")->silent);
  g_assert_true (imap_known_find (known, "x/y/z")->silent);
  imap_known_did_create (known, "a/c");
  g_assert_false (imap_known_find (known, "a")->silent); /* it was there */
  imap_known_did_create (known, "inbox/n");
  g_assert_nonnull (imap_known_find (known, "INBOX/n"));
}

static void
test_delete (void)
{
  g_autoptr (ImapKnown) known = fill ();

  imap_known_did_delete (known, "a/b");
  imap_known_did_delete (known, "nothing");
  g_assert_null (imap_known_find_id (known, 3));
  g_assert_cmpint (imap_known_find (known, "a/b")->id, ==, 0);
}

static void
test_rename (void)
{
  g_autoptr (ImapKnown) known = fill ();

  imap_known_did_rename (known, "a", "n/m");
  g_assert_cmpstr (imap_known_find_id (known, 2)->name, ==, "n/m");
  g_assert_cmpstr (imap_known_find_id (known, 3)->name, ==, "n/m/b");
  g_assert_cmpstr (imap_known_find_id (known, 4)->name, ==, "ab");
  g_assert_null (imap_known_find (known, "a"));
  g_assert_true (imap_known_find (known, "n")->silent);
  imap_known_did_rename (known, "INBOX", "Old");
  g_assert_cmpstr (imap_known_find_id (known, 1)->name, ==, "INBOX");
  g_assert_true (imap_known_find (known, "Old")->silent);
}

static void
test_subscribe (void)
{
  g_autoptr (ImapKnown) known = fill ();

  imap_known_did_subscribe (known, "a", TRUE);
  imap_known_did_subscribe (known, "nowhere", TRUE);
  imap_known_did_subscribe (known, "nobody", FALSE);
  g_assert_true (imap_known_find (known, "a")->subscribed);
  g_assert_true (imap_known_find (known, "nowhere")->subscribed);
  g_assert_null (imap_known_find (known, "nobody"));
  imap_known_did_subscribe (known, "a", FALSE);
  g_assert_false (imap_known_find (known, "a")->subscribed);
}

/* Only a change that begins where the client is. */
static void
test_change (void)
{
  g_autoptr (ImapKnown) known = fill ();
  const MailboxNumbers one = { 2, 0, 2, 1, 1, 5 }, two = { 2, 0, 3, 2, 2, 6 };
  const MailboxNumbers none = { .id = 2 };

  imap_known_did_change (known, &one, &two);
  g_assert_cmpuint (imap_known_find (known, "a")->numbers.messages, ==, 0);
  imap_known_did_change (known, &none, &one);
  imap_known_did_change (known, &one, &two);
  g_assert_cmpuint (imap_known_find (known, "a")->numbers.messages, ==, 2);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/imap-notify-known/put", test_put);
  g_test_add_func ("/imap-notify-known/create", test_create);
  g_test_add_func ("/imap-notify-known/delete", test_delete);
  g_test_add_func ("/imap-notify-known/rename", test_rename);
  g_test_add_func ("/imap-notify-known/subscribe", test_subscribe);
  g_test_add_func ("/imap-notify-known/change", test_change);
  return g_test_run ();
}

/* Finding the messages of a program, over several read jobs and with some that are damaged. */
#include "tests/unit/imap-fixture.h"

/* More than one read job examines. */
static void
test_batches (void)
{
  static const ImapStep steps[] = {
    { "A", "s SELECT INBOX", "*s OK [READ-WRITE] Selected\r\n" },
    { "A", "a STORE 2,60001,120000 +FLAGS.SILENT (\\Flagged)", "a OK Stored\r\n" },
    { "A", "b SEARCH FLAGGED", "* SEARCH 2 60001 120000\r\nb OK Searched\r\n" },
    { "A", "c SEARCH 60000:60002 NOT FLAGGED", "* SEARCH 60000 60002\r\nc OK Searched\r\n" },
    { "A", "d SEARCH UID 120000:*", "* SEARCH 120000\r\nd OK Searched\r\n" },
  };

  imap_set_up ();
  imap_fill_inbox (120000);
  imap_talk (steps, G_N_ELEMENTS (steps));
  imap_tear_down ();
}

static gboolean
lose_message (StoreTransaction *transaction, gpointer data, GError **error)
{
  return database_run (store_transaction_database (transaction), error,
                       "UPDATE message SET segment = 999 WHERE id = (SELECT max (id) FROM message)",
                       "");
}

/* What cannot be read is passed over, and said. */
static void
test_damaged (void)
{
  static const ImapStep before[] = { IMAP_SAVE ("1"), IMAP_SAVE ("2") };
  static const ImapStep after[] = {
    { "A", "s SELECT INBOX", "*s OK [READ-WRITE] Selected\r\n" },
    { "A", "a SEARCH BODY abc",
      "* SEARCH 1\r\na OK Searched, but some messages cannot be read\r\n" },
  };
  g_autoptr (GError) error = NULL;

  imap_set_up ();
  imap_talk (before, G_N_ELEMENTS (before));
  store_write_sync (imap.store, lose_message, NULL, &error);
  g_assert_no_error (error);
  imap_talk (after, G_N_ELEMENTS (after));
  imap_tear_down ();
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/imap-find/batches", test_batches);
  g_test_add_func ("/imap-find/damaged", test_damaged);
  return g_test_run ();
}

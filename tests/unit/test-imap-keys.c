/* Keys that are missing are made from the header, and kept. */
#include "tests/unit/imap-fixture.h"

static gboolean
forget_keys (StoreTransaction *transaction, gpointer data, GError **error)
{
  return database_run (store_transaction_database (transaction), error,
                       "DELETE FROM message_keys WHERE message % 2 = 1", "")
      && database_run (store_transaction_database (transaction), error,
                       "UPDATE message_keys SET keys = x'ff'", "");
}

static gboolean
count_keys (StoreTransaction *transaction, gpointer data, GError **error)
{
  Statement *row = database_query (store_transaction_database (transaction), error,
                                   "SELECT count(*) FROM message_keys WHERE keys <> x'ff'", "");

  *(gint64 *)data = row && statement_next (row, error) ? statement_int (row, 0) : -1;
  return TRUE;
}

static void
test_missing (void)
{
  static const ImapStep before[] = { IMAP_SAVE ("b"), IMAP_SAVE ("c"), IMAP_SAVE ("a") };
  static const ImapStep after[] = {
    { "A", "s SELECT INBOX", "*s OK [READ-WRITE] Selected\r\n" },
    { "A", "a SORT (SUBJECT) UTF-8 ALL", "* SORT 3 1 2\r\na OK Sorted\r\n" },
    { "A", "b THREAD ORDEREDSUBJECT UTF-8 ALL", "* THREAD (1)(2)(3)\r\nb OK Threaded\r\n" },
  };
  g_autoptr (GError) error = NULL;
  gint64 count = 0;

  imap_set_up ();
  imap_talk (before, G_N_ELEMENTS (before));
  store_write_sync (imap.store, forget_keys, NULL, &error);
  g_assert_no_error (error);
  imap_talk (after, G_N_ELEMENTS (after));
  store_write_sync (imap.store, count_keys, &count, &error);
  g_assert_no_error (error);
  g_assert_cmpint (count, ==, 3);
  imap_tear_down ();
}

/* Many messages that share their bytes and have no keys, over several jobs. */
static void
test_many (void)
{
  static const ImapStep steps[] = {
    { "A", "s SELECT INBOX", "*s OK [READ-WRITE] Selected\r\n" },
    { "A", "a SORT RETURN (COUNT MIN MAX) (DATE SUBJECT) UTF-8 ALL",
      "* ESEARCH (TAG \"a\") MIN 1 MAX 45000 COUNT 45000\r\na OK Sorted\r\n" },
  };

  imap_set_up ();
  imap_fill_inbox (45000);
  imap_talk (steps, G_N_ELEMENTS (steps));
  imap_tear_down ();
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/imap-keys/missing", test_missing);
  g_test_add_func ("/imap-keys/many", test_many);
  return g_test_run ();
}

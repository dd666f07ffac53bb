#include "tests/unit/imap-fixture.h"

/* As compaction leaves it, when it has taken the tombstones. */
static gboolean
forget (StoreTransaction *transaction, gpointer data, GError **error)
{
  Database *database = store_transaction_database (transaction);

  return database_run (database, error, "DELETE FROM entry WHERE expunged > 0", "")
      && database_run (database, error, "UPDATE mailbox SET modseq_floor = modseq", "");
}

static void
test_changes (void)
{
  IMAP_TALK (IMAP_SAVE ("1"), IMAP_SAVE ("2"), IMAP_SAVE ("3"), IMAP_SAVE ("4"),
             { "A", "e ENABLE QRESYNC", "*e OK Enabled\r\n" },
             { "A", "s SELECT INBOX", "*s OK [READ-WRITE] Selected\r\n" },
             { "A", "a STORE 1,3 +FLAGS.SILENT (\\Deleted)", "*a OK Stored\r\n" },
             { "A", "b EXPUNGE", "* VANISHED 1,3\r\nb OK [HIGHESTMODSEQ *] Expunged\r\n" },
             { "A", "c UID FETCH 1:* UID (CHANGEDSINCE 1 VANISHED)",
               "* VANISHED (EARLIER) 1,3\r\n"
               "* 1 FETCH (UID 2 MODSEQ (*))\r\n"
               "* 2 FETCH (UID 4 MODSEQ (*))\r\n"
               "c OK Fetched\r\n" },
             { "A", "d UID FETCH 2:4 UID (VANISHED CHANGEDSINCE 99)", "d OK Fetched\r\n" },
             { "A", "e FETCH 2 UID (CHANGEDSINCE 1)",
               "* 2 FETCH (UID 4 MODSEQ (*))\r\n"
               "e OK Fetched\r\n" },
             { "A", "f UID FETCH 9:* UID (CHANGEDSINCE 1 CHANGEDSINCE x)", "f BAD *\r\n" });
}

static void
test_forgotten (void)
{
  g_autoptr (GError) error = NULL;

  imap_set_up ();
  imap_fill_inbox (5);
  imap_talk (
      (const ImapStep[]) {
          { "A", "e ENABLE QRESYNC", "*e OK Enabled\r\n" },
          { "A", "s SELECT INBOX", "*s OK [READ-WRITE] Selected\r\n" },
          { "A", "a STORE 2:3 +FLAGS.SILENT (\\Deleted)", "*a OK Stored\r\n" },
          { "A", "b EXPUNGE", "*b OK [HIGHESTMODSEQ *] Expunged\r\n" },
      },
      4);
  store_write_sync (imap.store, forget, NULL, &error);
  g_assert_no_error (error);
  imap_talk (
      (const ImapStep[]) {
          { "A", "c UID FETCH 1:9 UID (CHANGEDSINCE 1 VANISHED)",
            "* VANISHED (EARLIER) 2:3\r\n*c OK Fetched\r\n" },
      },
      1);
  imap_tear_down ();
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/imap-changes/changes", test_changes);
  g_test_add_func ("/imap-changes/forgotten", test_forgotten);
  return g_test_run ();
}

#include "tests/unit/imap-fixture.h"

static void
test_all (void)
{
  IMAP_TALK (IMAP_SAVE ("1"), IMAP_SAVE ("2"), IMAP_SAVE ("3"),
             { "A", "s SELECT INBOX", "*s OK [READ-WRITE] Selected\r\n" },
             { "A", "a STORE 1,3 +FLAGS.SILENT (\\Deleted)", "a OK Stored\r\n" },
             { "A", "b EXPUNGE",
               "* 3 EXPUNGE\r\n"
               "* 1 EXPUNGE\r\n"
               "b OK Expunged\r\n" },
             { "A", "c FETCH 1:* (UID)",
               "* 1 FETCH (UID 2)\r\n"
               "c OK Fetched\r\n" });
}

static void
test_by_uid (void)
{
  IMAP_TALK (IMAP_SAVE ("1"), IMAP_SAVE ("2"),
             { "A", "s SELECT INBOX", "*s OK [READ-WRITE] Selected\r\n" },
             { "A", "a STORE 1:2 +FLAGS.SILENT (\\Deleted)", "a OK Stored\r\n" },
             { "A", "b UID EXPUNGE 2",
               "* 2 EXPUNGE\r\n"
               "b OK Expunged\r\n" },
             { "A", "c UID EXPUNGE", "c BAD *\r\n" }, { "A", "d EXPUNGE 1", "d BAD *\r\n" });
}

static void
test_flagged_by_another (void)
{
  IMAP_TALK (IMAP_SAVE ("1"), IMAP_SAVE ("2"),
             { "A", "s SELECT INBOX", "*s OK [READ-WRITE] Selected\r\n" },
             { "B", "s SELECT INBOX", "*s OK [READ-WRITE] Selected\r\n" },
             { "B", "a STORE 2 +FLAGS.SILENT (\\Deleted)", "a OK Stored\r\n" },
             { "A", "b EXPUNGE",
               "* 2 EXPUNGE\r\n"
               "b OK Expunged\r\n" },
             { "B", "c NOOP",
               "* 2 EXPUNGE\r\n"
               "c OK Done\r\n" });
}

static void
test_read_only (void)
{
  IMAP_TALK (IMAP_SAVE ("1"), { "A", "s EXAMINE INBOX", "*s OK [READ-ONLY] Selected\r\n" },
             { "A", "b EXPUNGE", "b NO [READ-ONLY] *\r\n" });
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/cmd-expunge/all", test_all);
  g_test_add_func ("/cmd-expunge/by-uid", test_by_uid);
  g_test_add_func ("/cmd-expunge/flagged-by-another", test_flagged_by_another);
  g_test_add_func ("/cmd-expunge/read-only", test_read_only);
  return g_test_run ();
}

#include "tests/unit/imap-fixture.h"

static void
test_keys (void)
{
  IMAP_TALK (IMAP_SAVE ("1"), IMAP_SAVE ("2"),
             { "A", "s SELECT INBOX", "*s OK [READ-WRITE] Selected\r\n" },
             { "A", "f STORE 2 +FLAGS.SILENT (\\Flagged $Work)", "*f OK Stored\r\n" },
             { "A", "a SEARCH ALL",
               "* SEARCH 1 2\r\n"
               "a OK Searched\r\n" },
             { "A", "b SEARCH FLAGGED KEYWORD $work",
               "* SEARCH 2\r\n"
               "b OK Searched\r\n" },
             { "A", "c UID SEARCH UID 2:* SUBJECT 2",
               "* SEARCH 2\r\n"
               "c OK Searched\r\n" },
             { "A", "d SEARCH OR SUBJECT \"1\" SUBJECT \"2\"",
               "* SEARCH 1 2\r\n"
               "d OK Searched\r\n" },
             { "A", "e SEARCH CHARSET UTF-8 BODY ABC NOT 2",
               "* SEARCH 1\r\n"
               "e OK Searched\r\n" },
             { "A", "g SEARCH TEXT nothing",
               "* SEARCH\r\n"
               "g OK Searched\r\n" });
}

static void
test_refused (void)
{
  IMAP_TALK (IMAP_SAVE ("1"), { "A", "s SELECT INBOX", "*s OK [READ-WRITE] Selected\r\n" },
             { "A", "a SEARCH CHARSET KOI8-R ALL", "a NO [BADCHARSET (US-ASCII UTF-8)] *\r\n" },
             { "A", "b SEARCH", "b BAD Expected: *\r\n" }, { "A", "c SEARCH 7", "c BAD *\r\n" },
             { "A", "d SEARCH FROM", "d BAD Expected: *\r\n" });
}

static void
test_expunge_waits (void)
{
  IMAP_TALK (IMAP_SAVE ("1"), IMAP_SAVE ("2"),
             { "A", "s SELECT INBOX", "*s OK [READ-WRITE] Selected\r\n" },
             { "B", "s SELECT INBOX", "*s OK [READ-WRITE] Selected\r\n" },
             { "B", "a STORE 1 +FLAGS.SILENT (\\Deleted)", "a OK Stored\r\n" },
             { "B", "b EXPUNGE",
               "* 1 EXPUNGE\r\n"
               "b OK Expunged\r\n" },
             { "A", "c SEARCH SUBJECT 2",
               "* SEARCH 2\r\n"
               "c OK [EXPUNGEISSUED] Searched\r\n" },
             { "A", "d UID SEARCH SUBJECT 2",
               "* SEARCH 2\r\n"
               "* 1 EXPUNGE\r\n"
               "d OK Searched\r\n" });
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/cmd-search/keys", test_keys);
  g_test_add_func ("/cmd-search/refused", test_refused);
  g_test_add_func ("/cmd-search/expunge-waits", test_expunge_waits);
  return g_test_run ();
}

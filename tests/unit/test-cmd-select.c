#include "tests/unit/imap-fixture.h"

static void
test_select (void)
{
  IMAP_TALK (IMAP_SAVE ("1"), IMAP_SAVE ("2"),
             { "A", "a SELECT inbox",
               "* FLAGS (\\Answered \\Flagged \\Deleted \\Seen \\Draft)\r\n"
               "* OK [PERMANENTFLAGS (\\Answered \\Flagged \\Deleted \\Seen \\Draft \\*)] *\r\n"
               "* 2 EXISTS\r\n"
               "* 2 RECENT\r\n"
               "* OK [UNSEEN 1] *\r\n"
               "* OK [UIDVALIDITY *] *\r\n"
               "* OK [UIDNEXT 3] *\r\n"
               "a OK [READ-WRITE] Selected\r\n" },
             { "B", "b SELECT INBOX",
               "** 2 EXISTS\r\n"
               "* 0 RECENT\r\n"
               "*b OK [READ-WRITE] Selected\r\n" });
}

static void
test_examine (void)
{
  IMAP_TALK (IMAP_SAVE ("1"),
             { "A", "a EXAMINE INBOX",
               "*[PERMANENTFLAGS ()] *\r\n"
               "* 1 EXISTS\r\n"
               "* 1 RECENT\r\n"
               "*a OK [READ-ONLY] Selected\r\n" },
             { "A", "b STORE 1 FLAGS (\\Seen)", "b NO [READ-ONLY] *\r\n" },
             { "B", "c SELECT INBOX",
               "** 1 RECENT\r\n"
               "*c OK [READ-WRITE] Selected\r\n" });
}

static void
test_missing (void)
{
  IMAP_TALK (IMAP_SAVE ("1"), { "A", "s SELECT INBOX", "*s OK [READ-WRITE] Selected\r\n" },
             { "A", "a SELECT Nowhere", "*a NO [NONEXISTENT] *\r\n" },
             { "A", "b FETCH 1 FLAGS", "b BAD FETCH cannot come while no mailbox is selected\r\n" },
             { "A", "c SELECT", "c BAD Expected: SELECT mailbox *\r\n" });
}

static void
test_deleted (void)
{
  IMAP_TALK ({ "A", "a CREATE x", "a OK [MAILBOXID (F*)] Created\r\n" },
             { "A", "b SELECT x", "*b OK [READ-WRITE] Selected\r\n" },
             { "B", "c DELETE x", "c OK Done\r\n" },
             { "A", "d NOOP", "* BYE The mailbox was deleted\r\n" });
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/cmd-select/select", test_select);
  g_test_add_func ("/cmd-select/examine", test_examine);
  g_test_add_func ("/cmd-select/missing", test_missing);
  g_test_add_func ("/cmd-select/deleted-meanwhile", test_deleted);
  return g_test_run ();
}

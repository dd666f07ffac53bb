#include "tests/unit/imap-fixture.h"

static void
test_expunges (void)
{
  IMAP_TALK (IMAP_SAVE ("1"), IMAP_SAVE ("2"),
             { "A", "s SELECT INBOX", "*s OK [READ-WRITE] Selected\r\n" },
             { "A", "a STORE 1 +FLAGS.SILENT (\\Deleted)", "a OK Stored\r\n" },
             { "A", "b CLOSE", "b OK Closed\r\n" }, { "A", "c NOOP", "c OK Done\r\n" },
             { "A", "d STATUS INBOX (MESSAGES)",
               "* STATUS \"INBOX\" (MESSAGES 1)\r\n"
               "d OK Done\r\n" },
             { "A", "e CLOSE", "e BAD CLOSE cannot come while no mailbox is selected\r\n" });
}

static void
test_examined (void)
{
  IMAP_TALK (IMAP_SAVE ("1"), { "A", "s SELECT INBOX", "*s OK [READ-WRITE] Selected\r\n" },
             { "A", "a STORE 1 +FLAGS.SILENT (\\Deleted)", "a OK Stored\r\n" },
             { "A", "b EXAMINE INBOX", "*b OK [READ-ONLY] Selected\r\n" },
             { "A", "c CLOSE", "c OK Closed\r\n" },
             { "A", "d STATUS INBOX (MESSAGES)",
               "* STATUS \"INBOX\" (MESSAGES 1)\r\n"
               "d OK Done\r\n" });
}

static void
test_unselect (void)
{
  IMAP_TALK (IMAP_SAVE ("1"), { "A", "s SELECT INBOX", "*s OK [READ-WRITE] Selected\r\n" },
             { "A", "a STORE 1 +FLAGS.SILENT (\\Deleted)", "a OK Stored\r\n" },
             { "A", "b UNSELECT", "b OK Closed\r\n" },
             { "A", "d STATUS INBOX (MESSAGES)",
               "* STATUS \"INBOX\" (MESSAGES 1)\r\n"
               "d OK Done\r\n" });
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/cmd-close/expunges", test_expunges);
  g_test_add_func ("/cmd-close/examined", test_examined);
  g_test_add_func ("/cmd-close/unselect", test_unselect);
  return g_test_run ();
}

#include "tests/unit/imap-fixture.h"

static void
test_news (void)
{
  IMAP_TALK ({ "A", "s SELECT INBOX", "*s OK [READ-WRITE] Selected\r\n" },
             { "A", "a IDLE", "+ idling\r\n" }, IMAP_SAVE ("1"),
             { "A", NULL,
               "* 1 EXISTS\r\n"
               "* 1 RECENT\r\n" },
             { "B", "s SELECT INBOX", "*s OK [READ-WRITE] Selected\r\n" },
             { "B", "b STORE 1 +FLAGS.SILENT (\\Seen $New \\Deleted)",
               "* FLAGS (*$New)\r\n"
               "* OK [PERMANENTFLAGS *$New \\*)] *\r\n"
               "b OK Stored\r\n" },
             { "A", NULL,
               "* FLAGS (*$New)\r\n"
               "* OK [PERMANENTFLAGS *$New \\*)] *\r\n"
               "* 1 FETCH (UID 1 FLAGS (\\Deleted \\Seen \\Recent $New))\r\n" },
             { "B", "c EXPUNGE",
               "* 1 EXPUNGE\r\n"
               "c OK Expunged\r\n" },
             { "A", NULL, "* 1 EXPUNGE\r\n" }, { "A", "DONE", "a OK Idle ended\r\n" });
}

static void
test_next_command (void)
{
  IMAP_TALK ({ "A", "s SELECT INBOX", "*s OK [READ-WRITE] Selected\r\n" },
             { "A", "a IDLE", "+ idling\r\n" },
             { "A",
               "done\r\n"
               "b NOOP",
               "a OK Idle ended\r\n"
               "b OK Done\r\n" });
}

static void
test_nothing_selected (void)
{
  IMAP_TALK ({ "A", "a IDLE", "+ idling\r\n" }, { "A", "DONE", "a OK Idle ended\r\n" });
}

static void
test_nonsense (void)
{
  IMAP_TALK ({ "A", "s SELECT INBOX", "*s OK [READ-WRITE] Selected\r\n" },
             { "A", "a IDLE", "+ idling\r\n" }, { "A", "b NOOP", "a BAD Expected DONE\r\n" },
             { "A", "c IDLE", "+ idling\r\n" },
             { "A", "a very long line that is no DONE", "c BAD Expected DONE\r\n" });
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/cmd-idle/news", test_news);
  g_test_add_func ("/cmd-idle/next-command-with-done", test_next_command);
  g_test_add_func ("/cmd-idle/nothing-selected", test_nothing_selected);
  g_test_add_func ("/cmd-idle/nonsense", test_nonsense);
  return g_test_run ();
}

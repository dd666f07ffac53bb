#include "tests/unit/imap-fixture.h"

static void
test_changes (void)
{
  IMAP_TALK (IMAP_SAVE ("1"), IMAP_SAVE ("2"),
             { "A", "s SELECT INBOX", "*s OK [READ-WRITE] Selected\r\n" },
             { "A", "a STORE 1:2 +FLAGS (\\Seen $Work)",
               "* FLAGS (*$Work)\r\n"
               "* OK [PERMANENTFLAGS *] *\r\n"
               "* 1 FETCH (FLAGS (\\Seen \\Recent $Work))\r\n"
               "* 2 FETCH (FLAGS (\\Seen \\Recent $Work))\r\n"
               "a OK Stored\r\n" },
             { "A", "b UID STORE 2 -FLAGS \\Seen",
               "* 2 FETCH (UID 2 FLAGS (\\Recent $Work))\r\n"
               "b OK Stored\r\n" },
             { "A", "c STORE 1 FLAGS (\\Draft)",
               "* 1 FETCH (FLAGS (\\Draft \\Recent))\r\n"
               "c OK Stored\r\n" },
             { "A", "d STORE 1 FLAGS.SILENT ()", "d OK Stored\r\n" },
             { "A", "e FETCH 1 FLAGS",
               "* 1 FETCH (FLAGS (\\Recent))\r\n"
               "e OK Fetched\r\n" },
             { "A", "f STORE 1 +FLAGS (\\Recent \\Other)",
               "* 1 FETCH (FLAGS (\\Recent))\r\n"
               "f OK Stored\r\n" });
}

static void
test_told_once (void)
{
  IMAP_TALK (IMAP_SAVE ("1"), { "A", "s SELECT INBOX", "*s OK [READ-WRITE] Selected\r\n" },
             { "B", "s SELECT INBOX", "*s OK [READ-WRITE] Selected\r\n" },
             { "B", "a STORE 1 +FLAGS (\\Flagged)",
               "* 1 FETCH (FLAGS (\\Flagged))\r\n"
               "a OK Stored\r\n" },
             { "B", "b NOOP", "b OK Done\r\n" },
             { "A", "c STORE 1 +FLAGS.SILENT (\\Seen)",
               "* 1 FETCH (UID 1 FLAGS (\\Flagged \\Seen \\Recent))\r\n"
               "c OK Stored\r\n" },
             { "A", "d NOOP", "d OK Done\r\n" });
}

static void
test_refused (void)
{
  IMAP_TALK (IMAP_SAVE ("1"), { "A", "s SELECT INBOX", "*s OK [READ-WRITE] Selected\r\n" },
             { "A", "a STORE 1 FLAG (\\Seen)", "a BAD Expected: *\r\n" },
             { "A", "b STORE 1 FLAGS", "b BAD Expected: *\r\n" },
             { "A", "c STORE 3 FLAGS ()", "c BAD *\r\n" },
             { "A", "d STORE 1 +FLAGS (\\Seen", "d BAD Expected: *\r\n" });
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/cmd-store/changes", test_changes);
  g_test_add_func ("/cmd-store/told-once", test_told_once);
  g_test_add_func ("/cmd-store/refused", test_refused);
  return g_test_run ();
}

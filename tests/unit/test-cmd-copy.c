#include "tests/unit/imap-fixture.h"

static void
test_copy (void)
{
  IMAP_TALK (IMAP_SAVE ("1"), IMAP_SAVE ("2"), IMAP_SAVE ("3"),
             { "A", "s SELECT INBOX", "*s OK [READ-WRITE] Selected\r\n" },
             { "A", "a STORE 2:3 +FLAGS.SILENT ($Work)", "*a OK Stored\r\n" },
             { "A", "b COPY 2:3 Archive", "b OK [COPYUID * 2:3 1:2] Copied\r\n" },
             { "A", "c SELECT Archive", "*c OK [READ-WRITE] Selected\r\n" },
             { "A", "d FETCH 1:* (UID FLAGS)",
               "* 1 FETCH (UID 1 FLAGS (\\Recent $Work))\r\n"
               "* 2 FETCH (UID 2 FLAGS (\\Recent $Work))\r\n"
               "d OK Fetched\r\n" });
}

static void
test_move (void)
{
  IMAP_TALK (IMAP_SAVE ("1"), IMAP_SAVE ("2"), IMAP_SAVE ("3"),
             { "A", "s SELECT INBOX", "*s OK [READ-WRITE] Selected\r\n" },
             { "B", "s SELECT INBOX", "*s OK [READ-WRITE] Selected\r\n" },
             { "A", "b UID MOVE 1,3 Archive",
               "* OK [COPYUID * 1,3 1:2] Moved\r\n"
               "* 3 EXPUNGE\r\n"
               "* 1 EXPUNGE\r\n"
               "b OK Done\r\n" },
             { "B", "c NOOP",
               "* 3 EXPUNGE\r\n"
               "* 1 EXPUNGE\r\n"
               "c OK Done\r\n" });
}

static void
test_no_target (void)
{
  IMAP_TALK (IMAP_SAVE ("1"), { "A", "s SELECT INBOX", "*s OK [READ-WRITE] Selected\r\n" },
             { "A", "a COPY 1 Nowhere", "a NO [TRYCREATE] *\r\n" },
             { "A", "b MOVE 1 Nowhere", "b NO [TRYCREATE] *\r\n" });
}

static void
test_nothing (void)
{
  IMAP_TALK (IMAP_SAVE ("1"), { "A", "s SELECT INBOX", "*s OK [READ-WRITE] Selected\r\n" },
             { "A", "a UID COPY 77 Archive", "a OK No messages copied\r\n" },
             { "A", "b COPY 2 Archive", "b BAD *\r\n" },
             { "A", "c UID MOVE 77 Archive", "c OK Done\r\n" },
             { "A", "d COPY 1", "d BAD Expected: *\r\n" });
}

static void
test_read_only (void)
{
  IMAP_TALK (IMAP_SAVE ("1"), { "A", "s EXAMINE INBOX", "*s OK [READ-ONLY] Selected\r\n" },
             { "A", "a COPY 1 Archive", "a OK [COPYUID * 1 1] Copied\r\n" },
             { "A", "b MOVE 1 Archive", "b NO [READ-ONLY] *\r\n" });
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/cmd-copy/copy", test_copy);
  g_test_add_func ("/cmd-copy/move", test_move);
  g_test_add_func ("/cmd-copy/no-target", test_no_target);
  g_test_add_func ("/cmd-copy/nothing", test_nothing);
  g_test_add_func ("/cmd-copy/read-only", test_read_only);
  return g_test_run ();
}

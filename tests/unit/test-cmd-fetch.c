#include "tests/unit/imap-fixture.h"

static void
test_items (void)
{
  IMAP_TALK (IMAP_SAVE ("1"), { "A", "s SELECT INBOX", "*s OK [READ-WRITE] Selected\r\n" },
             { "A",
               "a FETCH 1 (UID RFC822.SIZE BODY[HEADER.FIELDS (SUBJECT)] BODY.PEEK[TEXT]<1.9>)",
               "* 1 FETCH (UID 1 RFC822.SIZE 30 BODY[HEADER.FIELDS (SUBJECT)] {14}\r\n"
               "Subject: 1\r\n"
               "\r\n"
               " BODY[TEXT]<1> {2}\r\n"
               "bc)\r\n"
               "* 1 FETCH (UID 1 FLAGS (\\Seen \\Recent))\r\n"
               "a OK Fetched\r\n" },
             { "A", "b FETCH 1 BODY[TEXT]",
               "* 1 FETCH (BODY[TEXT] {3}\r\n"
               "abc)\r\n"
               "b OK Fetched\r\n" });
}

static void
test_peek (void)
{
  IMAP_TALK (IMAP_SAVE ("1"), { "A", "s SELECT INBOX", "*s OK [READ-WRITE] Selected\r\n" },
             { "A", "a FETCH 1 (BODY.PEEK[] RFC822.HEADER)",
               "* 1 FETCH (BODY[] {30}*RFC822.HEADER {27}*\r\n"
               ")\r\n"
               "a OK Fetched\r\n" },
             { "A", "b FETCH 1 FLAGS",
               "* 1 FETCH (FLAGS (\\Recent))\r\n"
               "b OK Fetched\r\n" });
}

static void
test_read_only (void)
{
  IMAP_TALK (IMAP_SAVE ("1"), { "A", "s EXAMINE INBOX", "*s OK [READ-ONLY] Selected\r\n" },
             { "A", "a FETCH 1 RFC822.TEXT",
               "* 1 FETCH (RFC822.TEXT {3}\r\n"
               "abc)\r\n"
               "a OK Fetched\r\n" },
             { "A", "b FETCH 1 FLAGS",
               "* 1 FETCH (FLAGS (\\Recent))\r\n"
               "b OK Fetched\r\n" });
}

static void
test_structure (void)
{
  IMAP_TALK (IMAP_SAVE ("1"), { "A", "s SELECT INBOX", "*s OK [READ-WRITE] Selected\r\n" },
             { "A", "a FETCH 1 (ENVELOPE BODY)",
               "* 1 FETCH (ENVELOPE (NIL \"1\" ((NIL NIL \"a\" \"b.c\")) * NIL) BODY (\"text\" "
               "\"plain\" * 3 *))\r\n"
               "a OK Fetched\r\n" });
}

static void
test_expunged_by_another (void)
{
  IMAP_TALK (IMAP_SAVE ("1"), IMAP_SAVE ("2"),
             { "A", "s SELECT INBOX", "*s OK [READ-WRITE] Selected\r\n" },
             { "B", "s SELECT INBOX", "*s OK [READ-WRITE] Selected\r\n" },
             { "B", "a STORE 1 +FLAGS.SILENT (\\Deleted)", "a OK Stored\r\n" },
             { "B", "b EXPUNGE",
               "* 1 EXPUNGE\r\n"
               "b OK Expunged\r\n" },
             { "A", "c FETCH 1:2 (UID BODY.PEEK[TEXT])",
               "* 1 FETCH (UID 1 BODY[TEXT] {3}\r\n"
               "abc)\r\n"
               "* 2 FETCH (UID 2 BODY[TEXT] {3}\r\n"
               "abc)\r\n"
               "c OK [EXPUNGEISSUED] Fetched\r\n" },
             { "A", "d UID FETCH 2 (FLAGS)",
               "* 2 FETCH (UID 2 FLAGS (\\Recent))\r\n"
               "* 1 EXPUNGE\r\n"
               "d OK Fetched\r\n" });
}

static void
test_refused (void)
{
  IMAP_TALK (IMAP_SAVE ("1"), { "A", "s SELECT INBOX", "*s OK [READ-WRITE] Selected\r\n" },
             { "A", "a FETCH 1", "a BAD Expected: *\r\n" },
             { "A", "b FETCH 2 FLAGS", "b BAD *\r\n" },
             { "A", "c FETCH x FLAGS", "c BAD Expected: *\r\n" },
             { "A", "d UID FETCH 9 FLAGS", "d OK Fetched\r\n" },
             { "A", "e FETCH 1 NONSENSE", "e BAD Expected: *\r\n" });
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/cmd-fetch/items", test_items);
  g_test_add_func ("/cmd-fetch/peek", test_peek);
  g_test_add_func ("/cmd-fetch/read-only", test_read_only);
  g_test_add_func ("/cmd-fetch/structure", test_structure);
  g_test_add_func ("/cmd-fetch/expunged-by-another", test_expunged_by_another);
  g_test_add_func ("/cmd-fetch/refused", test_refused);
  return g_test_run ();
}

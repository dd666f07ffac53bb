#include "tests/unit/imap-fixture.h"

static void
test_status (void)
{
  IMAP_TALK (IMAP_SAVE ("1"), IMAP_SAVE ("2"),
             { "A", "a STATUS INBOX (MESSAGES RECENT UIDNEXT UIDVALIDITY UNSEEN)",
               "* STATUS \"INBOX\" (MESSAGES 2 RECENT 2 UIDNEXT 3 UIDVALIDITY * UNSEEN 2)\r\n"
               "a OK Done\r\n" },
             { "A", "i STATUS INBOX (APPENDLIMIT MAILBOXID)",
               "* STATUS \"INBOX\" (APPENDLIMIT 52428800 MAILBOXID (F*-1))\r\n"
               "i OK Done\r\n" },
             { "A", "b STATUS Nowhere (MESSAGES)", "b NO [NONEXISTENT] *\r\n" },
             { "A", "c STATUS INBOX ()", "c BAD Expected: *\r\n" },
             { "A", "d STATUS INBOX (SIZES)", "d BAD Expected: *\r\n" },
             { "A", "e STATUS INBOX MESSAGES", "e BAD Expected: *\r\n" });
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/cmd-status/status", test_status);
  return g_test_run ();
}

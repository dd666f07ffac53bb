#include "tests/unit/imap-fixture.h"

static void
test_forgets (void)
{
  IMAP_TALK ({ "M", "a UNAUTHENTICATE", "a BAD UNAUTHENTICATE cannot come before a login\r\n" },
             { "A", "b ENABLE QRESYNC", "*b OK Enabled\r\n" },
             { "A", "c SELECT INBOX", "*c OK [READ-WRITE] Selected\r\n" },
             { "A", "d UNAUTHENTICATE x", "d BAD Expected: UNAUTHENTICATE\r\n" },
             { "A", "e UNAUTHENTICATE", "e OK Nobody is logged in\r\n" },
             { "A", "f SELECT INBOX", "f BAD SELECT cannot come before a login\r\n" },
             { "A", "g LOGIN anna@example.com secret", "g OK *\r\n" },
             { "A", "h SELECT INBOX (QRESYNC (1 1))", "h BAD *\r\n" });
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/cmd-unauthenticate/forgets", test_forgets);
  return g_test_run ();
}

#include "tests/unit/imap-fixture.h"

static void
test_quota (void)
{
  IMAP_TALK ({ "A", "a GETQUOTAROOT INBOX",
               "* QUOTAROOT \"INBOX\" \"anna@example.com\"\r\n"
               "* QUOTA \"anna@example.com\" (STORAGE 0 97 MAILBOX 6 1000)\r\na OK Done\r\n" },
             IMAP_SAVE ("1"),
             { "A", "b GETQUOTA anna@example.com",
               "* QUOTA \"anna@example.com\" (STORAGE 1 97 MAILBOX 6 1000)\r\nb OK Done\r\n" },
             { "A", "c GETQUOTA \"\"", "c NO [NONEXISTENT] *\r\n" },
             { "A", "d GETQUOTA", "d BAD Expected: *\r\n" },
             { "A", "e GETQUOTAROOT", "e BAD Expected: *\r\n" });
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/cmd-quota/quota", test_quota);
  return g_test_run ();
}

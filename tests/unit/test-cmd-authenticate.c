#include "tests/unit/imap-fixture.h"

static void
test_plain (void)
{
  IMAP_TALK ({ "M", "a AUTHENTICATE PLAIN", "+ \r\n" },
             { "M", "AGFubmFAZXhhbXBsZS5jb20Ac2VjcmV0", "a OK [CAPABILITY *] Logged in\r\n" });
}

static void
test_initial (void)
{
  IMAP_TALK ({ "M", "a AUTHENTICATE PLAIN AGFubmFAZXhhbXBsZS5jb20Ac2VjcmV0",
               "a OK [CAPABILITY *] Logged in\r\n" },
             { "M", "b AUTHENTICATE PLAIN",
               "b BAD AUTHENTICATE cannot come while no mailbox is selected\r\n" });
}

static void
test_login (void)
{
  IMAP_TALK ({ "M", "a AUTHENTICATE LOGIN", "+ VXNlcm5hbWU6\r\n" },
             { "M", "YW5uYUBleGFtcGxlLmNvbQ==", "+ UGFzc3dvcmQ6\r\n" },
             { "M", "c2VjcmV0", "a OK [CAPABILITY *] Logged in\r\n" });
}

static void
test_wrong (void)
{
  IMAP_TALK ({ "M", "a AUTHENTICATE PLAIN AGFubmFAZXhhbXBsZS5jb20Ad3Jvbmc=",
               "a NO [AUTHENTICATIONFAILED] *\r\n" });
}

static void
test_cancelled (void)
{
  IMAP_TALK ({ "M", "a AUTHENTICATE PLAIN", "+ \r\n" }, { "M", "*", "a BAD Cancelled\r\n" },
             { "M", "b NOOP", "b OK Done\r\n" });
}

static void
test_malformed (void)
{
  IMAP_TALK ({ "M", "a AUTHENTICATE PLAIN", "+ \r\n" }, { "M", "!!!!", "a BAD *\r\n" },
             { "M", "b AUTHENTICATE", "b BAD Expected: *\r\n" },
             { "M", "c AUTHENTICATE NTLM", "c NO There is no such mechanism\r\n" });
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/cmd-authenticate/plain", test_plain);
  g_test_add_func ("/cmd-authenticate/initial", test_initial);
  g_test_add_func ("/cmd-authenticate/login", test_login);
  g_test_add_func ("/cmd-authenticate/wrong", test_wrong);
  g_test_add_func ("/cmd-authenticate/cancelled", test_cancelled);
  g_test_add_func ("/cmd-authenticate/malformed", test_malformed);
  return g_test_run ();
}

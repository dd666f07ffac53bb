#include "tests/unit/imap-fixture.h"

static void
test_login (void)
{
  IMAP_TALK ({ "M",
               "a LOGIN \"anna@example.com\" {6+}\r\n"
               "secret",
               "a OK [CAPABILITY *] Logged in\r\n" });
}

static void
test_wrong (void)
{
  IMAP_TALK ({ "M", "a LOGIN anna@example.com wrong", "a NO [AUTHENTICATIONFAILED] *\r\n" },
             { "N", "a LOGIN nobody@example.com secret", "a NO [*] *\r\n" },
             { "O", "a LOGIN anna@example.com", "a BAD Expected: *\r\n" },
             { "O", "b LOGIN anna@example.com a b", "b BAD Expected: *\r\n" },
             { "O", "c LIST \"\" *", "c BAD LIST cannot come before a login\r\n" });
}

static void
test_literal_limit (void)
{
  IMAP_TALK ({ "M", "a LOGIN {5000}", "a BAD [TOOBIG] *\r\n" },
             { "M", "b LOGIN {5000+}", "* BYE Command too long\r\n" });
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/cmd-login/login", test_login);
  g_test_add_func ("/cmd-login/wrong", test_wrong);
  g_test_add_func ("/cmd-login/literal-limit", test_literal_limit);
  return g_test_run ();
}

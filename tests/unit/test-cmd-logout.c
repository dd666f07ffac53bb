#include "tests/unit/imap-fixture.h"

static void
test_logout (void)
{
  IMAP_TALK ({ "M", "a LOGOUT",
               "* BYE *\r\n"
               "a OK Logged out\r\n" },
             { "A", "b LOGOUT",
               "* BYE *\r\n"
               "b OK Logged out\r\n" });
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/cmd-logout/logout", test_logout);
  return g_test_run ();
}

#include "tests/unit/imap-fixture.h"

static void
test_enable (void)
{
  IMAP_TALK ({ "A", "a ENABLE X-NOTHING",
               "* ENABLED\r\n"
               "a OK Enabled\r\n" },
             { "A", "b enable condstore X-NOTHING",
               "* ENABLED CONDSTORE\r\n"
               "b OK Enabled\r\n" },
             { "A", "c ENABLE CONDSTORE",
               "* ENABLED CONDSTORE\r\n"
               "c OK Enabled\r\n" });
}

static void
test_refused (void)
{
  IMAP_TALK ({ "A", "a ENABLE", "a BAD Expected: *" }, { "A", "b ENABLE ", "b BAD Expected: *" },
             { "A", "c ENABLE (CONDSTORE)", "c BAD Expected: *" },
             { "A", "d ENABLE CONDSTORE ", "d BAD Expected: *" },
             { "M", "e ENABLE CONDSTORE", "e BAD ENABLE cannot come before a login\r\n" });
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/cmd-enable/enable", test_enable);
  g_test_add_func ("/cmd-enable/refused", test_refused);
  return g_test_run ();
}

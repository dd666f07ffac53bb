#include "tests/unit/imap-fixture.h"

static void
test_refused (void)
{
  IMAP_TALK ({ "A", "a STARTTLS", "a BAD STARTTLS cannot come while no mailbox is selected\r\n" },
             { "M", "b STARTTLS x", "b BAD Expected: STARTTLS\r\n" });
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/cmd-starttls/refused", test_refused);
  return g_test_run ();
}

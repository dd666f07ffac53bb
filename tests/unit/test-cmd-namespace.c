#include "tests/unit/imap-fixture.h"

static void
test_namespace (void)
{
  IMAP_TALK ({ "A", "a NAMESPACE",
               "* NAMESPACE ((\"\" \"/\")) ((\"Other Users/\" \"/\")) ((\"Shared/\" \"/\"))\r\n"
               "a OK Done\r\n" });
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/cmd-namespace/namespace", test_namespace);
  return g_test_run ();
}

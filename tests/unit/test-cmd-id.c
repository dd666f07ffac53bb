#include "tests/unit/imap-fixture.h"

static void
test_id (void)
{
  IMAP_TALK ({ "M", "a ID NIL",
               "* ID (\"name\" \"Hauspost\")\r\n"
               "a OK Done\r\n" },
             { "M", "b ID (\"name\" \"x\" \"os\" NIL)",
               "* ID (\"name\" \"Hauspost\")\r\n"
               "b OK Done\r\n" },
             { "M", "c ID (\"name\")", "c BAD Expected: *\r\n" },
             { "M", "d ID", "d BAD Expected: *\r\n" });
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/cmd-id/id", test_id);
  return g_test_run ();
}

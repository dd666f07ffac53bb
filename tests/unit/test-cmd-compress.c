#include "tests/unit/imap-fixture.h"

static void
test_refused (void)
{
  IMAP_TALK ({ "M", "a COMPRESS DEFLATE", "a BAD COMPRESS cannot come before a login\r\n" },
             { "A", "b COMPRESS", "b BAD Expected: *" },
             { "A", "c COMPRESS GZIP", "c BAD Expected: *" },
             { "A", "d COMPRESS DEFLATE x", "d BAD Expected: *" });
}

/* The answer is the last that comes as it is. */
static void
test_begins (void)
{
  IMAP_TALK ({ "A", "a compress deflate", "a OK DEFLATE active\r\n" });
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/cmd-compress/refused", test_refused);
  g_test_add_func ("/cmd-compress/begins", test_begins);
  return g_test_run ();
}

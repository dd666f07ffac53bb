#include "tests/unit/imap-fixture.h"

static void
test_news (void)
{
  IMAP_TALK ({ "A", "s SELECT INBOX", "*s OK [READ-WRITE] Selected\r\n" }, IMAP_SAVE ("1"),
             { "A", "a NOOP",
               "* 1 EXISTS\r\n"
               "* 1 RECENT\r\n"
               "a OK Done\r\n" },
             { "A", "b CHECK", "b OK Done\r\n" },
             { "A", "c CHECK x", "c BAD Expected: CHECK\r\n" });
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/cmd-noop/news", test_news);
  return g_test_run ();
}

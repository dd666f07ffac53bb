/* THREAD. */
#include "tests/unit/imap-fixture.h"

static void
test_answers (void)
{
  IMAP_TALK (
      IMAP_SAVE ("b"), IMAP_SAVE ("c"), IMAP_SAVE ("b"),
      { "A", "s SELECT INBOX", "*s OK [READ-WRITE] Selected\r\n" },
      { "A", "a THREAD ORDEREDSUBJECT UTF-8 ALL", "* THREAD (1 3)(2)\r\na OK Threaded\r\n" },
      { "A", "b UID THREAD REFERENCES US-ASCII 1:3", "* THREAD ((1)(3))(2)\r\nb OK Threaded\r\n" },
      { "A", "c THREAD REFERENCES UTF-8 FLAGGED", "* THREAD\r\nc OK Threaded\r\n" });
}

static void
test_refused (void)
{
  IMAP_TALK (IMAP_SAVE ("b"), { "A", "s SELECT INBOX", "*s OK [READ-WRITE] Selected\r\n" },
             { "A", "a THREAD REFS UTF-8 ALL", "a BAD Expected: *\r\n" },
             { "A", "b THREAD REFERENCES KOI8-R ALL", "b NO [BADCHARSET (US-ASCII UTF-8)] *\r\n" },
             { "A", "c THREAD REFERENCES UTF-8", "c BAD Expected: *\r\n" });
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/cmd-thread/answers", test_answers);
  g_test_add_func ("/cmd-thread/refused", test_refused);
  return g_test_run ();
}

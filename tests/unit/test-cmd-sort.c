/* SORT, with and without return options. */
#include "tests/unit/imap-fixture.h"

static void
test_answers (void)
{
  IMAP_TALK (IMAP_SAVE ("b"), IMAP_SAVE ("c"), IMAP_SAVE ("a"),
             { "A", "s SELECT INBOX", "*s OK [READ-WRITE] Selected\r\n" },
             { "A", "a SORT (SUBJECT) UTF-8 ALL", "* SORT 3 1 2\r\na OK Sorted\r\n" },
             { "A", "b UID SORT (REVERSE SUBJECT) US-ASCII 1:2", "* SORT 2 1\r\nb OK Sorted\r\n" },
             { "A", "c SORT (SIZE) UTF-8 FLAGGED", "* SORT\r\nc OK Sorted\r\n" },
             { "A", "d SORT RETURN (MIN MAX COUNT) (SUBJECT) UTF-8 ALL",
               "* ESEARCH (TAG \"d\") MIN 3 MAX 2 COUNT 3\r\nd OK Sorted\r\n" },
             { "A", "e UID SORT RETURN () (SUBJECT) UTF-8 ALL",
               "* ESEARCH (TAG \"e\") UID ALL 3,1:2\r\ne OK Sorted\r\n" },
             { "A", "f SORT RETURN (ALL MIN COUNT) (SUBJECT) UTF-8 FLAGGED",
               "* ESEARCH (TAG \"f\") COUNT 0\r\nf OK Sorted\r\n" });
}

static void
test_refused (void)
{
  IMAP_TALK (IMAP_SAVE ("b"), { "A", "s SELECT INBOX", "*s OK [READ-WRITE] Selected\r\n" },
             { "A", "a SORT () UTF-8 ALL", "a BAD Expected: *\r\n" },
             { "A", "b SORT (SUBJECT) KOI8-R ALL", "b NO [BADCHARSET (US-ASCII UTF-8)] *\r\n" },
             { "A", "c SORT (SUBJECT) UTF-8", "c BAD Expected: *\r\n" },
             { "A", "d SORT RETURN (UPDATE) (SUBJECT) UTF-8 ALL", "d BAD Expected: *\r\n" },
             { "A", "e SORT (SUBJECT) UTF-8 7", "e BAD *\r\n" },
             { "A", "f SORT", "f BAD Expected: *\r\n" });
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/cmd-sort/answers", test_answers);
  g_test_add_func ("/cmd-sort/refused", test_refused);
  return g_test_run ();
}

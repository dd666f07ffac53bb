/* ORDEREDSUBJECT. */
#include "tests/unit/thread-fixture.h"

static const struct {
  const char *lines, *threads;
} cases[] = {
  { "", "" },
  { "01|a||", "(1)" },
  { "01|a||\n02|b||", "(1)(2)" },
  { "02|a||\n01|b||", "(2)(1)" },
  { "01|a||\n02|b||\n03|Re: A||", "(1 3)(2)" },
  { "03|a||\n02|b||\n01|Re: a||\n04|a||\n05|Fwd: a||", "(3 (1)(4)(5))(2)" },
  { "01|x||\n01|x||", "(1 2)" }, /* equal dates: the mailbox's order */
  { "-|x||\n01|x||", "(2 1)" }, /* no date: as it arrived, at 30 */
  { "01|||\n02|Re:||", "(1 2)" },
};

static void
test_cases (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *threads = thread_lines (cases[i].lines, IMAP_THREAD_ORDERED_SUBJECT);
    g_assert_cmpstr (threads, ==, cases[i].threads);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/imap-thread/ordered-subject", test_cases);
  return g_test_run ();
}

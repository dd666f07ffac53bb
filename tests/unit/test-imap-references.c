/* REFERENCES, with each of its steps, and threads that are built to cost time. */
#include "tests/unit/thread-fixture.h"

static const struct {
  const char *name, *lines, *threads;
} cases[] = {
  { "none", "", "" },
  { "chain", "01|a|<1@x>|\n02|b|<2@x>|<1@x>\n03|c|<3@x>|<1@x> <2@x>", "(1 2 3)" },
  { "branches", "01|a|<1@x>|\n02|b|<2@x>|<1@x>\n03|c|<3@x>|<1@x>\n04|d|<4@x>|<3@x>",
    "(1 (2)(3 4))" },
  { "siblings-by-date", "01|a|<1@x>|\n09|b|<2@x>|<1@x>\n03|c|<3@x>|<1@x>", "(1 (3)(2))" },
  { "missing-parent", "02|b|<2@x>|<1@x>\n03|c|<3@x>|<1@x>", "((1)(2))" },
  { "missing-parent-one-child", "02|b|<2@x>|<1@x>", "(1)" },
  { "missing-in-the-middle", "01|a|<1@x>|\n02|b|<3@x>|<1@x> <2@x>\n03|c|<4@x>|<1@x> <2@x>",
    "(1 (2)(3))" },
  { "roots-by-date", "05|a|<1@x>|\n02|b|<2@x>|", "(2)(1)" },
  { "dummy-root-by-first-child", "05|a|<1@x>|\n09|b|<2@x>|<0@x>\n02|c|<3@x>|<0@x>", "((3)(2))(1)" },
  { "same-id", "01|a|<1@x>|\n02|b|<1@x>|\n03|c|<3@x>|<1@x>", "(1 3)(2)" },
  { "no-id", "01|a||\n02|b||", "(1)(2)" },
  { "own-reference", "01|a|<1@x>|<1@x>", "(1)" },
  { "loop", "01|a|<1@x>|<2@x>\n02|b|<2@x>|<1@x>", "(2 1)" },
  { "truncated-references",
    "01|a|<1@x>|\n02|b|<2@x>|<1@x>\n03|c|<3@x>|<2@x>\n04|d|<4@x>|<1@x> <3@x>", "(1 2 3 4)" },
  { "own-word-counts", "03|c|<3@x>|<1@x> <2@x>\n01|a|<1@x>|\n02|b|<2@x>|", "(2)(3 1)" },
  { "same-subject", "01|a|<1@x>|\n02|a|<2@x>|", "((1)(2))" },
  { "reply-without-references", "01|a|<1@x>|\n02|Re: a|<2@x>|", "(1 2)" },
  { "reply-comes-first", "02|a|<1@x>|\n01|Re: a|<2@x>|", "(1 2)" },
  { "three-of-a-subject", "01|a|<1@x>|\n02|a|<2@x>|\n03|a|<3@x>|", "((1)(2)(3))" },
  { "into-a-dummy", "01|b|<2@x>|<1@x>\n02|c|<3@x>|<1@x>\n03|b|<4@x>|", "((1)(2)(3))" },
  { "two-dummies", "01|b|<2@x>|<1@x>\n02|c|<3@x>|<1@x>\n03|b|<5@x>|<4@x>\n04|d|<6@x>|<4@x>",
    "((1)(2)(3)(4))" },
  { "empty-subjects", "01||<1@x>|\n02|Re:|<2@x>|", "(1)(2)" },
  { "no-date", "01|a|<1@x>|\n-|b|<2@x>|\n40|c|<3@x>|", "(1)(2)(3)" },
};

static void
test_case (gconstpointer data)
{
  guint i = GPOINTER_TO_UINT (data);
  g_autofree char *threads = thread_lines (cases[i].lines, IMAP_THREAD_REFERENCES);

  g_assert_cmpstr (threads, ==, cases[i].threads);
}

#define MANY 30000

/* Each refers to one that has not come yet, so that every link is made above a longer thread. */
static void
test_deep (void)
{
  g_autoptr (ImapThreads) threads = imap_threads_new (MANY);
  gint64 begin = g_get_monotonic_time ();

  for (guint i = 0; i < MANY; i++) {
    guint64 above = i + 2;
    threads->messages[i] = (ImapThreadMessage) { i + 1, i, 0, FALSE, i + 1, i, 1 };
    g_array_append_val (threads->references, above);
  }
  g_autoptr (GString) out = imap_threads_run (threads, IMAP_THREAD_REFERENCES);
  g_autofree char *head = g_strdup_printf ("(%u %u ", MANY, MANY - 1);
  g_assert_true (g_str_has_prefix (out->str, head));
  g_assert_true (g_str_has_suffix (out->str, " 2 1)"));
  g_string_free (g_steal_pointer (&out), TRUE);
  g_assert_cmpint (g_get_monotonic_time () - begin, <, 20 * G_USEC_PER_SEC);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *path = g_strdup_printf ("/imap-references/%s", cases[i].name);
    g_test_add_data_func (path, GUINT_TO_POINTER (i), test_case);
  }
  g_test_add_func ("/imap-references/deep", test_deep);
  return g_test_run ();
}

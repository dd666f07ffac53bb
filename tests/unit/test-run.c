/* Programs that end well, badly, late or not at all: this one, called once more. */
#include "platform/run.h"
#include <stdio.h>
#include <string.h>

static const char *own;

static int
play (const char *part, const char *word)
{
  if (strcmp (part, "good") == 0)
    return 0;
  if (strcmp (part, "say") == 0) {
    printf ("%s\n", word);
    return 3;
  }
  if (strcmp (part, "much") == 0) {
    for (guint i = 0; i < 100000; i++)
      printf ("line %u\n", i);
    return 1;
  }
  g_usleep (60 * G_USEC_PER_SEC);
  return 0;
}

static const struct {
  const char *part, *word, *pattern;
  guint seconds;
} cases[] = {
  { "good", "x", NULL, 20 },
  { "say", "two words; $HOME", "* failed: two words; $HOME", 20 },
  { "much", "x", "* failed: *line 99999", 20 },
  { "sleep", "x", "* took too long: ", 1 },
};

static void
test_run (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    const char *const arguments[] = { "--part", cases[i].part, cases[i].word, NULL };
    g_autoptr (GError) error = NULL;
    const gboolean done = program_run (own, arguments, cases[i].seconds, NULL, &error);
    g_test_message ("%s: %s", cases[i].part, error ? error->message : "");
    g_assert_cmpint (done, ==, cases[i].pattern == NULL);
    if (!done)
      g_assert_true (g_pattern_match_simple (cases[i].pattern, error->message));
  }
}

static gpointer
cancel (gpointer cancellable)
{
  g_usleep (200000);
  g_cancellable_cancel (cancellable);
  return NULL;
}

static void
test_ends (void)
{
  static const char *const arguments[] = { "--part", "sleep", "x", NULL };
  static const char *const none[] = { NULL };
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL, missing = NULL;
  GThread *thread = g_thread_new ("cancel", cancel, cancellable);

  g_assert_false (program_run (own, arguments, 60, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_thread_join (thread);
  g_assert_false (program_run ("/nowhere/at/all", none, 5, NULL, &missing));
  g_assert_nonnull (missing);
}

int
main (int argc, char **argv)
{
  own = argv[0];
  if (argc == 4 && strcmp (argv[1], "--part") == 0)
    return play (argv[2], argv[3]);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/run/run", test_run);
  g_test_add_func ("/run/ends", test_ends);
  return g_test_run ();
}

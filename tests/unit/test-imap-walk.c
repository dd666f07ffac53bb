#include "imap/imap-walk.h"

static GArray *
runs_of (const ImapRun *runs, guint count)
{
  GArray *array = g_array_new (FALSE, FALSE, sizeof (ImapRun));

  g_array_append_vals (array, runs, count);
  return array;
}

static void
test_walk (void)
{
  static const ImapRun runs[] = { { 3, 5, 1 }, { 10, 10, 4 }, { 500, 501, 9 } };
  ImapWalk walk;

  imap_walk_begin (&walk, runs_of (runs, G_N_ELEMENTS (runs)));
  g_assert_cmpuint (walk.uid, ==, 3);
  /* The first two are near each other, the third is far. */
  g_assert_cmpuint (imap_walk_reach (&walk), ==, 10);
  g_assert_true (imap_walk_move_to (&walk, 4));
  g_assert_cmpuint (walk.number, ==, 2);
  g_assert_cmpuint (walk.uid, ==, 5);
  g_assert_false (imap_walk_move_to (&walk, 7));
  g_assert_true (imap_walk_move_to (&walk, 10));
  g_assert_cmpuint (walk.number, ==, 4);
  imap_walk_pass (&walk, 10);
  g_assert_cmpuint (walk.uid, ==, 500);
  g_assert_false (imap_walk_is_over (&walk));
  g_assert_true (imap_walk_move_to (&walk, 501));
  g_assert_cmpuint (walk.number, ==, 10);
  imap_walk_pass (&walk, imap_walk_reach (&walk));
  g_assert_true (imap_walk_is_over (&walk));
  imap_walk_clear (&walk);
}

static void
test_pass_within_run (void)
{
  static const ImapRun runs[] = { { 3, 50, 1 } };
  ImapWalk walk;

  imap_walk_begin (&walk, runs_of (runs, 1));
  imap_walk_pass (&walk, 20);
  g_assert_cmpuint (walk.uid, ==, 21);
  imap_walk_clear (&walk);
}

static void
test_nothing (void)
{
  ImapWalk walk;

  imap_walk_begin (&walk, runs_of (NULL, 0));
  g_assert_true (imap_walk_is_over (&walk));
  imap_walk_clear (&walk);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/imap-walk/walk", test_walk);
  g_test_add_func ("/imap-walk/pass-within-run", test_pass_within_run);
  g_test_add_func ("/imap-walk/nothing", test_nothing);
  return g_test_run ();
}

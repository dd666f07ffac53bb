/* Tests of daemon/accounts/guesses.c. */
#include "accounts/guesses.h"

/* Each row is one guess; what the count is afterwards. */
static const struct {
  guint64 network, guess;
  gint64 now;
  guint count;
} rows[] = {
  { 1, 10, 0, 1 },     { 1, 10, 5, 1 }, /* the same again */
  { 1, 11, 6, 2 },     { 2, 11, 7, 1 }, /* another address */
  { 1, 12, 3000, 3 },  { 1, 10, 3590, 3 }, /* fresh again */
  { 1, 13, 3700, 3 }, /* 11 is forgotten */
  { 1, 14, 7190, 3 }, /* 12 too: 10, 13, 14 */
  { 1, 15, 20000, 1 },
};

static void
test_count (void)
{
  g_autoptr (Guesses) guesses = guesses_new ();

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_test_message ("row %u", i);
    g_assert_cmpuint (guesses_add (guesses, rows[i].network, rows[i].guess, rows[i].now), ==,
                      rows[i].count);
  }
  guesses_forget (guesses, 1);
  guesses_forget (guesses, 77);
  g_assert_cmpuint (guesses_add (guesses, 1, 16, 20000), ==, 1);
}

/* One address with a million guesses, a million addresses: memory stays what it is, and an attack
 * is still counted. */
static void
test_bounds (void)
{
  g_autoptr (Guesses) guesses = guesses_new ();

  for (guint64 i = 0; i < 100000; i++)
    g_assert_cmpuint (guesses_add (guesses, 1, i, 0), <=, GUESSES_MOST);
  g_assert_cmpuint (guesses_add (guesses, 1, 0, 0), ==, GUESSES_MOST);
  for (guint64 i = 2; i < 100000; i++)
    guesses_add (guesses, i, 1, 10);
  for (guint64 i = 0; i < 20; i++)
    g_assert_cmpuint (guesses_add (guesses, 200000, i, 11), ==, i + 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/guesses/count", test_count);
  g_test_add_func ("/guesses/bounds", test_bounds);
  return g_test_run ();
}

/* Tests of daemon/accounts/slowdown.c. */
#include "accounts/slowdown.h"

#define SECOND ((gint64)G_USEC_PER_SEC)

static void
fail (Slowdown *slowdown, guint times, gint64 now)
{
  for (guint i = 0; i < times; i++)
    slowdown_failed (slowdown, "anna", "192.0.2.1", now);
}

static void
test_delays (void)
{
  static const struct {
    guint failures;
    gint64 wait;
  } rows[] = { { 0, 0 },          { 1, 0 },          { 2, 0 },           { 3, SECOND },
               { 4, 2 * SECOND }, { 5, 4 * SECOND }, { 8, 30 * SECOND }, { 100, 30 * SECOND } };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autoptr (Slowdown) slowdown = slowdown_new ();
    fail (slowdown, rows[i].failures, 0);
    g_assert_cmpint (slowdown_claim (slowdown, "anna", "192.0.2.1", 0), ==, rows[i].wait);
  }
}

/* Many connections at once guess no faster than one after the other. */
static void
test_at_once (void)
{
  g_autoptr (Slowdown) slowdown = slowdown_new ();

  fail (slowdown, 7, 0); /* 16 seconds */
  g_assert_cmpint (slowdown_claim (slowdown, "anna", "192.0.2.1", 0), ==, 16 * SECOND);
  g_assert_cmpint (slowdown_claim (slowdown, "anna", "192.0.2.1", 0), ==, 32 * SECOND);
  g_assert_cmpint (slowdown_claim (slowdown, "anna", "192.0.2.1", 0), ==, -1);
}

static void
test_others (void)
{
  g_autoptr (Slowdown) slowdown = slowdown_new ();

  fail (slowdown, 10, 0);
  g_assert_cmpint (slowdown_claim (slowdown, "anna", "192.0.2.2", 0), ==, 0);
  g_assert_cmpint (slowdown_claim (slowdown, "bert", "192.0.2.1", 0), ==, 0);
  slowdown_succeeded (slowdown, "anna", "192.0.2.1");
  g_assert_cmpint (slowdown_claim (slowdown, "anna", "192.0.2.1", 0), ==, 0);
}

static void
test_forgotten (void)
{
  g_autoptr (Slowdown) slowdown = slowdown_new ();

  fail (slowdown, 10, 0);
  g_assert_cmpint (slowdown_claim (slowdown, "anna", "192.0.2.1", 3601 * SECOND), ==, 0);
  fail (slowdown, 10, 0);
  fail (slowdown, 1, 3601 * SECOND);
  g_assert_cmpint (slowdown_claim (slowdown, "anna", "192.0.2.1", 3601 * SECOND), ==, 0);
}

/* An attack with a million names neither fills the memory nor forgets everything. */
static void
test_many (void)
{
  g_autoptr (Slowdown) slowdown = slowdown_new ();
  guint slow = 0;

  for (guint i = 0; i < 100000; i++) {
    g_autofree char *user = g_strdup_printf ("user%u", i);
    for (guint times = 0; times < 3; times++)
      slowdown_failed (slowdown, user, "192.0.2.1", 0);
  }
  for (guint i = 0; i < 100000; i++) {
    g_autofree char *user = g_strdup_printf ("user%u", i);
    slow += slowdown_claim (slowdown, user, "192.0.2.1", 0) > 0;
  }
  g_assert_cmpuint (slow, >=, 15000);
  g_assert_cmpuint (slow, <=, 20000);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/slowdown/delays", test_delays);
  g_test_add_func ("/slowdown/at-once", test_at_once);
  g_test_add_func ("/slowdown/others", test_others);
  g_test_add_func ("/slowdown/forgotten", test_forgotten);
  g_test_add_func ("/slowdown/many", test_many);
  return g_test_run ();
}

/* Tests of daemon/accounts/bans.c. */
#include "accounts/bans.h"

#define MINUTE G_GINT64_CONSTANT (60)
#define DAY G_GINT64_CONSTANT (86400)

static void
test_grows (void)
{
  static const gint64 minutes[] = { 15, 60, 240, 960, 3840, 7 * 1440, 7 * 1440 };
  g_autoptr (Bans) bans = bans_new ();
  gint64 now = 1000;

  for (guint i = 0; i < G_N_ELEMENTS (minutes); i++) {
    const Ban *ban = bans_punish (bans, 1, 15 * MINUTE, now);
    g_assert_cmpint (ban->times, ==, i + 1);
    g_assert_cmpint (ban->until - ban->since, ==, minutes[i] * MINUTE);
    g_assert_true (bans_hold (bans, 1, ban->until - 1));
    g_assert_false (bans_hold (bans, 1, ban->until));
    now = ban->until + 1;
  }
  /* After a month it begins anew. */
  g_assert_cmpint (bans_punish (bans, 1, 15 * MINUTE, now + 31 * DAY)->times, ==, 1);
  g_assert_cmpint (bans_punish (bans, 2, 20 * DAY, now)->until - now, ==, 20 * DAY);
}

static void
test_list (void)
{
  const Ban over = { 1, 10, 20, 3 }, holds = { 2, 15, 500, 1 }, hand = { 3, 5, BAN_FOREVER, 0 };
  g_autoptr (Bans) bans = bans_new ();
  g_autoptr (GArray) all = NULL, now = NULL;

  bans_put (bans, &over);
  bans_put (bans, &holds);
  bans_put (bans, &hand);
  all = bans_list (bans, G_MININT64);
  now = bans_list (bans, 100);
  g_assert_cmpuint (all->len, ==, 3);
  g_assert_cmpuint (now->len, ==, 2);
  g_assert_cmpuint (g_array_index (now, Ban, 0).network, ==, 2); /* the newest first */
  g_assert_cmpuint (g_array_index (now, Ban, 1).network, ==, 3);
  g_assert_true (bans_remove (bans, 3));
  g_assert_false (bans_remove (bans, 3));
  g_assert_null (bans_find (bans, 3));
  g_assert_true (ban_is_forgotten (&over, 100 * DAY));
  g_assert_false (ban_is_forgotten (&hand, G_MAXINT64 - 1));
}

/* A hundred thousand banned networks: bounded, and the one by hand stays. */
static void
test_bounds (void)
{
  const Ban hand = { 1, 0, BAN_FOREVER, 0 };
  g_autoptr (Bans) bans = bans_new ();
  g_autoptr (GArray) left = NULL;

  bans_put (bans, &hand);
  for (guint64 i = 2; i < 100000; i++)
    bans_punish (bans, i, MINUTE, 10);
  left = bans_list (bans, G_MININT64);
  g_assert_cmpuint (left->len, <=, 20000);
  g_assert_true (bans_hold (bans, 1, 11));
  g_assert_true (bans_hold (bans, 99999, 11));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/bans/grows", test_grows);
  g_test_add_func ("/bans/list", test_list);
  g_test_add_func ("/bans/bounds", test_bounds);
  return g_test_run ();
}

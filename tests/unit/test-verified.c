/* Tests of daemon/accounts/verified.c. */
#include "accounts/verified.h"

#define MINUTE (60 * (gint64)G_USEC_PER_SEC)

static const struct {
  const char *name;
  gint64 account;
  const char *hash, *password;
  gint64 now;
  gboolean known;
} rows[] = {
  { "same", 1, "hash", "secret", 0, TRUE },
  { "until-its-end", 1, "hash", "secret", 15 * MINUTE - 1, TRUE },
  { "over", 1, "hash", "secret", 15 * MINUTE, FALSE },
  { "wrong-password", 1, "hash", "Secret", 0, FALSE },
  { "changed-hash", 1, "hash2", "secret", 0, FALSE },
  { "other-account", 2, "hash", "secret", 0, FALSE },
  { "moved-border", 1, "hashs", "ecret", 0, FALSE },
};

static void
test_row (gconstpointer data)
{
  guint i = GPOINTER_TO_UINT (data);
  g_autoptr (Verified) verified = verified_new ();

  verified_remember (verified, 1, "hash", "secret", 0);
  g_assert_cmpint (
      verified_is_known (verified, rows[i].account, rows[i].hash, rows[i].password, rows[i].now),
      ==, rows[i].known);
}

/* Two passwords of one account (after a change) do not live side by side. */
static void
test_replaced (void)
{
  g_autoptr (Verified) verified = verified_new ();

  verified_remember (verified, 1, "hash", "secret", 0);
  verified_remember (verified, 1, "hash2", "other", 0);
  g_assert_false (verified_is_known (verified, 1, "hash", "secret", 0));
  g_assert_true (verified_is_known (verified, 1, "hash2", "other", 0));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autofree char *path = g_strconcat ("/verified/", rows[i].name, NULL);
    g_test_add_data_func (path, GUINT_TO_POINTER (i), test_row);
  }
  g_test_add_func ("/verified/replaced", test_replaced);
  return g_test_run ();
}

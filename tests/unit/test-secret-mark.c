/* Tests of daemon/admin/secret-mark.c. */
#include "admin/secret-mark.h"
#include <string.h>

/* The same for the same alone, whatever the two parts are when they are put together. */
static void
test_marks (void)
{
  static const struct {
    const char *key, *value;
  } rows[] = { { "a", "secret" }, { "b", "secret" }, { "a", "Secret" },
               { "a", "" },       { "as", "ecret" }, { "a", "secret2" } };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    for (guint k = 0; k < G_N_ELEMENTS (rows); k++) {
      g_autofree char *one = secret_mark (rows[i].key, rows[i].value);
      g_autofree char *other = secret_mark (rows[k].key, rows[k].value);
      g_assert_cmpuint (strlen (one), ==, 32);
      g_assert_cmpint (strcmp (one, other) == 0, ==, i == k);
    }
}

/* One that anybody can compute would tell whether a guess is right. */
static void
test_key (void)
{
  g_autofree char *mark = secret_mark ("a", "secret");
  g_autofree char *plain = g_compute_checksum_for_string (G_CHECKSUM_SHA256, "secret", -1);
  g_autofree char *joined
      = g_compute_checksum_for_data (G_CHECKSUM_SHA256, (const guchar *)"a\0secret", 8);
  const guint8 zeros[32] = { 0 };
  g_autoptr (GHmac) hmac = g_hmac_new (G_CHECKSUM_SHA256, zeros, sizeof zeros);

  g_hmac_update (hmac, (const guchar *)"a\0secret", 8);
  g_assert_false (g_str_has_prefix (plain, mark));
  g_assert_false (g_str_has_prefix (joined, mark));
  g_assert_false (g_str_has_prefix (g_hmac_get_string (hmac), mark));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/secret-mark/marks", test_marks);
  g_test_add_func ("/secret-mark/key", test_key);
  return g_test_run ();
}

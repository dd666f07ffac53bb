/* Modified UTF-7: round trips, and one form only. */
#include "mail/encoding.h"

static const struct {
  const char *utf8, *utf7;
} pairs[] = {
  { "INBOX", "INBOX" },
  { "a&b", "a&-b" },
  { "~peter/mail/\345\217\260\345\214\227/\346\227\245\346\234\254\350\252\236",
    "~peter/mail/&U,BTFw-/&ZeVnLIqe-" }, /* RFC 3501 §5.1.3 */
  { "Entw\303\274rfe", "Entw&APw-rfe" },
  { "\303\274&\303\274", "&APw-&-&APw-" },
  { "\360\237\230\200", "&2D3eAA-" },
  { "\n", "&AAo-" },
  { "", "" },
};

static const char *const broken[] = {
  "&",     "&AAo",       "&AGE-",     "&2D0-", "&3gA-", "&AP-",     "&APx-",
  "&AAA-", "&APw-&APw-", "a\303\274", "&AP/-", "a\tb",  "&2D0A6Q-",
};

static void
test_pairs (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (pairs); i++) {
    g_autofree char *encoded = utf7_encode (pairs[i].utf8);
    g_autofree char *decoded = utf7_decode (pairs[i].utf7);

    g_assert_cmpstr (encoded, ==, pairs[i].utf7);
    g_assert_cmpstr (decoded, ==, pairs[i].utf8);
  }
}

static void
test_broken (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (broken); i++) {
    g_autofree char *decoded = utf7_decode (broken[i]);

    g_test_message ("%s", broken[i]);
    g_assert_null (decoded);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/utf7/pairs", test_pairs);
  g_test_add_func ("/utf7/broken", test_broken);
  return g_test_run ();
}

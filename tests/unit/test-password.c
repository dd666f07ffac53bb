/* Tests of daemon/accounts/password.c. */
#include "accounts/password.h"
#include <string.h>

static void
test_round_trip (void)
{
  static const char *const passwords[] = { "x", "correct horse", "\303\244\303\266", "" };

  for (guint i = 0; i < G_N_ELEMENTS (passwords); i++) {
    g_autofree char *hash = password_hash (passwords[i], NULL);
    g_autofree char *other = password_hash (passwords[i], NULL);
    g_autofree char *wrong = g_strconcat (passwords[i], "y", NULL);
    g_assert_true (g_str_has_prefix (hash, "$scrypt$ln=15,r=8,p=1$"));
    g_assert_cmpstr (hash, !=, other); /* the salt */
    g_assert_true (password_verify (hash, passwords[i]));
    g_assert_false (password_verify (hash, wrong));
    g_assert_false (password_is_dated (hash));
  }
}

/* RFC 7914 §12, the second vector, and weaker parameters. */
static void
test_vectors (void)
{
  static const char hash[]
      = "$scrypt$ln=10,r=8,p=16$TmFDbA==$"
        "/bq+HJ00cgB4VucZDQHp/nxq18vII3gw53N2Y0s3MWIurzDZLiKjiG/xCSedmDDaxyevuUqD7m2DYMvfoswGQA==";

  g_assert_true (password_verify (hash, "password"));
  g_assert_false (password_verify (hash, "Password"));
  g_assert_true (password_is_dated (hash));
}

static void
test_damaged (void)
{
  static const char *const hashes[] = {
    NULL,
    "",
    "$",
    "x",
    "$scrypt$",
    "$scrypt$ln=15,r=8,p=1$",
    "$scrypt$ln=15,r=8,p=1$AAAA$",
    "$scrypt$ln=15,r=8,p=1$$AAAAAAAAAAAAAAAAAAAAAA==",
    "$scrypt$ln=15,r=8,p=1$AAAA$AAAA", /* too short */
    "$scrypt$ln=15,r=8,p=1$AAAA$!!!!AAAAAAAAAAAAAAAAAA==",
    "$scrypt$ln=15,r=8,p=1$AAAA$AAAAAAAAAAAAAAAAAAAAAA==$x",
    "$scrypt$ln=0,r=8,p=1$AAAA$AAAAAAAAAAAAAAAAAAAAAA==",
    "$scrypt$ln=63,r=8,p=1$AAAA$AAAAAAAAAAAAAAAAAAAAAA==",
    "$scrypt$ln=20,r=32,p=16$AAAA$AAAAAAAAAAAAAAAAAAAAAA==", /* 4 GiB */
    "$scrypt$r=8,ln=15,p=1$AAAA$AAAAAAAAAAAAAAAAAAAAAA==",
    "$scrypt$ln=-1,r=8,p=1$AAAA$AAAAAAAAAAAAAAAAAAAAAA==",
    "$argon2id$v=19$m=65536,t=3,p=4$AAAA$AAAAAAAAAAAAAAAAAAAAAA==",
  };

  for (guint i = 0; i < G_N_ELEMENTS (hashes); i++)
    g_assert_false (password_verify (hashes[i], ""));
}

/* "é" typed here as one character and there as two, and a hash of the bytes as they were typed. */
static void
test_prepares (void)
{
  g_autofree char *hash = password_hash ("caf\xc3\xa9", NULL);
  g_autofree char *control = password_hash ("tab\tulator", NULL); /* SASLprep has no form for it */
  static const char typed[] = "$scrypt$ln=1,r=1,p=1$MDEyMzQ1Njc4OWFiY2RlZg==$"
                              "xCTwQSKA3jjDp7jgrTQLhkbkhbMsWly1b6bB9Kc0sIw=";

  g_assert_true (password_verify (hash, "caf\xc3\xa9"));
  g_assert_true (password_verify (hash, "cafe\xcc\x81"));
  g_assert_false (password_verify (hash, "cafe"));
  g_assert_true (password_verify (control, "tab\tulator"));
  g_assert_true (password_verify (typed, "cafe\xcc\x81"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/password/round-trip", test_round_trip);
  g_test_add_func ("/password/vectors", test_vectors);
  g_test_add_func ("/password/prepares", test_prepares);
  g_test_add_func ("/password/damaged", test_damaged);
  return g_test_run ();
}

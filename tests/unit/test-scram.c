/* Tests of daemon/accounts/scram.c: the exchange of RFC 7677 §3, and what is none. */
#include "accounts/scram.h"
#include <string.h>

#define CLIENT_NONCE "rOprNGfwEbeRWgbNEkqO"
#define SERVER_NONCE "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0"
#define BOTH CLIENT_NONCE SERVER_NONCE
#define PROOF "dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ="

static ScramKeys
derive (const char *password)
{
  gsize length;
  g_autofree guchar *salt = g_base64_decode ("W22ZaJ0SNY7soEsUEjb6gQ==", &length);
  ScramKeys keys;

  g_assert_true (scram_derive (password, salt, length, 4096, &keys));
  return keys;
}

static void
challenge (Scram *scram)
{
  gsize length;
  g_autofree guchar *salt = g_base64_decode ("W22ZaJ0SNY7soEsUEjb6gQ==", &length);

  g_assert_cmpstr (scram_challenge (scram, salt, length, 4096, SERVER_NONCE), ==,
                   "r=" BOTH ",s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096");
}

static void
test_example (void)
{
  g_autoptr (Scram) scram = scram_new (FALSE, NULL, 0);
  const ScramKeys right = derive ("pencil"), wrong = derive ("pen");
  g_autofree char *signature = NULL;

  g_assert_true (scram_take_first (scram, "n,,n=user,r=" CLIENT_NONCE));
  g_assert_cmpstr (scram_user (scram), ==, "user");
  challenge (scram);
  g_assert_true (scram_take_final (scram, "c=biws,r=" BOTH ",p=" PROOF));
  g_assert_true (scram_is_proved (scram, &right));
  g_assert_false (scram_is_proved (scram, &wrong));
  signature = scram_signature (scram, &right);
  g_assert_cmpstr (signature, ==, "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=");
}

/* In another form of the same password. */
static void
test_prepares (void)
{
  const ScramKeys composed = derive ("\xc3\xbc"), decomposed = derive ("u\xcc\x88");

  g_assert_cmpmem (&composed, sizeof composed, &decomposed, sizeof decomposed);
}

static const struct {
  const char *name;
  gboolean plus, bound; /* -PLUS was chosen; the connection has a binding */
  const char *message;
  const char *user; /* NULL: refused */
} firsts[] = {
  { "plain", FALSE, FALSE, "n,,n=a,r=x", "a" },
  { "escaped", FALSE, FALSE, "n,,n=a=2Cb=3Dc,r=x", "a,b=c" },
  { "escape-unknown", FALSE, FALSE, "n,,n=a=2c,r=x", NULL },
  { "identity", FALSE, FALSE, "n,a=a,n=a,r=x", "a" },
  { "other-identity", FALSE, FALSE, "n,a=b,n=a,r=x", NULL },
  { "would-bind", FALSE, FALSE, "y,,n=a,r=x", "a" },
  { "stripped", FALSE, TRUE, "y,,n=a,r=x", NULL },
  { "does-not-bind", FALSE, TRUE, "n,,n=a,r=x", "a" },
  { "binds", TRUE, TRUE, "p=tls-exporter,,n=a,r=x", "a" },
  { "binds-otherwise", TRUE, TRUE, "p=tls-unique,,n=a,r=x", NULL },
  { "binds-without-plus", FALSE, TRUE, "p=tls-exporter,,n=a,r=x", NULL },
  { "plus-without-binding", TRUE, TRUE, "n,,n=a,r=x", NULL },
  { "mandatory-extension", FALSE, FALSE, "n,,m=1,n=a,r=x", NULL },
  { "extension", FALSE, FALSE, "n,,n=a,r=x,z=1", "a" },
  { "no-nonce", FALSE, FALSE, "n,,n=a,r=", NULL },
  { "no-user", FALSE, FALSE, "n,,n=,r=x", NULL },
  { "empty", FALSE, FALSE, "", NULL },
  { "prohibited", FALSE, FALSE, "n,,n=\x01,r=x", NULL },
};

static void
test_first (void)
{
  const ScramBinding binding = { "tls-exporter", "channel", 7 };

  for (guint i = 0; i < G_N_ELEMENTS (firsts); i++) {
    g_autoptr (Scram) scram = scram_new (firsts[i].plus, &binding, firsts[i].bound);
    g_test_message ("%s", firsts[i].name);
    g_assert_cmpint (scram_take_first (scram, firsts[i].message), ==, firsts[i].user != NULL);
    if (firsts[i].user)
      g_assert_cmpstr (scram_user (scram), ==, firsts[i].user);
  }
}

static void
test_final (void)
{
  static const char *const bad[] = {
    "c=biws,r=" BOTH,
    "c=biws,r=" CLIENT_NONCE ",p=" PROOF,
    "c=biws,r=" BOTH "x,p=" PROOF,
    "c=eSws,r=" BOTH ",p=" PROOF,
    "c=biws,r=" BOTH ",p=" PROOF "=",
    "c=biws,r=" BOTH ",p=AAAA",
    "r=" BOTH ",c=biws,p=" PROOF,
    "",
  };

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++) {
    g_autoptr (Scram) scram = scram_new (FALSE, NULL, 0);
    g_assert_false (scram_take_final (scram, bad[i]));
    g_assert_true (scram_take_first (scram, "n,,n=user,r=" CLIENT_NONCE));
    challenge (scram);
    g_test_message ("%s", bad[i]);
    g_assert_false (scram_take_final (scram, bad[i]));
  }
}

/* The bytes of the channel count, and only of this one. */
static void
test_binding (void)
{
  static const struct {
    const char *header;
    gboolean is_right;
  } rows[] = { { "p=tls-exporter,,channel", TRUE },
               { "p=tls-exporter,,chanNel", FALSE },
               { "p=tls-exporter,,", FALSE } };
  const ScramBinding binding = { "tls-exporter", "channel", 7 };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autoptr (Scram) scram = scram_new (TRUE, &binding, 1);
    g_autofree char *header
        = g_base64_encode ((const guint8 *)rows[i].header, strlen (rows[i].header));
    g_autofree char *message = g_strconcat ("c=", header, ",r=" BOTH ",p=" PROOF, NULL);
    g_assert_true (scram_take_first (scram, "p=tls-exporter,,n=user,r=" CLIENT_NONCE));
    challenge (scram);
    g_assert_cmpint (scram_take_final (scram, message), ==, rows[i].is_right);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/scram/example", test_example);
  g_test_add_func ("/scram/prepares", test_prepares);
  g_test_add_func ("/scram/first", test_first);
  g_test_add_func ("/scram/final", test_final);
  g_test_add_func ("/scram/binding", test_binding);
  return g_test_run ();
}

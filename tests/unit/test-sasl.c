/* Tests of daemon/accounts/sasl.c. */
#include "accounts/sasl.h"
#include <string.h>

/* One exchange: RESPONSES in base64 (the first may be NULL: no initial response), ended by "-". */
static const struct {
  const char *name, *mechanism;
  const char *responses[4];
  SaslStep last;
  const char *user, *password;
} exchanges[] = {
  { "plain/initial", "PLAIN", { "AGFubmEAc2VjcmV0", "-" }, SASL_CREDENTIALS, "anna", "secret" },
  { "plain/later", "plain", { NULL, "AGFubmEAc2VjcmV0", "-" }, SASL_CREDENTIALS, "anna", "secret" },
  { "plain/authzid-same",
    "PLAIN",
    { "YW5uYQBhbm5hAHNlY3JldA==", "-" },
    SASL_CREDENTIALS,
    "anna",
    "secret" },
  { "plain/authzid-other", "PLAIN", { "YmVydABhbm5hAHNlY3JldA==", "-" }, SASL_MALFORMED },
  { "plain/empty", "PLAIN", { "=", "-" }, SASL_MALFORMED },
  { "plain/nothing", "PLAIN", { "", "-" }, SASL_MALFORMED },
  { "plain/no-password", "PLAIN", { "AGFubmEA", "-" }, SASL_MALFORMED },
  { "plain/no-user", "PLAIN", { "AABzZWNyZXQ=", "-" }, SASL_MALFORMED },
  { "plain/one-nul", "PLAIN", { "YW5uYQBzZWNyZXQ=", "-" }, SASL_MALFORMED },
  { "plain/three-nul", "PLAIN", { "AGFubmEAc2VjAHJldA==", "-" }, SASL_MALFORMED },
  { "plain/not-utf8", "PLAIN", { "AP/+AHNlY3JldA==", "-" }, SASL_MALFORMED },
  { "plain/not-base64", "PLAIN", { "AGFub*EAc2VjcmV0", "-" }, SASL_MALFORMED },
  { "plain/padding-inside", "PLAIN", { "AGFu=mEAc2VjcmV0", "-" }, SASL_MALFORMED },
  { "plain/odd-length", "PLAIN", { "AGFubmEAc2VjcmV", "-" }, SASL_MALFORMED },
  { "plain/after-the-end",
    "PLAIN",
    { "AGFubmEAc2VjcmV0", "AGFubmEAc2VjcmV0", "-" },
    SASL_MALFORMED },
  { "login", "LOGIN", { NULL, "YW5uYQ==", "c2VjcmV0", "-" }, SASL_CREDENTIALS, "anna", "secret" },
  { "login/initial", "login", { "YW5uYQ==", "c2VjcmV0", "-" }, SASL_CREDENTIALS, "anna", "secret" },
  { "login/empty-user", "LOGIN", { NULL, "=", "-" }, SASL_MALFORMED },
  { "login/empty-password", "LOGIN", { "YW5uYQ==", "", "-" }, SASL_MALFORMED },
  { "login/nul", "LOGIN", { "YW4AbmE=", "-" }, SASL_MALFORMED },
};

static void
test_exchange (gconstpointer data)
{
  guint row = GPOINTER_TO_UINT (data);
  g_autoptr (Sasl) sasl = sasl_new (exchanges[row].mechanism);
  SaslStep step = SASL_CONTINUE;
  const char *challenge;

  for (const char *const *at = exchanges[row].responses; *at == NULL || **at != '-'; at++)
    step = sasl_step (sasl, *at, *at ? strlen (*at) : 0, &challenge);
  g_assert_cmpint (step, ==, exchanges[row].last);
  if (step == SASL_CREDENTIALS) {
    g_assert_cmpstr (sasl_user (sasl), ==, exchanges[row].user);
    g_assert_cmpstr (sasl_password (sasl), ==, exchanges[row].password);
  }
}

/* Outlook signs on only when these decode to exactly "Username:" and "Password:". */
static void
test_prompts (void)
{
  g_autoptr (Sasl) sasl = sasl_new ("LOGIN");
  const char *challenge;

  g_assert_cmpint (sasl_step (sasl, NULL, 0, &challenge), ==, SASL_CONTINUE);
  g_assert_cmpstr (challenge, ==, "VXNlcm5hbWU6");
  g_assert_cmpint (sasl_step (sasl, "YW5uYQ==", 8, &challenge), ==, SASL_CONTINUE);
  g_assert_cmpstr (challenge, ==, "UGFzc3dvcmQ6");
}

static void
test_mechanisms (void)
{
  static const char *const unknown[] = { "", "PLAINX", "CRAM-MD5", "EXTERNAL", "PLAIN " };
  g_auto (GStrv) known = g_strsplit (sasl_mechanisms (), " ", -1);

  for (guint i = 0; known[i]; i++) {
    g_autoptr (Sasl) sasl = sasl_new (known[i]);
    g_assert_nonnull (sasl);
  }
  for (guint i = 0; i < G_N_ELEMENTS (unknown); i++)
    g_assert_null (sasl_new (unknown[i]));
}

/* RFC 4616 §2: 255 characters of at most 4 bytes each. */
static void
test_lengths (void)
{
  static const struct {
    gsize length;
    SaslStep step;
  } rows[] = { { 1020, SASL_CONTINUE }, { 1021, SASL_MALFORMED }, { 100000, SASL_MALFORMED } };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autofree char *user = g_strnfill (rows[i].length, 'a');
    g_autofree char *text = g_base64_encode ((guint8 *)user, rows[i].length);
    g_autoptr (Sasl) sasl = sasl_new ("LOGIN");
    const char *challenge;
    g_assert_cmpint (sasl_step (sasl, text, strlen (text), &challenge), ==, rows[i].step);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (exchanges); i++) {
    g_autofree char *path = g_strconcat ("/sasl/", exchanges[i].name, NULL);
    g_test_add_data_func (path, GUINT_TO_POINTER (i), test_exchange);
  }
  g_test_add_func ("/sasl/prompts", test_prompts);
  g_test_add_func ("/sasl/mechanisms", test_mechanisms);
  g_test_add_func ("/sasl/lengths", test_lengths);
  return g_test_run ();
}

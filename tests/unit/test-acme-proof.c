/* Proofs are there as long as they live; what cannot be laid out says why. */
#include "tls/acme-proof.h"
#include "tls/acme-challenges.h"
#include "tls/acme-error.h"
#include "tls/jws.h"
#include "tls/key.h"
#include <string.h>

#define TOKEN "evaGxfADs6pSRb2LAv9IZf17Dt3juxGJ-PCt92wr-oA"

static EVP_PKEY *key;

static void
test_token (void)
{
  static const struct {
    const char *token;
    gboolean valid;
  } tokens[] = {
    { TOKEN, TRUE },       { "", FALSE },
    { "short", FALSE },    { "../../../../../../etc/passwd", FALSE },
    { TOKEN "=", FALSE },  { TOKEN TOKEN TOKEN TOKEN, FALSE },
    { TOKEN " x", FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (tokens); i++)
    g_assert_cmpint (acme_token_is_valid (tokens[i].token), ==, tokens[i].valid);
}

static void
test_http (void)
{
  const AcmeProofOptions options = { .challenge = ACME_HTTP_01, .dns_server = "", .dns_key = "" };
  g_autofree char *thumbprint = jwk_thumbprint (key);
  g_autofree char *expected = g_strconcat (TOKEN, ".", thumbprint, NULL);
  AcmeProof *proof = acme_proof_new (&options, "a.example", TOKEN, key, NULL, NULL);
  g_autofree char *answer = acme_challenges_http (TOKEN);

  g_assert_cmpstr (answer, ==, expected);
  acme_proof_free (proof);
  g_assert_null (acme_challenges_http (TOKEN));
}

static void
test_tls (void)
{
  const AcmeProofOptions options
      = { .challenge = ACME_TLS_ALPN_01, .dns_server = "", .dns_key = "" };
  AcmeProof *proof = acme_proof_new (&options, "a.example", TOKEN, key, NULL, NULL);
  SSL_CTX *context = acme_challenges_tls ("a.example");

  g_assert_nonnull (context);
  SSL_CTX_free (context);
  acme_proof_free (proof);
  g_assert_null (acme_challenges_tls ("a.example"));
}

static const struct {
  const char *token, *server, *key, *hook;
  AcmeErrorCode code;
} refused[] = {
  { TOKEN, "", "", NULL, ACME_ERROR_SETTINGS },
  { TOKEN, "127.0.0.1@1", "no key", NULL, ACME_ERROR_DNS_UPDATE },
  { TOKEN, "127.0.0.1@1", "a:c2VjcmV0", NULL, ACME_ERROR_DNS_UPDATE },
  { TOKEN, "", "", "/nowhere/at/all", ACME_ERROR_HOOK },
  { "x;y", "", "", "/nowhere/at/all", ACME_ERROR_NOT_UNDERSTOOD },
};

static void
test_dns (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (refused); i++) {
    const AcmeProofOptions options = { .challenge = ACME_DNS_01,
                                       .dns_server = refused[i].server,
                                       .dns_key = refused[i].key,
                                       .hook = refused[i].hook };
    g_autoptr (GError) error = NULL;
    g_assert_null (acme_proof_new (&options, "a.example", refused[i].token, key, NULL, &error));
    g_test_message ("%s", error->message);
    g_assert_error (error, ACME_ERROR, (gint)refused[i].code);
  }
}

/* RFC 8555 §8.4: base64url of SHA-256, 43 digits. */
static void
test_value (void)
{
  g_autofree char *value = acme_dns_value ("");
  g_assert_cmpstr (value, ==, "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  key = key_new (KEY_ECDSA, NULL);
  g_test_add_func ("/acme-proof/token", test_token);
  g_test_add_func ("/acme-proof/http", test_http);
  g_test_add_func ("/acme-proof/tls", test_tls);
  g_test_add_func ("/acme-proof/dns", test_dns);
  g_test_add_func ("/acme-proof/value", test_value);
  const int status = g_test_run ();
  EVP_PKEY_free (key);
  return status;
}

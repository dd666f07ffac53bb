/* ARI: the example of RFC 9773 and windows of every kind. */
#include "tls/acme-renewal-info.h"
#include "tls/certificate.h"
#include <openssl/pem.h>
#include <string.h>

/* RFC 9773 appendix A. */
static const char example[] = "-----BEGIN CERTIFICATE-----\n"
                              "MIIBQzCB66ADAgECAgUAh2VDITAKBggqhkjOPQQDAjAVMRMwEQYDVQQDEwpFeGFt\n"
                              "cGxlIENBMCIYDzAwMDEwMTAxMDAwMDAwWhgPMDAwMTAxMDEwMDAwMDBaMBYxFDAS\n"
                              "BgNVBAMTC2V4YW1wbGUuY29tMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEeBZu\n"
                              "7cbpAYNXZLbbh8rNIzuOoqOOtmxA1v7cRm//AwyMwWxyHz4zfwmBhcSrf47NUAFf\n"
                              "qzLQ2PPQxdTXREYEnKMjMCEwHwYDVR0jBBgwFoAUaYhba4dGQEHhs3uEe6CuLN4B\n"
                              "yNQwCgYIKoZIzj0EAwIDRwAwRAIge09+S5TZAlw5tgtiVvuERV6cT4mfutXIlwTb\n"
                              "+FYN/8oCIClDsqBklhB9KAelFiYt9+6FDj3z4KGVelYM5MdsO3pK\n"
                              "-----END CERTIFICATE-----\n";

static void
test_id (void)
{
  BIO *memory = BIO_new_mem_buf (example, -1);
  X509 *x509 = PEM_read_bio_X509 (memory, NULL, NULL, NULL);
  guint8 *der = NULL;
  const int length = i2d_X509 (x509, &der);
  g_autoptr (GBytes) bytes = g_bytes_new (der, (gsize)length);
  g_autoptr (GBytes) nothing = g_bytes_new ("x", 1);
  g_autofree char *id = acme_certificate_id (bytes);

  g_assert_cmpstr (id, ==, "aYhba4dGQEHhs3uEe6CuLN4ByNQ.AIdlQyE");
  g_assert_null (acme_certificate_id (nothing));
  OPENSSL_free (der);
  X509_free (x509);
  BIO_free (memory);
}

#define WINDOW                                                                                     \
  "\"suggestedWindow\":{\"start\":\"2025-01-02T04:00:00Z\",\"end\":\"2025-01-03T04:00:00Z\"}"

static const struct {
  const char *text;
  guint retry_after;
  gboolean good;
  const char *explanation;
  guint again;
} cases[] = {
  { "{" WINDOW "}", 0, TRUE, NULL, 6 * 3600 },
  { "{" WINDOW ",\"explanationURL\":\"https://ca.example/why\"}", 7200, TRUE,
    "https://ca.example/why", 7200 },
  { "{" WINDOW ",\"explanationURL\":\"javascript:alert(1)\"}", 1, TRUE, NULL, 60 },
  { "{" WINDOW ",\"explanationURL\":\"https://ca.example/<b>\"}", 604800, TRUE, NULL, 86400 },
  { "{\"suggestedWindow\":{\"start\":\"2025-01-03T04:00:00Z\",\"end\":\"2025-01-02T04:00:00Z\"}}",
    0, FALSE, NULL, 0 },
  { "{\"suggestedWindow\":{\"start\":\"2025-01-03T04:00:00Z\"}}", 0, FALSE, NULL, 0 },
  { "{\"suggestedWindow\":{\"start\":1,\"end\":2}}", 0, FALSE, NULL, 0 },
  { "[]", 0, FALSE, NULL, 0 },
  { "", 0, FALSE, NULL, 0 },
};

static void
test_parse (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (AcmeRenewalInfo) info = acme_renewal_info_parse (
        cases[i].text, strlen (cases[i].text), cases[i].retry_after, &error);
    g_test_message ("%s", cases[i].text);
    g_assert_cmpint (info != NULL, ==, cases[i].good);
    if (info == NULL) {
      g_assert_nonnull (error);
      continue;
    }
    g_assert_cmpint (info->start, ==, 1735790400);
    g_assert_cmpint (info->end, ==, 1735876800);
    g_assert_cmpstr (info->explanation, ==, cases[i].explanation);
    g_assert_cmpuint (info->again, ==, cases[i].again);
  }
}

static void
test_choose (void)
{
  const AcmeRenewalInfo info = { .start = 1000, .end = 2000 };

  g_assert_cmpint (acme_renewal_info_choose (&info, 0, 0), ==, 1000);
  g_assert_cmpint (acme_renewal_info_choose (&info, 0.5, 0), ==, 1500);
  g_assert_cmpint (acme_renewal_info_choose (&info, 1, 0), ==, 2000);
  g_assert_cmpint (acme_renewal_info_choose (&info, 0.5, 1700), ==, 1700); /* it is past: now */
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/acme-renewal-info/id", test_id);
  g_test_add_func ("/acme-renewal-info/parse", test_parse);
  g_test_add_func ("/acme-renewal-info/choose", test_choose);
  return g_test_run ();
}

/* Tests of daemon/policy/dkim-key.c: keys made here, and records that are wrong. */
#include "policy/dkim-key.h"
#include <openssl/rsa.h>
#include <openssl/x509.h>

/* RFC 8463 §A.2 */
#define ED25519 "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="

/* The public key of a new RSA key in Base64; BARE: as RSAPublicKey. */
static char *
rsa_text (guint bits, gboolean bare)
{
  EVP_PKEY *key = EVP_RSA_gen (bits);
  guint8 *der = NULL;
  const int size = bare ? i2d_PublicKey (key, &der) : i2d_PUBKEY (key, &der);
  char *text = g_base64_encode (der, size);

  OPENSSL_free (der);
  EVP_PKEY_free (key);
  return text;
}

static const char *
problem_of (const char *text, DkimAlgorithm algorithm)
{
  const char *problem;
  g_autoptr (DkimKey) key = dkim_key_parse (text, algorithm, &problem);

  g_assert_true ((key == NULL) == (problem != NULL));
  return problem;
}

static const struct {
  const char *text, *problem;
} cases[] = {
  { "v=DKIM1; k=ed25519; p=" ED25519, NULL },
  { "k=ed25519; p=" ED25519, NULL },
  { "k=ed25519; s=email; h=sha1:sha256; p=" ED25519 "; unknown=x;", NULL },
  { "k=ed25519; s=other:*; n=note; p=" ED25519, NULL },
  { "p=" ED25519, "the key is for another algorithm" },
  { "k=rsa; p=" ED25519, "the key is for another algorithm" },
  { "k=future; p=" ED25519, "the key is for another algorithm" },
  { "v=DKIM2; k=ed25519; p=" ED25519, "the key record has another version" },
  { "k=ed25519; v=DKIM1; p=" ED25519, "the key record has another version" }, /* must be first */
  { "k=ed25519; h=sha1; p=" ED25519, "the key is for another hash" },
  { "k=ed25519; s=tlsrpt; p=" ED25519, "the key is not for mail" },
  { "k=ed25519; p=", "the key was revoked" },
  { "k=ed25519", "the key record has no key" },
  { "k=ed25519; p=AAAA", "the key is no Ed25519 key" },
  { "k=ed25519; p=*", "the key is no Base64, or too long" },
  { "k=ed25519; k=ed25519; p=" ED25519, "the key record is broken" },
  { "v=spf1 -all", "the key record has another version" },
  { "some text", "the key record is broken" },
};

static void
test_ed25519 (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_test_message ("%s", cases[i].text);
    g_assert_cmpstr (problem_of (cases[i].text, DKIM_ED25519_SHA256), ==, cases[i].problem);
  }
}

/* RFC 8301 §3.2; and what is so long that it only costs time. */
static void
test_rsa (void)
{
  static const struct {
    guint bits;
    gboolean bare;
    const char *problem;
  } sizes[] = {
    { 512, FALSE, "the key is too short" },
    { 1023, FALSE, "the key is too short" },
    { 1024, FALSE, NULL },
    { 2048, FALSE, NULL },
    { 2048, TRUE, NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++) {
    g_autofree char *text = rsa_text (sizes[i].bits, sizes[i].bare);
    g_autofree char *record = g_strconcat ("v=DKIM1; p=", text, NULL);

    g_assert_cmpstr (problem_of (record, DKIM_RSA_SHA256), ==, sizes[i].problem);
  }
  g_assert_cmpstr (problem_of ("p=" ED25519, DKIM_RSA_SHA256), ==, "the key is no RSA key");
}

/* A modulus of 4,096 bits (RFC 8301 §3.2), of a few more, of 5,000, and one that fills a record:
 * made by hand, as making a key takes long. */
static void
test_giant (void)
{
  static const struct {
    gsize bytes;
    const char *problem;
  } sizes[] = { { 512, NULL },
                { 513, "the key is too long" },
                { 625, "the key is too long" },
                { 8000, "the key is no Base64, or too long" } };

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++) {
    const gsize size = sizes[i].bytes;
    g_autoptr (GByteArray) der = g_byte_array_new ();
    const guint8 start[]
        = { 0x30, 0x82, (size + 9) >> 8, (size + 9) & 255, 0x02, 0x82, size >> 8, size & 255 };
    const guint8 end[] = { 0x02, 0x03, 1, 0, 1 };
    g_autofree guint8 *modulus = g_malloc (size);
    g_autofree char *text = NULL;
    g_autofree char *record = NULL;

    for (gsize b = 0; b < size; b++)
      modulus[b] = 0x7f;
    g_byte_array_append (der, start, sizeof start);
    g_byte_array_append (der, modulus, size);
    g_byte_array_append (der, end, sizeof end);
    text = g_base64_encode (der->data, der->len);
    record = g_strconcat ("p=", text, NULL);
    g_assert_cmpstr (problem_of (record, DKIM_RSA_SHA256), ==, sizes[i].problem);
  }
}

static void
test_flags (void)
{
  const char *problem;
  g_autoptr (DkimKey) none
      = dkim_key_parse ("k=ed25519; p=" ED25519, DKIM_ED25519_SHA256, &problem);
  g_autoptr (DkimKey) both
      = dkim_key_parse ("k=ed25519; t=s : y:x; p=" ED25519, DKIM_ED25519_SHA256, &problem);

  g_assert_false (none->testing || none->strict);
  g_assert_true (both->testing && both->strict);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/dkim-key/ed25519", test_ed25519);
  g_test_add_func ("/dkim-key/rsa", test_rsa);
  g_test_add_func ("/dkim-key/giant", test_giant);
  g_test_add_func ("/dkim-key/flags", test_flags);
  return g_test_run ();
}

/* Signatures are what OpenSSL's own verification takes; encodings by tables. */
#include "tls/jws.h"
#include "tls/key.h"
#include <openssl/ecdsa.h>
#include <openssl/sha.h>
#include <string.h>

static const struct {
  const char *bytes, *text;
} encoded[] = {
  { "", "" },        { "f", "Zg" },        { "fo", "Zm8" },
  { "foo", "Zm9v" }, { "foob", "Zm9vYg" }, { "\xfb\xff\xbf", "-_-_" },
};
static const char *const wrong[] = { "A", "Zm9vY", "Zg===", "Zg=x", "Zm 8", "Zm+v", "Zm/v", "é" };

static void
test_base64url (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (encoded); i++) {
    g_autofree char *text
        = base64url_encode ((const guint8 *)encoded[i].bytes, strlen (encoded[i].bytes));
    g_autoptr (GBytes) bytes = base64url_decode (encoded[i].text);
    g_assert_cmpstr (text, ==, encoded[i].text);
    g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), encoded[i].bytes,
                     strlen (encoded[i].bytes));
  }
  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++) {
    g_test_message ("%s", wrong[i]);
    g_assert_null (base64url_decode (wrong[i]));
  }
  g_autoptr (GBytes) padded = base64url_decode ("Zg==");
  g_assert_cmpuint (g_bytes_get_size (padded), ==, 1);
}

/* RFC 7638 §3.1: these members, in this order, without blanks. */
static void
test_thumbprint (void)
{
  EVP_PKEY *key = key_new (KEY_ECDSA, NULL);
  json_t *jwk = jwk_new (key);
  guint8 digest[SHA256_DIGEST_LENGTH];
  g_autofree char *text
      = g_strdup_printf ("{\"crv\":\"P-256\",\"kty\":\"EC\",\"x\":\"%s\",\"y\":\"%s\"}",
                         json_string_value (json_object_get (jwk, "x")),
                         json_string_value (json_object_get (jwk, "y")));
  SHA256 ((const guint8 *)text, strlen (text), digest);
  g_autofree char *expected = base64url_encode (digest, sizeof digest);
  g_autofree char *thumbprint = jwk_thumbprint (key);

  g_assert_cmpstr (thumbprint, ==, expected);
  g_assert_cmpuint (json_object_size (jwk), ==, 4);
  json_decref (jwk);
  EVP_PKEY_free (key);
}

static GBytes *
decode (const json_t *object, const char *key)
{
  GBytes *bytes = base64url_decode (json_string_value (json_object_get (object, key)));
  g_assert_nonnull (bytes);
  return bytes;
}

static void
test_sign (void)
{
  EVP_PKEY *key = key_new (KEY_ECDSA, NULL);
  g_autofree char *text = jws_sign (key, json_pack ("{s:s}", "nonce", "abc"), "{\"x\":1}");
  json_t *object = json_loads (text, 0, NULL);
  g_autoptr (GBytes) header = decode (object, "protected");
  g_autoptr (GBytes) payload = decode (object, "payload");
  g_autoptr (GBytes) raw = decode (object, "signature");
  g_autofree char *signed_text
      = g_strconcat (json_string_value (json_object_get (object, "protected")), ".",
                     json_string_value (json_object_get (object, "payload")), NULL);
  const guint8 *numbers = g_bytes_get_data (raw, NULL);
  guint8 *der = NULL;

  g_assert_cmpmem (g_bytes_get_data (header, NULL), g_bytes_get_size (header),
                   "{\"alg\":\"ES256\",\"nonce\":\"abc\"}", 29);
  g_assert_cmpmem (g_bytes_get_data (payload, NULL), g_bytes_get_size (payload), "{\"x\":1}", 7);
  g_assert_cmpuint (g_bytes_get_size (raw), ==, 64);
  ECDSA_SIG *signature = ECDSA_SIG_new ();
  ECDSA_SIG_set0 (signature, BN_bin2bn (numbers, 32, NULL), BN_bin2bn (numbers + 32, 32, NULL));
  const int length = i2d_ECDSA_SIG (signature, &der);
  EVP_MD_CTX *context = EVP_MD_CTX_new ();
  EVP_DigestVerifyInit (context, NULL, EVP_sha256 (), NULL, key);
  g_assert_cmpint (EVP_DigestVerify (context, der, (size_t)length, (const guint8 *)signed_text,
                                     strlen (signed_text)),
                   ==, 1);
  EVP_MD_CTX_free (context);
  OPENSSL_free (der);
  ECDSA_SIG_free (signature);
  json_decref (object);
  EVP_PKEY_free (key);
}

static void
test_authenticate (void)
{
  g_autoptr (GBytes) key = g_bytes_new ("secret", 6);
  json_t *object = jws_authenticate (key, json_pack ("{s:s}", "kid", "k"), "p");
  g_autofree char *text
      = g_strconcat (json_string_value (json_object_get (object, "protected")), ".",
                     json_string_value (json_object_get (object, "payload")), NULL);
  guint8 mac[32];
  gsize length = sizeof mac;
  GHmac *hmac = g_hmac_new (G_CHECKSUM_SHA256, (const guchar *)"secret", 6);

  g_hmac_update (hmac, (const guchar *)text, -1);
  g_hmac_get_digest (hmac, mac, &length);
  g_hmac_unref (hmac);
  g_autoptr (GBytes) signature = decode (object, "signature");
  g_assert_cmpmem (g_bytes_get_data (signature, NULL), g_bytes_get_size (signature), mac, length);
  json_decref (object);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/jws/base64url", test_base64url);
  g_test_add_func ("/jws/thumbprint", test_thumbprint);
  g_test_add_func ("/jws/sign", test_sign);
  g_test_add_func ("/jws/authenticate", test_authenticate);
  return g_test_run ();
}

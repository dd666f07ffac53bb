/* Signatures over BASE64URL(header) "." BASE64URL(payload). */
#include "tls/jws.h"
#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/hmac.h>
#include <openssl/sha.h>
#include <string.h>

#define COORDINATE 32 /* bytes of a number of P-256 */

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EVP_MD_CTX, EVP_MD_CTX_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ECDSA_SIG, ECDSA_SIG_free)

char *
base64url_encode (const guint8 *bytes, gsize length)
{
  char *text = g_base64_encode (bytes, length);

  g_strdelimit (g_strdelimit (text, "+", '-'), "/", '_');
  text[strcspn (text, "=")] = '\0';
  return text;
}

GBytes *
base64url_decode (const char *text)
{
  const gsize digits = strspn (text,
                               "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                               "0123456789-_");
  gsize length;

  if (digits % 4 == 1 || strspn (text + digits, "=") != strlen (text + digits)
      || strlen (text + digits) > 2)
    return NULL;
  GString *standard = g_string_new_len (text, (gssize)digits);
  g_strdelimit (g_strdelimit (standard->str, "-", '+'), "_", '/');
  while (standard->len % 4 != 0)
    g_string_append_c (standard, '=');
  guint8 *bytes = g_base64_decode (standard->str, &length);
  g_string_free (standard, TRUE);
  return g_bytes_new_take (bytes, length);
}

static char *
coordinate (EVP_PKEY *key, const char *name)
{
  BIGNUM *number = NULL;
  guint8 bytes[COORDINATE];

  g_assert (EVP_PKEY_get_bn_param (key, name, &number) == 1);
  g_assert (BN_bn2binpad (number, bytes, sizeof bytes) == sizeof bytes);
  BN_free (number);
  return base64url_encode (bytes, sizeof bytes);
}

json_t *
jwk_new (EVP_PKEY *key)
{
  g_autofree char *x = coordinate (key, OSSL_PKEY_PARAM_EC_PUB_X);
  g_autofree char *y = coordinate (key, OSSL_PKEY_PARAM_EC_PUB_Y);

  return json_pack ("{s:s, s:s, s:s, s:s}", "crv", "P-256", "kty", "EC", "x", x, "y", y);
}

/* RFC 7638 §3: the required members, sorted, without blanks. */
char *
jwk_thumbprint (EVP_PKEY *key)
{
  guint8 digest[SHA256_DIGEST_LENGTH];
  json_t *jwk = jwk_new (key);
  char *text = json_dumps (jwk, JSON_COMPACT | JSON_SORT_KEYS);

  SHA256 ((const guint8 *)text, strlen (text), digest);
  free (text);
  json_decref (jwk);
  return base64url_encode (digest, sizeof digest);
}

static char *
encode_header (json_t *header, const char *algorithm)
{
  json_object_set_new (header, "alg", json_string (algorithm));
  char *text = json_dumps (header, JSON_COMPACT | JSON_SORT_KEYS);
  char *encoded = base64url_encode ((const guint8 *)text, strlen (text));
  free (text);
  json_decref (header);
  return encoded;
}

/* RFC 7518 §3.4: the two numbers one after the other, not OpenSSL's DER. */
static char *
sign (EVP_PKEY *key, const char *text)
{
  g_autoptr (EVP_MD_CTX) context = EVP_MD_CTX_new ();
  guint8 der[128], raw[2 * COORDINATE];
  const guint8 *at = der;
  size_t length = sizeof der;

  g_assert (EVP_DigestSignInit (context, NULL, EVP_sha256 (), NULL, key) == 1);
  g_assert (EVP_DigestSign (context, der, &length, (const guint8 *)text, strlen (text)) == 1);
  g_autoptr (ECDSA_SIG) signature = d2i_ECDSA_SIG (NULL, &at, (long)length);
  g_assert (BN_bn2binpad (ECDSA_SIG_get0_r (signature), raw, COORDINATE) == COORDINATE);
  g_assert (BN_bn2binpad (ECDSA_SIG_get0_s (signature), raw + COORDINATE, COORDINATE)
            == COORDINATE);
  return base64url_encode (raw, sizeof raw);
}

static char *
encode_payload (const char *payload)
{
  return base64url_encode ((const guint8 *)payload, strlen (payload));
}

json_t *
jws_sign_object (EVP_PKEY *key, json_t *header, const char *payload)
{
  g_autofree char *protected = encode_header (header, "ES256");
  g_autofree char *encoded = encode_payload (payload);
  g_autofree char *text = g_strconcat (protected, ".", encoded, NULL);
  g_autofree char *signature = sign (key, text);

  return json_pack ("{s:s, s:s, s:s}", "protected", protected, "payload", encoded, "signature",
                    signature);
}

char *
jws_sign (EVP_PKEY *key, json_t *header, const char *payload)
{
  json_t *object = jws_sign_object (key, header, payload);
  char *text = json_dumps (object, JSON_COMPACT);
  char *copy = g_strdup (text);

  free (text);
  json_decref (object);
  return copy;
}

json_t *
jws_authenticate (GBytes *key, json_t *header, const char *payload)
{
  g_autofree char *protected = encode_header (header, "HS256");
  g_autofree char *encoded = encode_payload (payload);
  g_autofree char *text = g_strconcat (protected, ".", encoded, NULL);
  guint8 mac[SHA256_DIGEST_LENGTH];
  unsigned int length = sizeof mac;
  gsize size;
  const void *bytes = g_bytes_get_data (key, &size);

  HMAC (EVP_sha256 (), bytes, (int)size, (const guint8 *)text, strlen (text), mac, &length);
  g_autofree char *signature = base64url_encode (mac, length);
  return json_pack ("{s:s, s:s, s:s}", "protected", protected, "payload", encoded, "signature",
                    signature);
}

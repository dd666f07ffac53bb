/* Reads key records, and verifies with them. */
#include "policy/dkim-key.h"
#include "policy/tag-list.h"
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <string.h>

#define RSA_LEAST 1024 /* RFC 8301 §3.2 */
#define RSA_MOST 4096 /* what costs more is there to cost more */
#define KEY_MAX 1024 /* bytes */

void
dkim_key_free (DkimKey *self)
{
  g_clear_pointer (&self->key, EVP_PKEY_free);
  g_free (self);
}

/* SubjectPublicKeyInfo, or the bare RSAPublicKey that RFC 6376 speaks of (its erratum 3017). */
static const char *
read_rsa (DkimKey *self, GBytes *bytes)
{
  gsize length;
  const guint8 *start = g_bytes_get_data (bytes, &length);
  const guint8 *at = start;

  self->key = d2i_PUBKEY (NULL, &at, (long)length);
  if (self->key == NULL) {
    at = start;
    self->key = d2i_PublicKey (EVP_PKEY_RSA, NULL, &at, (long)length);
  }
  if (self->key == NULL || EVP_PKEY_get_base_id (self->key) != EVP_PKEY_RSA)
    return "the key is no RSA key";
  if (EVP_PKEY_get_bits (self->key) < RSA_LEAST)
    return "the key is too short";
  return EVP_PKEY_get_bits (self->key) > RSA_MOST ? "the key is too long" : NULL;
}

static const char *
read_ed25519 (DkimKey *self, GBytes *bytes)
{
  gsize length;
  const guint8 *start = g_bytes_get_data (bytes, &length);

  if (length == 32)
    self->key = EVP_PKEY_new_raw_public_key (EVP_PKEY_ED25519, NULL, start, length);
  return self->key ? NULL : "the key is no Ed25519 key";
}

static const struct {
  const char *type; /* k= */
  const char *(*read) (DkimKey *self, GBytes *bytes);
} types[] = {
  [DKIM_RSA_SHA256] = { "rsa", read_rsa },
  [DKIM_ED25519_SHA256] = { "ed25519", read_ed25519 },
};

/* What the record allows (§6.1.2). */
static const char *
find_obstacle (const TagList *tags, DkimAlgorithm algorithm)
{
  const char *version = tag_list_find (tags, "v"), *type = tag_list_find (tags, "k");
  const char *hashes = tag_list_find (tags, "h"), *services = tag_list_find (tags, "s");

  if (version && !tag_list_begins (tags, "v", "DKIM1"))
    return "the key record has another version";
  if (strcmp (type ? type : "rsa", types[algorithm].type) != 0)
    return "the key is for another algorithm";
  if (hashes && !tag_words_contain (hashes, "sha256"))
    return "the key is for another hash";
  if (services && !tag_words_contain (services, "*") && !tag_words_contain (services, "email"))
    return "the key is not for mail";
  return NULL;
}

static const char *
read_key (DkimKey *self, const TagList *tags)
{
  const char *value = tag_list_find (tags, "p");
  g_autoptr (GBytes) bytes = NULL;

  if (value == NULL)
    return "the key record has no key";
  if (*value == '\0')
    return "the key was revoked";
  bytes = tag_base64_decode (value, KEY_MAX);
  return bytes ? types[self->algorithm].read (self, bytes) : "the key is no Base64, or too long";
}

DkimKey *
dkim_key_parse (const char *text, DkimAlgorithm algorithm, const char **problem)
{
  g_autoptr (DkimKey) self = g_new0 (DkimKey, 1);
  g_autoptr (TagList) tags = tag_list_parse (text);
  const char *flags;

  self->algorithm = algorithm;
  *problem = tags ? find_obstacle (tags, algorithm) : "the key record is broken";
  if (*problem == NULL)
    *problem = read_key (self, tags);
  if (*problem)
    return NULL;
  flags = tag_list_find (tags, "t");
  self->testing = flags && tag_words_contain (flags, "y");
  self->strict = flags && tag_words_contain (flags, "s");
  return g_steal_pointer (&self);
}

/* Ed25519 signs the SHA-256 of what RSA signs (RFC 8463 §3). */
gboolean
dkim_key_verify (const DkimKey *self, const guint8 *bytes, gsize length, GBytes *signature)
{
  EVP_MD_CTX *context = EVP_MD_CTX_new ();
  gsize size;
  const guint8 *mark = g_bytes_get_data (signature, &size);
  guint8 digest[32];
  gboolean right;

  if (self->algorithm == DKIM_ED25519_SHA256) {
    EVP_Digest (bytes, length, digest, NULL, EVP_sha256 (), NULL);
    right = EVP_DigestVerifyInit (context, NULL, NULL, NULL, self->key) == 1
        && EVP_DigestVerify (context, mark, size, digest, sizeof digest) == 1;
  } else {
    right = EVP_DigestVerifyInit (context, NULL, EVP_sha256 (), NULL, self->key) == 1
        && EVP_DigestVerify (context, mark, size, bytes, length) == 1;
  }
  EVP_MD_CTX_free (context);
  return right;
}

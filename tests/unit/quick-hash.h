/* What stands in the store for a password, where not the hash itself is tested: a kind that
 * password_verify takes like any other, but a thousand times quicker than those that we make. */
#pragma once
#include <glib.h>
#include <openssl/evp.h>
#include <string.h>

/* Free with g_free. */
static inline char *
quick_hash (const char *password)
{
  static const guint8 salt[16] = "sixteen bytes…";
  guint8 hash[32];
  g_autofree char *salt64 = g_base64_encode (salt, sizeof salt);
  g_autofree char *hash64 = NULL;

  g_assert_cmpint (EVP_PBE_scrypt (password, strlen (password), salt, sizeof salt, 1 << 5, 8, 1, 0,
                                   hash, sizeof hash),
                   ==, 1);
  hash64 = g_base64_encode (hash, sizeof hash);
  return g_strdup_printf ("$scrypt$ln=5,r=8,p=1$%s$%s", salt64, hash64);
}

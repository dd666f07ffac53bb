/* The authorities of Windows' store ROOT, but for those that may not vouch for servers, and never a
 * certificate that the store Disallowed names. Windows fetches the rarer authorities only when its
 * own verification asks for them: those are not in ROOT before, and are not trusted here. */
#include <winsock2.h>
#include <windows.h>
#include <wincrypt.h>
/* Takes back some of wincrypt.h's macros, so it comes after. */
#include "platform/trust.h"
#include "platform/windows/failure.h"
#include <openssl/x509_vfy.h>
#include <string.h>

typedef struct {
  HCERTSTORE store;
  const CERT_CONTEXT *at;
} Walk;

static void
walk_clear (Walk *self)
{
  if (self->at != NULL)
    CertFreeCertificateContext (self->at);
  if (self->store != NULL)
    CertCloseStore (self->store, 0);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Walk, walk_clear)

/* The user's view, which has the machine's in it. */
static gboolean
walk_begin (Walk *self, const wchar_t *name, GError **error)
{
  self->store = CertOpenStore (CERT_STORE_PROV_SYSTEM_W, 0, 0,
                               CERT_SYSTEM_STORE_CURRENT_USER | CERT_STORE_READONLY_FLAG, name);
  return self->store != NULL
      || failure_set (error, GetLastError (), "Cannot load the certificate authorities of Windows");
}

static gboolean
walk_next (Walk *self)
{
  self->at = CertEnumCertificatesInStore (self->store, self->at); /* frees the one before */
  return self->at != NULL;
}

static X509 *
parse (const CERT_CONTEXT *certificate)
{
  const unsigned char *bytes = certificate->pbCertEncoded;

  if ((certificate->dwCertEncodingType & X509_ASN_ENCODING) == 0)
    return NULL;
  return d2i_X509 (NULL, &bytes, (long)certificate->cbCertEncoded);
}

/* An administrator, or Microsoft, may have kept an authority for other purposes. */
static gboolean
may_vouch_for_servers (const CERT_CONTEXT *certificate)
{
  DWORD length = 0;

  if (!CertGetEnhancedKeyUsage (certificate, CERT_FIND_PROP_ONLY_ENHKEY_USAGE_FLAG, NULL, &length))
    return GetLastError () == (DWORD)CRYPT_E_NOT_FOUND; /* for all */
  g_autofree CERT_ENHKEY_USAGE *usage = g_malloc0 (length);
  if (!CertGetEnhancedKeyUsage (certificate, CERT_FIND_PROP_ONLY_ENHKEY_USAGE_FLAG, usage, &length))
    return GetLastError () == (DWORD)CRYPT_E_NOT_FOUND;
  if (usage->cUsageIdentifier == 0)
    return GetLastError () == (DWORD)CRYPT_E_NOT_FOUND;
  for (DWORD i = 0; i < usage->cUsageIdentifier; i++)
    if (strcmp (usage->rgpszUsageIdentifier[i], szOID_PKIX_KP_SERVER_AUTH) == 0)
      return TRUE;
  return FALSE;
}

/* SHA-256 of the whole certificate, as a key of a hash table; NULL: cannot be made. */
static GBytes *
digest_of (X509 *certificate)
{
  guint8 digest[EVP_MAX_MD_SIZE];
  unsigned int length = sizeof digest;

  return X509_digest (certificate, EVP_sha256 (), digest, &length) == 1
      ? g_bytes_new (digest, length)
      : NULL;
}

static void
free_refused (void *parent, void *refused, CRYPTO_EX_DATA *all, int index, long number,
              void *pointer)
{
  if (refused != NULL)
    g_hash_table_unref (refused);
}

/* Where a X509_STORE keeps the certificates that it must refuse. */
static int
refused_index (void)
{
  static gsize index;

  if (g_once_init_enter (&index)) {
    int found
        = CRYPTO_get_ex_new_index (CRYPTO_EX_INDEX_X509_STORE, 0, NULL, NULL, NULL, free_refused);
    g_once_init_leave (&index, (gsize)found + 1);
  }
  return (int)index - 1;
}

/* OpenSSL asks for each certificate of the chain. */
static int
judge (int accepted, X509_STORE_CTX *context)
{
  X509 *certificate = X509_STORE_CTX_get_current_cert (context);
  GHashTable *refused
      = X509_STORE_get_ex_data (X509_STORE_CTX_get0_store (context), refused_index ());
  g_autoptr (GBytes) digest = NULL;

  if (!accepted || certificate == NULL || refused == NULL)
    return accepted;
  digest = digest_of (certificate);
  if (digest != NULL && !g_hash_table_contains (refused, digest))
    return accepted;
  X509_STORE_CTX_set_error (context, X509_V_ERR_CERT_REJECTED);
  return 0;
}

static GHashTable *
read_refused (GError **error)
{
  g_auto (Walk) walk = { NULL, NULL };
  g_autoptr (GHashTable) refused
      = g_hash_table_new_full (g_bytes_hash, g_bytes_equal, (GDestroyNotify)g_bytes_unref, NULL);
  g_autoptr (GError) reason = NULL;

  if (!walk_begin (&walk, L"Disallowed", &reason)) {
    if (g_error_matches (reason, G_IO_ERROR, G_IO_ERROR_NOT_FOUND))
      return g_steal_pointer (&refused); /* nothing was ever put into it */
    g_propagate_error (error, g_steal_pointer (&reason));
    return NULL;
  }
  while (walk_next (&walk)) {
    X509 *certificate = parse (walk.at);
    GBytes *digest = certificate != NULL ? digest_of (certificate) : NULL;

    if (digest != NULL)
      g_hash_table_add (refused, digest);
    X509_free (certificate);
  }
  return g_steal_pointer (&refused);
}

/* One that cannot be read is none; the others still count. */
static gboolean
add_roots (X509_STORE *store, GError **error)
{
  g_auto (Walk) walk = { NULL, NULL };

  if (!walk_begin (&walk, L"ROOT", error))
    return FALSE;
  while (walk_next (&walk)) {
    X509 *certificate = may_vouch_for_servers (walk.at) ? parse (walk.at) : NULL;

    if (certificate != NULL)
      X509_STORE_add_cert (store, certificate);
    X509_free (certificate);
  }
  return TRUE;
}

X509_STORE *
trust_load (GError **error)
{
  g_autoptr (GHashTable) refused = read_refused (error);
  X509_STORE *store = refused != NULL ? X509_STORE_new () : NULL;

  if (refused == NULL)
    return NULL;
  if (store == NULL || !add_roots (store, error)
      || X509_STORE_set_ex_data (store, refused_index (), refused) != 1) {
    if (error != NULL && *error == NULL)
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED,
                           "Cannot load the certificate authorities of Windows");
    X509_STORE_free (store);
    return NULL;
  }
  g_steal_pointer (&refused); /* goes with the store */
  X509_STORE_set_verify_cb (store, judge);
  return store;
}

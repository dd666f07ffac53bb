/* Certificates that an authority has signed, as people get them. */
#include "tls/certificate-private.h"
#include "language.h"
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/pkcs12err.h>
#include <openssl/x509v3.h>

#define PKCS12_MOST (1024 * 1024)

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EVP_PKEY, EVP_PKEY_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BIO, BIO_free_all)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PKCS12, PKCS12_free)

/* Never asks a terminal: a key with a passphrase is refused with a message. */
static int
no_passphrase (char *buffer, int size, int writing, void *data)
{
  *(gboolean *)data = TRUE;
  return -1;
}

static EVP_PKEY *
read_key (const char *text, GError **error)
{
  gboolean wants_passphrase = FALSE;
  g_autoptr (BIO) memory = BIO_new_mem_buf (text, -1);
  EVP_PKEY *key = PEM_read_bio_PrivateKey (memory, NULL, no_passphrase, &wants_passphrase);

  if (key == NULL)
    certificate_fail (error, G_IO_ERROR_INVALID_DATA,
                      wants_passphrase
                          ? _ ("The private key is protected by a passphrase; give it without one.")
                          : _ ("There is no private key in PEM form."));
  return key;
}

static gboolean
check_dates (const Certificate *self, GError **error)
{
  gint64 now = g_get_real_time () / G_USEC_PER_SEC;
  gboolean early = now < self->not_before;

  if (!early && now <= self->not_after)
    return TRUE;
  g_autoptr (GDateTime) day
      = g_date_time_new_from_unix_utc (early ? self->not_before : self->not_after);
  g_autofree char *text = g_date_time_format (day, "%Y-%m-%d");
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
               early ? _ ("The certificate is valid only from %s.")
                     : _ ("The certificate expired on %s."),
               text);
  return FALSE;
}

/* RFC 8446 §4.4.2 wants each certificate to certify the one before it; people paste them in any
 * order. Those that do not belong to the chain are left out. */
static GPtrArray *
sort_chain (GPtrArray *given)
{
  GPtrArray *chain = g_ptr_array_new_with_free_func ((GDestroyNotify)X509_free);
  X509 *last = given->pdata[0];

  while (last != NULL && chain->len < CERTIFICATE_CHAIN_MAX) {
    X509_up_ref (last);
    g_ptr_array_add (chain, last);
    if (X509_self_signed (last, 0) == 1)
      break;
    X509 *issuer = NULL;
    for (guint i = 1; i < given->len && issuer == NULL; i++)
      if (given->pdata[i] != last && X509_check_issued (given->pdata[i], last) == X509_V_OK)
        issuer = given->pdata[i];
    last = issuer;
  }
  return chain;
}

/* The certificate of the key comes first, wherever it stood. */
static gboolean
bring_own_to_front (GPtrArray *chain, EVP_PKEY *key)
{
  for (guint i = 0; i < chain->len; i++)
    if (X509_check_private_key (chain->pdata[i], key) == 1) {
      gpointer own = chain->pdata[i];
      chain->pdata[i] = chain->pdata[0];
      chain->pdata[0] = own;
      return TRUE;
    }
  ERR_clear_error ();
  return FALSE;
}

static gboolean
import_pair (const char *folder, const char *name, EVP_PKEY *key, GPtrArray *given, GError **error)
{
  if (!bring_own_to_front (given, key))
    return certificate_fail (error, G_IO_ERROR_INVALID_DATA,
                             _ ("The private key does not belong to the certificate."));

  g_autoptr (Certificate) self = certificate_describe (name, given->pdata[0]);
  if (!check_dates (self, error))
    return FALSE;
  if (self->hosts[0] == NULL)
    return certificate_fail (
        error, G_IO_ERROR_INVALID_DATA,
        _ ("The certificate names no host (subjectAltName), so no client would accept it."));
  g_autoptr (GPtrArray) chain = sort_chain (given);
  return certificate_write_pem (folder, name, key, chain, error);
}

gboolean
certificate_import (const char *folder, const char *name, const char *key_text,
                    const char *chain_text, GError **error)
{
  if (!certificate_require_name (name, error))
    return FALSE;
  g_autoptr (EVP_PKEY) key = read_key (key_text, error);
  g_autoptr (GPtrArray) given = key ? certificate_read_chain (chain_text, error) : NULL;

  return given && import_pair (folder, name, key, given, error);
}

/* Why OpenSSL cannot read a file that is one. Old Windows encrypts with what is no longer safe. */
static const char *
explain_pkcs12 (void)
{
  const int reason = ERR_GET_REASON (ERR_peek_last_error ());

  return reason == PKCS12_R_MAC_VERIFY_FAILURE || reason == PKCS12_R_PKCS12_CIPHERFINAL_ERROR
      ? _ ("The passphrase of the file is another one.")
      : _ ("The file is encrypted in a way that is no longer safe. Export it again with AES-256.");
}

/* The three parts that a file may have; all is freed when something is missing. */
static gboolean
open_pkcs12 (GBytes *file, const char *passphrase, EVP_PKEY **key, GPtrArray *given, GError **error)
{
  gsize length;
  const guint8 *bytes = g_bytes_get_data (file, &length);
  g_autoptr (PKCS12) pkcs12 = d2i_PKCS12 (NULL, &bytes, (long)MIN (length, PKCS12_MOST));
  X509 *own = NULL;
  STACK_OF (X509) *others = NULL;

  if (pkcs12 == NULL)
    return certificate_fail (error, G_IO_ERROR_INVALID_DATA,
                             _ ("This is no file in PKCS#12 form (.p12, .pfx)."));
  if (PKCS12_parse (pkcs12, passphrase, key, &own, &others) != 1)
    return certificate_fail (error, G_IO_ERROR_INVALID_DATA, explain_pkcs12 ());
  if (own)
    g_ptr_array_add (given, own);
  while (sk_X509_num (others) > 0)
    g_ptr_array_add (given, sk_X509_shift (others));
  sk_X509_free (others);
  ERR_clear_error ();
  return (*key && given->len > 0)
      || certificate_fail (error, G_IO_ERROR_INVALID_DATA,
                           _ ("The file holds no private key with its certificate: export it "
                              "with the key."));
}

gboolean
certificate_import_pkcs12 (const char *folder, const char *name, GBytes *file,
                           const char *passphrase, GError **error)
{
  g_autoptr (GPtrArray) given = g_ptr_array_new_with_free_func ((GDestroyNotify)X509_free);
  g_autoptr (EVP_PKEY) key = NULL;

  return certificate_require_name (name, error)
      && open_pkcs12 (file, passphrase, &key, given, error)
      && import_pair (folder, name, key, given, error);
}

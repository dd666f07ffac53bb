/* P-256 and RSA keys in PEM; requests for certificates. */
#include "tls/key.h"
#include "language.h"
#include "platform/file.h"
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#define RSA_BITS 3072 /* as strong as P-256 (NIST SP 800-57) */

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BIO, BIO_free_all)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (X509_REQ, X509_REQ_free)

static gboolean
fail (GError **error, const char *what)
{
  ERR_clear_error ();
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED, what);
  return FALSE;
}

EVP_PKEY *
key_new (KeyKind kind, GError **error)
{
  EVP_PKEY *key = kind == KEY_RSA ? EVP_RSA_gen (RSA_BITS) : EVP_EC_gen ("P-256");

  if (key == NULL)
    fail (error, "A private key cannot be made.");
  return key;
}

gboolean
key_is (const EVP_PKEY *key, KeyKind kind)
{
  return EVP_PKEY_get_base_id (key) == (kind == KEY_RSA ? EVP_PKEY_RSA : EVP_PKEY_EC);
}

gboolean
key_save (EVP_PKEY *key, const char *path, GError **error)
{
  g_autoptr (BIO) memory = BIO_new (BIO_s_mem ());
  char *text;

  if (PEM_write_bio_PrivateKey (memory, key, NULL, NULL, 0, NULL, NULL) != 1)
    return fail (error, "The private key cannot be written as PEM.");
  const long length = BIO_get_mem_data (memory, &text);
  g_autoptr (GBytes) bytes = g_bytes_new (text, (gsize)length);
  OPENSSL_cleanse (text, (gsize)length);
  return file_replace (path, bytes, error);
}

/* Nobody is there to type a passphrase. */
static int
no_passphrase (char *buffer, int size, int writing, void *data)
{
  return -1;
}

EVP_PKEY *
key_load (const char *path, GError **error)
{
  g_autoptr (GBytes) bytes = file_map (path, error);

  if (bytes == NULL)
    return NULL;
  gsize length;
  const void *text = g_bytes_get_data (bytes, &length);
  g_autoptr (BIO) memory = BIO_new_mem_buf (text, (int)MIN (length, G_MAXINT));
  EVP_PKEY *key = PEM_read_bio_PrivateKey (memory, NULL, no_passphrase, NULL);
  if (key == NULL) {
    ERR_clear_error ();
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, _ ("There is no private key in %s."),
                 path);
  }
  return key;
}

/* The names stand in the alternative names alone: a common name is at most 64 characters long, and
 * authorities take the first name where they want one. */
static gboolean
add_names (X509_REQ *request, const char *const *hosts)
{
  STACK_OF (X509_EXTENSION) *extensions = sk_X509_EXTENSION_new_null ();
  GString *names = g_string_new (NULL);

  for (guint i = 0; hosts[i]; i++)
    g_string_append_printf (names, "%sDNS:%s", i ? "," : "", hosts[i]);
  X509_EXTENSION *extension = X509V3_EXT_conf_nid (NULL, NULL, NID_subject_alt_name, names->str);
  g_string_free (names, TRUE);
  const gboolean added = extension && sk_X509_EXTENSION_push (extensions, extension) > 0
      && X509_REQ_add_extensions (request, extensions) == 1;
  sk_X509_EXTENSION_pop_free (extensions, X509_EXTENSION_free);
  return added;
}

GBytes *
key_request (EVP_PKEY *key, const char *const *hosts, GError **error)
{
  g_autoptr (X509_REQ) request = X509_REQ_new ();
  guint8 *der = NULL;

  if (X509_REQ_set_version (request, X509_REQ_VERSION_1) != 1
      || X509_REQ_set_pubkey (request, key) != 1 || !add_names (request, hosts)
      || X509_REQ_sign (request, key, EVP_sha256 ()) <= 0) {
    fail (error, "The request for a certificate cannot be made.");
    return NULL;
  }
  const int length = i2d_X509_REQ (request, &der);
  GBytes *bytes = g_bytes_new (der, (gsize)length);
  OPENSSL_free (der);
  return bytes;
}

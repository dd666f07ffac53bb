/* Certificate files: written, read, listed. */
#include "tls/certificate-private.h"
#include "language.h"
#include "platform/file.h"
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <string.h>

#define PEM_MOST (1024 * 1024)

G_DEFINE_AUTOPTR_CLEANUP_FUNC (X509, X509_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (EVP_PKEY, EVP_PKEY_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BIO, BIO_free_all)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (GENERAL_NAMES, GENERAL_NAMES_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ASN1_TIME, ASN1_TIME_free)

void
certificate_free (Certificate *certificate)
{
  if (certificate == NULL)
    return;
  g_free (certificate->name);
  g_strfreev (certificate->hosts);
  g_free (certificate->issuer);
  g_free (certificate->fingerprint);
  g_free (certificate->key_fingerprint);
  g_free (certificate);
}

gboolean
certificate_fail (GError **error, GIOErrorEnum code, const char *message)
{
  ERR_clear_error ();
  g_set_error_literal (error, G_IO_ERROR, code, message);
  return FALSE;
}

gboolean
certificate_name_is_valid (const char *name)
{
  static const char *const reserved[] = { "con", "prn", "aux", "nul", NULL };
  gsize length = strlen (name);
  gsize stem = strcspn (name, ".");

  if (length == 0 || length > 100 || *name == '.' || *name == '-' || name[length - 1] == '.')
    return FALSE;
  if (strspn (name, "abcdefghijklmnopqrstuvwxyz0123456789.-_") != length)
    return FALSE;
  for (guint i = 0; reserved[i] != NULL; i++)
    if (stem == 3 && strncmp (name, reserved[i], 3) == 0)
      return FALSE;
  return !(stem == 4 && g_ascii_isdigit (name[3])
           && (strncmp (name, "com", 3) == 0 || strncmp (name, "lpt", 3) == 0));
}

static char *
certificate_path (const char *folder, const char *name)
{
  g_autofree char *file = g_strconcat (name, ".pem", NULL);
  return g_build_filename (folder, file, NULL);
}

gboolean
certificate_require_name (const char *name, GError **error)
{
  if (certificate_name_is_valid (name))
    return TRUE;
  g_set_error (
      error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
      _ ("“%s” cannot be the name of a certificate: use lower-case letters, digits, dots and "
         "hyphens."),
      name);
  return FALSE;
}

/* Writes the private key and CHAIN as one file that only the daemon's user can read. */
gboolean
certificate_write_pem (const char *folder, const char *name, EVP_PKEY *key, GPtrArray *chain,
                       GError **error)
{
  g_autoptr (BIO) memory = BIO_new (BIO_s_mem ());
  g_autofree char *path = certificate_path (folder, name);
  char *text;

  if (memory == NULL || PEM_write_bio_PrivateKey (memory, key, NULL, NULL, 0, NULL, NULL) != 1)
    return certificate_fail (error, G_IO_ERROR_FAILED, _ ("The private key cannot be written as PEM."));
  for (guint i = 0; i < chain->len; i++)
    if (PEM_write_bio_X509 (memory, chain->pdata[i]) != 1)
      return certificate_fail (error, G_IO_ERROR_FAILED,
                               _ ("The certificate cannot be written as PEM."));

  long length = BIO_get_mem_data (memory, &text);
  g_autoptr (GBytes) bytes = g_bytes_new (text, (gsize)length);
  OPENSSL_cleanse (text, (gsize)length);
  return file_make_folder (folder, error) && file_replace (path, bytes, error);
}

GPtrArray *
certificate_read_chain (const char *text, GError **error)
{
  g_autoptr (GPtrArray) chain = g_ptr_array_new_with_free_func ((GDestroyNotify)X509_free);
  g_autoptr (BIO) memory = BIO_new_mem_buf (text, -1);
  X509 *certificate;

  while (chain->len < CERTIFICATE_CHAIN_MAX
         && (certificate = PEM_read_bio_X509 (memory, NULL, NULL, NULL)) != NULL)
    g_ptr_array_add (chain, certificate);
  ERR_clear_error (); /* the end of the text is one */
  if (chain->len > 0)
    return g_steal_pointer (&chain);
  certificate_fail (error, G_IO_ERROR_INVALID_DATA, _ ("There is no certificate in PEM form."));
  return NULL;
}

gboolean
certificate_is_host (const char *host)
{
  return g_hostname_is_ip_address (host)
      || (*host != '\0' && strlen (host) <= 253
          && strspn (host, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-*")
              == strlen (host));
}

static gint64
seconds_of (const ASN1_TIME *time)
{
  g_autoptr (ASN1_TIME) epoch = ASN1_TIME_set (NULL, 0);
  int days = 0, seconds = 0;

  if (!ASN1_TIME_diff (&days, &seconds, epoch, time))
    return 0;
  return (gint64)days * 86400 + seconds;
}

static void
add_host (GPtrArray *hosts, const GENERAL_NAME *name)
{
  const ASN1_STRING *value = name->d.ia5;
  const guint8 *bytes = ASN1_STRING_get0_data (value);
  gsize length = (gsize)ASN1_STRING_length (value);

  if (name->type == GEN_DNS) {
    g_autofree char *text = g_strndup ((const char *)bytes, length);
    if (strlen (text) == length && certificate_is_host (text))
      g_ptr_array_add (hosts, g_ascii_strdown (text, -1));
  } else if (name->type == GEN_IPADD && (length == 4 || length == 16)) {
    g_autoptr (GInetAddress) address = g_inet_address_new_from_bytes (
        bytes, length == 4 ? G_SOCKET_FAMILY_IPV4 : G_SOCKET_FAMILY_IPV6);
    g_ptr_array_add (hosts, g_inet_address_to_string (address));
  }
}

static char **
hosts_of (X509 *certificate)
{
  GPtrArray *hosts = g_ptr_array_new ();
  g_autoptr (GENERAL_NAMES) names
      = X509_get_ext_d2i (certificate, NID_subject_alt_name, NULL, NULL);

  for (int i = 0; i < sk_GENERAL_NAME_num (names); i++)
    add_host (hosts, sk_GENERAL_NAME_value (names, i));
  g_ptr_array_add (hosts, NULL);
  return (char **)g_ptr_array_free (hosts, FALSE);
}

static char *
name_text (X509_NAME *name)
{
  char common[256];

  if (X509_NAME_get_text_by_NID (name, NID_commonName, common, sizeof common) > 0)
    return g_utf8_make_valid (common, -1);
  g_autoptr (BIO) memory = BIO_new (BIO_s_mem ());
  X509_NAME_print_ex (memory, name, 0, XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB);
  char *text;
  long length = BIO_get_mem_data (memory, &text);
  return g_utf8_make_valid (text, length);
}

/* SHA-256 of the SubjectPublicKeyInfo. */
static char *
key_fingerprint (X509 *x509)
{
  guint8 *der = NULL;
  const int length = i2d_X509_PUBKEY (X509_get_X509_PUBKEY (x509), &der);
  char *text = length > 0 ? g_compute_checksum_for_data (G_CHECKSUM_SHA256, der, length) : NULL;

  OPENSSL_free (der);
  return text;
}

Certificate *
certificate_describe (const char *name, X509 *x509)
{
  guint8 digest[32];
  GString *hex = g_string_new (NULL);
  Certificate *self = g_new0 (Certificate, 1);

  if (X509_digest (x509, EVP_sha256 (), digest, NULL) == 1)
    for (guint i = 0; i < sizeof digest; i++)
      g_string_append_printf (hex, "%02x", digest[i]);
  self->name = g_strdup (name);
  self->hosts = hosts_of (x509);
  self->issuer = name_text (X509_get_issuer_name (x509));
  self->self_signed = X509_self_signed (x509, 0) == 1;
  self->not_before = seconds_of (X509_get0_notBefore (x509));
  self->not_after = seconds_of (X509_get0_notAfter (x509));
  self->fingerprint = g_string_free (hex, FALSE);
  self->key_fingerprint = key_fingerprint (x509);
  return self;
}

gboolean
certificate_remove (const char *folder, const char *name, GError **error)
{
  g_autofree char *path = certificate_path (folder, name);

  return certificate_require_name (name, error) && file_remove (path, error)
      && file_sync_folder (folder, error);
}

static GPtrArray *
load_chain (const char *folder, const char *name, GError **error)
{
  g_autofree char *path = certificate_path (folder, name);
  g_autoptr (GError) cause = NULL;

  if (!certificate_require_name (name, error))
    return NULL;
  g_autoptr (GBytes) bytes = file_map (path, error);
  if (bytes == NULL)
    return NULL;
  gsize length = MIN (g_bytes_get_size (bytes), PEM_MOST);
  g_autofree char *text = g_strndup (g_bytes_get_data (bytes, NULL), length);
  GPtrArray *chain = certificate_read_chain (text, &cause);
  OPENSSL_cleanse (text, length); /* the private key is in it */
  if (chain == NULL)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "%s: %s", path, cause->message);
  return chain;
}

Certificate *
certificate_load (const char *folder, const char *name, GError **error)
{
  g_autoptr (GPtrArray) chain = load_chain (folder, name, error);

  return chain ? certificate_describe (name, chain->pdata[0]) : NULL;
}

GBytes *
certificate_load_der (const char *folder, const char *name, GError **error)
{
  g_autoptr (GPtrArray) chain = load_chain (folder, name, error);
  guint8 *der = NULL;
  const int length = chain ? i2d_X509 (chain->pdata[0], &der) : 0;
  GBytes *bytes = length > 0 ? g_bytes_new (der, (gsize)length) : NULL;

  OPENSSL_free (der);
  return bytes;
}

static gboolean
is_valid_now (const Certificate *certificate)
{
  const gint64 now = g_get_real_time () / G_USEC_PER_SEC;

  return certificate->not_before <= now && now <= certificate->not_after;
}

gboolean
certificate_is_better (const Certificate *a, const Certificate *b)
{
  const gboolean a_valid = is_valid_now (a), b_valid = is_valid_now (b);

  if (a_valid != b_valid)
    return a_valid;
  if (a->self_signed != b->self_signed)
    return b->self_signed;
  return a->not_after > b->not_after;
}

gboolean
certificate_is_for (const Certificate *certificate, const char *host)
{
  const char *dot = strchr (host, '.');
  g_autofree char *wildcard = dot ? g_strconcat ("*", dot, NULL) : NULL;

  return g_strv_contains ((const char *const *)certificate->hosts, host)
      || (wildcard && g_strv_contains ((const char *const *)certificate->hosts, wildcard));
}

/* A certificate that has the name itself goes before one with a wildcard, as in tls-context.c. */
const Certificate *
certificate_for_host (const GPtrArray *list, const char *host)
{
  const Certificate *found = NULL;
  gboolean found_itself = FALSE;

  for (guint i = 0; i < list->len; i++) {
    const Certificate *certificate = list->pdata[i];
    const gboolean has_itself = g_strv_contains ((const char *const *)certificate->hosts, host);
    if (certificate_is_for (certificate, host)
        && (found == NULL || (has_itself && !found_itself)
            || (has_itself == found_itself && certificate_is_better (certificate, found)))) {
      found = certificate;
      found_itself = has_itself;
    }
  }
  return found;
}

GPtrArray *
certificate_list (const char *folder, GError **error)
{
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func ((GDestroyNotify)certificate_free);

  if (!file_exists (folder))
    return g_steal_pointer (&list);
  g_autoptr (GPtrArray) files = file_list (folder, error);
  if (files == NULL)
    return NULL;
  for (guint i = 0; i < files->len; i++) {
    const char *file = files->pdata[i];
    if (!g_str_has_suffix (file, ".pem"))
      continue;
    g_autofree char *name = g_strndup (file, strlen (file) - strlen (".pem"));
    Certificate *certificate = certificate_load (folder, name, error);
    if (certificate == NULL)
      return NULL;
    g_ptr_array_add (list, certificate);
  }
  return g_steal_pointer (&list);
}

/* Certificate files: made, imported, listed. */
#include "tls/certificate.h"
#include "platform/file.h"
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <string.h>

#define PEM_MOST (1024 * 1024)
#define CHAIN_MOST 20

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

static gboolean
fail (GError **error, GIOErrorEnum code, const char *message)
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

static gboolean
require_name (const char *name, GError **error)
{
  if (certificate_name_is_valid (name))
    return TRUE;
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
               "“%s” cannot be the name of a certificate: use lower-case letters, digits, dots and "
               "hyphens.",
               name);
  return FALSE;
}

/* Writes the private key and CHAIN as one file that only the daemon's user can read. */
static gboolean
write_pem (const char *folder, const char *name, EVP_PKEY *key, GPtrArray *chain, GError **error)
{
  g_autoptr (BIO) memory = BIO_new (BIO_s_mem ());
  g_autofree char *path = certificate_path (folder, name);
  char *text;

  if (memory == NULL || PEM_write_bio_PrivateKey (memory, key, NULL, NULL, 0, NULL, NULL) != 1)
    return fail (error, G_IO_ERROR_FAILED, "The private key cannot be written as PEM.");
  for (guint i = 0; i < chain->len; i++)
    if (PEM_write_bio_X509 (memory, chain->pdata[i]) != 1)
      return fail (error, G_IO_ERROR_FAILED, "The certificate cannot be written as PEM.");

  long length = BIO_get_mem_data (memory, &text);
  g_autoptr (GBytes) bytes = g_bytes_new (text, (gsize)length);
  OPENSSL_cleanse (text, (gsize)length);
  return file_make_folder (folder, error) && file_replace (path, bytes, error);
}

/* RFC 5280 §4.2.1.6: every host is a subject alternative name, as an address where it is one. */
static char *
alternative_names (const char *const *hosts)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; hosts[i] != NULL; i++)
    g_string_append_printf (text, "%s%s:%s", i ? "," : "",
                            g_hostname_is_ip_address (hosts[i]) ? "IP" : "DNS", hosts[i]);
  return g_string_free (text, FALSE);
}

static gboolean
add_extension (X509 *certificate, int nid, const char *value)
{
  X509V3_CTX context;

  X509V3_set_ctx_nodb (&context);
  X509V3_set_ctx (&context, certificate, certificate, NULL, NULL, 0);
  X509_EXTENSION *extension = X509V3_EXT_conf_nid (NULL, &context, nid, value);
  gboolean added = extension != NULL && X509_add_ext (certificate, extension, -1) == 1;
  X509_EXTENSION_free (extension);
  return added;
}

static gboolean
set_serial (X509 *certificate)
{
  BIGNUM *number = BN_new ();
  gboolean set = number != NULL && BN_rand (number, 126, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ANY) == 1
      && BN_to_ASN1_INTEGER (number, X509_get_serialNumber (certificate)) != NULL;
  BN_free (number);
  return set;
}

/* The common name holds at most 64 characters (RFC 5280 appendix A); clients read the alternative
 * names anyway. */
static gboolean
set_names (X509 *certificate, const char *const *hosts)
{
  X509_NAME *subject = X509_get_subject_name (certificate);
  const char *name = strlen (hosts[0]) <= 64 ? hosts[0] : "Hauspost";

  return X509_NAME_add_entry_by_txt (subject, "CN", MBSTRING_UTF8, (const guchar *)name, -1, -1, 0)
      == 1
      && X509_set_issuer_name (certificate, subject) == 1;
}

/* No basicConstraints CA: it signs nobody else, so a leaked key opens only this server. */
static X509 *
sign_new (EVP_PKEY *key, const char *const *hosts, guint days)
{
  static const struct {
    int nid;
    const char *value;
  } extensions[] = {
    { NID_basic_constraints, "critical,CA:FALSE" },
    { NID_key_usage, "critical,digitalSignature" },
    { NID_ext_key_usage, "serverAuth" },
    { NID_subject_key_identifier, "hash" },
  };
  g_autoptr (X509) certificate = X509_new ();
  g_autofree char *names = alternative_names (hosts);

  if (certificate == NULL || X509_set_version (certificate, 2) != 1 || !set_serial (certificate)
      || !set_names (certificate, hosts) || X509_set_pubkey (certificate, key) != 1)
    return NULL;
  /* A day back, for clients whose clock is a little slow. */
  if (X509_gmtime_adj (X509_getm_notBefore (certificate), -86400) == NULL
      || X509_time_adj_ex (X509_getm_notAfter (certificate), (int)days, 0, NULL) == NULL)
    return NULL;
  for (guint i = 0; i < G_N_ELEMENTS (extensions); i++)
    if (!add_extension (certificate, extensions[i].nid, extensions[i].value))
      return NULL;
  if (!add_extension (certificate, NID_subject_alt_name, names)
      || X509_sign (certificate, key, EVP_sha256 ()) == 0)
    return NULL;
  return g_steal_pointer (&certificate);
}

static gboolean
is_host (const char *host)
{
  return g_hostname_is_ip_address (host)
      || (*host != '\0' && strlen (host) <= 253
          && strspn (host, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-*")
              == strlen (host));
}

gboolean
certificate_self_sign (const char *folder, const char *name, const char *const *hosts, guint days,
                       GError **error)
{
  if (!require_name (name, error))
    return FALSE;
  if (hosts[0] == NULL)
    return fail (error, G_IO_ERROR_INVALID_ARGUMENT, "A certificate must name at least one host.");
  for (guint i = 0; hosts[i] != NULL; i++)
    if (!is_host (hosts[i])) {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "“%s” is not a host name.",
                   hosts[i]);
      return FALSE;
    }

  g_autoptr (EVP_PKEY) key = EVP_EC_gen ("P-256");
  X509 *certificate = key != NULL ? sign_new (key, hosts, days) : NULL;
  if (certificate == NULL)
    return fail (error, G_IO_ERROR_FAILED, "The certificate cannot be made.");

  g_autoptr (GPtrArray) chain = g_ptr_array_new_with_free_func ((GDestroyNotify)X509_free);
  g_ptr_array_add (chain, certificate);
  return write_pem (folder, name, key, chain, error);
}

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
    fail (error, G_IO_ERROR_INVALID_DATA,
          wants_passphrase ? "The private key is protected by a passphrase; give it without one."
                           : "There is no private key in PEM form.");
  return key;
}

static GPtrArray *
read_chain (const char *text, GError **error)
{
  g_autoptr (GPtrArray) chain = g_ptr_array_new_with_free_func ((GDestroyNotify)X509_free);
  g_autoptr (BIO) memory = BIO_new_mem_buf (text, -1);
  X509 *certificate;

  while (chain->len < CHAIN_MOST
         && (certificate = PEM_read_bio_X509 (memory, NULL, NULL, NULL)) != NULL)
    g_ptr_array_add (chain, certificate);
  ERR_clear_error (); /* the end of the text is one */
  if (chain->len > 0)
    return g_steal_pointer (&chain);
  fail (error, G_IO_ERROR_INVALID_DATA, "There is no certificate in PEM form.");
  return NULL;
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
    if (strlen (text) == length && is_host (text))
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

static Certificate *
describe (const char *name, X509 *x509)
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
               early ? "The certificate is valid only from %s." : "The certificate expired on %s.",
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

  while (last != NULL && chain->len < CHAIN_MOST) {
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

gboolean
certificate_import (const char *folder, const char *name, const char *key_text,
                    const char *chain_text, GError **error)
{
  if (!require_name (name, error))
    return FALSE;
  g_autoptr (EVP_PKEY) key = read_key (key_text, error);
  if (key == NULL)
    return FALSE;
  g_autoptr (GPtrArray) given = read_chain (chain_text, error);
  if (given == NULL)
    return FALSE;
  if (!bring_own_to_front (given, key))
    return fail (error, G_IO_ERROR_INVALID_DATA,
                 "The private key does not belong to the certificate.");

  g_autoptr (Certificate) self = describe (name, given->pdata[0]);
  if (!check_dates (self, error))
    return FALSE;
  if (self->hosts[0] == NULL)
    return fail (error, G_IO_ERROR_INVALID_DATA,
                 "The certificate names no host (subjectAltName), so no client would accept it.");
  g_autoptr (GPtrArray) chain = sort_chain (given);
  return write_pem (folder, name, key, chain, error);
}

gboolean
certificate_remove (const char *folder, const char *name, GError **error)
{
  g_autofree char *path = certificate_path (folder, name);

  return require_name (name, error) && file_remove (path, error)
      && file_sync_folder (folder, error);
}

Certificate *
certificate_load (const char *folder, const char *name, GError **error)
{
  g_autofree char *path = certificate_path (folder, name);
  g_autoptr (GError) cause = NULL;

  if (!require_name (name, error))
    return NULL;
  g_autoptr (GBytes) bytes = file_map (path, error);
  if (bytes == NULL)
    return NULL;
  gsize length = MIN (g_bytes_get_size (bytes), PEM_MOST);
  g_autofree char *text = g_strndup (g_bytes_get_data (bytes, NULL), length);
  g_autoptr (GPtrArray) chain = read_chain (text, &cause);
  OPENSSL_cleanse (text, length); /* the private key is in it */
  if (chain == NULL) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "%s: %s", path, cause->message);
    return NULL;
  }
  return describe (name, chain->pdata[0]);
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

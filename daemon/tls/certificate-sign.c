/* Certificates that the server signs by itself. */
#include "tls/certificate-private.h"
#include "language.h"
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509v3.h>
#include <string.h>

G_DEFINE_AUTOPTR_CLEANUP_FUNC (X509, X509_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (EVP_PKEY, EVP_PKEY_free)

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

gboolean
certificate_self_sign (const char *folder, const char *name, const char *const *hosts, guint days,
                       GError **error)
{
  if (!certificate_require_name (name, error))
    return FALSE;
  if (hosts[0] == NULL)
    return certificate_fail (error, G_IO_ERROR_INVALID_ARGUMENT,
                             _ ("A certificate must name at least one host."));
  for (guint i = 0; hosts[i] != NULL; i++)
    if (!certificate_is_host (hosts[i])) {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, _ ("“%s” is not a host name."),
                   hosts[i]);
      return FALSE;
    }

  g_autoptr (EVP_PKEY) key = EVP_EC_gen ("P-256");
  X509 *certificate = key != NULL ? sign_new (key, hosts, days) : NULL;
  if (certificate == NULL)
    return certificate_fail (error, G_IO_ERROR_FAILED, _ ("The certificate cannot be made."));

  g_autoptr (GPtrArray) chain = g_ptr_array_new_with_free_func ((GDestroyNotify)X509_free);
  g_ptr_array_add (chain, certificate);
  return certificate_write_pem (folder, name, key, chain, error);
}

/* A certificate with one extension, and a look into the first message of a handshake. */
#include "tls/acme-alpn.h"
#include "tls/acme-challenges.h"
#include "tls/key.h"
#include <openssl/sha.h>
#include <openssl/x509v3.h>
#include <string.h>

#define PROTOCOL "acme-tls/1"
#define ACME_IDENTIFIER "1.3.6.1.5.5.7.1.31" /* RFC 8737 §6.1 */
#define HOST_NAME 0 /* RFC 6066 §3: NameType */

static const guint8 protocol[]
    = { sizeof PROTOCOL - 1, 'a', 'c', 'm', 'e', '-', 't', 'l', 's', '/', '1' };

G_DEFINE_AUTOPTR_CLEANUP_FUNC (X509, X509_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (EVP_PKEY, EVP_PKEY_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SSL_CTX, SSL_CTX_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ASN1_OBJECT, ASN1_OBJECT_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ASN1_OCTET_STRING, ASN1_OCTET_STRING_free)

static gboolean
add_text (X509 *certificate, int nid, const char *value)
{
  X509_EXTENSION *extension = X509V3_EXT_conf_nid (NULL, NULL, nid, value);
  const gboolean added = extension && X509_add_ext (certificate, extension, -1) == 1;

  X509_EXTENSION_free (extension);
  return added;
}

/* Critical, an OCTET STRING in the extension's OCTET STRING. */
static gboolean
add_identifier (X509 *certificate, const char *authorization)
{
  g_autoptr (ASN1_OBJECT) object = OBJ_txt2obj (ACME_IDENTIFIER, 1);
  g_autoptr (ASN1_OCTET_STRING) value = ASN1_OCTET_STRING_new ();
  guint8 der[2 + SHA256_DIGEST_LENGTH] = { V_ASN1_OCTET_STRING, SHA256_DIGEST_LENGTH };

  SHA256 ((const guint8 *)authorization, strlen (authorization), der + 2);
  if (ASN1_OCTET_STRING_set (value, der, sizeof der) != 1)
    return FALSE;
  X509_EXTENSION *extension = X509_EXTENSION_create_by_OBJ (NULL, object, 1, value);
  const gboolean added = extension && X509_add_ext (certificate, extension, -1) == 1;
  X509_EXTENSION_free (extension);
  return added;
}

static X509 *
make_certificate (EVP_PKEY *key, const char *host, const char *authorization)
{
  g_autoptr (X509) certificate = X509_new ();
  g_autofree char *names = g_strconcat ("DNS:", host, NULL);
  X509_NAME *subject = X509_get_subject_name (certificate);

  if (X509_set_version (certificate, X509_VERSION_3) != 1
      || ASN1_INTEGER_set (X509_get_serialNumber (certificate), 1) != 1
      || X509_NAME_add_entry_by_txt (subject, "CN", MBSTRING_UTF8, (const guchar *)"Hauspost", -1,
                                     -1, 0)
          != 1
      || X509_set_issuer_name (certificate, subject) != 1
      || X509_gmtime_adj (X509_getm_notBefore (certificate), -86400) == NULL
      || X509_gmtime_adj (X509_getm_notAfter (certificate), 7 * 86400) == NULL
      || X509_set_pubkey (certificate, key) != 1
      || !add_text (certificate, NID_subject_alt_name, names)
      || !add_identifier (certificate, authorization)
      || X509_sign (certificate, key, EVP_sha256 ()) == 0)
    return NULL;
  return g_steal_pointer (&certificate);
}

static int
agree (SSL *ssl, const guint8 **chosen, guint8 *length, const guint8 *offered,
       unsigned int offered_length, void *data)
{
  *chosen = protocol + 1; /* acme_alpn_look has seen that nothing else is offered */
  *length = sizeof protocol - 1;
  return SSL_TLSEXT_ERR_OK;
}

/* So that the first context is not asked for its own (OpenSSL does that when there is none). */
static int
keep_context (SSL *ssl, int *alert, void *data)
{
  return SSL_TLSEXT_ERR_OK;
}

SSL_CTX *
acme_alpn_context (const char *host, const char *authorization)
{
  g_autoptr (SSL_CTX) context = SSL_CTX_new (TLS_server_method ());
  g_autoptr (EVP_PKEY) key = key_new (KEY_ECDSA, NULL);
  g_autoptr (X509) certificate = key ? make_certificate (key, host, authorization) : NULL;

  if (certificate == NULL || SSL_CTX_use_certificate (context, certificate) != 1
      || SSL_CTX_use_PrivateKey (context, key) != 1)
    return NULL;
  SSL_CTX_set_min_proto_version (context, TLS1_2_VERSION);
  SSL_CTX_set_alpn_select_cb (context, agree, NULL);
  SSL_CTX_set_tlsext_servername_callback (context, keep_context);
  return g_steal_pointer (&context);
}

gboolean
acme_alpn_is_asked (const guint8 *bytes, gsize length)
{
  return length == 2 + sizeof protocol && bytes[0] == 0 && bytes[1] == sizeof protocol
      && memcmp (bytes + 2, protocol, sizeof protocol) == 0;
}

char *
acme_alpn_host (const guint8 *bytes, gsize length)
{
  if (length < 5 || bytes[2] != HOST_NAME)
    return NULL;
  const gsize list = (gsize)bytes[0] << 8 | bytes[1];
  const gsize name = (gsize)bytes[3] << 8 | bytes[4];
  if (list != length - 2 || name > list - 3 || memchr (bytes + 5, '\0', name))
    return NULL;
  return g_strndup ((const char *)bytes + 5, name);
}

int
acme_alpn_look (SSL *ssl, int *alert, void *data)
{
  const guint8 *bytes;
  size_t length;

  if (SSL_client_hello_get0_ext (ssl, TLSEXT_TYPE_application_layer_protocol_negotiation, &bytes,
                                 &length)
          != 1
      || !acme_alpn_is_asked (bytes, length))
    return SSL_CLIENT_HELLO_SUCCESS;
  g_autofree char *host
      = SSL_client_hello_get0_ext (ssl, TLSEXT_TYPE_server_name, &bytes, &length) == 1
      ? acme_alpn_host (bytes, length)
      : NULL;
  g_autoptr (SSL_CTX) context = host ? acme_challenges_tls (host) : NULL;
  if (context && SSL_set_SSL_CTX (ssl, context))
    return SSL_CLIENT_HELLO_SUCCESS;
  *alert = SSL_AD_NO_APPLICATION_PROTOCOL; /* RFC 7301 §3.2: we speak none of it */
  return SSL_CLIENT_HELLO_ERROR;
}

gboolean
acme_alpn_is_challenge (const SSL *ssl)
{
  const guint8 *chosen;
  unsigned int length;

  SSL_get0_alpn_selected (ssl, &chosen, &length);
  return length == sizeof protocol - 1 && memcmp (chosen, protocol + 1, length) == 0;
}

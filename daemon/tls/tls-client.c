/* Clients of TLS, whatever they have to prove of their peer. */
#include "tls/tls-client.h"
#include "platform/trust.h"
#include <openssl/err.h>
#include <openssl/x509v3.h>

enum { USAGE_TRUST_ANCHOR = 2, USAGE_END_ENTITY = 3 };

static SSL_CTX *
context_new (gboolean with_trust)
{
  SSL_CTX *context = SSL_CTX_new (TLS_client_method ());
  g_autoptr (GError) error = NULL;
  X509_STORE *store = with_trust ? trust_load (&error) : NULL;

  SSL_CTX_set_min_proto_version (context, TLS1_2_VERSION);
  SSL_CTX_set_mode (context, SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_session_cache_mode (context, SSL_SESS_CACHE_OFF);
  if (SSL_CTX_dane_enable (context) <= 0)
    g_error ("OpenSSL was built without DANE");
  if (store)
    SSL_CTX_set_cert_store (context, store);
  return context;
}

/* Reading the system's authorities takes a while: once in a run, and only when somebody asks. */
static SSL_CTX *
context_for (TlsPeer peer)
{
  static gsize contexts[2];
  gsize *context = &contexts[peer == TLS_PEER_NAMED];

  if (g_once_init_enter (context))
    g_once_init_leave (context, (gsize)context_new (peer == TLS_PEER_NAMED));
  return (SSL_CTX *)*context;
}

gboolean
tls_association_is_usable (const TlsAssociation *association)
{
  return (association->usage == USAGE_TRUST_ANCHOR || association->usage == USAGE_END_ENTITY)
      && association->selector <= 1 && association->matching <= 2
      && g_bytes_get_size (association->data) > 0;
}

static gboolean
fail (const char *what, GError **error)
{
  const char *reason = ERR_reason_error_string (ERR_peek_last_error ());

  g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "Cannot use %s: %s", what,
               reason ? reason : "OpenSSL refuses it");
  return FALSE;
}

/* RFC 7672 §3.1.1: with usage 3 neither the name nor the dates of the certificate count. */
static gboolean
expect_associations (SSL *ssl, const char *name, const char *next_hop,
                     const TlsAssociation *associations, guint count, GError **error)
{
  guint usable = 0;

  if (SSL_dane_enable (ssl, name) <= 0 || (next_hop && SSL_add1_host (ssl, next_hop) <= 0))
    return fail (name, error);
  SSL_dane_set_flags (ssl, DANE_FLAG_NO_DANE_EE_NAMECHECKS);
  SSL_set_hostflags (ssl, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
  for (guint i = 0; i < count; i++) {
    gsize length;
    const guint8 *data = g_bytes_get_data (associations[i].data, &length);
    if (tls_association_is_usable (&associations[i]))
      usable += SSL_dane_tlsa_add (ssl, associations[i].usage, associations[i].selector,
                                   associations[i].matching, data, length)
          > 0;
  }
  SSL_set_verify (ssl, SSL_VERIFY_PEER, NULL);
  return usable > 0 || fail ("the TLSA records", error);
}

static gboolean
expect_name (SSL *ssl, const char *name, GError **error)
{
  SSL_set_verify (ssl, SSL_VERIFY_PEER, NULL);
  SSL_set_hostflags (ssl, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
  return SSL_set1_host (ssl, name) > 0 || fail (name, error);
}

SSL *
tls_client_new (TlsPeer peer, const char *name, const char *next_hop,
                const TlsAssociation *associations, guint count, GError **error)
{
  SSL *ssl = SSL_new (context_for (peer));
  gboolean done = TRUE;

  ERR_clear_error ();
  SSL_set_connect_state (ssl);
  if (!g_hostname_is_ip_address (name))
    SSL_set_tlsext_host_name (ssl, name);
  if (peer == TLS_PEER_DANE)
    done = expect_associations (ssl, name, next_hop, associations, count, error);
  else if (peer == TLS_PEER_NAMED)
    done = expect_name (ssl, name, error);
  if (done)
    return ssl;
  SSL_free (ssl);
  return NULL;
}

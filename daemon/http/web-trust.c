/* Looks at our own certificate as a client would. */
#include "http/web-trust.h"
#include "platform/trust.h"
#include <openssl/err.h>
#include <openssl/x509v3.h>

G_DEFINE_AUTOPTR_CLEANUP_FUNC (X509_STORE, X509_STORE_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (X509_STORE_CTX, X509_STORE_CTX_free)

gboolean
web_trust_look (SSL *ssl, const char *host)
{
  g_autoptr (X509_STORE) store = trust_load (NULL);
  g_autoptr (X509_STORE_CTX) context = X509_STORE_CTX_new ();
  X509 *certificate = SSL_get_certificate (ssl);
  STACK_OF (X509) *chain = NULL;
  gboolean is_trusted;

  if (store == NULL || context == NULL || certificate == NULL)
    return FALSE;
  SSL_get0_chain_certs (ssl, &chain);
  is_trusted = X509_STORE_CTX_init (context, store, certificate, chain) == 1
      && X509_STORE_CTX_set_default (context, "ssl_server") == 1
      && X509_VERIFY_PARAM_set1_host (X509_STORE_CTX_get0_param (context), host, 0) == 1
      && X509_verify_cert (context) == 1;
  ERR_clear_error ();
  return is_trusted;
}

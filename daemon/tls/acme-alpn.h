/* TLS-ALPN-01 (RFC 8737): the certificate that a certificate authority wants to see, and the moment
 * in a handshake at which it asks for it. */
#pragma once
#include <glib.h>
#include <openssl/ssl.h>

/* Shows a self-signed certificate for HOST with the SHA-256 of AUTHORIZATION, and agrees on
 * "acme-tls/1". NULL: it cannot be made; free with SSL_CTX_free. */
SSL_CTX *acme_alpn_context (const char *host, const char *authorization);

/* For SSL_CTX_set_client_hello_cb of every context that the server accepts with: a client that
 * speaks nothing but "acme-tls/1" gets the context of acme-challenges.h for the name it asks for,
 * or a refusal. */
int acme_alpn_look (SSL *ssl, int *alert, void *data);
/* Whether this connection was one: nothing is spoken on it (RFC 8737 §3). */
gboolean acme_alpn_is_challenge (const SSL *ssl);

/* The extensions' bodies, as they come from the network: whether the ALPN extension (RFC 7301 §3.1)
 * has "acme-tls/1" as its only protocol; the first host name (RFC 6066 §3), or NULL, free with
 * g_free. */
gboolean acme_alpn_is_asked (const guint8 *bytes, gsize length);
char *acme_alpn_host (const guint8 *bytes, gsize length);

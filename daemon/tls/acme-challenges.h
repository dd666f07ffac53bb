/* What certificate authorities are to find here while they look whether a name is ours (RFC 8555
 * §8): one table of the process, which the web server on port 80 and TLS on port 443 ask. Any
 * thread. */
#pragma once
#include <glib.h>
#include <openssl/ssl.h>

#define ACME_CHALLENGES_PATH "/.well-known/acme-challenge/" /* before the token */

/* HTTP-01 (RFC 8555 §8.3): the answer to GET ACME_CHALLENGES_PATH TOKEN, as
 * application/octet-stream. NULL: nobody asked for that, the answer is 404; free with g_free. TOKEN
 * may be any bytes of the network that end with NUL. */
char *acme_challenges_http (const char *token);
/* TLS-ALPN-01 (RFC 8737 §3): what shows the certificate for NAME, in any case; NULL: there is none.
 * Free with SSL_CTX_free. */
SSL_CTX *acme_challenges_tls (const char *name);

/* From now on, until it is removed. What is added twice has the last value. */
void acme_challenges_add_http (const char *token, const char *authorization);
void acme_challenges_add_tls (const char *name, SSL_CTX *context);
/* One that is not there is no error. */
void acme_challenges_remove_http (const char *token);
void acme_challenges_remove_tls (const char *name);

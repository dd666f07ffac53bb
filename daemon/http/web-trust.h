/* Whether browsers know the certificate that we show. */
#pragma once
#include <openssl/ssl.h>
#include <glib.h>

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SSL, SSL_free)

/* What SSL shows is a certificate for HOST, valid today, of an authority that this system trusts
 * (and most likely everybody else's). */
gboolean web_trust_look (SSL *ssl, const char *host);

/* What the files certificate*.c share. */
#pragma once
#include "tls/certificate.h"
#include <openssl/x509.h>

#define CERTIFICATE_CHAIN_MAX 20

/* Sets ERROR, and forgets OpenSSL's; returns FALSE. */
gboolean certificate_fail (GError **error, GIOErrorEnum code, const char *message);
gboolean certificate_require_name (const char *name, GError **error);
gboolean certificate_is_host (const char *host);
/* Writes the private key and CHAIN (X509) as FOLDER/NAME.pem, which only the daemon's user can
 * read. */
gboolean certificate_write_pem (const char *folder, const char *name, EVP_PKEY *key,
                                GPtrArray *chain, GError **error);
/* GPtrArray of X509: all certificates of a text in PEM, at least one. */
GPtrArray *certificate_read_chain (const char *text, GError **error);
Certificate *certificate_describe (const char *name, X509 *x509);

/* How the programs on this machine reach the admin API: DATA/admin.token holds a token and the
 * fingerprint of the API's own certificate (DATA/admin.pem). A client sends the token only to the
 * holder of that certificate. */
#pragma once
#include <gio/gio.h>
#include <openssl/ssl.h>

typedef struct {
  char *token;
  char *fingerprint; /* SHA-256, 64 lower-case hexadecimal digits */
} Access;
void access_free (Access *access);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Access, access_free)

/* Makes what is missing or about to expire, private to the daemon's user. */
Access *access_make (const char *data, GError **error);
/* G_IO_ERROR_NOT_FOUND: this data folder has none (yet). */
Access *access_load (const char *data, GError **error);
/* A context that shows DATA/admin.pem; free with SSL_CTX_free. */
SSL_CTX *access_tls (const char *data, GError **error);
/* In constant time. */
gboolean access_token_matches (const Access *access, const char *token);
/* BYTES random bytes as base64url text; free with g_free. */
char *access_random_text (gsize bytes, GError **error);

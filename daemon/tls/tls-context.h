/* The certificates the server shows: SNI chooses, a default answers clients that send none. Reload
 * replaces the whole set at once; running connections keep theirs. Thread-safe. */
#pragma once
#include <gio/gio.h>
#include <openssl/ssl.h>

typedef struct _TlsContexts TlsContexts;

TlsContexts *tls_contexts_new (void);
TlsContexts *tls_contexts_ref (TlsContexts *contexts);
void tls_contexts_unref (TlsContexts *contexts);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TlsContexts, tls_contexts_unref)

/* Loads every FOLDER/NAME.pem (key and chain in one file; Windows-safe names). The default is the
 * one whose names hold HOSTNAME, else the first. On error the old set stays. */
gboolean tls_contexts_load (TlsContexts *contexts, const char *folder, const char *hostname,
                            GError **error);
/* A new server-side SSL (TLS 1.2 and 1.3, SSL_MODE_RELEASE_BUFFERS), which asks for a certificate
 * when SETTING_CLIENT_CERTIFICATES says so and takes any; NULL when no certificate is
 * loaded. */
SSL *tls_contexts_accept (TlsContexts *contexts);

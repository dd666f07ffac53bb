/* The server's side of TLS as a GIOStream, for libraries that want one (libsoup). Both directions
 * are pollable, so nothing ever blocks a main loop; the handshake happens with the first read or
 * write. Mail protocols do not use it: they have net/channel. */
#pragma once
#include <gio/gio.h>
#include <openssl/ssl.h>

#define TLS_TYPE_STREAM (tls_stream_get_type ())
G_DECLARE_FINAL_TYPE (TlsStream, tls_stream, TLS, STREAM, GIOStream)

/* Takes SSL over (fresh, with its certificate set). After LIFETIME seconds every read fails, so
 * that a client that trickles bytes cannot stay for ever. */
GIOStream *tls_stream_accept (GSocketConnection *connection, SSL *ssl, guint lifetime);
/* The same anew, from now on; 0: for ever. */
void tls_stream_set_lifetime (TlsStream *stream, guint seconds);

/* TLS for a channel as a machine on bytes: records in through `pull`, records out through
 * channel_tls_take_output. It knows no socket. An idle one holds no buffer. */
#pragma once
#include <gio/gio.h>
#include <openssl/ssl.h>

typedef struct _ChannelTls ChannelTls;

typedef enum {
  CHANNEL_TLS_DONE,
  CHANNEL_TLS_WAIT, /* more records are needed */
  CHANNEL_TLS_END, /* the peer has ended (close_notify, or FIN without it) */
  CHANNEL_TLS_FAILED,
} ChannelTlsResult;

/* Sets *BYTES to what came from the network (valid until the next pull or channel_tls_keep) and
 * returns how many; 0 at the end; -1 when nothing is there now. */
typedef gssize (*ChannelTlsPull) (const guint8 **bytes, gpointer data);

/* SSL is given away. */
ChannelTls *channel_tls_new (SSL *ssl, ChannelTlsPull pull, gpointer data);
void channel_tls_free (ChannelTls *tls);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChannelTls, channel_tls_free)

ChannelTlsResult channel_tls_handshake (ChannelTls *tls, GError **error);
ChannelTlsResult channel_tls_read (ChannelTls *tls, guint8 *bytes, gsize length, gsize *count,
                                   GError **error);
ChannelTlsResult channel_tls_write (ChannelTls *tls, const guint8 *bytes, gsize length,
                                    GError **error);
/* Puts close_notify into the output. */
void channel_tls_shutdown (ChannelTls *tls);

gsize channel_tls_output_length (ChannelTls *tls);
/* The records since the last call, or NULL when there are none. */
GBytes *channel_tls_take_output (ChannelTls *tls);
/* The bytes of the last pull are about to become invalid: copies what is not read yet. */
void channel_tls_keep (ChannelTls *tls);
/* How many bytes that copy holds. */
gsize channel_tls_kept_length (ChannelTls *tls);
SSL *channel_tls_ssl (ChannelTls *tls);

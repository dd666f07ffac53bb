/* One client's connection: bounded input buffer, output queue with backpressure, timeouts, TLS,
 * orderly close. Laws:
 * - every function is called in the channel's own I/O thread (channel_thread), and every event
 * comes there;
 * - no event runs inside a call that the protocol made;
 * - `closed` is the last event, it comes exactly once, and after it the channel only answers
 *   channel_unref; writes after channel_close are dropped silently. */
#pragma once
#include "net/io-thread.h"
#include <openssl/ssl.h>

typedef struct _Channel Channel;
typedef struct _TlsContexts TlsContexts; /* tls/tls-context.h */

typedef struct {
  /* LENGTH unconsumed bytes wait. Returns how many were consumed. Called again at once while it
   * consumes something, more is there and the channel is not paused; after a return of 0 only when
   * more has arrived. When LENGTH has reached the input limit the protocol must consume or close
   * (else the channel closes). */
  gsize (*received) (Channel *channel, const guint8 *bytes, gsize length, gpointer data);
  /* The output queue has fallen below the low mark after channel_is_full was TRUE. */
  void (*drained) (Channel *channel, gpointer data);
  /* The handshake of channel_start_tls is done. (Channels that are secure from the start are handed
   * to the protocol only after their handshake.) */
  void (*secured) (Channel *channel, gpointer data);
  /* Nothing came for the idle time, or the total time is over: say goodbye and channel_close. If
   * NULL: abort. A protocol that does not close lets the idle clock start anew (so it can send a
   * sign of life); after the total time the channel is aborted then. */
  void (*timed_out) (Channel *channel, gpointer data);
  /* The connection has ended. REASON is NULL when the peer closed orderly. */
  void (*closed) (Channel *channel, const GError *reason, gpointer data);
  /* The server stops while no command runs (not `paused`): say goodbye and channel_close. If NULL:
   * closed without a word. */
  void (*stopping) (Channel *channel, gpointer data);
} ChannelEvents;

Channel *channel_ref (Channel *channel);
void channel_unref (Channel *channel);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Channel, channel_unref)

/* Gives the channel its protocol; EVENTS must live as long as the channel (static const). */
void channel_set_events (Channel *channel, const ChannelEvents *events, gpointer data);

/* Output, kept in order. channel_write copies; channel_write_bytes keeps a reference and copies
 * nothing. */
void channel_write (Channel *channel, const void *bytes, gsize length);
void channel_write_bytes (Channel *channel, GBytes *bytes);
void channel_print (Channel *channel, const char *format, ...) G_GNUC_PRINTF (2, 3);
/* TRUE while more than the high mark (64 KiB) waits: a producer stops and goes on at `drained`. */
gboolean channel_is_full (Channel *channel);

/* While paused no `received` comes (counted: as many resumes as pauses) and the idle clock stands
 * still; it starts anew at the last resume. A client that does not take 64 KiB in three minutes is
 * ended all the same. */
void channel_pause (Channel *channel);
void channel_resume (Channel *channel);
/* The most unconsumed bytes that are buffered; default 8 KiB. */
void channel_set_input_limit (Channel *channel, gsize bytes);

/* 0: none. The idle clock starts anew with every byte received. */
void channel_set_idle_timeout (Channel *channel, guint seconds);
void channel_set_total_timeout (Channel *channel, guint seconds);

/* STARTTLS: sends what is queued in the clear, drops unread plaintext input (RFC 3207 §4.2), then
 * shakes hands. `secured` or `closed` follows. */
void channel_start_tls (Channel *channel, TlsContexts *contexts);
/* The same as the client: SSL (tls/tls-client.h), which is taken over, knows whom it expects. */
void channel_start_client_tls (Channel *channel, SSL *ssl);
gboolean channel_is_secure (Channel *channel);
/* Compresses both ways from now on (RFC 4978): what is queued still goes as it is, unread input is
 * dropped. Inside TLS, when there is any. To be called within `received`. */
void channel_start_deflate (Channel *channel);
gboolean channel_is_deflated (Channel *channel);
/* "TLSv1.3", "TLS_AES_256_GCM_SHA384", 256; NULL/0 when not secure. */
const char *channel_tls_protocol (Channel *channel);
const char *channel_tls_cipher (Channel *channel);
int channel_tls_bits (Channel *channel);
/* RFC 9266 tls-exporter, 32 bytes. FALSE when not TLS 1.3. */
gboolean channel_tls_exporter (Channel *channel, guint8 out[32]);

/* RFC 5929 §4 tls-server-end-point: the digest of our certificate. Its length, at most 64; 0: none.
 */
gsize channel_tls_end_point (Channel *channel, guint8 out[64]);

/* The SHA-256 fingerprint of the certificate that the client has shown, 64 lower-case hexadecimal
 * digits; free with g_free. NULL: none, or one that is not valid today. Who has signed it was not
 * looked at. */
char *channel_tls_peer_fingerprint (Channel *channel);

/* Sends what is queued, then ends the connection (TLS close_notify, FIN). Bounded in time. */
void channel_close (Channel *channel);
/* Ends it at once. */
void channel_abort (Channel *channel);
gboolean channel_is_open (Channel *channel);

/* Facts for log lines and Received fields. The strings belong to the channel. */
const char *channel_id (Channel *channel); /* short, unique in this run: "k3f9a2" */
const char *channel_peer_text (Channel *channel); /* "192.0.2.7" or "2001:db8::7" */
GInetAddress *channel_peer (Channel *channel);
guint16 channel_local_port (Channel *channel);
gboolean channel_peer_is_loopback (Channel *channel);
IoThread *channel_thread (Channel *channel);
/* Counts user + address once a user is known; FALSE: too many already, say so and close. Undone by
 * close. */
gboolean channel_claim_user (Channel *channel, const char *user);
void channel_release_user (Channel *channel);
/* What the client says of itself, for the list of sessions (sessions.h); what is no printable UTF-8
 * of at most 200 bytes is made so. */
void channel_set_client (Channel *channel, const char *text);

/* Accepts connections, checks the limits, spreads channels over the I/O threads. */
#pragma once
#include "net/channel.h"
#include "net/limits.h"

typedef struct _Listener Listener;

typedef struct {
  const char *protocol; /* "imap", for log and limits */
  TlsContexts *tls; /* for implicit TLS and STARTTLS, or NULL */
  gboolean implicit_tls;
  /* In the channel's I/O thread: give it events (and greet). Must not fail: close the channel
   * instead. */
  void (*accepted) (Channel *channel, gpointer data);
  /* The line sent before closing when limits refuse ("421 4.7.0 …\r\n"); NULL: none. */
  const char *refusal;
  gpointer data;
  /* In the accepting thread: TRUE: the peer is not even greeted. NULL: everybody is. */
  gboolean (*refuses) (GInetAddress *peer, gpointer data);
  gpointer refuses_data;
} ListenerService;

/* ADDRESS is "ADDRESS:PORT" or "[V6]:PORT". A socket handed over by the service manager for that
 * address is used instead of a new one. THREADS is an array of THREAD_COUNT that outlives the
 * listener. */
Listener *listener_new (const char *address, const ListenerService *service, Limits *limits,
                        IoThread *const *threads, guint thread_count, GError **error);
/* Useful after an ADDRESS with port 0. */
guint16 listener_port (Listener *listener);
/* Accepts no more; channels go on. Not in an I/O thread, and before THREADS end; SERVICE's data and
 * LIMITS must outlive the channels. */
void listener_free (Listener *listener);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Listener, listener_free)

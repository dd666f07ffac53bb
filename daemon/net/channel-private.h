/* What channel.c (life and facts), channel-flow.c (bytes) and the listener share. */
#pragma once
#include "net/channel.h"
#include "net/channel-deflate.h"
#include "net/channel-output.h"
#include "net/channel-tls.h"
#include "net/io-thread-private.h"
#include "net/limits.h"
#include "platform/socket.h"

enum {
  CHANNEL_HIGH_MARK = 64 * 1024,
  CHANNEL_LOW_MARK = 16 * 1024,
  CHANNEL_INPUT_LIMIT = 8 * 1024,
  CHANNEL_HANDSHAKE_SECONDS = 30,
  CHANNEL_STALL_SECONDS = 180, /* one write of up to 64 KiB must be taken in this time */
  CHANNEL_CLOSE_SECONDS = 30, /* to take the rest of the output */
  CHANNEL_LINGER_SECONDS = 5, /* to answer our FIN */
  CHANNEL_CLIENT_MAX = 200,
  CHANNEL_LINGER_BYTES = 4 * 1024 * 1024,
};

typedef enum {
  CHANNEL_FRESH, /* not handed to the protocol yet */
  CHANNEL_SHAKING, /* output in the clear goes out first */
  CHANNEL_OPEN,
  CHANNEL_CLOSING, /* the rest of the output is sent */
  CHANNEL_LINGERING, /* FIN is sent; input is dropped until the peer's */
  CHANNEL_ENDED, /* `closed` is about to be told */
  CHANNEL_CLOSED,
} ChannelPhase;

/* Who made the channel. */
typedef struct {
  void (*ready) (Channel *channel, gpointer data); /* give it events */
  void (*gone) (Channel *channel, gpointer data); /* after `closed`, also when never ready */
} ChannelOwner;

struct _Channel {
  guint refs;
  ChannelPhase phase;
  IoThread *thread;
  Socket *socket;
  GList link; /* in thread->channels */
  ReactorTask settle;
  Timer timer;
  const ChannelEvents *events;
  gpointer data;
  const ChannelOwner *owner;
  gpointer owner_data;
  Limits *limits;
  gsize counted; /* bytes claimed from the limits */
  TlsContexts *contexts; /* while a handshake is to come */
  SSL *client_ssl; /* the same, when we are the client */
  ChannelTls *tls;
  GByteArray *input; /* what the protocol has not consumed; NULL when nothing */
  gsize input_limit;
  ChannelOutput output;
  ChannelDeflate *deflate; /* NULL: not compressed */
  ChannelOutput packed; /* compressed output */
  gsize in_flight; /* bytes of the write under way */
  gsize clear_length; /* of the output, to be sent before the handshake */
  gsize lingered;
  GError *reason;
  guint pauses;
  guint idle_timeout;
  gint64 last_input, total_deadline, phase_deadline, stall_deadline;
  guint settling : 1, awaiting : 1, input_ready : 1, end_of_input : 1, starved : 1;
  guint writing : 1, full : 1, notified : 1, broken : 1, was_ready : 1;
  guint dropping : 1; /* input that was read already does not count */
  guint16 local_port;
  GInetAddress *peer;
  char *peer_text, *user;
  const char *protocol; /* of the listener; NULL: not a client of ours */
  char *client; /* what it says of itself, or NULL */
  gint64 since; /* seconds, UTC */
  char id[12];
};

/* Takes HANDLE and PEER over, also when it fails. LIMITS may be NULL. */
Channel *channel_new (IoThread *thread, SocketHandle handle, GInetAddress *peer, guint16 local_port,
                      Limits *limits, const ChannelOwner *owner, gpointer owner_data,
                      GError **error);
/* The same on a SOCKET that is connected, taken over like PEER. */
Channel *channel_new_on (IoThread *thread, Socket *socket, GInetAddress *peer, guint16 local_port,
                         Limits *limits, const ChannelOwner *owner, gpointer owner_data);
/* Begins: `ready` follows, after a handshake when CONTEXTS is not NULL. */
void channel_begin (Channel *channel, TlsContexts *contexts);

/* channel-flow.c: moves bytes, tells events. */
void channel_settle (ReactorTask *task);
void channel_settle_soon (Channel *channel);
/* `closed` follows with REASON (given away, may be NULL). */
void channel_end (Channel *channel, GError *reason);
/* channel.c */
/* Tells `stopping`, then closes. */
void channel_dismiss (Channel *channel);
void channel_rearm (Channel *channel);
void channel_release (Channel *channel);

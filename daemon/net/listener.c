/* Accepts on one I/O thread, spreads the channels over all of them in turn. */
#include "net/listener.h"
#include "net/channel-private.h"
#include "log.h"
#include "platform/service.h"
#include "tls/tls-context.h"

struct _Listener {
  gatomicrefcount refs; /* its creator's and one for each channel */
  ListenerService service;
  Limits *limits;
  IoThread *const *threads;
  guint thread_count, next;
  guint16 port;
  SocketHandle handle; /* until the accepting thread has taken it */
  SocketListener *socket; /* that thread's */
  GMutex lock;
  GCond stopped;
  gboolean is_stopped;
};

/* A connection on its way to its thread. */
typedef struct {
  Listener *listener;
  IoThread *thread;
  SocketHandle handle;
  GInetAddress *peer;
} Arrival;

static void
listener_unref (Listener *self)
{
  if (!g_atomic_ref_count_dec (&self->refs))
    return;
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->stopped);
  g_free (self);
}

static void
channel_ready (Channel *channel, gpointer data)
{
  Listener *self = data;

  self->service.accepted (channel, self->service.data);
}

static void
channel_gone (Channel *channel, gpointer data)
{
  Listener *self = data;

  limits_release_connection (self->limits, channel_peer (channel));
  listener_unref (self);
}

static const ChannelOwner owner = { channel_ready, channel_gone };

/* Too many: one line in the clear, then the end. Nothing is counted. */
static void
refuse (Channel *channel, gpointer data)
{
  Listener *self = data;

  if (self->service.refusal != NULL && !self->service.implicit_tls)
    channel_write (channel, self->service.refusal, strlen (self->service.refusal));
  channel_close (channel);
}

static void
refused_gone (Channel *channel, gpointer data)
{
  listener_unref (data);
}

static const ChannelOwner refusing_owner = { refuse, refused_gone };

static void
log_refusal (Listener *self, GInetAddress *peer)
{
  g_autofree char *text = g_inet_address_to_string (peer);

  log_event (LOG_NOTICE, "Too many connections", "address", text, "protocol",
             self->service.protocol, NULL);
}

static void
log_failure (Listener *self, const char *message, const GError *error)
{
  log_event (LOG_WARNING, message, "protocol", self->service.protocol, "error", error->message,
             NULL);
}

/* In the thread that the channel lives on. */
static void
arrive (gpointer data)
{
  g_autofree Arrival *arrival = data;
  g_autoptr (GError) error = NULL;
  Listener *self = arrival->listener;
  g_autoptr (GInetAddress) peer = g_object_ref (arrival->peer);
  gboolean is_welcome = limits_claim_connection (self->limits, peer);

  if (!is_welcome)
    log_refusal (self, peer);
  Channel *channel = channel_new (arrival->thread, arrival->handle, arrival->peer, self->port,
                                  is_welcome ? self->limits : NULL,
                                  is_welcome ? &owner : &refusing_owner, self, &error);
  if (channel != NULL) {
    channel->protocol = is_welcome ? self->service.protocol : NULL;
    channel_begin (channel, is_welcome && self->service.implicit_tls ? self->service.tls : NULL);
    return;
  }
  log_failure (self, "Cannot take a connection", error);
  if (is_welcome)
    limits_release_connection (self->limits, peer);
  listener_unref (self);
}

static void
did_accept (SocketHandle handle, GInetAddress *peer, gpointer data)
{
  Listener *self = data;

  if (self->service.refuses && self->service.refuses (peer, self->service.refuses_data)) {
    socket_close_handle (handle);
    g_object_unref (peer);
    return;
  }
  guint turn = self->next++ % self->thread_count;
  Arrival *arrival = g_new (Arrival, 1);

  g_atomic_ref_count_inc (&self->refs);
  *arrival = (Arrival) { self, self->threads[turn], handle, peer };
  if (turn == 0)
    arrive (arrival); /* this is the accepting thread itself */
  else
    io_thread_invoke (self->threads[turn], arrive, arrival);
}

static void
start (gpointer data)
{
  Listener *self = data;
  g_autoptr (GError) error = NULL;

  self->socket
      = socket_listen_on (self->threads[0]->reactor, self->handle, did_accept, self, &error);
  if (self->socket == NULL)
    log_failure (self, "Cannot accept connections", error);
}

static void
stop (gpointer data)
{
  Listener *self = data;

  g_clear_pointer (&self->socket, socket_listener_free);
  g_mutex_lock (&self->lock);
  self->is_stopped = TRUE;
  g_cond_signal (&self->stopped);
  g_mutex_unlock (&self->lock);
  listener_unref (self);
}

static SocketHandle
open_address (const char *address, GError **error)
{
  int taken = service_take_socket (address);
  g_autoptr (GSocketConnectable) parsed = NULL;

  if (taken >= 0)
    return taken;
  parsed = g_network_address_parse (address, 0, error);
  if (parsed == NULL)
    return SOCKET_HANDLE_NONE;
  GNetworkAddress *network = G_NETWORK_ADDRESS (parsed);
  g_autoptr (GInetAddress) inet
      = g_inet_address_new_from_string (g_network_address_get_hostname (network));
  if (inet != NULL)
    return socket_bind (inet, g_network_address_get_port (network), error);
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
               "Cannot listen on \"%s\": ADDRESS:PORT or [ADDRESS]:PORT is needed", address);
  return SOCKET_HANDLE_NONE;
}

Listener *
listener_new (const char *address, const ListenerService *service, Limits *limits,
              IoThread *const *threads, guint thread_count, GError **error)
{
  SocketHandle handle = open_address (address, error);

  if (handle == SOCKET_HANDLE_NONE)
    return NULL;
  Listener *self = g_new0 (Listener, 1);
  g_atomic_ref_count_init (&self->refs);
  g_mutex_init (&self->lock);
  g_cond_init (&self->stopped);
  self->service = *service;
  self->limits = limits;
  self->threads = threads;
  self->thread_count = thread_count;
  self->handle = handle;
  self->port = socket_local_port (handle);
  io_thread_invoke (threads[0], start, self);
  return self;
}

guint16
listener_port (Listener *self)
{
  return self->port;
}

void
listener_free (Listener *self)
{
  g_atomic_ref_count_inc (&self->refs); /* `stop` still unlocks when we may be through */
  io_thread_invoke (self->threads[0], stop, self);
  g_mutex_lock (&self->lock);
  while (!self->is_stopped)
    g_cond_wait (&self->stopped, &self->lock);
  g_mutex_unlock (&self->lock);
  listener_unref (self);
}

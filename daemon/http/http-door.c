/* Connections on their way to libsoup. */
#include "http/http-door.h"
#include "log.h"
#include "platform/service.h"
#include "platform/socket.h"
#include "tls/tls-stream.h"
#include <string.h>

#define QUERY_MOST 4096 /* libsoup takes it apart before anybody is asked */
#define TOO_LARGE "hauspost-too-large"

struct _HttpDoor {
  HttpDoorOptions options;
  SoupServer *soup;
  GHashTable *listeners; /* address to GSocketService */
  GHashTable *connections; /* set of Connection */
  guint16 port;
};

/* Lives as long as its stream. */
typedef struct {
  HttpDoor *door; /* NULL: it is gone */
  GIOStream *stream;
  GSocket *socket;
  GSocketAddress *remote;
  GInetAddress *peer;
  guint timer;
} Connection;

static void
did_end_connection (gpointer data, GObject *stream)
{
  Connection *self = data;

  if (self->door != NULL)
    g_hash_table_remove (self->door->connections, self);
  g_clear_handle_id (&self->timer, g_source_remove);
  g_object_unref (self->socket);
  g_object_unref (self->remote);
  g_object_unref (self->peer);
  g_free (self);
}

/* A client that trickles bytes cannot stay for ever. Whoever waits for the socket hears its end. */
static gboolean
did_outlive (gpointer data)
{
  Connection *self = data;

  self->timer = 0;
  g_socket_shutdown (self->socket, TRUE, TRUE, NULL);
  return G_SOURCE_REMOVE;
}

static void
watch (HttpDoor *self, GIOStream *stream, GSocketConnection *connection, GSocketAddress *remote)
{
  GInetAddress *peer = g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (remote));
  Connection *watched = g_new0 (Connection, 1);

  watched->door = self;
  watched->stream = stream;
  watched->remote = g_object_ref (remote);
  watched->socket = g_object_ref (g_socket_connection_get_socket (connection));
  watched->peer = g_object_ref (peer);
  watched->timer = g_timeout_add_seconds (self->options.lifetime_seconds, did_outlive, watched);
  g_hash_table_add (self->connections, watched);
  g_object_weak_ref (G_OBJECT (stream), did_end_connection, watched);
}

static gboolean
has_too_many (HttpDoor *self, GInetAddress *peer)
{
  GHashTableIter iter;
  gpointer connection;
  guint count = 0;

  if (self->options.connections_per_address == 0 || g_inet_address_get_is_loopback (peer))
    return FALSE;
  g_hash_table_iter_init (&iter, self->connections);
  while (g_hash_table_iter_next (&iter, &connection, NULL))
    count += g_inet_address_equal (((Connection *)connection)->peer, peer);
  return count >= self->options.connections_per_address;
}

static gboolean
is_full (HttpDoor *self, GInetAddress *peer)
{
  const guint kept = g_inet_address_get_is_loopback (peer) ? self->options.connections_local : 0;

  return g_hash_table_size (self->connections) >= self->options.connections_most + kept;
}

static gboolean
is_welcome (HttpDoor *self, GInetAddress *peer)
{
  if (is_full (self, peer) || has_too_many (self, peer)) {
    g_autofree char *text = g_inet_address_to_string (peer);
    log_event (LOG_NOTICE, "Too many connections", "address", text, "protocol", self->options.name,
               NULL);
    return FALSE;
  }
  return self->options.refuses == NULL || !self->options.refuses (peer, self->options.data);
}

/* The stream that libsoup reads and writes; NULL: there is no TLS to be had. */
static GIOStream *
secure (HttpDoor *self, GSocketConnection *connection)
{
  SSL *ssl;

  if (self->options.secure == NULL)
    return g_object_ref (G_IO_STREAM (connection));
  ssl = self->options.secure (self->options.data);
  return ssl != NULL ? tls_stream_accept (connection, ssl, self->options.lifetime_seconds) : NULL;
}

static gboolean
did_connect (GSocketService *service, GSocketConnection *connection, GObject *source, gpointer data)
{
  HttpDoor *self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GSocketAddress) local = g_socket_connection_get_local_address (connection, NULL);
  g_autoptr (GSocketAddress) remote = g_socket_connection_get_remote_address (connection, NULL);

  if (local == NULL || !G_IS_INET_SOCKET_ADDRESS (remote))
    return TRUE; /* dropping the reference closes it */
  GInetAddress *peer = g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (remote));
  g_autoptr (GIOStream) stream = is_welcome (self, peer) ? secure (self, connection) : NULL;
  if (stream == NULL)
    return TRUE;
  g_socket_set_timeout (g_socket_connection_get_socket (connection), self->options.idle_seconds);
  watch (self, stream, connection, remote);
  if (!soup_server_accept_iostream (self->soup, stream, local, remote, &error))
    log_event (LOG_WARNING, "Cannot take a connection", "protocol", self->options.name, "error",
               error->message, NULL);
  return TRUE;
}

void
http_door_hold (HttpDoor *self, SoupServerMessage *message)
{
  GSocketAddress *remote = soup_server_message_get_remote_address (message);
  GHashTableIter iter;
  gpointer key;

  g_hash_table_iter_init (&iter, self->connections);
  while (g_hash_table_iter_next (&iter, &key, NULL)) {
    Connection *connection = key;
    if (connection->remote != remote)
      continue;
    g_clear_handle_id (&connection->timer, g_source_remove);
    g_socket_set_timeout (connection->socket, 0);
    if (TLS_IS_STREAM (connection->stream))
      tls_stream_set_lifetime (TLS_STREAM (connection->stream), 0);
  }
}

/* libsoup gathers the whole body by itself: stop keeping it when it grows too large. */
static void
did_get_chunk (SoupServerMessage *message, GBytes *chunk, gpointer data)
{
  const HttpDoor *self = data;
  SoupMessageBody *body = soup_server_message_get_request_body (message);

  if ((gsize)body->length <= self->options.body_most)
    return;
  g_object_set_data (G_OBJECT (message), TOO_LARGE, GINT_TO_POINTER (1));
  soup_message_body_set_accumulate (body, FALSE);
  soup_message_body_truncate (body);
}

/* A message that has a status already is not handed on. */
static void
did_get_headers (SoupServerMessage *message, gpointer data)
{
  GUri *uri = soup_server_message_get_uri (message);
  const char *query = uri != NULL ? g_uri_get_query (uri) : NULL;
  g_autoptr (GBytes) empty = g_bytes_new_static ("", 0);

  if (query != NULL && strlen (query) > QUERY_MOST)
    http_door_answer (message, SOUP_STATUS_REQUEST_URI_TOO_LONG, NULL, empty);
}

static void
did_start (SoupServer *soup, SoupServerMessage *message, gpointer data)
{
  g_signal_connect (message, "got-headers", G_CALLBACK (did_get_headers), data);
  g_signal_connect (message, "got-chunk", G_CALLBACK (did_get_chunk), data);
}

gboolean
http_door_is_too_large (SoupServerMessage *message)
{
  return g_object_get_data (G_OBJECT (message), TOO_LARGE) != NULL;
}

/* Browsers tell where a request comes from; what tells nothing is none. */
gboolean
http_door_is_same_origin (SoupServerMessage *message)
{
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (message);
  const char *site = soup_message_headers_get_one (headers, "Sec-Fetch-Site");
  const char *origin = soup_message_headers_get_one (headers, "Origin");
  const char *host = soup_message_headers_get_one (headers, "Host");
  g_autofree char *own = g_strconcat ("https://", host != NULL ? host : "", NULL);

  return (site == NULL || strcmp (site, "same-origin") == 0)
      && (origin == NULL || g_ascii_strcasecmp (origin, own) == 0);
}

void
http_door_answer (SoupServerMessage *message, guint status, const char *type, GBytes *bytes)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (message);

  soup_message_headers_replace (headers, "Connection", "close");
  soup_message_headers_replace (headers, "X-Content-Type-Options", "nosniff");
  soup_server_message_set_status (message, status, NULL);
  if (type != NULL)
    soup_message_headers_replace (headers, "Content-Type", type);
  if (g_bytes_get_size (bytes) > 0)
    soup_message_body_append_bytes (soup_server_message_get_response_body (message), bytes);
}

HttpDoor *
http_door_new (const HttpDoorOptions *options)
{
  HttpDoor *self = g_new0 (HttpDoor, 1);

  self->options = *options;
  self->listeners = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->connections = g_hash_table_new (NULL, NULL);
  self->soup = soup_server_new ("server-header", "Hauspost", NULL);
  soup_server_add_handler (self->soup, NULL, options->received, options->data, NULL);
  g_signal_connect (self->soup, "request-started", G_CALLBACK (did_start), self);
  return self;
}

static void
close_listener (GSocketService *listener)
{
  g_socket_service_stop (listener);
  g_socket_listener_close (G_SOCKET_LISTENER (listener));
  g_object_unref (listener);
}

static gboolean
close_entry (gpointer address, gpointer listener, gpointer data)
{
  close_listener (listener);
  return TRUE;
}

void
http_door_close (HttpDoor *self)
{
  g_hash_table_foreach_remove (self->listeners, close_entry, NULL);
}

void
http_door_free (HttpDoor *self)
{
  GHashTableIter iter;
  gpointer connection;

  if (self == NULL)
    return;
  http_door_close (self);
  soup_server_disconnect (self->soup);
  g_object_unref (self->soup);
  while (g_hash_table_size (self->connections) > 0 && g_main_context_iteration (NULL, FALSE)) { }
  g_hash_table_iter_init (&iter, self->connections);
  while (g_hash_table_iter_next (&iter, &connection, NULL))
    ((Connection *)connection)->door = NULL;
  g_hash_table_unref (self->connections);
  g_hash_table_unref (self->listeners);
  g_free (self);
}

/* A listening socket: the service manager's, or a new one. An IPv6 address takes IPv6 only, which
 * GSocket alone does not do. */
static GSocket *
open_socket (const char *address, GError **error)
{
  g_autoptr (GSocketConnectable) parsed = g_network_address_parse (address, 0, error);
  GNetworkAddress *name = G_NETWORK_ADDRESS (parsed);
  g_autoptr (GInetAddress) host = parsed != NULL
      ? g_inet_address_new_from_string (g_network_address_get_hostname (name))
      : NULL;
  SocketHandle handle = parsed != NULL ? service_take_socket (address) : SOCKET_HANDLE_NONE;

  if (parsed == NULL)
    return NULL;
  if (handle == SOCKET_HANDLE_NONE && host == NULL) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "%s is not a numeric address.",
                 address);
    return NULL;
  }
  if (handle == SOCKET_HANDLE_NONE)
    handle = socket_bind (host, g_network_address_get_port (name), error);
  if (handle == SOCKET_HANDLE_NONE)
    return NULL;
  GSocket *socket = g_socket_new_from_fd ((int)handle, error);
  if (socket == NULL)
    socket_close_handle (handle);
  return socket;
}

gboolean
http_door_listen (HttpDoor *self, const char *address, GError **error)
{
  g_autoptr (GError) cause = NULL;
  g_autoptr (GSocket) socket = open_socket (address, &cause);
  g_autoptr (GSocketAddress) local
      = socket != NULL ? g_socket_get_local_address (socket, &cause) : NULL;
  GSocketService *listener = g_socket_service_new ();

  if (local == NULL
      || !g_socket_listener_add_socket (G_SOCKET_LISTENER (listener), socket, NULL, &cause)) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "Cannot listen on %s (%s): %s", address,
                 self->options.name, cause->message);
    close_listener (listener);
    return FALSE;
  }
  g_signal_connect (listener, "incoming", G_CALLBACK (did_connect), self);
  g_hash_table_insert (self->listeners, g_strdup (address), listener);
  self->port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (local));
  return TRUE;
}

static gboolean
close_unwanted (gpointer address, gpointer listener, gpointer addresses)
{
  if (g_strv_contains (addresses, address))
    return FALSE;
  close_listener (listener);
  return TRUE;
}

gboolean
http_door_update (HttpDoor *self, char **addresses, GError **error)
{
  gboolean all = TRUE;

  g_hash_table_foreach_remove (self->listeners, close_unwanted, addresses);
  for (; *addresses != NULL; addresses++)
    if (!g_hash_table_contains (self->listeners, *addresses)) {
      if (http_door_listen (self, *addresses, all ? error : NULL))
        log_event (LOG_INFO, "Listening", "protocol", self->options.name, "address", *addresses,
                   NULL);
      else
        all = FALSE;
    }
  return all;
}

guint16
http_door_port (HttpDoor *self)
{
  return self->port;
}

/* Accepting: many at once, and when descriptors run out. */
#include "platform/socket.h"
#include "tests/system/process.h"

enum { CLIENTS = 150 };

static guint accepted;
static SocketHandle last = SOCKET_HANDLE_NONE;

static void
did_accept (SocketHandle handle, GInetAddress *peer, gpointer data)
{
  socket_close_handle (last);
  last = handle;
  accepted++;
  g_object_unref (peer);
}

static GSocket *
connect_to (guint16 port)
{
  g_autoptr (GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) address = g_inet_socket_address_new (loopback, port);
  g_autoptr (GError) error = NULL;
  GSocket *client
      = g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, &error);

  g_socket_connect (client, address, NULL, &error);
  g_assert_no_error (error);
  return client;
}

static void
iterate_until (guint wanted)
{
  gint64 end = g_get_monotonic_time () + 10 * G_USEC_PER_SEC;

  while (accepted < wanted && g_get_monotonic_time () < end)
    g_main_context_iteration (NULL, FALSE);
  g_assert_cmpuint (accepted, ==, wanted);
}

static SocketListener *
listen_here (Reactor *reactor, guint16 *port)
{
  g_autoptr (GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  SocketHandle handle = socket_bind (loopback, 0, NULL);
  SocketListener *listener = socket_listen_on (reactor, handle, did_accept, NULL, NULL);

  g_assert_nonnull (listener);
  *port = socket_local_port (handle);
  accepted = 0;
  return listener;
}

static void
test_many (void)
{
  g_autoptr (Reactor) reactor = reactor_new (g_main_context_default (), NULL);
  GSocket *clients[CLIENTS];
  guint16 port;
  SocketListener *listener = listen_here (reactor, &port);

  for (guint i = 0; i < CLIENTS; i++)
    clients[i] = connect_to (port);
  iterate_until (CLIENTS);
  for (guint i = 0; i < CLIENTS; i++)
    g_object_unref (clients[i]);
  socket_listener_free (listener);
}

static void
test_descriptors_run_out (void)
{
  g_autoptr (Reactor) reactor = reactor_new (g_main_context_default (), NULL);
  guint16 port;
  SocketListener *listener = listen_here (reactor, &port);
  g_autoptr (GSocket) client = connect_to (port);

  process_forbid_handles ();
  for (gint64 end = g_get_monotonic_time () + 300000; g_get_monotonic_time () < end;)
    g_main_context_iteration (NULL, FALSE);
  g_assert_cmpuint (accepted, ==, 0);
  process_allow_handles ();
  iterate_until (1); /* without a new event */
  socket_listener_free (listener);
}

/* What is no socket is an error, not a crash. */
static void
test_bad_handle (void)
{
  g_autoptr (Reactor) reactor = reactor_new (g_main_context_default (), NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  SocketHandle handle = socket_bind (loopback, 0, NULL);

  socket_close_handle (handle);
  g_assert_null (socket_listen_on (reactor, handle, did_accept, NULL, &error));
  g_assert_nonnull (error);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/socket-listen/many", test_many);
  g_test_add_func ("/socket-listen/descriptors-run-out", test_descriptors_run_out);
  g_test_add_func ("/socket-listen/bad-handle", test_bad_handle);
  int status = g_test_run ();
  socket_close_handle (last);
  return status;
}

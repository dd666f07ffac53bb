/* Winsock's start from many threads, its extensions, its errors, what a socket is made of, and what
 * happens when buffers are short. */
#include "platform/windows/winsock.h"

static gpointer
start (gpointer data)
{
  return GINT_TO_POINTER (winsock_start (NULL) && winsock_extensions ()->connect != NULL);
}

static void
test_start (void)
{
  GThread *threads[8];

  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("start", start, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_assert_true (GPOINTER_TO_INT (g_thread_join (threads[i])));
  g_assert_nonnull (winsock_extensions ()->accept);
  g_assert_nonnull (winsock_extensions ()->accept_addresses);
}

static const struct {
  int code;
  int wanted; /* of GIOErrorEnum */
  gboolean has_run_out;
} errors[] = {
  { WSAECONNREFUSED, G_IO_ERROR_CONNECTION_REFUSED, FALSE },
  { WSAEADDRINUSE, G_IO_ERROR_ADDRESS_IN_USE, FALSE },
  { WSAEWOULDBLOCK, G_IO_ERROR_WOULD_BLOCK, FALSE },
  { WSAETIMEDOUT, G_IO_ERROR_TIMED_OUT, FALSE },
  { WSAENOBUFS, G_IO_ERROR_FAILED, TRUE },
  { WSAEMFILE, G_IO_ERROR_FAILED, TRUE },
  { ERROR_WORKING_SET_QUOTA, G_IO_ERROR_FAILED, TRUE },
};

static void
test_errors (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (errors); i++) {
    g_autoptr (GError) error = NULL;
    winsock_set_error (&error, "Cannot try", errors[i].code);
    if (errors[i].has_run_out)
      g_assert_cmpint (error->domain, ==, G_IO_ERROR);
    else
      g_assert_error (error, G_IO_ERROR, (int)errors[i].wanted);
    g_assert_true (g_str_has_prefix (error->message, "Cannot try: "));
    g_assert_cmpint (winsock_has_run_out (errors[i].code), ==, errors[i].has_run_out);
  }
}

static void
test_socket (void)
{
  SOCKET handle = winsock_make_socket (AF_INET);
  DWORD flags = HANDLE_FLAG_INHERIT;
  BOOL is_on = FALSE;
  int size = sizeof is_on;

  g_assert_true (handle != INVALID_SOCKET);
  g_assert_true (GetHandleInformation ((HANDLE)handle, &flags));
  g_assert_cmpint (flags & HANDLE_FLAG_INHERIT, ==, 0);
  g_assert_true (winsock_tune (handle));
  g_assert_cmpint (getsockopt (handle, IPPROTO_TCP, TCP_NODELAY, (char *)&is_on, &size), ==, 0);
  g_assert_true (is_on);
  g_assert_cmpint (getsockopt (handle, SOL_SOCKET, SO_KEEPALIVE, (char *)&is_on, &size), ==, 0);
  g_assert_true (is_on);
  closesocket (handle);
  g_assert_false (winsock_tune (handle));
}

typedef typeof (&WSASend) SendFunc;
typedef typeof (&WSARecv) ReceiveFunc;

static gint shortage; /* how many more calls find no buffers */

static gboolean
finds_no_buffers (void)
{
  if (shortage == 0)
    return FALSE;
  shortage--;
  WSASetLastError (WSAENOBUFS);
  return TRUE;
}

static int WSAAPI
short_send (SOCKET handle, WSABUF *buffers, DWORD count, DWORD *sent, DWORD flags,
            OVERLAPPED *overlapped, LPWSAOVERLAPPED_COMPLETION_ROUTINE routine)
{
  static SendFunc real;

  if (real == NULL)
    real = (SendFunc)(gpointer)GetProcAddress (GetModuleHandleW (L"ws2_32.dll"), "WSASend");
  return finds_no_buffers () ? SOCKET_ERROR
                             : real (handle, buffers, count, sent, flags, overlapped, routine);
}

static int WSAAPI
short_receive (SOCKET handle, WSABUF *buffers, DWORD count, DWORD *got, DWORD *flags,
               OVERLAPPED *overlapped, LPWSAOVERLAPPED_COMPLETION_ROUTINE routine)
{
  static ReceiveFunc real;

  if (real == NULL)
    real = (ReceiveFunc)(gpointer)GetProcAddress (GetModuleHandleW (L"ws2_32.dll"), "WSARecv");
  return finds_no_buffers () ? SOCKET_ERROR
                             : real (handle, buffers, count, got, flags, overlapped, routine);
}

/* The program's own calls come here instead of to ws2_32.dll: the linker takes these first. */
const SendFunc __imp_WSASend = short_send;
const ReceiveFunc __imp_WSARecv = short_receive;

typedef struct {
  Reactor *reactor;
  Socket *accepted;
  gboolean connected, wrote, readable;
} Shortage;

static void
did_accept (SocketHandle handle, GInetAddress *peer, gpointer data)
{
  Shortage *self = data;

  self->accepted = socket_adopt (self->reactor, handle, NULL);
  g_object_unref (peer);
}

static void
did_connect (Socket *socket, const GError *error, gpointer data)
{
  g_assert_no_error (error);
  ((Shortage *)data)->connected = TRUE;
}

static void
did_write (Socket *socket, const GError *error, gpointer data)
{
  g_assert_no_error (error);
  ((Shortage *)data)->wrote = TRUE;
}

static void
did_become_readable (Socket *socket, gpointer data)
{
  ((Shortage *)data)->readable = TRUE;
}

static void
iterate_until (gboolean *flag)
{
  gint64 end = g_get_monotonic_time () + 10 * G_USEC_PER_SEC;

  while (!*flag && g_get_monotonic_time () < end)
    g_main_context_iteration (NULL, FALSE);
  g_assert_true (*flag);
}

/* Neither a write nor a wait fails: both are tried again until they find room. */
static void
test_shortage (void)
{
  Shortage self = { .reactor = reactor_new (g_main_context_default (), NULL) };
  g_autoptr (GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GBytes) bytes = g_bytes_new_static ("hello", 5);
  SocketHandle handle = socket_bind (loopback, 0, NULL);
  SocketListener *listener = socket_listen_on (self.reactor, handle, did_accept, &self, NULL);
  Socket *socket = socket_connect (self.reactor, loopback, socket_local_port (handle), NULL,
                                   did_connect, &self, NULL);
  guint8 buffer[10];

  iterate_until (&self.connected);
  while (self.accepted == NULL)
    g_main_context_iteration (NULL, FALSE);
  shortage = 2;
  socket_write (socket, &bytes, 1, did_write, &self);
  g_assert_cmpint (shortage, ==, 1);
  iterate_until (&self.wrote);
  g_assert_cmpint (shortage, ==, 0);
  shortage = 2;
  socket_await_input (self.accepted, did_become_readable, &self);
  g_assert_cmpint (shortage, ==, 1);
  iterate_until (&self.readable);
  g_assert_cmpint (socket_read (self.accepted, buffer, sizeof buffer, NULL), ==, 5);
  shortage = 1;
  self.wrote = FALSE;
  socket_write (socket, &bytes, 1, did_write, &self);
  socket_free (socket); /* while a retry waits */
  socket_free (self.accepted);
  socket_listener_free (listener);
  for (guint i = 0; i < 300; i++, g_usleep (1000))
    g_main_context_iteration (NULL, FALSE);
  g_assert_false (self.wrote);
  reactor_free (self.reactor);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/winsock/start", test_start);
  g_test_add_func ("/winsock/errors", test_errors);
  g_test_add_func ("/winsock/socket", test_socket);
  g_test_add_func ("/winsock/shortage", test_shortage);
  return g_test_run ();
}

/* Sockets on a reactor: listening, connecting, partial writes, ends, and the laws of lifetime. */
#include "platform/socket.h"
#include "tests/system/process.h"
#include <string.h>

typedef struct {
  SocketListener *listener;
  Socket *near, *far; /* connected out, accepted */
  SocketHandle handle; /* of far */
  guint16 port;
  gboolean connected, wrote, readable;
  GError *error;
  GInetAddress *peer;
} Pair;

static Reactor *reactor;

static void
iterate_until (gboolean *flag)
{
  gint64 end = g_get_monotonic_time () + 10 * G_USEC_PER_SEC;

  while (!*flag && g_get_monotonic_time () < end)
    g_main_context_iteration (NULL, FALSE);
  g_assert_true (*flag);
}

static void
did_accept (SocketHandle handle, GInetAddress *peer, gpointer data)
{
  Pair *pair = data;

  pair->peer = peer;
  pair->handle = handle;
  pair->far = socket_adopt (reactor, handle, NULL);
  g_assert_nonnull (pair->far);
}

static void
did_connect (Socket *socket, const GError *error, gpointer data)
{
  Pair *pair = data;

  pair->connected = TRUE;
  pair->error = error != NULL ? g_error_copy (error) : NULL;
}

static void
did_write (Socket *socket, const GError *error, gpointer data)
{
  Pair *pair = data;

  pair->wrote = TRUE;
  pair->error = error != NULL ? g_error_copy (error) : NULL;
}

static void
did_become_readable (Socket *socket, gpointer data)
{
  ((Pair *)data)->readable = TRUE;
}

static void
connect_pair (Pair *pair, const char *address)
{
  g_autoptr (GInetAddress) inet = g_inet_address_new_from_string (address);
  g_autoptr (GError) error = NULL;
  SocketHandle handle = socket_bind (inet, 0, &error);

  g_assert_no_error (error);
  memset (pair, 0, sizeof *pair);
  pair->port = socket_local_port (handle);
  g_assert_cmpuint (pair->port, >, 0);
  pair->listener = socket_listen_on (reactor, handle, did_accept, pair, &error);
  g_assert_no_error (error);
  pair->near = socket_connect (reactor, inet, pair->port, inet, did_connect, pair, &error);
  g_assert_no_error (error);
  g_assert_false (pair->connected); /* never inside the call */
  iterate_until (&pair->connected);
  g_assert_no_error (pair->error);
  while (pair->far == NULL)
    g_main_context_iteration (NULL, FALSE);
  g_autofree char *text = g_inet_address_to_string (pair->peer);
  g_assert_cmpstr (text, ==, address);
}

static void
free_pair (Pair *pair)
{
  g_clear_pointer (&pair->near, socket_free);
  g_clear_pointer (&pair->far, socket_free);
  g_clear_pointer (&pair->listener, socket_listener_free);
  g_clear_object (&pair->peer);
  g_clear_error (&pair->error);
}

static void
write_text (Pair *pair, Socket *socket, const char *text)
{
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
  GBytes *pieces[] = { bytes };

  pair->wrote = FALSE;
  socket_write (socket, pieces, 1, did_write, pair);
  g_assert_false (pair->wrote);
  iterate_until (&pair->wrote);
}

static void
await (Pair *pair, Socket *socket)
{
  pair->readable = FALSE;
  socket_await_input (socket, did_become_readable, pair);
  g_assert_false (pair->readable);
  iterate_until (&pair->readable);
}

static void
test_talk (gconstpointer address)
{
  Pair pair;
  guint8 buffer[100];
  g_autoptr (GError) error = NULL;

  connect_pair (&pair, address);
  g_assert_cmpint (socket_read (pair.far, buffer, sizeof buffer, &error), ==, -1);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK);
  g_assert_true (socket_would_block (pair.far));
  write_text (&pair, pair.near, "hello");
  await (&pair, pair.far);
  g_assert_cmpint (socket_read (pair.far, buffer, 2, NULL), ==, 2);
  await (&pair, pair.far); /* the rest is readable without a new edge */
  g_assert_cmpint (socket_read (pair.far, buffer + 2, sizeof buffer - 2, NULL), ==, 3);
  g_assert_cmpmem (buffer, 5, "hello", 5);
  g_assert_cmpint (socket_read (pair.far, buffer, sizeof buffer, NULL), ==, -1);
  write_text (&pair, pair.near, "last");
  socket_finish_output (pair.near);
  await (&pair, pair.far);
  g_usleep (20000); /* the end has surely arrived with the bytes */
  g_main_context_iteration (NULL, FALSE);
  g_assert_cmpint (socket_read (pair.far, buffer, sizeof buffer, NULL), ==, 4);
  await (&pair, pair.far);
  g_assert_cmpint (socket_read (pair.far, buffer, sizeof buffer, NULL), ==, 0);
  write_text (&pair, pair.far, "still open this way");
  await (&pair, pair.near);
  free_pair (&pair);
}

/* Far more than the system's buffers hold, in as many pieces as one write takes. */
static void
test_partial_writes (void)
{
  enum { PIECE = 1024 * 1024 + 7 };
  Pair pair;
  GBytes *pieces[SOCKET_PIECES];
  g_autofree guint8 *buffer = g_malloc (100000);
  gsize got = 0;

  connect_pair (&pair, "127.0.0.1");
  for (guint i = 0; i < SOCKET_PIECES; i++) {
    guint8 *bytes = g_malloc (PIECE);
    memset (bytes, 'a' + i, PIECE);
    pieces[i] = g_bytes_new_take (bytes, PIECE);
  }
  socket_write (pair.near, pieces, SOCKET_PIECES, did_write, &pair);
  for (guint i = 0; i < SOCKET_PIECES; i++)
    g_bytes_unref (pieces[i]); /* the socket has its own reference */
  while (got < (gsize)PIECE * SOCKET_PIECES) {
    await (&pair, pair.far);
    gssize count = socket_read (pair.far, buffer, 100000, NULL);
    g_assert_cmpint (count, >, 0);
    for (gssize i = 0; i < count; i++)
      g_assert_true (buffer[i] == 'a' + (got + i) / PIECE);
    got += count;
  }
  iterate_until (&pair.wrote);
  g_assert_no_error (pair.error);
  free_pair (&pair);
}

static void
test_peer_reset (void)
{
  Pair pair;
  guint8 byte;

  connect_pair (&pair, "127.0.0.1");
  /* Awaited before it happens: Wine shows a reset that nobody waits for as the usual end. */
  socket_await_input (pair.far, did_become_readable, &pair);
  socket_reset_on_free (pair.near);
  g_clear_pointer (&pair.near, socket_free);
  iterate_until (&pair.readable);
  g_assert_cmpint (socket_read (pair.far, &byte, 1, NULL), ==, -1);
  g_assert_false (socket_would_block (pair.far));
  write_text (&pair, pair.far, "x");
  g_assert_nonnull (pair.error);
  free_pair (&pair);
}

static void
free_in_readable (Socket *socket, gpointer data)
{
  Pair *pair = data;

  pair->readable = TRUE;
  g_clear_pointer (&pair->far, socket_free);
}

static void
free_in_written (Socket *socket, const GError *error, gpointer data)
{
  Pair *pair = data;

  pair->wrote = TRUE;
  g_clear_pointer (&pair->near, socket_free);
}

static void
free_in_connected (Socket *socket, const GError *error, gpointer data)
{
  Pair *pair = data;

  pair->connected = TRUE;
  g_clear_pointer (&pair->near, socket_free);
}

static void
iterate_for (guint milliseconds)
{
  gint64 end = g_get_monotonic_time () + milliseconds * G_TIME_SPAN_MILLISECOND;

  while (g_get_monotonic_time () < end)
    g_main_context_iteration (NULL, FALSE);
}

/* Freed in its callback, with another one due, and with a write under way. */
static void
test_free_in_readable (void)
{
  Pair pair;
  g_autofree guint8 *big = g_malloc0 (8 * 1024 * 1024);
  g_autoptr (GBytes) bytes = g_bytes_new (big, 8 * 1024 * 1024);

  connect_pair (&pair, "127.0.0.1");
  write_text (&pair, pair.near, "x");
  pair.wrote = FALSE;
  socket_write (pair.far, &bytes, 1, did_write, &pair);
  socket_await_input (pair.far, free_in_readable, &pair);
  iterate_until (&pair.readable);
  iterate_for (20);
  g_assert_false (pair.wrote);
  free_pair (&pair);
}

static void
test_free_in_written (void)
{
  Pair pair;
  g_autoptr (GBytes) bytes = g_bytes_new_static ("last words", 10);
  guint8 buffer[20];

  connect_pair (&pair, "127.0.0.1");
  socket_await_input (pair.near, did_become_readable, &pair); /* never comes */
  socket_write (pair.near, &bytes, 1, free_in_written, &pair);
  iterate_until (&pair.wrote);
  await (&pair, pair.far);
  g_assert_cmpint (socket_read (pair.far, buffer, sizeof buffer, NULL), ==, 10);
  await (&pair, pair.far);
  g_assert_cmpint (socket_read (pair.far, buffer, sizeof buffer, NULL), ==, 0);
  free_pair (&pair);
}

static void
test_free_in_connected (void)
{
  Pair pair = { 0 };
  g_autoptr (GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  SocketHandle handle = socket_bind (loopback, 0, NULL);

  pair.listener = socket_listen_on (reactor, handle, did_accept, &pair, NULL);
  for (guint i = 0; i < 2; i++) { /* in its callback, and before it */
    pair.connected = FALSE;
    pair.near = socket_connect (reactor, loopback, socket_local_port (handle), NULL,
                                free_in_connected, &pair, NULL);
    if (i == 0)
      iterate_until (&pair.connected);
    else
      g_clear_pointer (&pair.near, socket_free);
    iterate_for (20);
    g_assert_true (pair.connected == (i == 0));
    g_clear_pointer (&pair.far, socket_free);
    g_clear_object (&pair.peer);
  }
  free_pair (&pair);
}

static void
let_go (gpointer data)
{
  *(gboolean *)data = TRUE;
}

/* A reactor ends at once although reads, a write, a connection and accepts were under way; the
 * write's bytes are let go. */
/* A child that is just being started has all our sockets for a moment: what happens to them then is
 * told to nobody. */
static void
test_free_while_copied (void)
{
  Pair pair;

  connect_pair (&pair, "127.0.0.1");
  SocketHandle copy = process_copy_socket (pair.handle);
  g_clear_pointer (&pair.far, socket_free);
  write_text (&pair, pair.near, "hello");
  for (guint i = 0; i < 3; i++)
    g_main_context_iteration (NULL, FALSE);
  socket_close_handle (copy);
  free_pair (&pair);
}

static void
test_free_with_the_reactor (void)
{
  Reactor *kept = reactor;
  GMainContext *context = g_main_context_default ();
  g_autoptr (GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autofree guint8 *big = g_malloc0 (8 * 1024 * 1024);
  guint before = 0;

  for (guint round = 0; round < 20; round++) {
    Pair pair;
    gboolean is_let_go = FALSE;
    GBytes *bytes = g_bytes_new_with_free_func (big, 8 * 1024 * 1024, let_go, &is_let_go);
    reactor = reactor_new (context, NULL);
    connect_pair (&pair, "127.0.0.1");
    Socket *third = socket_connect (reactor, loopback, pair.port, NULL, did_connect, &pair, NULL);
    socket_write (pair.far, &bytes, 1, did_write, &pair);
    g_bytes_unref (bytes);
    socket_await_input (pair.far, did_become_readable, &pair);
    socket_await_input (pair.near, did_become_readable, &pair);
    socket_free (third);
    free_pair (&pair);
    gint64 start = g_get_monotonic_time ();
    reactor_free (reactor);
    g_assert_cmpint (g_get_monotonic_time () - start, <, G_USEC_PER_SEC);
    g_assert_true (is_let_go);
    if (round == 0)
      before = process_handles (); /* what a system opens once and keeps */
  }
  g_assert_cmpuint (process_handles (), <=, before);
  reactor = kept;
}

/* Most with a reset, so that the ports do not run out; every tenth in order. */
static void
test_no_handle_stays (void)
{
  const guint connections = g_test_slow () ? 10000 : 1000, warm_up = 100;
  Pair pair = { 0 };
  g_autoptr (GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  SocketHandle handle = socket_bind (loopback, 0, NULL);
  guint16 port = socket_local_port (handle);
  guint before = 0;

  pair.listener = socket_listen_on (reactor, handle, did_accept, &pair, NULL);
  for (guint i = 0; i < connections; i++) {
    pair.connected = FALSE;
    pair.near = socket_connect (reactor, loopback, port, NULL, did_connect, &pair, NULL);
    iterate_until (&pair.connected);
    g_assert_no_error (pair.error);
    while (pair.far == NULL)
      g_main_context_iteration (NULL, FALSE);
    socket_await_input (pair.far, did_become_readable, &pair);
    if (i % 10 > 0)
      socket_reset_on_free (pair.near);
    g_clear_pointer (&pair.near, socket_free);
    if (i % 2 > 0)
      g_main_context_iteration (NULL, FALSE);
    g_clear_pointer (&pair.far, socket_free);
    g_clear_object (&pair.peer);
    if (i == warm_up)
      before = process_handles ();
  }
  iterate_for (100);
  g_assert_cmpuint (process_handles (), <=, before + 16); /* accepts that are asked for again */
  free_pair (&pair);
}

static void
test_refused (void)
{
  Pair pair = { 0 };
  g_autoptr (GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  SocketHandle handle = socket_bind (loopback, 0, NULL);
  guint16 port = socket_local_port (handle);

  socket_close_handle (handle);
  pair.near = socket_connect (reactor, loopback, port, NULL, did_connect, &pair, NULL);
  g_assert_nonnull (pair.near);
  iterate_until (&pair.connected);
  g_assert_error (pair.error, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED);
  free_pair (&pair);
}

/* Dual stack is two addresses, and an address is taken once. */
static void
test_bind (void)
{
  g_autoptr (GInetAddress) four = g_inet_address_new_any (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GInetAddress) six = g_inet_address_new_any (G_SOCKET_FAMILY_IPV6);
  g_autoptr (GError) error = NULL;
  SocketHandle first = socket_bind (six, 0, &error);

  g_assert_no_error (error);
  SocketHandle second = socket_bind (four, socket_local_port (first), &error);
  g_assert_no_error (error);
  SocketHandle third = socket_bind (four, socket_local_port (first), &error);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE);
  g_assert_true (third == SOCKET_HANDLE_NONE);
  socket_close_handle (first);
  socket_close_handle (second);
  socket_close_handle (third);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  reactor = reactor_new (g_main_context_default (), NULL);
  g_test_add_data_func ("/socket/talk/v4", "127.0.0.1", test_talk);
  g_test_add_data_func ("/socket/talk/v6", "::1", test_talk);
  g_test_add_func ("/socket/partial-writes", test_partial_writes);
  g_test_add_func ("/socket/peer-reset", test_peer_reset);
  g_test_add_func ("/socket/free/in-readable", test_free_in_readable);
  g_test_add_func ("/socket/free/in-written", test_free_in_written);
  g_test_add_func ("/socket/free/in-connected", test_free_in_connected);
  g_test_add_func ("/socket/free/while-copied", test_free_while_copied);
  g_test_add_func ("/socket/free/with-the-reactor", test_free_with_the_reactor);
  g_test_add_func ("/socket/no-handle-stays", test_no_handle_stays);
  g_test_add_func ("/socket/refused", test_refused);
  g_test_add_func ("/socket/bind", test_bind);
  int status = g_test_run ();
  reactor_free (reactor);
  return status;
}

/* A TLS stream against a blocking OpenSSL client in a thread: bytes both ways, both styles of
 * reading, its end and its deadline. */
#include "admin/access.h"
#include "tls/tls-stream.h"
#include <glib/gstdio.h>
#include <string.h>

#define BIG (1024 * 1024)

typedef struct {
  char *folder;
  GSocketListener *listener;
  guint16 port;
  SSL_CTX *tls;
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  self->folder = g_dir_make_tmp ("hauspost-tls-stream-XXXXXX", NULL);
  access_free (access_make (self->folder, &error));
  g_assert_no_error (error);
  self->tls = access_tls (self->folder, &error);
  g_assert_no_error (error);
  self->listener = g_socket_listener_new ();
  g_autoptr (GSocketAddress) any = g_inet_socket_address_new_from_string ("127.0.0.1", 0);
  g_autoptr (GSocketAddress) bound = NULL;
  g_assert_true (g_socket_listener_add_address (self->listener, any, G_SOCKET_TYPE_STREAM,
                                                G_SOCKET_PROTOCOL_TCP, NULL, &bound, NULL));
  self->port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (bound));
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  static const char *const names[] = { "admin.pem", "admin.token" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autofree char *path = g_build_filename (self->folder, names[i], NULL);
    g_remove (path);
  }
  g_rmdir (self->folder);
  SSL_CTX_free (self->tls);
  g_object_unref (self->listener);
  g_free (self->folder);
}

static void
write_all (SSL *ssl, const char *bytes, int length)
{
  g_assert_cmpint (SSL_write (ssl, bytes, length), ==, length);
}

/* Sends "hello", waits for as much as BIG, sends it back, ends. */
static gpointer
run_client (gpointer data)
{
  Fixture *self = data;
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GSocketConnection) connection
      = g_socket_client_connect_to_host (client, "127.0.0.1", self->port, NULL, NULL);
  GSocket *socket = g_socket_connection_get_socket (connection);
  SSL_CTX *context = SSL_CTX_new (TLS_client_method ());
  SSL *ssl = SSL_new (context);
  g_autofree char *bytes = g_malloc (BIG);
  int done = 0;

  SSL_set_fd (ssl, g_socket_get_fd (socket));
  SSL_set_mode (ssl, SSL_MODE_AUTO_RETRY);
  /* GSocket's descriptor never blocks by itself. */
  for (int result; (result = SSL_connect (ssl)) != 1;) {
    if (SSL_get_error (ssl, result) != SSL_ERROR_WANT_READ) {
      SSL_free (ssl);
      SSL_CTX_free (context);
      return GINT_TO_POINTER (-1);
    }
    g_socket_condition_wait (socket, G_IO_IN, NULL, NULL);
  }
  write_all (ssl, "hello", 5);
  while (done < BIG) {
    int count = SSL_read (ssl, bytes + done, BIG - done);
    if (count > 0)
      done += count;
    else if (SSL_get_error (ssl, count) == SSL_ERROR_WANT_READ)
      g_socket_condition_wait (socket, G_IO_IN, NULL, NULL);
    else
      break;
  }
  for (int sent = 0; done == BIG && sent < BIG;) {
    int count = SSL_write (ssl, bytes + sent, BIG - sent);
    if (count > 0)
      sent += count;
    else
      g_socket_condition_wait (socket, G_IO_OUT, NULL, NULL);
  }
  SSL_shutdown (ssl);
  SSL_free (ssl);
  SSL_CTX_free (context);
  return GINT_TO_POINTER (done);
}

static GIOStream *
accept_one (Fixture *self, guint lifetime)
{
  g_autoptr (GSocketConnection) connection
      = g_socket_listener_accept (self->listener, NULL, NULL, NULL);

  return tls_stream_accept (connection, SSL_new (self->tls), lifetime);
}

static void
fill (char *bytes)
{
  for (guint i = 0; i < BIG; i++)
    bytes[i] = (char)(i * 31 + i / 255);
}

static void
test_blocking (Fixture *self, gconstpointer data)
{
  GThread *thread = g_thread_new ("client", run_client, self);
  g_autoptr (GIOStream) stream = accept_one (self, 60);
  GInputStream *input = g_io_stream_get_input_stream (stream);
  g_autofree char *sent = g_malloc (BIG), *back = g_malloc (BIG);
  g_autoptr (GError) error = NULL;
  char hello[5];
  gsize done;

  fill (sent);
  g_assert_true (g_input_stream_read_all (input, hello, 5, &done, NULL, &error));
  g_assert_cmpmem (hello, done, "hello", 5);
  g_assert_true (g_output_stream_write_all (g_io_stream_get_output_stream (stream), sent, BIG,
                                            &done, NULL, &error));
  g_assert_true (g_input_stream_read_all (input, back, BIG, &done, NULL, &error));
  g_assert_cmpmem (sent, BIG, back, done);
  g_assert_cmpint (g_input_stream_read (input, hello, 5, NULL, &error), ==, 0);
  g_assert_no_error (error);
  g_assert_cmpint (GPOINTER_TO_INT (g_thread_join (thread)), ==, BIG);
  g_assert_true (g_io_stream_close (stream, NULL, NULL));
}

typedef struct {
  GMainLoop *loop;
  char *bytes;
  gsize done;
  GError *error;
} Echo;

static gboolean
did_become_readable (GObject *stream, gpointer data)
{
  Echo *echo = data;
  g_autoptr (GError) error = NULL;
  gssize count = g_pollable_input_stream_read_nonblocking (
      G_POLLABLE_INPUT_STREAM (stream), echo->bytes + echo->done, 5 - echo->done, NULL, &error);

  if (count > 0)
    echo->done += (gsize)count;
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
    echo->error = g_steal_pointer (&error);
  if (echo->done < 5 && echo->error == NULL)
    return G_SOURCE_CONTINUE;
  g_main_loop_quit (echo->loop);
  return G_SOURCE_REMOVE;
}

/* The way of a main loop: sources, and reads that never block. */
static void
test_pollable (Fixture *self, gconstpointer data)
{
  GThread *thread = g_thread_new ("client", run_client, self);
  g_autoptr (GIOStream) stream = accept_one (self, 60);
  GPollableInputStream *input = G_POLLABLE_INPUT_STREAM (g_io_stream_get_input_stream (stream));
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  char bytes[5];
  Echo echo = { loop, bytes, 0, NULL };

  g_assert_true (g_pollable_input_stream_can_poll (input));
  /* The handshake reads and writes: a source for each try. */
  while (echo.done < 5 && echo.error == NULL) {
    g_autoptr (GSource) source = g_pollable_input_stream_create_source (input, NULL);
    g_source_set_callback (source, G_SOURCE_FUNC (did_become_readable), &echo, NULL);
    g_source_attach (source, NULL);
    g_main_loop_run (loop);
  }
  g_assert_no_error (echo.error);
  g_assert_cmpmem (bytes, 5, "hello", 5);
  g_assert_true (g_io_stream_close (stream, NULL, NULL));
  g_assert_cmpint (GPOINTER_TO_INT (g_thread_join (thread)), <, BIG);
}

static void
test_deadline (Fixture *self, gconstpointer data)
{
  GThread *thread = g_thread_new ("client", run_client, self);
  g_autoptr (GIOStream) stream = accept_one (self, 0);
  g_autoptr (GError) error = NULL;
  char hello[5];
  gssize count
      = g_input_stream_read (g_io_stream_get_input_stream (stream), hello, 5, NULL, &error);

  g_assert_cmpint (count, ==, -1);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
  g_assert_true (g_io_stream_close (stream, NULL, NULL));
  g_assert_cmpint (GPOINTER_TO_INT (g_thread_join (thread)), ==, -1);
}

/* Plain text instead of TLS ends in an error, not in a wait. */
static void
test_plain (Fixture *self, gconstpointer data)
{
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GSocketConnection) connection
      = g_socket_client_connect_to_host (client, "127.0.0.1", self->port, NULL, NULL);
  g_autoptr (GIOStream) stream = accept_one (self, 60);
  g_autoptr (GError) error = NULL;
  char byte;

  g_assert_true (
      g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (connection)),
                                 "GET / HTTP/1.0\r\n\r\n", 18, NULL, NULL, NULL));
  g_assert_cmpint (
      g_input_stream_read (g_io_stream_get_input_stream (stream), &byte, 1, NULL, &error), ==, -1);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED);
}

int
main (int argc, char **argv)
{
  static const struct {
    const char *path;
    void (*func) (Fixture *, gconstpointer);
  } tests[] = {
    { "/tls-stream/blocking", test_blocking },
    { "/tls-stream/pollable", test_pollable },
    { "/tls-stream/deadline", test_deadline },
    { "/tls-stream/plain", test_plain },
  };

  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, NULL, set_up, tests[i].func, tear_down);
  return g_test_run ();
}

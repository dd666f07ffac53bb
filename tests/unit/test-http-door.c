/* Connections that are too many, bodies and queries that are too large, clients that stay too long.
 * libcurl and plain sockets are the clients, in a thread of their own. */
#include "http/http-door.h"
#include <string.h>

#define BODY_MOST 1000

typedef struct {
  HttpDoor *door;
  guint16 port;
  guint received, too_large, refused;
  const char *request; /* what the client sends */
  guint clients;
  gint64 stays; /* microseconds until the server has ended the connection */
  char *answers[4];
  gboolean ended; /* atomic */
} Fixture;

static void
did_receive (SoupServer *soup, SoupServerMessage *message, const char *path, GHashTable *query,
             gpointer data)
{
  Fixture *self = data;
  g_autoptr (GBytes) bytes = g_bytes_new_static ("hello", 5);

  self->received++;
  self->too_large += http_door_is_too_large (message);
  http_door_answer (message, SOUP_STATUS_OK, "text/plain", bytes);
}

static void
open_door (Fixture *self, HttpDoorOptions options)
{
  g_autoptr (GError) error = NULL;

  options.name = "http";
  options.received = did_receive;
  options.data = self;
  options.idle_seconds = 5;
  self->door = http_door_new (&options);
  http_door_listen (self->door, "127.0.0.1:0", &error);
  g_assert_no_error (error);
  self->port = http_door_port (self->door);
}

/* Connects all, sends the request on the last, and reads each to its end. */
static gpointer
run_clients (gpointer data)
{
  Fixture *self = data;
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  GSocketConnection *connections[4];
  const gint64 begun = g_get_monotonic_time ();

  for (guint i = 0; i < self->clients; i++) {
    connections[i] = g_socket_client_connect_to_host (client, "127.0.0.1", self->port, NULL, NULL);
    g_usleep (50000);
  }
  for (guint i = 0; i < self->clients; i++) {
    GOutputStream *output = g_io_stream_get_output_stream (G_IO_STREAM (connections[i]));
    GInputStream *input = g_io_stream_get_input_stream (G_IO_STREAM (connections[i]));
    g_autofree char *answer = g_malloc0 (4096);
    gsize length = 0;
    if (self->request != NULL)
      g_output_stream_write_all (output, self->request, strlen (self->request), NULL, NULL, NULL);
    g_input_stream_read_all (input, answer, 4095, &length, NULL, NULL);
    self->answers[i] = g_strndup (answer, length);
  }
  self->stays = g_get_monotonic_time () - begun;
  for (guint i = 0; i < self->clients; i++)
    g_object_unref (connections[i]);
  g_atomic_int_set (&self->ended, TRUE);
  g_main_context_wakeup (NULL);
  return NULL;
}

static void
serve (Fixture *self)
{
  GThread *thread = g_thread_new ("client", run_clients, self);

  while (!g_atomic_int_get (&self->ended))
    g_main_context_iteration (NULL, TRUE);
  g_thread_join (thread);
  http_door_free (self->door);
}

static void
clear (Fixture *self)
{
  for (guint i = 0; i < G_N_ELEMENTS (self->answers); i++)
    g_free (self->answers[i]);
}

static void
test_answer (void)
{
  Fixture self = { .clients = 1, .request = "GET /x HTTP/1.1\r\nHost: a\r\n\r\n" };

  open_door (&self, (HttpDoorOptions) { .connections_most = 4, .lifetime_seconds = 5 });
  serve (&self);
  g_assert_true (g_str_has_prefix (self.answers[0], "HTTP/1.1 200 OK\r\n"));
  g_assert_nonnull (strstr (self.answers[0], "Connection: close"));
  g_assert_nonnull (strstr (self.answers[0], "X-Content-Type-Options: nosniff"));
  g_assert_true (g_str_has_suffix (self.answers[0], "\r\n\r\nhello"));
  clear (&self);
}

static void
test_body (void)
{
  g_autofree char *body = g_strnfill (BODY_MOST + 1, 'x');
  g_autofree char *large = g_strdup_printf (
      "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n%s", BODY_MOST + 1, body);
  g_autofree char *fits = g_strdup_printf (
      "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n%s", BODY_MOST, body + 1);
  Fixture self = { .clients = 1, .request = large }, other = { .clients = 1, .request = fits };
  const HttpDoorOptions options
      = { .connections_most = 4, .lifetime_seconds = 5, .body_most = BODY_MOST };

  open_door (&self, options);
  serve (&self);
  g_assert_cmpuint (self.too_large, ==, 1);
  open_door (&other, options);
  serve (&other);
  g_assert_cmpuint (other.received, ==, 1);
  g_assert_cmpuint (other.too_large, ==, 0);
  clear (&self);
  clear (&other);
}

static void
test_query (void)
{
  g_autofree char *query = g_strnfill (5000, 'q');
  g_autofree char *request = g_strdup_printf ("GET /?%s HTTP/1.1\r\nHost: a\r\n\r\n", query);
  Fixture self = { .clients = 1, .request = request };

  open_door (&self, (HttpDoorOptions) { .connections_most = 4, .lifetime_seconds = 5 });
  serve (&self);
  g_assert_true (g_str_has_prefix (self.answers[0], "HTTP/1.1 414 "));
  g_assert_cmpuint (self.received, ==, 0);
  clear (&self);
}

static void
test_most (void)
{
  Fixture self = { .clients = 3, .request = "GET / HTTP/1.1\r\nHost: a\r\n\r\n" };

  open_door (&self, (HttpDoorOptions) { .connections_most = 2, .lifetime_seconds = 5 });
  serve (&self);
  g_assert_cmpuint (self.received, ==, 2);
  g_assert_cmpstr (self.answers[2], ==, "");
  clear (&self);
}

/* Whoever fills the door from elsewhere leaves some places to this machine. */
static void
test_local (void)
{
  Fixture self = { .clients = 4, .request = "GET / HTTP/1.1\r\nHost: a\r\n\r\n" };

  open_door (
      &self,
      (HttpDoorOptions) { .connections_most = 2, .connections_local = 1, .lifetime_seconds = 5 });
  serve (&self);
  g_assert_cmpuint (self.received, ==, 3);
  g_assert_cmpstr (self.answers[3], ==, "");
  clear (&self);
}

static gboolean
refuse (GInetAddress *peer, gpointer data)
{
  ((Fixture *)data)->refused++;
  return TRUE;
}

static void
test_refused (void)
{
  Fixture self = { .clients = 1, .request = "GET / HTTP/1.1\r\nHost: a\r\n\r\n" };

  open_door (&self,
             (HttpDoorOptions) { .connections_most = 2, .lifetime_seconds = 5, .refuses = refuse });
  serve (&self);
  g_assert_cmpuint (self.refused, ==, 1);
  g_assert_cmpuint (self.received, ==, 0);
  clear (&self);
}

/* One that says nothing, and one whose request never ends. */
static void
test_lifetime (void)
{
  static const char *const requests[] = { NULL, "GET / HTTP/1.1\r\nHost: a\r\nX: " };

  for (guint i = 0; i < G_N_ELEMENTS (requests); i++) {
    Fixture self = { .clients = 1, .request = requests[i] };
    open_door (&self, (HttpDoorOptions) { .connections_most = 2, .lifetime_seconds = 1 });
    serve (&self);
    g_assert_cmpint (self.stays, <, 3 * G_USEC_PER_SEC); /* less than the idle time */
    g_assert_cmpuint (self.received, ==, 0);
    clear (&self);
  }
}

static void
test_update (void)
{
  Fixture self = { 0 };
  char *none[] = { NULL }, *wrong[] = { (char *)"nonsense", NULL };
  g_autoptr (GError) error = NULL;

  open_door (&self, (HttpDoorOptions) { .connections_most = 2, .lifetime_seconds = 5 });
  g_assert_true (http_door_update (self.door, none, &error));
  g_assert_no_error (error);
  g_assert_false (http_door_update (self.door, wrong, &error));
  g_assert_nonnull (error);
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_assert_null (g_socket_client_connect_to_host (client, "127.0.0.1", self.port, NULL, NULL));
  http_door_free (self.door);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/http-door/answer", test_answer);
  g_test_add_func ("/http-door/body", test_body);
  g_test_add_func ("/http-door/query", test_query);
  g_test_add_func ("/http-door/most", test_most);
  g_test_add_func ("/http-door/local", test_local);
  g_test_add_func ("/http-door/refused", test_refused);
  g_test_add_func ("/http-door/lifetime", test_lifetime);
  g_test_add_func ("/http-door/update", test_update);
  return g_test_run ();
}

/* A client that does not read: what waits is bounded, and what it has missed is told. */
#include "admin/event-listener.h"
#include <string.h>

static void
did_end (EventListener *listener, gpointer data)
{
  ((guint *)data)[0]++;
}

static Listening *
listening_new (void)
{
  Listening *listening = g_new0 (Listening, 1);

  listening->caller = caller_new_token ("127.0.0.1");
  listening->topics = TOPICS_ALL;
  return listening;
}

static void
spin (guint rounds)
{
  for (guint i = 0; i < rounds; i++)
    g_main_context_iteration (NULL, FALSE);
}

/* Both ends of a connection on loopback. */
static GSocketConnection *
make_pair (GSocketConnection **client)
{
  g_autoptr (GSocketListener) listener = g_socket_listener_new ();
  const guint16 port = g_socket_listener_add_any_inet_port (listener, NULL, NULL);
  g_autoptr (GSocketClient) maker = g_socket_client_new ();

  *client = g_socket_client_connect_to_host (maker, "127.0.0.1", port, NULL, NULL);
  return g_socket_listener_accept (listener, NULL, NULL, NULL);
}

static void
test_slow (void)
{
  GSocketConnection *client = NULL, *server = make_pair (&client);
  guint ends = 0;
  EventListener *listener
      = event_listener_new (G_IO_STREAM (server), listening_new (), did_end, &ends);
  g_autofree char *long_text = g_strnfill (4000, 'x');
  json_t *data = json_pack ("{s:s}", "text", long_text);
  g_autoptr (GString) got = g_string_new (NULL);
  char bytes[65536];

  for (guint i = 0; i < 5000; i++) { /* 20 MB: more than any socket takes */
    event_listener_send (listener, "log", data);
    if (i % 100 == 0)
      spin (5);
  }
  g_assert_false (event_listener_is_stuck (listener)); /* it has a minute */
  g_socket_set_blocking (g_socket_connection_get_socket (client), FALSE);
  for (guint idle = 0; idle < 200 && strstr (got->str, "event: overflow") == NULL;) {
    gssize length = g_socket_receive (g_socket_connection_get_socket (client), bytes, sizeof bytes,
                                      NULL, NULL);
    spin (5);
    if (length > 0)
      g_string_append_len (got, bytes, length);
    else {
      idle++;
      g_usleep (5000);
    }
  }
  g_assert_true (g_str_has_prefix (got->str, "HTTP/1.1 200 OK\r\n"));
  g_assert_nonnull (strstr (got->str, "event: overflow\n"));
  g_assert_cmpuint (got->len, <, 10 * 1024 * 1024);
  g_assert_cmpuint (ends, ==, 0);

  g_io_stream_close (G_IO_STREAM (client), NULL, NULL);
  for (guint i = 0; i < 200 && ends == 0; i++) {
    g_usleep (5000);
    spin (5);
  }
  g_assert_cmpuint (ends, >, 0);
  event_listener_free (listener);
  spin (50);
  json_decref (data);
  g_object_unref (client);
}

static void
test_end (void)
{
  GSocketConnection *client = NULL, *server = make_pair (&client);
  guint ends = 0;
  EventListener *listener
      = event_listener_new (G_IO_STREAM (server), listening_new (), did_end, &ends);
  char bytes[4096];
  gssize length;

  event_listener_end (listener, "Enough.");
  event_listener_send (listener, "log", NULL); /* too late */
  for (guint i = 0; i < 200 && ends == 0; i++) {
    spin (5);
    g_usleep (1000);
  }
  g_assert_cmpuint (ends, ==, 1);
  event_listener_free (listener);
  spin (50);
  length = g_socket_receive (g_socket_connection_get_socket (client), bytes, sizeof bytes - 1, NULL,
                             NULL);
  g_assert_cmpint (length, >, 0);
  bytes[length] = '\0';
  g_assert_true (g_str_has_suffix (bytes, "event: end\nid: 1\ndata: {\"error\":\"Enough.\"}\n\n"));
  g_object_unref (client);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/event-listener/slow", test_slow);
  g_test_add_func ("/event-listener/end", test_end);
  return g_test_run ();
}

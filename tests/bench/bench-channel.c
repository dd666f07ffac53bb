/* What a channel costs: CPU of the I/O threads for one connection with six commands, and memory of
 * an idle TLS 1.3 connection.
 *   bench-channel exchange [CONNECTIONS]      bench-channel idle [CONNECTIONS] */
#include "tests/unit/net-fixture.h"
#include "daemon/settings.h"
#include "tests/system/process.h"
#include <stdlib.h>

enum { COMMANDS = 6, CLIENT_THREADS = 20 };

static gsize
received (Channel *channel, const guint8 *bytes, gsize length, gpointer data)
{
  const guint8 *end = memchr (bytes, '\n', length);

  if (end == NULL)
    return 0;
  channel_print (channel, "250 2.1.0 Fine %u\r\n", (guint)(end - bytes));
  if (bytes[0] == 'Q')
    channel_close (channel);
  return end - bytes + 1;
}

static void
closed (Channel *channel, const GError *reason, gpointer data)
{
  g_atomic_int_inc (&net.closed);
}

static const ChannelEvents events = { .received = received, .closed = closed };

static void
accepted (Channel *channel, gpointer data)
{
  channel_set_events (channel, &events, NULL);
  channel_set_idle_timeout (channel, 1800);
  channel_print (channel, "220 mail.example.com ready\r\n");
  g_atomic_int_inc (&net.open);
}

static gdouble cpu_seconds;
static gint cpu_answers;

static void
add_cpu (gpointer data)
{
  cpu_seconds += process_thread_seconds ();
  g_atomic_int_inc (&cpu_answers);
}

/* One thread after the other, so that the sum needs no lock. */
static gdouble
thread_cpu (void)
{
  cpu_seconds = 0;
  for (guint i = 0; i < NET_THREADS; i++) {
    gint before = g_atomic_int_get (&cpu_answers);
    io_thread_invoke (net.threads[i], add_cpu, NULL);
    net_wait_for (&cpu_answers, before + 1);
  }
  return cpu_seconds;
}

static gpointer
exchange (gpointer data)
{
  char buffer[256];

  for (guint left = GPOINTER_TO_UINT (data); left > 0; left--) {
    g_autoptr (GSocket) client = net_connect ();
    g_socket_receive (client, buffer, sizeof buffer, NULL, NULL);
    for (guint i = 0; i < COMMANDS; i++) {
      net_send (client, i == COMMANDS - 1 ? "QUIT\r\n" : "RCPT TO:<someone@example.com>\r\n",
                i == COMMANDS - 1 ? 6 : 31);
      g_socket_receive (client, buffer, sizeof buffer, NULL, NULL);
    }
  }
  return NULL;
}

static void
bench_exchange (guint connections)
{
  GThread *clients[CLIENT_THREADS];
  gdouble before = thread_cpu ();
  gint64 start = g_get_monotonic_time ();

  for (guint i = 0; i < CLIENT_THREADS; i++)
    clients[i] = g_thread_new ("client", exchange, GUINT_TO_POINTER (connections / CLIENT_THREADS));
  for (guint i = 0; i < CLIENT_THREADS; i++)
    g_thread_join (clients[i]);
  gdouble wall = (g_get_monotonic_time () - start) / 1e6;
  gdouble cpu = thread_cpu () - before;
  g_print ("%u connections of %d commands: %.0f connections/s, server %.4f ms CPU each\n",
           connections, COMMANDS, connections / wall, cpu * 1e3 / connections);
}

/* The other side, in a process of its own: connects COUNT times, then waits for its input's end. */
static int
run_clients (guint16 port, guint count)
{
  g_autoptr (GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) address = g_inet_socket_address_new (loopback, port);
  char buffer[256];

  for (guint i = 0; i < count; i++) {
    GSocket *client
        = g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, NULL);
    g_assert_true (g_socket_connect (client, address, NULL, NULL));
    SSL *ssl = net_tls (client, "mail.example.com", TLS1_3_VERSION);
    g_assert_nonnull (ssl);
    g_assert_cmpint (net_tls_read (ssl, buffer, sizeof buffer), >, 0);
    for (guint k = 0; k < 3; k++) { /* some talk first, as before a real IDLE */
      SSL_write (ssl, "a1 NOOP\r\n", 9);
      g_assert_cmpint (net_tls_read (ssl, buffer, sizeof buffer), >, 0);
    }
  }
  g_print ("ready\n");
  return getchar () == EOF ? 0 : 1;
}

static void
bench_idle (const char *program, guint connections)
{
  g_autofree char *port = g_strdup_printf ("%u", listener_port (net.listener));
  g_autofree char *count = g_strdup_printf ("%u", connections);
  g_autoptr (GSubprocess) clients = NULL;
  char line[16];

  gdouble before = process_memory ();
  clients = g_subprocess_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE, NULL,
                              program, "clients", port, count, NULL);
  g_input_stream_read (g_subprocess_get_stdout_pipe (clients), line, sizeof line, NULL, NULL);
  g_usleep (500000);
  gdouble after = process_memory ();
  g_print ("%d idle TLS 1.3 connections: %.1f KiB each (PSS %.0f to %.0f KiB)\n", net.open,
           (after - before) / net.open, before, after);
  g_output_stream_close (g_subprocess_get_stdin_pipe (clients), NULL, NULL);
  g_subprocess_wait (clients, NULL, NULL);
}

int
main (int argc, char **argv)
{
  ListenerService service = { "bench", NULL, FALSE, accepted, NULL, NULL };
  gboolean is_idle = argc > 1 && g_str_equal (argv[1], "idle");
  guint connections = argc > 2 ? atoi (argv[2]) : 2000;

  process_lift_handle_limit ();
  if (argc > 3 && g_str_equal (argv[1], "clients"))
    return run_clients (atoi (argv[2]), atoi (argv[3]));
  setting_set (SETTING_CONNECTIONS_MAX, "10000", NULL);
  net_start_threads ();
  net_load_tls ();
  service.tls = net.tls;
  service.implicit_tls = is_idle;
  net_listen (&service);
  if (is_idle)
    bench_idle (argv[0], connections);
  else
    bench_exchange (connections);
  net_stop ();
  return 0;
}

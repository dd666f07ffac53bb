/* Channels over loopback: order, backpressure, pauses, timeouts, STARTTLS, the end. */
#include "tests/unit/net-fixture.h"
#include "daemon/settings.h"
#include "tests/system/process.h"

typedef struct {
  Channel *channel;
  gsize flood_left; /* bytes that "flood" still has to send */
  gboolean held; /* "later" waits for its answer */
  gsize peak; /* most bytes that waited at once */
} Session;

static gint max_length; /* atomic; longest LENGTH that `received` saw */

static void
flood (Session *self)
{
  static const char block[8192] = { 'x' };

  while (self->flood_left > 0 && !channel_is_full (self->channel)) {
    g_autoptr (GBytes) bytes = g_bytes_new_static (block, sizeof block);
    channel_write_bytes (self->channel, bytes);
    self->flood_left -= sizeof block;
  }
}

static gboolean
answer_later (gpointer data)
{
  Session *self = data;

  channel_print (self->channel, "later\n");
  channel_resume (self->channel);
  return G_SOURCE_REMOVE;
}

static void
start_later (Session *self)
{
  g_autoptr (GSource) source = g_timeout_source_new (50);

  channel_pause (self->channel);
  g_source_set_callback (source, answer_later, self, NULL);
  g_source_attach (source, io_thread_context (channel_thread (self->channel)));
}

static void
run_line (Session *self, const char *line)
{
  Channel *channel = self->channel;

  if (g_str_equal (line, "starttls")) {
    channel_print (channel, "go\n");
    channel_start_tls (channel, net.tls);
  } else if (g_str_equal (line, "later")) {
    start_later (self);
  } else if (g_str_equal (line, "flood")) {
    self->flood_left = 4 * 1024 * 1024;
    flood (self);
  } else if (g_str_equal (line, "quit")) {
    channel_print (channel, "bye\n");
    channel_close (channel);
  } else if (g_str_equal (line, "abort")) {
    channel_abort (channel);
  } else if (g_str_equal (line, "idle")) {
    channel_set_idle_timeout (channel, 1);
  } else if (g_str_equal (line, "total")) {
    channel_set_total_timeout (channel, 2);
  } else {
    channel_print (channel, "%s", line);
    channel_print (channel, "\n");
  }
}

static gsize
received (Channel *channel, const guint8 *bytes, gsize length, gpointer data)
{
  const guint8 *end = memchr (bytes, '\n', length);

  g_atomic_int_set (&max_length, MAX (g_atomic_int_get (&max_length), (gint)length));
  if (end == NULL)
    return 0;
  g_autofree char *line = g_strndup ((const char *)bytes, end - bytes);
  run_line (data, line);
  return end - bytes + 1;
}

static void
drained (Channel *channel, gpointer data)
{
  g_atomic_int_inc (&net.drained);
  flood (data);
}

static void
secured (Channel *channel, gpointer data)
{
  guint8 binding[32];

  g_assert_true (channel_is_secure (channel));
  g_assert_cmpint (channel_tls_bits (channel), >=, 128);
  g_assert_nonnull (channel_tls_cipher (channel));
  gboolean is_13 = g_strcmp0 (channel_tls_protocol (channel), "TLSv1.3") == 0;
  g_assert_cmpint (channel_tls_exporter (channel, binding), ==, is_13);
  g_atomic_int_inc (&net.secured);
}

static void
timed_out (Channel *channel, gpointer data)
{
  g_atomic_int_inc (&net.timeouts);
  channel_print (channel, "timeout\n");
  channel_close (channel);
}

static void
closed (Channel *channel, const GError *reason, gpointer data)
{
  Session *self = data;

  g_assert_false (channel_is_open (channel));
  channel_write (channel, "x", 1); /* dropped silently */
  if (reason != NULL)
    g_atomic_int_inc (&net.failed);
  g_atomic_int_inc (&net.closed);
  channel_unref (channel);
  g_free (self);
}

static const ChannelEvents events = { received, drained, secured, timed_out, closed };

static void
accepted (Channel *channel, gpointer data)
{
  Session *self = g_new0 (Session, 1);

  self->channel = channel_ref (channel);
  g_assert_true (channel_peer_is_loopback (channel));
  g_assert_cmpstr (channel_peer_text (channel), ==, "127.0.0.1");
  g_assert_cmpint (channel_local_port (channel), ==, listener_port (net.listener));
  g_assert_cmpint (strlen (channel_id (channel)), ==, 6);
  channel_set_events (channel, &events, self);
  channel_print (channel, "hello\n");
  g_atomic_int_inc (&net.open);
}

static void
set_up (gboolean implicit_tls)
{
  ListenerService service = { "test", NULL, implicit_tls, accepted, "busy\n", NULL };

  net_start_threads ();
  net_load_tls ();
  service.tls = net.tls;
  net_listen (&service);
}

static void
set_default (Setting setting)
{
  g_autoptr (GError) error = NULL;

  setting_set (setting, setting_info (setting)->default_text, &error);
  g_assert_no_error (error);
}

static void
tear_down (void)
{
  net_stop ();
}

static void
test_echo (void)
{
  set_up (FALSE);
  GSocket *clients[200];

  for (guint i = 0; i < G_N_ELEMENTS (clients); i++)
    clients[i] = net_connect ();
  for (guint i = 0; i < G_N_ELEMENTS (clients); i++) {
    net_expect (clients[i], "hello\n");
    net_send (clients[i], "one\ntwo\nthr", 11);
  }
  for (guint i = 0; i < G_N_ELEMENTS (clients); i++) {
    net_expect (clients[i], "one\ntwo\n");
    net_send (clients[i], "ee\nquit\nignored\n", 16);
    net_expect (clients[i], "three\nbye\n");
    net_expect_end (clients[i]);
    g_object_unref (clients[i]);
  }
  net_wait_for (&net.closed, G_N_ELEMENTS (clients));
  g_assert_cmpint (net.failed, ==, 0);
  tear_down ();
}

/* The peer ends first, with and without unanswered input. */
static void
test_half_close (void)
{
  set_up (FALSE);
  g_autoptr (GSocket) client = net_connect ();

  net_send (client, "later\nlast\npart", 15);
  g_socket_shutdown (client, FALSE, TRUE, NULL);
  net_expect (client, "hello\nlater\nlast\n");
  net_expect_end (client);
  net_wait_for (&net.closed, 1);
  g_assert_cmpint (net.failed, ==, 0);
  tear_down ();
}

static void
test_pause (void)
{
  set_up (FALSE);
  g_autoptr (GSocket) client = net_connect ();

  net_send (client, "later\na\nlater\nb\n", 16);
  net_expect (client, "hello\nlater\na\nlater\nb\n");
  tear_down ();
}

/* A line longer than the input limit ends the connection, and never was more than that buffered. */
static void
test_input_limit (void)
{
  set_up (FALSE);
  g_autoptr (GSocket) client = net_connect ();
  g_autofree char *line = g_strnfill (8191, 'a');

  g_atomic_int_set (&max_length, 0);
  net_expect (client, "hello\n");
  net_send (client, line, 8191);
  net_send (client, "\n", 1);
  net_expect (client, line);
  net_send (client, line, 8191);
  net_send (client, "aaa", 3);
  net_wait_for (&net.closed, 1);
  g_assert_cmpint (net.failed, ==, 1);
  g_assert_cmpint (g_atomic_int_get (&max_length), <=, 8192);
  tear_down ();
}

static void
test_backpressure (void)
{
  const gsize total = 4 * 1024 * 1024;
  gsize got;

  set_up (FALSE);
  g_autoptr (GSocket) client = net_connect ();
  net_expect (client, "hello\n");
  net_send (client, "flood\n", 6);
  g_usleep (200000);
  /* Nobody reads: what waits stays near the mark. */
  g_assert_false (limits_are_over (net.limits));
  g_autofree char *text = net_receive (client, total, &got);
  g_assert_cmpuint (got, ==, total);
  g_assert_cmpint (g_atomic_int_get (&net.drained), >, 0);
  tear_down ();
}

static void
test_timeouts (void)
{
  static const char *const lines[] = { "idle\n", "total\n" };

  set_up (FALSE);
  for (guint i = 0; i < G_N_ELEMENTS (lines); i++) {
    g_autoptr (GSocket) client = net_connect ();
    net_expect (client, "hello\n");
    net_send (client, lines[i], strlen (lines[i]));
    for (guint k = 0; k < 2 && i == 1; k++) { /* a byte now and then does not help */
      g_usleep (700000);
      net_send (client, "x", 1);
    }
    net_expect (client, "timeout\n");
    net_expect_end (client);
  }
  net_wait_for (&net.timeouts, 2);
  tear_down ();
}

static void
test_abort (void)
{
  set_up (FALSE);
  g_autoptr (GSocket) client = net_connect ();
  g_autoptr (GError) error = NULL;
  char byte;

  net_expect (client, "hello\n");
  net_send (client, "abort\n", 6);
  g_assert_cmpint (g_socket_receive (client, &byte, 1, NULL, NULL), <=, 0);
  /* After an orderly end one more write would be taken. (Wine shows the reset to writers only.) */
  g_assert_cmpint (g_socket_send (client, "x", 1, NULL, &error), ==, -1);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED);
  net_wait_for (&net.closed, 1);
  tear_down ();
}

/* Threads end while clients are connected and silent. */
static void
test_shutdown (void)
{
  set_up (FALSE);
  g_autoptr (GSocket) one = net_connect ();
  g_autoptr (GSocket) two = net_connect ();

  net_expect (one, "hello\n");
  net_expect (two, "hello\n");
  tear_down ();
}

static void
expect_tls (SSL *ssl, const char *wanted)
{
  char text[100] = "";
  gsize have = 0;

  while (have < strlen (wanted)) {
    int count = net_tls_read (ssl, text + have, strlen (wanted) - have);
    g_assert_cmpint (count, >, 0);
    have += count;
  }
  g_assert_cmpstr (text, ==, wanted);
}

static void
talk_tls (SSL *ssl)
{
  SSL_write (ssl, "one\ntwo\n", 8);
  expect_tls (ssl, "one\ntwo\n");
  SSL_write (ssl, "later\nmore\nquit\n", 16);
  expect_tls (ssl, "later\nmore\nbye\n");
  char byte;
  g_assert_cmpint (net_tls_read (ssl, &byte, 1), ==, 0);
  g_assert_cmpint (SSL_get_shutdown (ssl) & SSL_RECEIVED_SHUTDOWN, !=, 0);
}

static void
test_implicit_tls (gconstpointer version)
{
  set_up (TRUE);
  g_autoptr (GSocket) client = net_connect ();
  SSL *ssl = net_tls (client, NULL, GPOINTER_TO_INT (version));

  g_assert_nonnull (ssl);
  expect_tls (ssl, "hello\n");
  talk_tls (ssl);
  SSL_free (ssl);
  g_clear_object (&client); /* for which the server would wait some seconds */
  net_wait_for (&net.closed, 1);
  tear_down ();
}

static void
test_tls_flood (void)
{
  enum { TOTAL = 4 * 1024 * 1024 };
  gsize got = 0;
  char buffer[32768];

  set_up (TRUE);
  g_autoptr (GSocket) client = net_connect ();
  SSL *ssl = net_tls (client, "mail.example.com", TLS1_3_VERSION);
  expect_tls (ssl, "hello\n");
  SSL_write (ssl, "flood\n", 6);
  while (got < TOTAL) {
    int count = net_tls_read (ssl, buffer, sizeof buffer);
    g_assert_cmpint (count, >, 0);
    got += count;
  }
  g_assert_cmpint (g_atomic_int_get (&net.drained), >, 0);
  SSL_free (ssl);
  tear_down ();
}

/* Many TLS sessions at once. */
static void
test_tls_many (void)
{
  enum { SESSIONS = 1000 };
  GSocket *clients[SESSIONS];
  SSL *sessions[SESSIONS];

  process_lift_handle_limit ();
  set_up (TRUE);
  setting_set (SETTING_CONNECTIONS_MAX, "10000", NULL);
  for (guint i = 0; i < SESSIONS; i++) {
    clients[i] = net_connect ();
    sessions[i] = net_tls (clients[i], "mail.example.com", TLS1_3_VERSION);
    g_assert_nonnull (sessions[i]);
    expect_tls (sessions[i], "hello\n");
  }
  g_assert_cmpint (g_atomic_int_get (&net.open), ==, SESSIONS);
  for (guint i = 0; i < SESSIONS; i++)
    SSL_write (sessions[i], "one\ntwo\n", 8);
  for (guint i = 0; i < SESSIONS; i++)
    expect_tls (sessions[i], "one\ntwo\n");
  for (guint i = 0; i < SESSIONS; i++)
    SSL_write (sessions[i], "quit\n", 5);
  for (guint i = 0; i < SESSIONS; i++) {
    expect_tls (sessions[i], "bye\n");
    SSL_free (sessions[i]);
    g_object_unref (clients[i]);
  }
  net_wait_for (&net.closed, SESSIONS);
  g_assert_cmpint (net.failed, ==, 0);
  set_default (SETTING_CONNECTIONS_MAX);
  tear_down ();
}

/* RFC 3207 §4.2: what an attacker puts before the handshake is never run. */
static void
test_starttls_injection (void)
{
  set_up (FALSE);
  g_autoptr (GSocket) client = net_connect ();

  net_expect (client, "hello\n");
  net_send (client, "starttls\ninjected\n", 18);
  net_expect (client, "go\n");
  SSL *ssl = net_tls (client, NULL, TLS1_3_VERSION);
  g_assert_nonnull (ssl);
  talk_tls (ssl);
  SSL_free (ssl);
  net_wait_for (&net.secured, 1);
  tear_down ();
}

static void
test_starttls_garbage (void)
{
  set_up (FALSE);
  g_autoptr (GSocket) client = net_connect ();

  net_expect (client, "hello\n");
  net_send (client, "starttls\n", 9);
  net_expect (client, "go\n");
  net_send (client, "EHLO no handshake at all\r\n", 26);
  g_free (net_receive (client, 1000, NULL)); /* perhaps an alert, and the end */
  g_clear_object (&client); /* for which the server would wait some seconds */
  net_wait_for (&net.closed, 1);
  g_assert_cmpint (net.failed, ==, 1);
  tear_down ();
}

static void
test_refusal (void)
{
  g_autoptr (GError) error = NULL;

  set_up (FALSE);
  setting_set (SETTING_CONNECTIONS_MAX, "10", &error);
  g_assert_no_error (error);
  GSocket *clients[10];
  for (guint i = 0; i < 10; i++) {
    clients[i] = net_connect ();
    net_expect (clients[i], "hello\n");
  }
  g_autoptr (GSocket) eleventh = net_connect ();
  net_expect (eleventh, "busy\n");
  net_expect_end (eleventh);
  for (guint i = 0; i < 10; i++)
    g_object_unref (clients[i]);
  net_wait_for (&net.closed, 10);
  g_autoptr (GSocket) next = net_connect ();
  net_expect (next, "hello\n");
  set_default (SETTING_CONNECTIONS_MAX);
  tear_down ();
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/channel/echo", test_echo);
  g_test_add_func ("/channel/half-close", test_half_close);
  g_test_add_func ("/channel/pause", test_pause);
  g_test_add_func ("/channel/input-limit", test_input_limit);
  g_test_add_func ("/channel/backpressure", test_backpressure);
  g_test_add_func ("/channel/timeouts", test_timeouts);
  g_test_add_func ("/channel/abort", test_abort);
  g_test_add_func ("/channel/shutdown", test_shutdown);
  g_test_add_data_func ("/channel/tls/1.2", GINT_TO_POINTER (TLS1_2_VERSION), test_implicit_tls);
  g_test_add_data_func ("/channel/tls/1.3", GINT_TO_POINTER (TLS1_3_VERSION), test_implicit_tls);
  g_test_add_func ("/channel/tls/flood", test_tls_flood);
  g_test_add_func ("/channel/tls/many", test_tls_many);
  g_test_add_func ("/channel/starttls/injection", test_starttls_injection);
  g_test_add_func ("/channel/starttls/garbage", test_starttls_garbage);
  g_test_add_func ("/channel/refusal", test_refusal);
  return g_test_run ();
}

/* The last message of a handshake, and what the client says right behind it, in one read that no
 * event of input has led to: it is answered all the same. */
#include "tests/unit/net-fixture.h"

/* Who has the word: the I/O thread waits while the client sends. */
enum { SHAKING, CLIENT_IS_READY, THREAD_WAITS, CLIENT_HAS_SENT };
static gint stage; /* atomic */

static void
wait_for_stage (gint wanted)
{
  net_wait_for (&stage, wanted);
}

/* Another event of the channel comes first: it is settled before its input is told. */
static gboolean
nudge (gpointer data)
{
  if (g_atomic_int_get (&stage) != CLIENT_IS_READY)
    return G_SOURCE_CONTINUE;
  g_atomic_int_set (&stage, THREAD_WAITS);
  wait_for_stage (CLIENT_HAS_SENT);
  channel_pause (data);
  channel_resume (data);
  return G_SOURCE_REMOVE;
}

static gsize
received (Channel *channel, const guint8 *bytes, gsize length, gpointer data)
{
  if (channel_is_secure (channel)) {
    channel_write (channel, bytes, length);
    return length;
  }
  g_autoptr (GSource) source = g_timeout_source_new (1);
  channel_print (channel, "go\n");
  channel_start_tls (channel, net.tls);
  g_source_set_callback (source, nudge, channel, NULL);
  g_source_attach (source, io_thread_context (channel_thread (channel)));
  return length;
}

static void
closed (Channel *channel, const GError *reason, gpointer data)
{
  g_atomic_int_inc (&net.closed);
  channel_unref (channel);
}

static const ChannelEvents events = { .received = received, .closed = closed };

static void
accepted (Channel *channel, gpointer data)
{
  channel_set_events (channel_ref (channel), &events, NULL);
  g_atomic_int_inc (&net.open);
}

static void
send_all (GSocket *client, BIO *output)
{
  char *bytes;
  long length = BIO_get_mem_data (output, &bytes);

  net_send (client, bytes, length);
  (void)BIO_reset (output);
}

/* The client's last message stays in OUTPUT. */
static SSL *
shake (GSocket *client, BIO *input, BIO *output)
{
  SSL *ssl = SSL_new (net_tls_client ());

  SSL_set_min_proto_version (ssl, TLS1_3_VERSION);
  SSL_set_bio (ssl, input, output);
  while (SSL_connect (ssl) != 1) {
    char bytes[4096];
    g_autoptr (GError) error = NULL;
    send_all (client, output);
    gssize count = g_socket_receive (client, bytes, sizeof bytes, NULL, &error);
    g_assert_no_error (error);
    BIO_write (input, bytes, count);
  }
  return ssl;
}

static void
expect (GSocket *client, SSL *ssl, BIO *input, const char *wanted)
{
  char bytes[4096], text[20] = "";

  while (SSL_read (ssl, text, sizeof text - 1) <= 0) {
    g_autoptr (GError) error = NULL;
    gssize count = g_socket_receive (client, bytes, sizeof bytes, NULL, &error);
    g_assert_no_error (error);
    g_assert_cmpint (count, >, 0);
    BIO_write (input, bytes, count);
  }
  g_assert_cmpstr (text, ==, wanted);
}

static void
test_behind_handshake (void)
{
  ListenerService service = { "test", NULL, FALSE, accepted, "busy\n", NULL };
  BIO *input = BIO_new (BIO_s_mem ()), *output = BIO_new (BIO_s_mem ());

  net_start_threads ();
  net_load_tls ();
  net_listen (&service);
  g_autoptr (GSocket) client = net_connect ();
  net_send (client, "starttls\n", 9);
  net_expect (client, "go\n");
  SSL *ssl = shake (client, input, output);
  SSL_write (ssl, "said at once", 12);
  g_atomic_int_set (&stage, CLIENT_IS_READY);
  wait_for_stage (THREAD_WAITS);
  send_all (client, output);
  g_usleep (50000); /* it has arrived */
  g_atomic_int_set (&stage, CLIENT_HAS_SENT);
  expect (client, ssl, input, "said at once");
  SSL_free (ssl);
  g_assert_true (g_socket_close (client, NULL));
  net_wait_for (&net.closed, 1);
  net_stop ();
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/channel-shake/behind-handshake", test_behind_handshake);
  return g_test_run ();
}

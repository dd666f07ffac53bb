/* TLS on bytes: records that arrive in any pieces, and nothing kept while idle. */
#include "tests/unit/net-fixture.h"
#include "daemon/net/channel-tls.h"

typedef struct {
  ChannelTls *tls;
  SSL *client;
  gsize step; /* bytes a pull gives */
  gboolean cut; /* the connection ends when nothing is left */
  guint8 lent[65536];
} Wire;

/* Pulls straight out of what the client wrote. */
static gssize
pull (const guint8 **bytes, gpointer data)
{
  Wire *wire = data;
  int count = BIO_read (SSL_get_wbio (wire->client), wire->lent, wire->step);

  *bytes = wire->lent;
  if (count > 0)
    return count;
  return wire->cut ? 0 : -1;
}

/* What the server has to say goes to the client; what it lent becomes invalid, as between events.
 */
static void
pass_on (Wire *wire)
{
  g_autoptr (GBytes) records = channel_tls_take_output (wire->tls);

  channel_tls_keep (wire->tls);
  memset (wire->lent, 0xff, sizeof wire->lent);
  g_assert_cmpuint (channel_tls_output_length (wire->tls), ==, 0);
  if (records != NULL)
    BIO_write (SSL_get_rbio (wire->client), g_bytes_get_data (records, NULL),
               g_bytes_get_size (records));
}

static void
start (Wire *wire, gsize step)
{
  SSL_CTX *context = SSL_CTX_new (TLS_client_method ());
  BIO *in = BIO_new (BIO_s_mem ());

  *wire = (Wire) { .step = step };
  wire->client = SSL_new (context);
  SSL_CTX_free (context);
  BIO_set_mem_eof_return (in, -1);
  SSL_set_bio (wire->client, in, BIO_new (BIO_s_mem ()));
  SSL_set_connect_state (wire->client);
  wire->tls = channel_tls_new (tls_contexts_accept (net.tls), pull, wire);
}

static gboolean
shake (Wire *wire)
{
  for (guint i = 0; i < 5000; i++) {
    g_autoptr (GError) error = NULL;
    gboolean is_client_done = SSL_do_handshake (wire->client) == 1;
    ChannelTlsResult result = channel_tls_handshake (wire->tls, &error);
    pass_on (wire);
    if (result == CHANNEL_TLS_DONE && is_client_done)
      return TRUE;
    if (result > CHANNEL_TLS_WAIT)
      return FALSE;
  }
  return FALSE;
}

static void
finish (Wire *wire)
{
  channel_tls_free (wire->tls);
  SSL_free (wire->client);
}

static const gsize steps[] = { 1, 5, 100, 1000, 65536 };

static void
test_pieces (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (steps); i++) {
    g_autofree Wire *wire = g_new (Wire, 1);
    g_autofree char *sent = g_strnfill (40000, 's');
    char got[40000];
    gsize have = 0, count;
    start (wire, steps[i]);
    g_assert_true (shake (wire));
    g_assert_cmpint (SSL_write (wire->client, sent, 40000), ==, 40000);
    while (have < sizeof got) {
      gsize room = MIN (3000, sizeof got - have);
      g_assert_cmpint (channel_tls_read (wire->tls, (guint8 *)got + have, room, &count, NULL), ==,
                       CHANNEL_TLS_DONE);
      have += count;
      pass_on (wire);
    }
    g_assert_cmpmem (got, have, sent, 40000);
    g_assert_cmpint (channel_tls_read (wire->tls, (guint8 *)got, 1, &count, NULL), ==,
                     CHANNEL_TLS_WAIT);
    g_assert_cmpuint (channel_tls_kept_length (wire->tls), ==, 0);
    finish (wire);
  }
}

static void
test_write (void)
{
  g_autofree Wire *wire = g_new (Wire, 1);
  char got[8];

  start (wire, 65536);
  g_assert_true (shake (wire));
  g_assert_cmpint (channel_tls_write (wire->tls, (const guint8 *)"hello", 5, NULL), ==,
                   CHANNEL_TLS_DONE);
  pass_on (wire);
  g_assert_cmpint (SSL_read (wire->client, got, sizeof got), ==, 5);
  g_assert_cmpmem (got, 5, "hello", 5);
  channel_tls_shutdown (wire->tls);
  pass_on (wire);
  g_assert_cmpint (SSL_read (wire->client, got, sizeof got), <=, 0);
  g_assert_cmpint (SSL_get_shutdown (wire->client), ==, SSL_RECEIVED_SHUTDOWN);
  finish (wire);
}

/* With close_notify and without, the end is an end. */
static void
test_ends (void)
{
  for (guint i = 0; i < 2; i++) {
    g_autofree Wire *wire = g_new (Wire, 1);
    guint8 byte;
    gsize count;
    start (wire, 65536);
    g_assert_true (shake (wire));
    if (i == 0)
      SSL_shutdown (wire->client);
    else
      wire->cut = TRUE;
    g_assert_cmpint (channel_tls_read (wire->tls, &byte, 1, &count, NULL), ==, CHANNEL_TLS_END);
    finish (wire);
  }
}

static void
test_garbage (void)
{
  g_autofree Wire *wire = g_new (Wire, 1);
  g_autoptr (GError) error = NULL;

  start (wire, 65536);
  BIO_write (SSL_get_wbio (wire->client), "GET / HTTP/1.0\r\n\r\n", 18);
  g_assert_cmpint (channel_tls_handshake (wire->tls, &error), ==, CHANNEL_TLS_FAILED);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED);
  finish (wire);
}

static void
test_damaged_record (void)
{
  g_autofree Wire *wire = g_new (Wire, 1);
  g_autoptr (GError) error = NULL;
  guint8 byte;
  gsize count;

  start (wire, 65536);
  g_assert_true (shake (wire));
  BIO_write (SSL_get_wbio (wire->client),
             "\x17\x03\x03\x00\x18"
             "abcdefghijklmnopqrstuvwx",
             29);
  g_assert_cmpint (channel_tls_read (wire->tls, &byte, 1, &count, &error), ==, CHANNEL_TLS_FAILED);
  g_assert_nonnull (error);
  g_assert_cmpuint (channel_tls_output_length (wire->tls), >, 0); /* the alert */
  finish (wire);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  net_load_tls ();
  g_test_add_func ("/channel-tls/pieces", test_pieces);
  g_test_add_func ("/channel-tls/write", test_write);
  g_test_add_func ("/channel-tls/ends", test_ends);
  g_test_add_func ("/channel-tls/garbage", test_garbage);
  g_test_add_func ("/channel-tls/damaged-record", test_damaged_record);
  int status = g_test_run ();
  tls_contexts_unref (net.tls);
  net_remove_folder (net.folder);
  g_free (net.folder);
  return status;
}

/* Whole sessions as a fuzzer's input: what a client sends from its first byte to its last. After
 * each the server must have let go of the connection. */
#pragma once
#include "tests/unit/accounts-fixture.h"
#include "tests/unit/net-fixture.h"
#include "metrics.h"

enum {
  SESSION_PATIENCE = 20, /* seconds until a connection counts as stuck */
  SESSIONS_A_STORE = 2000, /* then the server begins anew: the store must not grow for ever */
};

static GSocket *
session_connect (void)
{
  GSocket *client = net_connect ();

  g_socket_set_blocking (client, FALSE);
  return client;
}

/* TRUE while the server has not closed. */
static gboolean
session_hear (GSocket *client)
{
  char bytes[16384];
  gssize got;

  do
    got = g_socket_receive (client, bytes, sizeof bytes, NULL, NULL);
  while (got > 0);
  return got < 0;
}

static void
session_wait_for_end (void)
{
  gint64 until = g_get_monotonic_time () + SESSION_PATIENCE * G_USEC_PER_SEC;

  while (metric_get (METRIC_CONNECTIONS_OPEN) > 0) {
    g_assert_cmpint (g_get_monotonic_time (), <, until);
    g_usleep (100);
  }
}

/* Sends BYTES and hears what comes meanwhile, until all is sent and the server has nothing to say
 * for a moment or closes; then hangs up. */
static void
session_talk (const char *greeting, const guint8 *bytes, gsize length)
{
  g_autoptr (GSocket) client = session_connect ();
  g_autoptr (GByteArray) out = g_byte_array_new ();
  gsize sent = 0;
  gboolean open = TRUE;

  g_byte_array_append (out, (const guint8 *)greeting, strlen (greeting));
  g_byte_array_append (out, bytes, length);
  while (open && sent < out->len) {
    gssize taken
        = g_socket_send (client, (const char *)out->data + sent, out->len - sent, NULL, NULL);
    sent += MAX (taken, 0);
    if (taken <= 0)
      g_socket_condition_timed_wait (client, G_IO_IN | G_IO_OUT, 1000, NULL, NULL);
    open = session_hear (client);
  }
  if (open)
    g_socket_shutdown (client, FALSE, TRUE, NULL);
  for (guint i = 0; open && i < 100; i++) {
    g_socket_condition_timed_wait (client, G_IO_IN, 10000, NULL, NULL);
    open = session_hear (client);
  }
  g_socket_close (client, NULL);
  session_wait_for_end ();
}

static struct {
  Office office;
  Authenticator *authenticator;
} session;

static void
session_end (void)
{
  net_stop ();
  authenticator_free (session.authenticator);
  office_tear_down (&session.office, NULL);
}

/* Before each session; the server starts with the first and anew from time to time. SERVICE gets
 * the fixture's TLS; FILL makes its data from the fixture. */
static void
session_begin (ListenerService *service, void (*fill) (gpointer data))
{
  static guint count;

  if (count > 0 && count % SESSIONS_A_STORE == 0)
    session_end ();
  if (count++ % SESSIONS_A_STORE != 0)
    return;
  office_set_up (&session.office, NULL);
  net_start_threads ();
  net_load_tls ();
  session.authenticator = authenticator_new (session.office.store);
  service->tls = net.tls;
  fill (service->data);
  net_listen (service);
}

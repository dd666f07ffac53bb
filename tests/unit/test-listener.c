/* Listeners: addresses, the spread over the threads, refusals, and the end while clients come. */
#include "tests/unit/net-fixture.h"
#include "daemon/settings.h"

static gint per_thread[NET_THREADS];

static void
closed (Channel *channel, const GError *reason, gpointer data)
{
  g_atomic_int_inc (&net.closed);
}

static gsize
received (Channel *channel, const guint8 *bytes, gsize length, gpointer data)
{
  return length;
}

static const ChannelEvents events = { .received = received, .closed = closed };

static void
accepted (Channel *channel, gpointer data)
{
  for (guint i = 0; i < NET_THREADS; i++)
    if (channel_thread (channel) == net.threads[i])
      g_atomic_int_inc (&per_thread[i]);
  channel_set_events (channel, &events, NULL);
  g_atomic_int_inc (&net.open);
}

static const ListenerService service = { "test", NULL, FALSE, accepted, "busy\r\n", NULL };

static const struct {
  const char *name, *address;
  gboolean is_good;
} addresses[] = {
  { "v4", "127.0.0.1:0", TRUE },
  { "v6", "[::1]:0", TRUE },
  { "empty", "", FALSE },
  { "host-name", "localhost:0", FALSE },
  { "no-address", ":25", FALSE },
  { "port-too-big", "127.0.0.1:70000", FALSE },
  { "text-as-port", "127.0.0.1:smtp:x", FALSE },
  { "not-ours", "192.0.2.1:22025", FALSE },
};

static void
test_address (gconstpointer data)
{
  const guint i = GPOINTER_TO_UINT (data);
  g_autoptr (GError) error = NULL;

  net_start_threads ();
  net.listener
      = listener_new (addresses[i].address, &service, net.limits, net.threads, NET_THREADS, &error);
  g_assert_cmpint (net.listener != NULL, ==, addresses[i].is_good);
  g_assert_cmpint (error == NULL, ==, addresses[i].is_good);
  net_stop ();
}

static void
test_spread (void)
{
  GSocket *clients[40];

  per_thread[0] = per_thread[1] = 0;
  net_start_threads ();
  net_listen (&service);
  for (guint i = 0; i < G_N_ELEMENTS (clients); i++)
    clients[i] = net_connect ();
  net_wait_for (&net.open, G_N_ELEMENTS (clients));
  g_assert_cmpint (per_thread[0], ==, 20);
  g_assert_cmpint (per_thread[1], ==, 20);
  for (guint i = 0; i < G_N_ELEMENTS (clients); i++)
    g_object_unref (clients[i]);
  net_wait_for (&net.closed, G_N_ELEMENTS (clients));
  net_stop ();
}

/* Channels go on without their listener. */
static void
test_free_first (void)
{
  net_start_threads ();
  net_listen (&service);
  g_autoptr (GSocket) client = net_connect ();
  net_wait_for (&net.open, 1);
  g_clear_pointer (&net.listener, listener_free);
  net_send (client, "x", 1);
  g_usleep (100000);
  g_assert_cmpint (g_atomic_int_get (&net.closed), ==, 0);
  net_stop ();
  g_assert_cmpint (net.closed, ==, 1);
}

/* Connections that nobody has taken over yet when the listener goes are not lost or leaked. */
static void
test_free_in_a_rush (void)
{
  for (guint round = 0; round < 20; round++) {
    GSocket *clients[20];
    net_start_threads ();
    net_listen (&service);
    for (guint i = 0; i < G_N_ELEMENTS (clients); i++)
      clients[i] = net_connect ();
    net_stop ();
    for (guint i = 0; i < G_N_ELEMENTS (clients); i++)
      g_object_unref (clients[i]);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (addresses); i++) {
    g_autofree char *path = g_strconcat ("/listener/address/", addresses[i].name, NULL);
    g_test_add_data_func (path, GUINT_TO_POINTER (i), test_address);
  }
  g_test_add_func ("/listener/spread", test_spread);
  g_test_add_func ("/listener/free-first", test_free_first);
  g_test_add_func ("/listener/free-in-a-rush", test_free_in_a_rush);
  return g_test_run ();
}

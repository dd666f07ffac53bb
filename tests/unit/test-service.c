/* The service manager's part: signals become callbacks, sockets are found by their address. */
#include "platform/service.h"
#include <gio/gio.h>
#include <signal.h>
#include <unistd.h>

static guint stops, reloads;

static void
did_stop (gpointer data)
{
  stops++;
}

static void
did_reload (gpointer data)
{
  reloads++;
}

static void
iterate_until (const guint *counter)
{
  gint64 deadline = g_get_monotonic_time () + 5 * G_USEC_PER_SEC;

  while (*counter == 0 && g_get_monotonic_time () < deadline)
    g_main_context_iteration (NULL, FALSE);
}

static void
test_requests (void)
{
  static const ServiceRequests requests = { did_stop, did_reload };

  service_watch (&requests, NULL);
  raise (SIGHUP);
  iterate_until (&reloads);
  g_assert_cmpuint (reloads, ==, 1);
  g_assert_cmpuint (stops, ==, 0);
  raise (SIGTERM);
  iterate_until (&stops);
  g_assert_cmpuint (stops, ==, 1);
  service_unwatch ();
}

/* systemd puts sockets at 3 and up and says so in the environment (sd_listen_fds(3)). */
static void
test_sockets (void)
{
  if (!g_test_subprocess ()) {
    g_test_trap_subprocess (NULL, 0, 0);
    g_test_trap_assert_passed ();
    return;
  }
  g_autoptr (GSocket) socket
      = g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, NULL);
  g_autoptr (GSocketAddress) any = g_inet_socket_address_new_from_string ("127.0.0.1", 0);
  g_assert_true (g_socket_bind (socket, any, FALSE, NULL) && g_socket_listen (socket, NULL));
  g_autoptr (GSocketAddress) local = g_socket_get_local_address (socket, NULL);
  g_autofree char *address = g_socket_connectable_to_string (G_SOCKET_CONNECTABLE (local));
  g_autofree char *pid = g_strdup_printf ("%d", (int)getpid ());

  /* The harness may have 3 and 4 open: whatever they are, they are given away here. */
  g_assert_cmpint (dup2 (g_socket_get_fd (socket), 3), ==, 3);
  g_assert_cmpint (dup2 (g_socket_get_fd (socket), 4), ==, 4);
  g_setenv ("LISTEN_FDS", "2", TRUE);
  g_setenv ("LISTEN_PID", pid, TRUE);
  g_assert_cmpint (service_take_socket ("127.0.0.1:1"), ==, -1);
  g_assert_cmpint (service_take_socket ("nonsense"), ==, -1);
  g_assert_cmpint (service_take_socket (address), ==, 3);
  g_assert_cmpuint (service_close_sockets (), ==, 1);
  g_assert_cmpint (service_take_socket (address), ==, -1);
}

static int
return_count (int argc, char **argv)
{
  return argc;
}

static void
test_run (void)
{
  g_assert_cmpint (service_run (7, NULL, return_count), ==, 7);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/service/requests", test_requests);
  g_test_add_func ("/service/sockets", test_sockets);
  g_test_add_func ("/service/run", test_run);
  return g_test_run ();
}

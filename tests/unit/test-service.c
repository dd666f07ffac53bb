/* The service manager's part: signals become callbacks, sockets are found by their address. */
#include "platform/service.h"
#include <gio/gio.h>
#include "service-fixture.h"

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

static const ServiceRequests requests = { did_stop, did_reload };

static void
test_requests (void)
{
  stops = reloads = 0;
  service_watch (&requests, NULL);
  ask_reload ();
  g_assert_cmpuint (reloads, ==, 0); /* never inside the call */
  iterate_until (&reloads);
  g_assert_cmpuint (reloads, ==, 1);
  g_assert_cmpuint (stops, ==, 0);
  ask_stop ();
  iterate_until (&stops);
  g_assert_cmpuint (stops, ==, 1);
  service_unwatch ();
}

/* Asked from another thread while nobody iterates: the callback still comes in the main thread. */
static gpointer
ask_from_thread (gpointer data)
{
  service_ask_stop ();
  return NULL;
}

static void
test_ask_stop (void)
{
  stops = 0;
  service_watch (&requests, NULL);
  g_thread_join (g_thread_new ("asks", ask_from_thread, NULL));
  g_assert_cmpuint (stops, ==, 0);
  iterate_until (&stops);
  g_assert_cmpuint (stops, ==, 1);
  service_unwatch ();

  service_ask_stop ();
  for (guint i = 0; i < 10; i++)
    g_main_context_iteration (NULL, FALSE);
  g_assert_cmpuint (stops, ==, 1); /* nobody watches */
}

#ifdef G_OS_UNIX
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

static void
test_foreign (void)
{
  g_autoptr (GError) install = NULL;
  g_autoptr (GError) remove = NULL;
  g_autoptr (GError) start = NULL;

  g_assert_false (service_install (NULL, "/nowhere", &install));
  g_assert_error (install, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED);
  g_assert_false (service_remove (&remove));
  g_assert_error (remove, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED);
  g_assert_false (service_start (&start));
  g_assert_error (start, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED);
}
#endif

static int
return_seven (void)
{
  return 7;
}

static void
test_run (void)
{
  g_autoptr (GError) error = NULL;
  int status = 0;

  g_assert_true (service_run (FALSE, return_seven, &status, &error));
  g_assert_no_error (error);
  g_assert_cmpint (status, ==, 7);
  status = 0;
  g_assert_false (service_run (TRUE, return_seven, &status, &error));
  g_assert_nonnull (error);
  g_assert_cmpint (status, ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/service/requests", test_requests);
  g_test_add_func ("/service/ask-stop", test_ask_stop);
#ifdef G_OS_UNIX
  g_test_add_func ("/service/sockets", test_sockets);
  g_test_add_func ("/service/foreign", test_foreign);
#endif
  g_test_add_func ("/service/run", test_run);
  return g_test_run ();
}

/* Winsock's start from many threads, its extensions, its errors, and what a socket is made of. */
#include "platform/windows/winsock.h"

static gpointer
start (gpointer data)
{
  return GINT_TO_POINTER (winsock_start (NULL) && winsock_extensions ()->connect != NULL);
}

static void
test_start (void)
{
  GThread *threads[8];

  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("start", start, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_assert_true (GPOINTER_TO_INT (g_thread_join (threads[i])));
  g_assert_nonnull (winsock_extensions ()->accept);
  g_assert_nonnull (winsock_extensions ()->accept_addresses);
}

static const struct {
  int code;
  GIOErrorEnum wanted;
  gboolean has_run_out;
} errors[] = {
  { WSAECONNREFUSED, G_IO_ERROR_CONNECTION_REFUSED, FALSE },
  { WSAEADDRINUSE, G_IO_ERROR_ADDRESS_IN_USE, FALSE },
  { WSAEWOULDBLOCK, G_IO_ERROR_WOULD_BLOCK, FALSE },
  { WSAETIMEDOUT, G_IO_ERROR_TIMED_OUT, FALSE },
  { WSAENOBUFS, G_IO_ERROR_FAILED, TRUE },
  { WSAEMFILE, G_IO_ERROR_FAILED, TRUE },
  { ERROR_WORKING_SET_QUOTA, G_IO_ERROR_FAILED, TRUE },
};

static void
test_errors (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (errors); i++) {
    g_autoptr (GError) error = NULL;
    winsock_set_error (&error, "Cannot try", errors[i].code);
    if (errors[i].has_run_out)
      g_assert_cmpint (error->domain, ==, G_IO_ERROR);
    else
      g_assert_error (error, G_IO_ERROR, errors[i].wanted);
    g_assert_true (g_str_has_prefix (error->message, "Cannot try: "));
    g_assert_cmpint (winsock_has_run_out (errors[i].code), ==, errors[i].has_run_out);
  }
}

static void
test_socket (void)
{
  SOCKET handle = winsock_make_socket (AF_INET);
  DWORD flags = HANDLE_FLAG_INHERIT;
  BOOL is_on = FALSE;
  int size = sizeof is_on;

  g_assert_true (handle != INVALID_SOCKET);
  g_assert_true (GetHandleInformation ((HANDLE)handle, &flags));
  g_assert_cmpint (flags & HANDLE_FLAG_INHERIT, ==, 0);
  g_assert_true (winsock_tune (handle));
  g_assert_cmpint (getsockopt (handle, IPPROTO_TCP, TCP_NODELAY, (char *)&is_on, &size), ==, 0);
  g_assert_true (is_on);
  g_assert_cmpint (getsockopt (handle, SOL_SOCKET, SO_KEEPALIVE, (char *)&is_on, &size), ==, 0);
  g_assert_true (is_on);
  closesocket (handle);
  g_assert_false (winsock_tune (handle));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/winsock/start", test_start);
  g_test_add_func ("/winsock/errors", test_errors);
  g_test_add_func ("/winsock/socket", test_socket);
  return g_test_run ();
}

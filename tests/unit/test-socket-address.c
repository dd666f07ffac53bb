/* Addresses there and back. */
#include "platform/socket-address.h"
#include <string.h>

static const struct {
  const char *name, *address, *back;
} cases[] = {
  { "v4", "192.0.2.7", "192.0.2.7" },
  { "v6", "2001:db8::7", "2001:db8::7" },
  { "v4-inside-v6", "::ffff:192.0.2.7", "192.0.2.7" },
  { "loopback", "::1", "::1" },
};

static void
test_there_and_back (gconstpointer data)
{
  const guint i = GPOINTER_TO_UINT (data);
  g_autoptr (GInetAddress) address = g_inet_address_new_from_string (cases[i].address);
  struct sockaddr_storage native;
  gboolean is_six = strchr (cases[i].address, ':') != NULL;

  memset (&native, 0xff, sizeof native);
  g_assert_cmpint (socket_address_to_native (address, 4660, &native), ==,
                   is_six ? sizeof (struct sockaddr_in6) : sizeof (struct sockaddr_in));
  g_assert_cmpint (native.ss_family, ==, is_six ? AF_INET6 : AF_INET);
  guint16 port = is_six ? ((struct sockaddr_in6 *)&native)->sin6_port
                        : ((struct sockaddr_in *)&native)->sin_port;
  g_assert_cmpuint (g_ntohs (port), ==, 4660);
  g_autoptr (GInetAddress) back = socket_address_from_native ((struct sockaddr *)&native);
  g_autofree char *text = g_inet_address_to_string (back);
  g_assert_cmpstr (text, ==, cases[i].back);
}

static void
test_none (void)
{
  struct sockaddr_storage native = { .ss_family = AF_UNSPEC };

  g_assert_null (socket_address_from_native ((struct sockaddr *)&native));
  g_assert_cmpuint (socket_local_port (SOCKET_HANDLE_NONE), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *path = g_strconcat ("/socket-address/", cases[i].name, NULL);
    g_test_add_data_func (path, GUINT_TO_POINTER (i), test_there_and_back);
  }
  g_test_add_func ("/socket-address/none", test_none);
  return g_test_run ();
}

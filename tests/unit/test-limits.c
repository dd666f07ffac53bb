/* Who may connect, and how many bytes may wait. */
#include "daemon/net/limits.h"
#include "daemon/metrics.h"
#include "daemon/settings.h"

static void
set (Setting setting, const char *text)
{
  g_autoptr (GError) error = NULL;

  setting_set (setting, text, &error);
  g_assert_no_error (error);
}

static void
reset (Setting setting)
{
  set (setting, setting_info (setting)->default_text);
}

/* Claims for each address in order; '+' is taken, '-' refused. */
static const struct {
  const char *name, *exempt, *addresses, *wanted;
} cases[] = {
  { "per-address", "", "192.0.2.1 192.0.2.1 192.0.2.1 192.0.2.2", "++-+" },
  { "loopback", "", "127.0.0.1 127.0.0.1 127.0.0.1 ::1 ::1 ::1", "++++++" },
  { "exempt", "192.0.2.0/24 2001:db8::/32",
    "192.0.2.1 192.0.2.1 192.0.2.1 2001:db8::1 2001:db8::1 "
    "2001:db8::1 198.51.100.1 198.51.100.1 198.51.100.1",
    "++++++++-" },
  { "one-v6-network", "", "2001:db8::1 2001:db8::2 2001:db8::3 2001:db8:0:1::1", "++-+" },
  { "v4-is-not-v6", "", "192.0.2.1 192.0.2.1 ::c000:201 ::c000:202", "++++" },
};

static void
test_addresses (gconstpointer data)
{
  const guint i = GPOINTER_TO_UINT (data);
  g_autoptr (Limits) limits = limits_new ();
  g_auto (GStrv) addresses = g_strsplit (cases[i].addresses, " ", -1);
  g_autoptr (GString) got = g_string_new (NULL);

  set (SETTING_CONNECTIONS_PER_ADDRESS, "2");
  set (SETTING_EXEMPT_NETWORKS, cases[i].exempt);
  for (guint k = 0; addresses[k] != NULL; k++) {
    g_autoptr (GInetAddress) peer = g_inet_address_new_from_string (addresses[k]);
    g_string_append_c (got, limits_claim_connection (limits, peer) ? '+' : '-');
  }
  g_assert_cmpstr (got->str, ==, cases[i].wanted);
  for (guint k = 0; addresses[k] != NULL; k++) {
    g_autoptr (GInetAddress) peer = g_inet_address_new_from_string (addresses[k]);
    if (got->str[k] == '+')
      limits_release_connection (limits, peer);
  }
  g_assert_cmpint (metric_get (METRIC_CONNECTIONS_OPEN), ==, 0);
  g_autoptr (GInetAddress) first = g_inet_address_new_from_string (addresses[0]);
  g_assert_true (limits_claim_connection (limits, first));
  limits_release_connection (limits, first);
  reset (SETTING_CONNECTIONS_PER_ADDRESS);
  reset (SETTING_EXEMPT_NETWORKS);
}

static void
test_total (void)
{
  g_autoptr (Limits) limits = limits_new ();
  g_autoptr (GInetAddress) peer = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);

  set (SETTING_CONNECTIONS_MAX, "10");
  for (guint i = 0; i < 10; i++)
    g_assert_true (limits_claim_connection (limits, peer));
  g_assert_false (limits_claim_connection (limits, peer));
  limits_release_connection (limits, peer);
  g_assert_true (limits_claim_connection (limits, peer));
  for (guint i = 0; i < 10; i++)
    limits_release_connection (limits, peer);
  reset (SETTING_CONNECTIONS_MAX);
}

static void
test_users (void)
{
  g_autoptr (Limits) limits = limits_new ();
  g_autoptr (GInetAddress) home = g_inet_address_new_from_string ("192.0.2.1");
  g_autoptr (GInetAddress) away = g_inet_address_new_from_string ("192.0.2.2");

  set (SETTING_CONNECTIONS_PER_USER_AND_ADDRESS, "5");
  for (guint i = 0; i < 5; i++)
    g_assert_true (limits_claim_user (limits, "anna@example.com", home));
  g_assert_false (limits_claim_user (limits, "anna@example.com", home));
  g_assert_true (limits_claim_user (limits, "anna@example.com", away));
  g_assert_true (limits_claim_user (limits, "bert@example.com", home));
  limits_release_user (limits, "anna@example.com", home);
  g_assert_true (limits_claim_user (limits, "anna@example.com", home));
  reset (SETTING_CONNECTIONS_PER_USER_AND_ADDRESS);
}

static void
test_bytes (void)
{
  g_autoptr (Limits) limits = limits_new ();
  gsize budget = setting_number (SETTING_BYTE_BUDGET);

  g_assert_true (limits_claim_bytes (limits, budget - 10));
  g_assert_false (limits_claim_bytes (limits, 11));
  g_assert_false (limits_claim_bytes (limits, G_MAXSIZE - 5));
  g_assert_true (limits_claim_bytes (limits, 10));
  g_assert_false (limits_are_over (limits));
  limits_add_bytes (limits, 1);
  g_assert_true (limits_are_over (limits));
  g_assert_cmpint (metric_get (METRIC_BYTES_BUFFERED), ==, budget + 1);
  limits_release_bytes (limits, budget + 1);
  g_assert_cmpint (metric_get (METRIC_BYTES_BUFFERED), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *path = g_strconcat ("/limits/addresses/", cases[i].name, NULL);
    g_test_add_data_func (path, GUINT_TO_POINTER (i), test_addresses);
  }
  g_test_add_func ("/limits/total", test_total);
  g_test_add_func ("/limits/users", test_users);
  g_test_add_func ("/limits/bytes", test_bytes);
  return g_test_run ();
}

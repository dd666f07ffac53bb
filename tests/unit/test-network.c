/* Tests of daemon/net/network.c. */
#include "net/network.h"

static const struct {
  const char *text;
  const char *printed; /* NULL: no network */
} cases[] = {
  { "192.0.2.7", "192.0.2.7" },
  { "192.0.2.7/32", "192.0.2.7" },
  { "192.0.2.7/24", NULL },
  { "255.255.255.255", "255.255.255.255" },
  { "0.0.0.0", "0.0.0.0" },
  { "2001:db8::7", "2001:db8::" },
  { "2001:db8:0:0:1:2:3:4", "2001:db8::" },
  { "2001:db8:0:1::/64", "2001:db8:0:1::" },
  { "2001:db8::/32", NULL },
  { "::1", "::" },
  { "::ffff:192.0.2.7", "192.0.2.7" },
  { "", NULL },
  { "all", NULL },
  { "192.0.2", NULL },
  { "192.0.2.7/", NULL },
  { "/64", NULL },
};

static void
test_parse (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    guint64 network = 0, again = 0;
    const gboolean is_one = network_parse (cases[i].text, &network);
    g_autofree char *printed = is_one ? network_print (network) : NULL;

    g_test_message ("%s", cases[i].text);
    g_assert_cmpstr (printed, ==, cases[i].printed);
    if (!is_one)
      continue;
    g_assert_true (network_parse (printed, &again));
    g_assert_cmpuint (again, ==, network);
  }
}

/* An IPv4 address is never taken for an IPv6 network with the same bytes. */
static void
test_apart (void)
{
  guint64 v4 = 0, v6 = 0;

  g_assert_true (network_parse ("192.0.2.1", &v4));
  g_assert_true (network_parse ("0:0:c000:201::", &v6));
  g_assert_cmpuint (v4, !=, v6);
}

static void
set_exempt (const char *text)
{
  g_autoptr (GError) error = NULL;

  setting_set (SETTING_BAN_EXEMPT_NETWORKS, text, &error);
  g_assert_no_error (error);
}

static gboolean
contains (Networks *networks, const char *text)
{
  g_autoptr (GInetAddress) address = g_inet_address_new_from_string (text);

  return networks_contain (networks, address);
}

static void
test_contain (void)
{
  g_autoptr (Networks) networks = networks_new (SETTING_BAN_EXEMPT_NETWORKS);

  set_exempt ("192.0.2.0/24  2001:db8::/32");
  g_assert_true (contains (networks, "192.0.2.200"));
  g_assert_true (contains (networks, "::ffff:192.0.2.200"));
  g_assert_true (contains (networks, "2001:db8:1::1"));
  g_assert_false (contains (networks, "192.0.3.1"));
  g_assert_false (contains (networks, "2001:db9::1"));
  set_exempt ("");
  g_assert_false (contains (networks, "192.0.2.200"));
  set_exempt (setting_info (SETTING_BAN_EXEMPT_NETWORKS)->default_text);
  g_assert_true (contains (networks, "127.0.0.2"));
  g_assert_true (contains (networks, "192.168.7.1"));
  g_assert_true (contains (networks, "fe80::1"));
  g_assert_false (contains (networks, "203.0.113.9"));
  g_assert_false (contains (networks, "100.64.0.1")); /* shared by strangers (RFC 6598) */
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/network/parse", test_parse);
  g_test_add_func ("/network/apart", test_apart);
  g_test_add_func ("/network/contain", test_contain);
  return g_test_run ();
}

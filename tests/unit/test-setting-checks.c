/* What settings may say beyond their type. */
#include "setting-checks.h"

typedef gboolean (*Check) (const char *text, GError **error);

static const struct {
  Check check;
  const char *text;
  gboolean right;
} cases[] = {
  { setting_check_networks, "", TRUE },
  { setting_check_networks, "192.0.2.0/24 2001:db8::/32", TRUE },
  { setting_check_networks, "192.0.2.0/33", FALSE },
  { setting_check_domains, "", TRUE },
  { setting_check_domains, "example.com  bl.example.org", TRUE },
  { setting_check_domains, "example", FALSE },
  { setting_check_domains, "a..example", FALSE },
  { setting_check_domains, "a.example:53", FALSE },
  { setting_check_relay, "", TRUE },
  { setting_check_relay, "smtp.example.com:587", TRUE },
  { setting_check_relay, "[2001:db8::1]:587", TRUE },
  { setting_check_relay, "smtp.example.com 587", FALSE },
  { setting_check_relay, "smtp.example.com:many", FALSE },
  { setting_check_relay, ":587", FALSE },
  { setting_check_routes, "", TRUE },
  { setting_check_routes, "a.example=direct  .b.example=[2001:db8::1]:26", TRUE },
  { setting_check_routes, "a.example", FALSE },
  { setting_check_routes, "=x.example", FALSE },
  { setting_check_routes, "a.example=", FALSE },
  { setting_check_routes, "a.example=:25", FALSE },
  { setting_check_routes, "a.example=x:70000", FALSE },
  { setting_check_servers, "192.0.2.53 192.0.2.53@5353 ::1", TRUE },
  { setting_check_servers, "192.0.2.53@0", FALSE },
  { setting_check_servers, "dns.example.com", FALSE },
  { setting_check_addresses, "", TRUE },
  { setting_check_addresses, "192.0.2.1 2001:db8::1", TRUE },
  { setting_check_addresses, "192.0.2.1:25", FALSE },
  { setting_check_separator, "+", TRUE },
  { setting_check_separator, "x", FALSE },
};

static void
test_checks (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GError) error = NULL;
    g_test_message ("“%s”", cases[i].text);
    g_assert_cmpint (cases[i].check (cases[i].text, &error), ==, cases[i].right);
    g_assert_cmpint (error == NULL, ==, cases[i].right);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/setting-checks/all", test_checks);
  return g_test_run ();
}

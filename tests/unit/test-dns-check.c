/* Tests of daemon/admin/dns-check.c and dns-server-check.c with a DNS that is not there: nothing is
 * right then, and nothing wrong. Real zones are in tests/dns/records.py. */
#include "admin/dns-check.h"

static void
test_silent (void)
{
  g_autofree char *folder = g_dir_make_tmp ("dns-check-XXXXXX", NULL);
  const DnsOptions dns_options = { folder, "127.0.0.1@1", 2 };
  g_autoptr (Dns) dns = dns_new (&dns_options, NULL);
  const char *text = "[server]\nhostname = mail.office.test-zone\ndata = /tmp\n[listen]\n";
  g_autoptr (GError) error = NULL;
  g_autoptr (Configuration) configuration = configuration_parse ("x", text, &error);
  const DnsFacts facts = { "office.test-zone", configuration, NULL, NULL };
  g_autoptr (GPtrArray) plan = dns_plan_new (&facts);
  const DnsCheckOptions options
      = { .domain = "office.test-zone", .host = "mail.office.test-zone", .dns = dns, .port = 25 };
  g_autoptr (GPtrArray) checked = dns_check_plan (plan, &options);
  g_autoptr (GPtrArray) server = dns_check_server (&options);

  g_assert_no_error (error);
  g_assert_cmpuint (checked->len, ==, plan->len);
  for (guint i = 0; i < checked->len; i++)
    g_assert_cmpint (((DnsChecked *)checked->pdata[i])->finding, ==, DNS_UNKNOWN);
  g_assert_cmpuint (server->len, ==, 0); /* it has no address */
}

static void
test_names (void)
{
  g_assert_cmpstr (dns_finding_name (DNS_RIGHT), ==, "right");
  g_assert_cmpstr (dns_finding_name (DNS_UNKNOWN), ==, "unknown");
  g_assert_cmpstr (dns_server_check_name (DNS_SERVER_REVERSE), ==, "reverse");
  g_assert_cmpstr (dns_server_check_name (DNS_SERVER_LISTED), ==, "block-lists");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/dns-check/silent", test_silent);
  g_test_add_func ("/dns-check/names", test_names);
  return g_test_run ();
}

/* Tests of daemon/admin/dns-plan.c. */
#include "admin/dns-plan.h"
#include "policy/dkim-keys.h"
#include "tls/certificate.h"
#include <string.h>

static Configuration *
configuration_with (const char *hostname, const char *changes)
{
  ListenPlan plan;
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;
  Configuration *configuration;

  listen_plan_start (&plan, 0);
  g_assert_true (listen_plan_change (&plan, changes, &error));
  text = configuration_print (hostname, g_get_tmp_dir (), &plan);
  configuration = configuration_parse ("hauspost.conf", text, &error);
  g_assert_no_error (error);
  return configuration;
}

/* The zone lines of one use, each with a line end. */
static char *
lines_of (const GPtrArray *plan, DnsUse use)
{
  GString *lines = g_string_new (NULL);

  for (guint i = 0; i < plan->len; i++) {
    const DnsPlanned *planned = plan->pdata[i];

    if (planned->use == use)
      g_string_append_printf (lines, "%s\n", planned->zone ? planned->zone : "-");
  }
  return g_string_free (lines, FALSE);
}

static void
expect (const GPtrArray *plan, DnsUse use, const char *wanted)
{
  g_autofree char *lines = lines_of (plan, use);

  g_assert_cmpstr (lines, ==, wanted);
}

static void
test_lines (void)
{
  g_autoptr (Configuration) configuration
      = configuration_with ("mail.example.com", "pop3=off,pop3s=off,imaps=1993");
  char *hosts[] = { (char *)"MAIL.example.com", NULL }, *others[] = { (char *)"example.com", NULL };
  Certificate ours = { .hosts = hosts, .key_fingerprint = (char *)"abcd" };
  Certificate other = { .hosts = others, .key_fingerprint = (char *)"ef01" };
  g_autoptr (GPtrArray) certificates = g_ptr_array_new ();
  const DnsFacts facts = { "example.org", configuration, NULL, certificates };
  g_autoptr (GPtrArray) plan = NULL;

  g_ptr_array_add (certificates, &ours);
  g_ptr_array_add (certificates, &other);
  plan = dns_plan_new (&facts);
  expect (plan, DNS_USE_ADDRESS, "-\n");
  expect (plan, DNS_USE_MX, "example.org. IN MX 10 mail.example.com.\n");
  expect (plan, DNS_USE_SPF, "example.org. IN TXT \"v=spf1 mx -all\"\n");
  expect (plan, DNS_USE_HOST_SPF, "mail.example.com. IN TXT \"v=spf1 a -all\"\n");
  expect (
      plan, DNS_USE_DMARC,
      "_dmarc.example.org. IN TXT \"v=DMARC1; p=quarantine; rua=mailto:postmaster@example.org\"\n");
  expect (plan, DNS_USE_TLSA, "_25._tcp.mail.example.com. IN TLSA 3 1 1 abcd\n");
  expect (plan, DNS_USE_MTA_STS_HOST, "mta-sts.example.org. IN CNAME mail.example.com.\n");
  expect (plan, DNS_USE_TLS_RPT,
          "_smtp._tls.example.org. IN TXT \"v=TLSRPTv1; rua=mailto:postmaster@example.org\"\n");
  expect (plan, DNS_USE_SERVICE,
          "_submissions._tcp.example.org. IN SRV 0 1 465 mail.example.com.\n"
          "_submission._tcp.example.org. IN SRV 5 1 587 mail.example.com.\n"
          "_imaps._tcp.example.org. IN SRV 0 1 1993 mail.example.com.\n"
          "_imap._tcp.example.org. IN SRV 5 1 143 mail.example.com.\n"
          "_pop3s._tcp.example.org. IN SRV 0 0 0 .\n"
          "_pop3._tcp.example.org. IN SRV 0 0 0 .\n"
          "_autodiscover._tcp.example.org. IN SRV 0 1 443 mail.example.com.\n");
  expect (plan, DNS_USE_AUTOCONFIG, "autoconfig.example.org. IN CNAME mail.example.com.\n");
  expect (plan, DNS_USE_AUTODISCOVER, "autodiscover.example.org. IN CNAME mail.example.com.\n");
  expect (plan, DNS_USE_DKIM, "");
}

/* A server that has the domain's own name says it once. */
static void
test_same_name (void)
{
  g_autoptr (Configuration) configuration = configuration_with ("example.com", "imap=off");
  const DnsFacts facts = { "example.com", configuration, NULL, NULL };
  g_autoptr (GPtrArray) plan = dns_plan_new (&facts);

  expect (plan, DNS_USE_SPF, "example.com. IN TXT \"v=spf1 mx -all\"\n");
  expect (plan, DNS_USE_HOST_SPF, "");
  expect (plan, DNS_USE_TLSA, "");
}

/* Those that sign must be there, those to come should be, those that signed may. RSA keys are
 * longer than one string. */
static void
test_keys (void)
{
  static const DnsNeed needs[] = {
    [DKIM_KEY_NEXT] = DNS_NEED_ADVISED,
    [DKIM_KEY_ACTIVE] = DNS_NEED_REQUIRED,
    [DKIM_KEY_OLD] = DNS_NEED_OPTIONAL,
  };
  g_autoptr (Configuration) configuration = configuration_with ("mail.example.com", "imap=off");
  g_autofree char *pem = dkim_key_generate (DKIM_RSA_SHA256, NULL);

  for (DkimKeyState state = DKIM_KEY_NEXT; state <= DKIM_KEY_OLD; state++) {
    DkimStoredKey key = { .domain = (char *)"example.com",
                          .selector = (char *)"s1",
                          .algorithm = DKIM_RSA_SHA256,
                          .state = state,
                          .pem = pem };
    DkimStoredKey broken = { .domain = (char *)"example.com",
                             .selector = (char *)"s2",
                             .algorithm = DKIM_RSA_SHA256,
                             .pem = (char *)"none" };
    g_autoptr (GPtrArray) keys = g_ptr_array_new ();
    const DnsFacts facts = { "example.com", configuration, keys, NULL };
    g_autoptr (GPtrArray) plan = NULL;
    g_autofree char *lines = NULL;
    guint count = 0;

    g_ptr_array_add (keys, &broken);
    g_ptr_array_add (keys, &key);
    plan = dns_plan_new (&facts);
    lines = lines_of (plan, DNS_USE_DKIM);
    g_assert_true (
        g_str_has_prefix (lines, "s1._domainkey.example.com. IN TXT \"v=DKIM1; k=rsa; p="));
    g_assert_nonnull (strstr (lines, "\" \""));
    for (guint i = 0; i < plan->len; i++) {
      const DnsPlanned *planned = plan->pdata[i];

      if (planned->use != DNS_USE_DKIM)
        continue;
      count++;
      g_assert_cmpint (planned->need, ==, needs[state]);
      g_assert_nonnull (strstr (planned->value, planned->key));
    }
    g_assert_cmpuint (count, ==, 1);
  }
}

/* RFC 8461 §3.1: another policy has another id. */
static void
test_policy (void)
{
  g_autoptr (Configuration) one = configuration_with ("mail.example.com", "imap=off");
  g_autoptr (Configuration) two = configuration_with ("mx.example.com", "imap=off");
  const DnsFacts first = { "example.com", one, NULL, NULL },
                 second = { "example.com", two, NULL, NULL };
  g_autoptr (GPtrArray) plan = dns_plan_new (&first), again = dns_plan_new (&first);
  g_autoptr (GPtrArray) other = dns_plan_new (&second);
  g_autofree char *line = lines_of (plan, DNS_USE_MTA_STS);
  g_autofree char *same = lines_of (again, DNS_USE_MTA_STS);
  g_autofree char *different = lines_of (other, DNS_USE_MTA_STS);

  g_assert_true (g_str_has_prefix (line, "_mta-sts.example.com. IN TXT \"v=STSv1; id="));
  g_assert_cmpstr (line, ==, same);
  g_assert_cmpstr (line, !=, different);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/dns-plan/lines", test_lines);
  g_test_add_func ("/dns-plan/same-name", test_same_name);
  g_test_add_func ("/dns-plan/keys", test_keys);
  g_test_add_func ("/dns-plan/policy", test_policy);
  return g_test_run ();
}

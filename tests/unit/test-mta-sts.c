/* Policies of RFC 8461 and the records that announce them. */
#include "queue/mta-sts.h"
#include <string.h>

#define AGE "max_age: 604800\r\n"

static const struct {
  const char *text;
  int mode; /* -1: not valid */
  gint64 age;
  guint mx;
} policies[] = {
  { "version: STSv1\r\nmode: enforce\r\nmx: mail.example.com\r\nmx: *.example.net\r\n" AGE,
    MTA_STS_ENFORCE, 604800, 2 },
  { "version: STSv1\nmode: testing\nmx: mail.example.com\nmax_age: 1", MTA_STS_TESTING, 1, 1 },
  { "version: STSv1\nmode: none\nmax_age: 86400\n", MTA_STS_NONE, 86400, 0 },
  { "mode:enforce\nmx:a.\nmax_age:9999999999\nversion:STSv1\n", MTA_STS_ENFORCE, MTA_STS_AGE_MAX,
    1 },
  { "version: STSv1\nmode: enforce\nmode: none\nmx: a\nmax_age: 5\nmax_age: 7\nfuture: "
    "x\n\nrubbish",
    MTA_STS_ENFORCE, 5, 1 },
  { "version: STSv2\nmode: enforce\nmx: a\n" AGE, -1, 0, 0 },
  { "mode: enforce\nmx: a\n" AGE, -1, 0, 0 },
  { "version: STSv1\nmx: a\n" AGE, -1, 0, 0 },
  { "version: STSv1\nmode: enforced\nmx: a\n" AGE, -1, 0, 0 },
  { "version: STSv1\nmode: enforce\nmx: a\n", -1, 0, 0 },
  { "version: STSv1\nmode: enforce\nmx: a\nmax_age: -1\n", -1, 0, 0 },
  { "version: STSv1\nmode: enforce\n" AGE, -1, 0, 0 },
  { "version: STSv1\nmode: testing\nmx: \n" AGE, -1, 0, 0 },
  { "", -1, 0, 0 },
};

static void
test_policies (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (policies); i++) {
    g_autoptr (MtaStsPolicy) policy
        = mta_sts_policy_parse (policies[i].text, strlen (policies[i].text));
    g_test_message ("policy %u", i);
    g_assert_cmpint (policy ? (int)policy->mode : -1, ==, policies[i].mode);
    if (policy == NULL)
      continue;
    g_assert_cmpint (policy->max_age, ==, policies[i].age);
    g_assert_cmpuint (policy->mx->len, ==, policies[i].mx);
  }
}

static void
test_bounds (void)
{
  g_autoptr (GString) text = g_string_new ("version: STSv1\nmode: enforce\nmx: a\n" AGE);

  g_assert_null (mta_sts_policy_parse ("version: STSv1\nmode: none\n\0" AGE, 44));
  while (text->len <= MTA_STS_POLICY_MAX)
    g_string_append (text, "future: something\n");
  g_assert_null (mta_sts_policy_parse (text->str, text->len));
}

static void
test_hosts (void)
{
  static const char text[]
      = "version: STSv1\nmode: enforce\nmx: mail.example.com\nmx: *.Example.net.\nmax_age: 1\n";
  static const struct {
    const char *host;
    gboolean allowed;
  } hosts[] = {
    { "mail.example.com", TRUE },    { "MAIL.Example.COM", TRUE }, { "mx1.example.net", TRUE },
    { "a.mx1.example.net", FALSE },  { "example.net", FALSE },     { ".example.net", FALSE },
    { "x.mail.example.com", FALSE }, { "evil.com", FALSE },
  };
  g_autoptr (MtaStsPolicy) policy = mta_sts_policy_parse (text, sizeof text - 1);

  for (guint i = 0; i < G_N_ELEMENTS (hosts); i++)
    g_assert_cmpint (mta_sts_policy_allows (policy, hosts[i].host), ==, hosts[i].allowed);
}

static void
test_records (void)
{
  static const struct {
    const char *text, *id;
  } records[] = {
    { "v=STSv1; id=20160831085700Z;", "20160831085700Z" },
    { "v=STSv1;id=1", "1" },
    { "v=STSv1 ; future=x; id=Ab9 ;", "Ab9" },
    { "v=STSv1", NULL },
    { "v=STSv1; id=", NULL },
    { "v=STSv1; id=a-b", NULL },
    { "v=STSv1; id=123456789012345678901234567890123", NULL },
    { "v=STSv2; id=1", NULL },
    { " v=STSv1; id=1", NULL },
    { "id=1; v=STSv1", NULL },
    { "", NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (records); i++) {
    g_autofree char *id = mta_sts_record_id (records[i].text, strlen (records[i].text));
    g_test_message ("%s", records[i].text);
    g_assert_cmpstr (id, ==, records[i].id);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/mta-sts/policies", test_policies);
  g_test_add_func ("/mta-sts/bounds", test_bounds);
  g_test_add_func ("/mta-sts/hosts", test_hosts);
  g_test_add_func ("/mta-sts/records", test_records);
  return g_test_run ();
}

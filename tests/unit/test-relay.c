/* Which way a domain's mail goes. */
#include "queue/relay.h"

static const struct {
  const char *routes, *provider, *domain;
  const char *host; /* NULL: the DNS knows */
  guint port;
  gboolean is_provider;
} cases[] = {
  { "", "", "a.example", NULL, 0, FALSE },
  { "", "smtp.isp.example:587", "a.example", "smtp.isp.example", 587, TRUE },
  { "", "smtp.isp.example", "a.example", "smtp.isp.example", 25, TRUE },
  { "", "[2001:db8::1]:2525", "a.example", "2001:db8::1", 2525, TRUE },
  { "a.example=10.0.0.5:26", "smtp.isp.example", "a.example", "10.0.0.5", 26, FALSE },
  { "a.example=10.0.0.5:26", "smtp.isp.example", "b.a.example", "smtp.isp.example", 25, TRUE },
  { "A.Example=direct", "smtp.isp.example", "a.example", NULL, 0, FALSE },
  { ".a.example=x.example", "", "a.example", "x.example", 25, FALSE },
  { ".a.example=x.example", "", "deep.b.a.example", "x.example", 25, FALSE },
  { ".a.example=x.example", "", "aa.example", NULL, 0, FALSE },
  { ".a.example=x.example", "", "ba.example", NULL, 0, FALSE },
  { "b.a.example=y.example  .a.example=x.example", "", "b.a.example", "y.example", 25, FALSE },
  { "b.a.example=y.example\t.a.example=x.example", "", "c.a.example", "x.example", 25, FALSE },
};

static void
test_choose (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_auto (Relay) relay = relay_choose (cases[i].routes, cases[i].provider, cases[i].domain);
    g_test_message ("%s | %s | %s", cases[i].routes, cases[i].provider, cases[i].domain);
    g_assert_cmpstr (relay.host, ==, cases[i].host);
    g_assert_cmpuint (relay.port, ==, cases[i].port);
    g_assert_cmpint (relay.is_provider, ==, cases[i].is_provider);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/relay/choose", test_choose);
  return g_test_run ();
}

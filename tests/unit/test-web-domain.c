/* Whose domain a request is for. */
#include "web-fixture.h"
#include "http/web-domain.h"

static const struct {
  const char *host, *service, *domain;
} hosts[] = {
  { "autoconfig.office.example", "autoconfig.", "office.example" },
  { "office.example", "autoconfig.", "office.example" },
  { "mail.office.example", "autoconfig.", NULL },
  { "autoconfig.other.example", "autoconfig.", NULL },
  { "autoconfig.", "autoconfig.", NULL },
  { "", "autoconfig.", NULL },
};

static const struct {
  const char *host, *shown;
  gboolean for_people;
} places[] = {
  { "mail.office.example", "office.example", TRUE },
  { "mail.second.example", "second.example", TRUE },
  { "127.0.0.1", "office.example", TRUE },
  { "[::1]", "office.example", TRUE },
  { "localhost", "office.example", TRUE },
  { "autoconfig.office.example", "office.example", FALSE },
  { "mail.evil.example", "office.example", FALSE },
  { "", "office.example", FALSE },
};

static const struct {
  const char *address, *domain;
} addresses[] = {
  { "anna@office.example", "office.example" },
  { "nobody@OFFICE.example", "office.example" },
  { "a@b@second.example", "second.example" },
  { "@office.example", NULL },
  { "office.example", NULL },
  { "anna@other.example", NULL },
  { "anna@", NULL },
};

static void
test_domains (Web *self, gconstpointer data)
{
  for (guint i = 0; i < G_N_ELEMENTS (hosts); i++) {
    g_autoptr (WebCall) call = web_call_make (self, hosts[i].host, "/", NULL, NULL);
    g_autofree char *domain = web_domain_of_host (call, hosts[i].service);
    g_assert_cmpstr (domain, ==, hosts[i].domain);
  }
  for (guint i = 0; i < G_N_ELEMENTS (places); i++) {
    g_autoptr (WebCall) call = web_call_make (self, places[i].host, "/", NULL, NULL);
    g_autofree char *shown = web_domain_to_show (call);
    g_test_message ("%s", places[i].host);
    g_assert_cmpstr (shown, ==, places[i].shown);
    g_assert_cmpint (web_domain_is_for_people (call), ==, places[i].for_people);
  }
  for (guint i = 0; i < G_N_ELEMENTS (addresses); i++) {
    g_autoptr (WebCall) call = web_call_make (self, "", "/", NULL, NULL);
    g_autofree char *domain = web_domain_of_address (call, addresses[i].address);
    g_assert_cmpstr (domain, ==, addresses[i].domain);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  web_test ("/web-domain/domains", test_domains);
  return g_test_run ();
}

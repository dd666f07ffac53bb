/* A certificate that nobody has signed is not trusted. (One that is: tests/clients/web.py.) */
#include "web-fixture.h"
#include "http/web-trust.h"

static void
test_self_signed (Web *self, gconstpointer data)
{
  g_autoptr (SSL) ssl = tls_contexts_accept (self->tls);

  g_assert_false (web_trust_look (ssl, "mail.office.example"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  web_test ("/web-trust/self-signed", test_self_signed);
  return g_test_run ();
}

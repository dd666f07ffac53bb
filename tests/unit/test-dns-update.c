/* What is refused before a server is asked, and one that is away. (Real updates:
 * tests/clients/acme.py.) */
#include "net/dns-update.h"

static const struct {
  const char *server, *name;
} cases[] = {
  { "127.0.0.1@1", "_acme-challenge.a.example.com" },
  { "127.0.0.1@no", "_acme-challenge.a.example.com" },
  { "", "_acme-challenge.a.example.com" },
  { "127.0.0.1@1", "a..example.com" },
};

static void
test_refused (void)
{
  g_autoptr (TsigKey) key = tsig_key_parse ("update.example:c2VjcmV0", NULL);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GError) error = NULL;
    g_assert_false (
        dns_update_txt (cases[i].server, key, DNS_UPDATE_ADD, cases[i].name, "text", NULL, &error));
    g_test_message ("%s", error->message);
    g_assert_nonnull (error);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/dns-update/refused", test_refused);
  return g_test_run ();
}

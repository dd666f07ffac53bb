/* Tests of daemon/admin/command-dns.c; what --check says of real zones is in tests/dns/records.py.
 */
#include "command-fixture.h"

static void
use (Office *office)
{
  const char *text = command_run (office, "dns office.example");

  g_assert_nonnull (strstr (text,
                            "Mail for the domain comes to this server (required)\n"
                            "  Name:  office.example\n  Type:  MX\n"
                            "  Value: 10 mail.office.example\n"));
  g_assert_nonnull (strstr (text, "\noffice.example. IN MX 10 mail.office.example.\n"));
  g_assert_nonnull (strstr (text, "https://mta-sts.office.example/.well-known/mta-sts.txt"));
  g_assert_nonnull (strstr (command_run (office, "dns office.example --json"), "\"records\""));
  command_refuse (office, "dns other.example", G_IO_ERROR_NOT_FOUND);
  command_refuse (office, "dns office.example --check", G_IO_ERROR_FAILED); /* without a DNS */
}

static void
test_print (Office *self, gconstpointer data)
{
  office_with_client (self, use);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/command-dns/print", Office, NULL, office_set_up, test_print, office_tear_down);
  return g_test_run ();
}

/* Tests of daemon/admin/command-dkim.c. */
#include "command-fixture.h"

static void
use (Office *office)
{
  command_refuse (office, "domain dkim rotate office.example", G_IO_ERROR_NOT_FOUND);
  g_assert_nonnull (strstr (command_run (office, "domain dkim prepare office.example"),
                            "._domainkey.office.example. IN TXT ( \"v=DKIM1; k="));
  g_assert_nonnull (
      strstr (command_run (office, "domain dkim prepare office.example"), "publish its record"));
  g_assert_nonnull (
      strstr (command_run (office, "domain dkim rotate office.example"), "signed before"));
  g_assert_nonnull (
      strstr (command_run (office, "domain dkim show office.example --json"), "\"state\""));
  command_refuse (office, "domain dkim show other.example", G_IO_ERROR_NOT_FOUND);
}

static void
test_life (Office *self, gconstpointer data)
{
  office_with_client (self, use);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/command-dkim/life", Office, NULL, office_set_up, test_life, office_tear_down);
  return g_test_run ();
}

/* Tests of daemon/admin/command-submission.c. */
#include "command-fixture.h"

static void
use_rates (Office *office)
{
  g_assert_nonnull (
      strstr (command_run (office, "user rate anna@office.example"), "as the settings say"));
  command_run (office, "user rate anna@office.example 10 any");
  g_assert_nonnull (strstr (command_run (office, "user rate anna@office.example"),
                            "within an hour: 10, within 24 hours: any number"));
  command_run (office, "user rate anna@office.example 20");
  g_assert_nonnull (strstr (command_run (office, "user rate anna@office.example"),
                            "within an hour: 20, within 24 hours: as the settings say"));
  command_run (office, "domain rate office.example default 500");
  g_assert_nonnull (strstr (command_run (office, "domain rate office.example --json"), "500"));
  command_refuse (office, "user rate anna@office.example few", G_IO_ERROR_INVALID_ARGUMENT);
  command_refuse (office, "user rate anna@office.example 0", G_IO_ERROR_INVALID_ARGUMENT);
  command_refuse (office, "user rate nobody@office.example 5", G_IO_ERROR_NOT_FOUND);
}

static void
use_devices (Office *office)
{
  command_refuse (office, "user device nobody@office.example", G_IO_ERROR_NOT_FOUND);
  command_run (office, "user device anna@office.example");
  g_assert_nonnull (strstr (command_run (office, "user device anna@office.example"),
                            "May send as: its own address\n"
                            "May send to: the domains of this server\n"));
  command_run (office, "user device anna@office.example --from scan@office.example --to *");
  g_assert_nonnull (strstr (command_run (office, "user device anna@office.example"),
                            "May send as: scan@office.example\nMay send to: *\n"));
  g_assert_nonnull (strstr (command_run (office, "user list"), "device"));
  command_refuse (office, "user device anna@office.example --from x@elsewhere.example",
                  G_IO_ERROR_NOT_FOUND);
  command_run (office, "user device anna@office.example --off");
  g_assert_null (strstr (command_run (office, "user list"), "device"));
}

static void
test_rates (Office *self, gconstpointer data)
{
  office_with_client (self, use_rates);
}

static void
test_devices (Office *self, gconstpointer data)
{
  office_with_client (self, use_devices);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/command-submission/rates", Office, NULL, office_set_up, test_rates,
              office_tear_down);
  g_test_add ("/command-submission/devices", Office, NULL, office_set_up, test_devices,
              office_tear_down);
  return g_test_run ();
}

/* Tests of daemon/admin/command-group.c. */
#include "command-fixture.h"

static void
use (Office *office)
{
  const char *shown;

  command_run (office, "group add all@office.example anna@office.example --senders local");
  shown = command_run (office, "group show all@office.example");
  g_assert_nonnull (strstr (shown, "anna@office.example"));
  g_assert_nonnull (strstr (shown, "whoever logs in here"));
  g_assert_null (strstr (shown, "send as"));
  command_run (office, "group set all@office.example --senders members --send-as");
  command_run (office, "group admit all@office.example admin@office.example");
  shown = command_run (office, "group show all@office.example");
  g_assert_nonnull (strstr (shown, "its members"));
  g_assert_nonnull (strstr (shown, "send as"));
  shown = command_run (office, "group list");
  g_assert_nonnull (strstr (shown, "admin@office.example anna@office.example"));
  command_run (office, "group set all@office.example --no-send-as");
  shown = command_run (office, "group show all@office.example --json");
  g_assert_nonnull (strstr (shown, "\"send_as\": false"));
  g_assert_nonnull (strstr (shown, "\"senders\": \"members\""));
  g_assert_nonnull (strstr (command_run (office, "domain show office.example"), "all@"));
  command_run (office, "group dismiss all@office.example anna@office.example");
  g_assert_null (strstr (command_run (office, "group list --json"), "anna@office.example"));
  command_run (office, "group remove all@office.example");
  g_assert_null (strstr (command_run (office, "group list"), "all@office.example"));
}

static void
use_wrongly (Office *office)
{
  static const struct {
    const char *line;
    int code;
  } rows[] = {
    { "group show all@office.example", G_IO_ERROR_NOT_FOUND },
    { "group remove anna@office.example", G_IO_ERROR_NOT_FOUND },
    { "group add all@office.example nobody@office.example", G_IO_ERROR_NOT_FOUND },
    { "group show all@office.example", G_IO_ERROR_NOT_FOUND }, /* nothing was left behind */
    { "group add anna@office.example admin@office.example", G_IO_ERROR_EXISTS },
    { "group add all@office.example anna@office.example --senders all",
      G_IO_ERROR_INVALID_ARGUMENT },
    { "group admit all@office.example anna@office.example", G_IO_ERROR_NOT_FOUND },
    { "group add all@office.example", G_IO_ERROR_INVALID_ARGUMENT },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    command_refuse (office, rows[i].line, rows[i].code);
}

static void
test_life (Office *self, gconstpointer data)
{
  office_with_client (self, use);
}

static void
test_refused (Office *self, gconstpointer data)
{
  office_with_client (self, use_wrongly);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/command-group/life", Office, NULL, office_set_up, test_life, office_tear_down);
  g_test_add ("/command-group/refused", Office, NULL, office_set_up, test_refused,
              office_tear_down);
  return g_test_run ();
}

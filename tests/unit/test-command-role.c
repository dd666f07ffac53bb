/* Tests of daemon/admin/command-role.c. */
#include "command-fixture.h"

static void
use (Office *office)
{
  const char *shown;

  command_run (office, "role add info@office.example anna@office.example --name Information");
  shown = command_run (office, "role show info@office.example");
  g_assert_nonnull (strstr (shown, "anna@office.example"));
  g_assert_nonnull (strstr (shown, "yes"));
  command_run (office, "role admit info@office.example admin@office.example --no-send-as");
  shown = command_run (office, "role list");
  g_assert_nonnull (strstr (shown, "Information"));
  g_assert_nonnull (strstr (shown, "admin@office.example (-) anna@office.example"));
  shown = command_run (office, "role show info@office.example --json");
  g_assert_nonnull (strstr (shown, "\"send_as\": false"));
  command_run (office, "role dismiss info@office.example anna@office.example");
  g_assert_null (strstr (command_run (office, "role list --json"), "anna@office.example"));
  command_run (office, "role remove info@office.example");
  g_assert_null (strstr (command_run (office, "role list"), "info@office.example"));
  command_run (office, "role restore info@office.example");
  g_assert_nonnull (strstr (command_run (office, "role list"), "admin@office.example (-)"));
  command_refuse (office, "role restore info@office.example", G_IO_ERROR_NOT_FOUND);
}

static void
use_wrongly (Office *office)
{
  static const struct {
    const char *line;
    int code;
  } rows[] = {
    { "role show info@office.example", G_IO_ERROR_NOT_FOUND },
    { "role remove info@office.example", G_IO_ERROR_NOT_FOUND },
    { "role remove anna@office.example", G_IO_ERROR_NOT_FOUND },
    { "role add info@office.example nobody@office.example", G_IO_ERROR_NOT_FOUND },
    { "role show info@office.example", G_IO_ERROR_NOT_FOUND }, /* nothing was left behind */
    { "role add anna@office.example", G_IO_ERROR_EXISTS },
    { "role add info@elsewhere.example", G_IO_ERROR_NOT_FOUND },
    { "role add info@office.example --quota much", G_IO_ERROR_INVALID_ARGUMENT },
    { "role admit info@office.example anna@office.example", G_IO_ERROR_NOT_FOUND },
    { "role restore info@office.example", G_IO_ERROR_NOT_FOUND },
    { "role add", G_IO_ERROR_INVALID_ARGUMENT },
    { "role admit info@office.example", G_IO_ERROR_INVALID_ARGUMENT },
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
  g_test_add ("/command-role/life", Office, NULL, office_set_up, test_life, office_tear_down);
  g_test_add ("/command-role/refused", Office, NULL, office_set_up, test_refused, office_tear_down);
  return g_test_run ();
}

/* hauspost administrator, audit, session, log, job, graphs, block-list, setup, preflight, user
 * name. */
#include "command-fixture.h"

static void
use (Office *office)
{
  static const struct {
    const char *line, *part; /* of what is printed; NULL: nothing is looked for */
  } lines[] = {
    { "administrator list", "admin@office.example" },
    { "administrator set anna@office.example --domains office.example", NULL },
    { "administrator list", "domain-administrator" },
    { "administrator set anna@office.example --role read-only", NULL },
    { "administrator list --json", "read-only" },
    { "administrator remove anna@office.example", NULL },
    { "user name anna@office.example Anna", NULL },
    { "audit", "Anna" },
    { "audit administrators --limit 1", "read-only" },
    { "audit --by nobody --json", "[]" },
    { "session list", "Protocol" },
    { "log --limit 5", "Administration" },
    { "log --limit 5 --json --level debug --text anna", "\"message\":" },
    { "graphs day", "Refused" },
    { "graphs --json", "\"series\"" },
    { "block-list", "Block list" },
    { "setup", "not finished" },
    { "setup people", NULL },
    { "setup", "people" },
    { "setup --done", NULL },
    { "setup", "is finished" },
    { "setup --forget", NULL },
    { "set preflight.clock", NULL },
    { "backup create", "backups" },
    { "backup prove", "restored" },
    { "job list", "prove" },
    { "status", "certificate" },
    { "status --json", "\"overview\"" },
    { "get log.level", "One of: debug" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (lines); i++) {
    const char *printed = command_run (office, lines[i].line);
    if (lines[i].part) {
      g_test_message ("%s", printed);
      g_assert_nonnull (strstr (printed, lines[i].part));
    }
  }
  command_refuse (office, "administrator set nobody@office.example", G_IO_ERROR_NOT_FOUND);
  command_refuse (office, "administrator remove anna@office.example", G_IO_ERROR_NOT_FOUND);
  command_refuse (office, "session end nosuch", G_IO_ERROR_NOT_FOUND);
  command_refuse (office, "job cancel 99", G_IO_ERROR_NOT_FOUND);
  command_refuse (office, "job cancel 1", G_IO_ERROR_EXISTS);
  command_refuse (office, "graphs year", G_IO_ERROR_INVALID_ARGUMENT);
}

static void
test_use (Office *self, gconstpointer data)
{
  office_with_client (self, use);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/command-administrator/use", Office, NULL, office_set_up, test_use,
              office_tear_down);
  return g_test_run ();
}

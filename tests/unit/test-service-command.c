/* What an administrator types to start the service. */
#include "platform/service.h"
#include <string.h>

/* Nothing is told, or a whole command that names the service. */
static void
test_command (void)
{
  const char *command = service_start_command ();

  if (command == NULL) {
    g_assert_false (g_file_test ("/lib/systemd/system/hauspost.service", G_FILE_TEST_EXISTS));
    return;
  }
  g_assert_true (g_str_has_suffix (command, " hauspost"));
  g_assert_null (strchr (command, '\n'));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/service-command/names-the-service", test_command);
  return g_test_run ();
}

/* A program whose standard input is a file asks nobody. What a person at a terminal sees and types
 * is in tests/terminal. */
#include "platform/file.h"
#include "platform/terminal.h"
#include <stdio.h>

static char *input;

static void
test_file (void)
{
  g_assert_nonnull (freopen (input, "rb", stdin));
  g_assert_false (terminal_can_ask ());
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/terminal/file", test_file);
  g_autofree char *folder = g_dir_make_tmp ("hauspost-terminal-XXXXXX", NULL);
  input = g_build_filename (folder, "input", NULL);
  g_assert_true (g_file_set_contents (input, "mail.example.com\n", -1, NULL));
  int status = g_test_run ();
  fclose (stdin); /* Windows removes no file that is open */
  g_assert_true (file_remove (input, NULL) && file_remove_folder (folder, NULL));
  g_free (input);
  return status;
}

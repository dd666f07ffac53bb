/* The machine's name is one that a person can read. */
#include "platform/machine.h"
#include <glib.h>
#include <string.h>

static void
test_name (void)
{
  g_autofree char *name = machine_name ();
  const char *short_name = g_get_host_name ();

  g_assert_nonnull (name);
  g_assert_true (g_utf8_validate (name, -1, NULL));
  g_assert_cmpuint (strlen (name), >, 0);
  for (const char *at = name; *at != '\0'; at++)
    g_assert_true (!g_ascii_isspace (*at) && !g_ascii_iscntrl (*at));
  g_test_message ("%s, in short %s", name, short_name);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/machine/name", test_name);
  return g_test_run ();
}

/* Places are whole paths, the same each time. */
#include "platform/paths.h"
#include <glib.h>

static void
test_absolute (void)
{
  const char *const paths[] = { paths_configuration (), paths_data (), paths_locale () };

  for (guint i = 0; i < G_N_ELEMENTS (paths); i++) {
    g_assert_true (g_path_is_absolute (paths[i]));
    g_assert_true (g_utf8_validate (paths[i], -1, NULL));
  }
  g_assert_true (paths_data () == paths_data ());
  g_assert_true (g_str_has_suffix (paths_configuration (), "hauspost.conf"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/paths/absolute", test_absolute);
  return g_test_run ();
}

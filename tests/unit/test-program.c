/* A program's arguments arrive as they were typed, also umlauts and stars. */
#include "platform/program.h"
#include <stdio.h>
#include <string.h>

static const char *self;

static void
test_arguments (void)
{
  const char *const argv[] = { self, "Büro \xe2\x82\xac", "*", "a b\"c", NULL };
  g_autofree char *output = NULL;
  g_autoptr (GError) error = NULL;
  int status;

  g_assert_true (g_spawn_sync (NULL, (char **)argv, NULL, G_SPAWN_DEFAULT, NULL, NULL, &output,
                               NULL, &status, &error));
  g_assert_no_error (error);
  g_assert_cmpint (status, ==, 0);
  g_assert_cmpstr (output, ==, "[B\xc3\xbcro \xe2\x82\xac][*][a b\"c]");
}

/* With other arguments than the test's own: says what came. In ASCII-safe bytes of UTF-8. */
static int
tell (char **arguments)
{
  for (guint i = 1; arguments[i] != NULL; i++) {
    g_autofree char *item = g_strdup_printf ("[%s]", arguments[i]);
    fwrite (item, 1, strlen (item), stdout);
  }
  return 0;
}

static void
test_quote (void)
{
  g_autofree char *quoted = program_quote ("/a b/c");

  g_assert_cmpstr (quoted, !=, "/a b/c");
  g_assert_nonnull (strstr (quoted, "/a b/c"));
}

int
main (int argc, char **argv)
{
  g_auto (GStrv) arguments = program_begin (argc, argv);

  if (g_strv_length (arguments) > 2 && g_str_equal (arguments[2], "*"))
    return tell (arguments);
  self = arguments[0];
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/program/arguments", test_arguments);
  g_test_add_func ("/program/quote", test_quote);
  return g_test_run ();
}

/* Lines of the log: names of levels, several fields in order. (Escaping: test-log.c.) */
#include "platform/sink.h"

static void
test_levels (void)
{
  g_assert_cmpstr (sink_level_name (SINK_DEBUG), ==, "debug");
  g_assert_cmpstr (sink_level_name (SINK_ERROR), ==, "error");
  g_assert_cmpstr (sink_level_name ((SinkLevel)99), ==, "error");
}

static void
test_fields (void)
{
  const SinkField fields[] = { { "user", "anna" }, { "error", "disk \"full\"" }, { "a", "1" } };
  GString *line = g_string_new ("x");

  sink_append_fields (line, fields, 0);
  g_assert_cmpstr (line->str, ==, "x");
  sink_append_fields (line, fields, G_N_ELEMENTS (fields));
  g_assert_cmpstr (line->str, ==, "x user=anna error=\"disk \\\"full\\\"\" a=1");
  g_string_free (line, TRUE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sink-line/levels", test_levels);
  g_test_add_func ("/sink-line/fields", test_fields);
  return g_test_run ();
}

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

static void
test_line (void)
{
  const SinkField field = { "user", "anna" };
  g_autoptr (GString) line = sink_line (SINK_INFO, "Mail accepted", &field, 1);

  g_assert_true (g_regex_match_simple ("^time=\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z "
                                       "level=info message=\"Mail accepted\" user=anna\n$",
                                       line->str, 0, 0));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sink-line/levels", test_levels);
  g_test_add_func ("/sink-line/fields", test_fields);
  g_test_add_func ("/sink-line/line", test_line);
  return g_test_run ();
}

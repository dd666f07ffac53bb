/* Events as lines: what is dropped, what is escaped. */
#include "log.h"
#include "platform/sink.h"

static void
test_line (gconstpointer data)
{
  const char *const *pair = data;
  SinkField field = { "user", pair[0] };
  GString *line = g_string_new (NULL);

  sink_append_fields (line, &field, 1);
  g_assert_cmpstr (line->str, ==, pair[1]);
  g_string_free (line, TRUE);
}

static const struct {
  const char *path;
  const char *pair[2];
} lines[] = {
  { "/log/line/plain", { "anna@example.com", " user=anna@example.com" } },
  { "/log/line/empty", { "", " user=\"\"" } },
  { "/log/line/space", { "Anna Muster", " user=\"Anna Muster\"" } },
  { "/log/line/umlaut", { "Jörg", " user=\"Jörg\"" } },
  { "/log/line/quote", { "a\"b\\c", " user=\"a\\\"b\\\\c\"" } },
  { "/log/line/equals", { "a=b", " user=\"a=b\"" } },
  { "/log/line/newline", { "a\nlevel=error", " user=\"a\\x0alevel=error\"" } },
  { "/log/line/escape", { "\033[31m", " user=\"\\x1b[31m\"" } },
  { "/log/line/broken-utf-8", { "a\xff", " user=\"a\\xff\"" } },
  { "/log/line/cut-utf-8", { "a\xc3", " user=\"a\\xc3\"" } },
  { "/log/line/c1-control", { "\xc2\x9b", " user=\"\\u009b\"" } },
  { "/log/line/bidi", { "\xe2\x80\xae", " user=\"\\u202e\"" } },
};

static void
test_level (void)
{
  log_set_level (LOG_WARNING);
  g_assert_false (log_is_wanted (LOG_NOTICE));
  g_assert_true (log_is_wanted (LOG_WARNING));
  log_set_level (LOG_DEBUG);
  g_assert_true (log_is_wanted (LOG_DEBUG));
  log_set_level (LOG_INFO);
}

static void
test_event (void)
{
  if (g_test_subprocess ()) {
    log_event (LOG_INFO, "Mail accepted", "session", "k3", "user", NULL, "peer", "a b", NULL);
    log_event (LOG_DEBUG, "Not shown", NULL);
    return;
  }
  g_test_trap_subprocess (NULL, 0, 0);
  g_test_trap_assert_passed ();
  g_test_trap_assert_stderr (
      "time=*Z level=info message=\"Mail accepted\" session=k3 peer=\"a b\"\n");
}

int
main (int argc, char **argv)
{
  g_unsetenv ("JOURNAL_STREAM");
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (lines); i++)
    g_test_add_data_func (lines[i].path, lines[i].pair, test_line);
  g_test_add_func ("/log/level", test_level);
  g_test_add_func ("/log/event", test_event);
  return g_test_run ();
}

/* The newest lines of the log. */
#include "log-ring.h"
#include <string.h>

static void
count (const LogLine *line, gpointer data)
{
  guint64 *last = data;

  g_assert_cmpuint (line->id, >, last[1]);
  last[0]++;
  last[1] = line->id;
}

static void
test_ring (void)
{
  guint64 seen[2] = { 0, 0 };
  guint64 newest;

  for (guint i = 0; i < LOG_RING_LINES + 10; i++)
    log_ring_add (LOG_INFO, "Something", NULL, 0);
  newest = log_ring_read (0, count, seen);
  g_assert_cmpuint (seen[0], ==, LOG_RING_LINES);
  g_assert_cmpuint (seen[1], ==, newest);
  seen[0] = 0;
  seen[1] = 0;
  g_assert_cmpuint (log_ring_read (newest, count, seen), ==, newest);
  g_assert_cmpuint (log_ring_read (G_MAXUINT64 - 1, count, seen), ==, newest);
  g_assert_cmpuint (seen[0], ==, 0);
  log_ring_read (newest - 3, count, seen);
  g_assert_cmpuint (seen[0], ==, 3);
}

static void
keep_last (const LogLine *line, gpointer data)
{
  *(gboolean *)data = log_line_has (line, "ANNA") && log_line_has (line, "accep")
      && log_line_has (line, NULL) && log_line_has (line, "") && !log_line_has (line, "bert")
      && g_utf8_validate (line->fields[3], -1, NULL);
}

static void
test_text (void)
{
  const SinkField fields[] = { { "user", "anna@example.org" }, { "bytes", "\xff\xfe" } };
  gboolean fits = FALSE;
  guint64 newest = log_ring_read (G_MAXUINT64 - 1, keep_last, &fits);

  log_ring_add (LOG_WARNING, "Mail accepted", fields, G_N_ELEMENTS (fields));
  log_ring_read (newest, keep_last, &fits);
  g_assert_true (fits);
}

static void
test_levels (void)
{
  LogLevel level;

  for (guint i = LOG_DEBUG; i <= LOG_ERROR; i++) {
    g_assert_true (log_level_parse (log_level_name ((LogLevel)i), &level));
    g_assert_cmpint (level, ==, i);
  }
  g_assert_false (log_level_parse ("loud", &level));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/log-ring/ring", test_ring);
  g_test_add_func ("/log-ring/text", test_text);
  g_test_add_func ("/log-ring/levels", test_levels);
  return g_test_run ();
}

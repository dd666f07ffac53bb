/* Counters: every one is printed, and threads do not lose counts. */
#include "metrics.h"
#include <string.h>

static void
test_print (void)
{
  metric_set (METRIC_CONNECTIONS_OPEN, 7);
  g_autofree char *text = metrics_print ();

  g_assert_nonnull (strstr (text,
                            "# TYPE hauspost_connections_open gauge\n"
                            "hauspost_connections_open 7\n"));
  g_assert_nonnull (strstr (text, "# TYPE hauspost_smtp_accepted_total counter\n"));

  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  g_assert_cmpuint (g_strv_length (lines), ==, 3 * METRIC_COUNT + 1);
  for (guint i = 0; i < METRIC_COUNT; i++)
    g_assert_true (g_str_has_prefix (lines[3 * i], "# HELP hauspost_"));
}

static gpointer
count (gpointer data)
{
  for (guint i = 0; i < 100000; i++)
    metric_add (METRIC_IMAP_COMMANDS, 1);
  return NULL;
}

static void
test_threads (void)
{
  GThread *threads[4];

  metric_set (METRIC_IMAP_COMMANDS, 0);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("count", count, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
  g_assert_cmpint (metric_get (METRIC_IMAP_COMMANDS), ==, 400000);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/metrics/print", test_print);
  g_test_add_func ("/metrics/threads", test_threads);
  return g_test_run ();
}

/* The rings of samples: counted within a step, gaps, and what a restart keeps. */
#include "admin/graphs.h"
#include "metrics.h"
#include <glib/gstdio.h>

static gint64
value (Graphs *graphs, const char *range, const char *series, gint64 back)
{
  json_t *all = graphs_describe (graphs, range);
  json_t *list = json_object_get (json_object_get (all, "series"), series);
  json_t *one = json_array_get (list, json_array_size (list) - 1 - (gsize)back);
  const gint64 found = json_is_null (one) ? -1 : json_integer_value (one);

  json_decref (all);
  return found;
}

static void
test_count (void)
{
  g_autofree char *folder = g_dir_make_tmp ("graphs-XXXXXX", NULL);
  g_autofree char *file = g_build_filename (folder, "graphs.json", NULL);
  const gint64 now = g_get_real_time () / G_USEC_PER_SEC;
  Graphs *graphs = graphs_new (folder);

  metric_add (METRIC_SMTP_ACCEPTED, 2);
  g_assert_cmpint (graphs_count_since (graphs, GRAPH_IN, now - 3600), ==, 2); /* before a sample */
  graphs_sample (graphs, now, 1000);
  metric_add (METRIC_SMTP_ACCEPTED, 3);
  metric_set (METRIC_CONNECTIONS_OPEN, 7);
  graphs_sample (graphs, now, 2000);
  g_assert_cmpint (value (graphs, "hour", "in", 0) + MAX (0, value (graphs, "hour", "in", 1)), ==,
                   5);
  g_assert_cmpint (value (graphs, "month", "sessions", 0), ==, 7);
  g_assert_cmpint (value (graphs, "day", "disk", 0), ==, 2000);
  g_assert_cmpint (value (graphs, "day", "in", 5), ==, -1); /* nothing is known of it */
  g_assert_cmpint (graphs_count_since (graphs, GRAPH_IN, now - 3600), ==, 5);
  g_assert_cmpint (graphs_count_since (graphs, GRAPH_IN, now + 3600), ==, 0);
  g_assert_null (graphs_describe (graphs, "year"));
  graphs_free (graphs);

  graphs = graphs_new (folder);
  g_assert_cmpint (graphs_count_since (graphs, GRAPH_IN, now - 3600), ==, 5);
  graphs_sample (graphs, now, 3000); /* what was counted before is not counted again */
  g_assert_cmpint (graphs_count_since (graphs, GRAPH_IN, now - 3600), ==, 5);
  graphs_free (graphs);

  g_assert_true (g_file_set_contents (file, "{\"hour\":[[-5],[1,2],\"x\"]} rubbish", -1, NULL));
  graphs = graphs_new (folder);
  g_assert_cmpint (graphs_count_since (graphs, GRAPH_IN, 0), ==, 0);
  graphs_free (graphs);
  g_remove (file);
  g_rmdir (folder);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/graphs/count", test_count);
  return g_test_run ();
}

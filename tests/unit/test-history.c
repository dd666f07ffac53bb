/* Lines come to the disk, are bounded in time, space and rate, and a bad disk costs lines alone. */
#include "history-fixture.h"

static void
test_off (HistoryFixture *self, gconstpointer data)
{
  g_assert_true (setting_set (SETTING_TRACE_TIME, "0", NULL));
  history_say (HISTORY_TAKEN, 1, "a@a.example", NULL);
  history_expect (self, NULL, 10, "");
}

/* Strangers can be refused faster than a disk should fill; mail that was taken is always told. */
static void
test_refusals (HistoryFixture *self, gconstpointer data)
{
  const gint64 lost = metric_get (METRIC_TRACE_LOST);
  g_autoptr (Database) database = NULL;

  for (guint i = 0; i < 1000; i++)
    history_say (HISTORY_REFUSED, 0, "spam@a.example", "b@b.example");
  for (guint i = 0; i < 1000; i++)
    history_say (HISTORY_TAKEN, i + 1, "a@a.example", NULL);
  history_flush ();
  database = history_open (self->folder, NULL);
  Statement *row = database_query (database, NULL,
                                   "SELECT count(*) FILTER (WHERE kind = ?1),"
                                   " count(*) FILTER (WHERE kind = ?2) FROM line",
                                   "ii", (gint64)HISTORY_REFUSED, (gint64)HISTORY_TAKEN);
  g_assert_true (statement_next (row, NULL));
  g_assert_cmpint (statement_int (row, 0), >=, 50);
  g_assert_cmpint (statement_int (row, 0), <=, 150);
  g_assert_cmpint (statement_int (row, 1), ==, 1000);
  g_assert_cmpint (metric_get (METRIC_TRACE_LOST) - lost, ==, 1000 - statement_int (row, 0));
  statement_done (row);
}

/* Looks the trace over after its thread has ended, so that it has swept. */
static void
expect_after_sweep (HistoryFixture *self, gint64 least, gint64 most)
{
  g_autoptr (GError) error = NULL;

  history_stop ();
  history_start (self->folder, &error);
  g_assert_no_error (error);
  history_flush ();
  history_stop ();
  g_autoptr (Database) database = history_open (self->folder, &error);
  g_assert_no_error (error);
  Statement *row = database_query (database, NULL, "SELECT count(*) FROM line", "");
  g_assert_true (statement_next (row, NULL));
  g_assert_cmpint (statement_int (row, 0), >=, least);
  g_assert_cmpint (statement_int (row, 0), <=, most);
  statement_done (row);
}

static void
test_old_goes (HistoryFixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (Database) database = NULL;

  for (gint64 i = 1; i <= 3; i++)
    history_say (HISTORY_TAKEN, i, "a@a.example", NULL);
  history_flush ();
  database = history_open (self->folder, &error);
  database_run (database, &error, "UPDATE line SET time = time - ?1 WHERE message < 3", "i",
                (gint64)366 * 24 * 3600 * 1000);
  g_assert_no_error (error);
  g_clear_pointer (&database, database_close);
  expect_after_sweep (self, 1, 1);
}

/* 100,000 lines of 300 bytes are more than 16 MiB. */
static void
test_much_goes (HistoryFixture *self, gconstpointer data)
{
  g_autofree char *long_address = g_strnfill (300, 'x');
  g_autoptr (GError) error = NULL;
  g_autoptr (Database) database = history_open (self->folder, &error);

  g_assert_true (setting_set (SETTING_TRACE_SIZE, "16M", NULL));
  database_run (database, &error,
                "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000)"
                " INSERT INTO line (time, kind, message, size, sender)"
                " SELECT ?2, 0, i, 0, ?1 FROM n",
                "ti", long_address, g_get_real_time () / 1000);
  g_assert_no_error (error);
  g_clear_pointer (&database, database_close);
  expect_after_sweep (self, 60000, 60000); /* two sweeps of 20,000 */
}

static void
test_broken (HistoryFixture *self, gconstpointer data)
{
  const gint64 lost = metric_get (METRIC_TRACE_LOST);
  g_autoptr (GError) error = NULL;
  g_autoptr (Database) database = history_open (self->folder, &error);

  g_assert_true (database_execute (database, "ALTER TABLE line RENAME TO away", &error));
  history_say (HISTORY_TAKEN, 1, "a@a.example", NULL);
  history_say (HISTORY_TAKEN, 2, "a@a.example", NULL);
  history_flush ();
  g_assert_cmpint (metric_get (METRIC_TRACE_LOST) - lost, ==, 2);
  g_assert_true (database_execute (database, "ALTER TABLE away RENAME TO line", &error));
  history_say (HISTORY_TAKEN, 3, "a@a.example", "a@a.example");
  history_expect (self, NULL, 10, "taken>a@a.example");
}

/* A trace that is no database is put aside. */
static void
test_damaged (void)
{
  g_autofree char *folder = g_dir_make_tmp ("hauspost-history-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "history.db", NULL);
  g_autofree char *noise = g_strnfill (8192, 'x');
  g_autoptr (GError) error = NULL;

  g_assert_true (g_file_set_contents (path, noise, 8192, NULL));
  g_assert_true (history_start (folder, &error));
  history_say (HISTORY_TAKEN, 1, "a@a.example", "b@b.example");
  history_flush ();
  history_stop ();
  g_assert_true (g_file_test (path, G_FILE_TEST_EXISTS));
  g_autofree char *aside = g_strconcat (path, ".damaged", NULL);
  g_assert_cmpint (g_remove (aside), ==, 0);
  g_remove (path);
  g_rmdir (folder);
}

#define ADD(name, func)                                                                            \
  g_test_add ("/history/" name, HistoryFixture, NULL, history_set_up, func, history_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("off", test_off);
  ADD ("refusals", test_refusals);
  ADD ("old-goes", test_old_goes);
  ADD ("much-goes", test_much_goes);
  ADD ("broken", test_broken);
  g_test_add_func ("/history/damaged", test_damaged);
  return g_test_run ();
}

/* One connection: binding, stepping, nesting, and what its errors become. */
#include "store/database.h"

#include <glib/gstdio.h>

static Database *
open_memory (void)
{
  g_autoptr (GError) error = NULL;
  Database *database = database_open (":memory:", DATABASE_WRITE, &error);

  g_assert_no_error (error);
  database_execute (database,
                    "CREATE TABLE t (id INTEGER PRIMARY KEY, text TEXT UNIQUE, blob BLOB)", &error);
  g_assert_no_error (error);
  return database;
}

static void
test_bind (void)
{
  g_autoptr (Database) database = open_memory ();
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = g_bytes_new_static ("a\0b", 3);
  gsize length;

  g_assert_true (database_run (database, &error, "INSERT INTO t VALUES (?1, ?2, ?3)", "itb",
                               (gint64)7, "seven", bytes));
  g_assert_true (database_run (database, &error, "INSERT INTO t VALUES (?1, ?2, ?3)", "its",
                               G_MAXINT64, NULL, (const void *)"xyz", (gsize)2));
  g_assert_cmpint (database_changes (database), ==, 1);
  g_assert_cmpint (database_last_id (database), ==, G_MAXINT64);
  Statement *row
      = database_query (database, &error, "SELECT id, text, blob FROM t ORDER BY id", "");
  g_assert_true (statement_next (row, &error));
  g_assert_cmpint (statement_int (row, 0), ==, 7);
  g_assert_cmpstr (statement_text (row, 1), ==, "seven");
  g_autoptr (GBytes) copy = statement_bytes (row, 2);
  g_assert_true (g_bytes_equal (copy, bytes));
  g_assert_true (statement_next (row, &error));
  g_assert_null (statement_text (row, 1));
  const void *blob = statement_blob (row, 2, &length);
  g_assert_cmpmem (blob, length, "xy", 2);
  g_assert_false (statement_next (row, &error));
  g_assert_no_error (error);
}

static gint64
sum_down (Database *database, gint64 depth)
{
  gint64 sum = 0;
  Statement *row
      = database_query (database, NULL, "SELECT id FROM t WHERE id > ?1", "i", (gint64)0);

  while (statement_next (row, NULL))
    sum += statement_int (row, 0) + (depth > 0 ? sum_down (database, depth - 1) : 0);
  return sum;
}

/* The same literal in a loop in a recursion is a statement each. */
static void
test_nested (void)
{
  g_autoptr (Database) database = open_memory ();

  database_run (database, NULL, "INSERT INTO t (id) VALUES (1), (2)", "");
  g_assert_cmpint (sum_down (database, 2), ==, 3 + 2 * (3 + 2 * 3));
}

static void
test_errors (void)
{
  static const struct {
    const char *sql;
    gint code;
  } cases[] = {
    { "INSERT INTO t (text) VALUES ('one')", STORE_ERROR_EXISTS },
    { "INSERT INTO t (id) VALUES (1)", STORE_ERROR_EXISTS },
    { "INSERT INTO nothing VALUES (1)", STORE_ERROR_FAILED },
    { "no SQL at all", STORE_ERROR_FAILED },
  };
  g_autoptr (Database) database = open_memory ();

  database_run (database, NULL, "INSERT INTO t (id, text) VALUES (1, 'one')", "");
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GError) error = NULL;
    g_assert_false (database_run (database, &error, cases[i].sql, ""));
    g_assert_error (error, STORE_ERROR, cases[i].code);
  }
}

static void
test_full (void)
{
  g_autoptr (Database) database = open_memory ();
  g_autoptr (GError) error = NULL;

  database_execute (database, "PRAGMA max_page_count = 5", NULL);
  g_assert_false (
      database_run (database, &error, "INSERT INTO t (blob) VALUES (zeroblob (1000000))", ""));
  g_assert_error (error, STORE_ERROR, STORE_ERROR_FULL);
}

static void
test_left_standing (void)
{
  g_autoptr (Database) database = open_memory ();
  g_autoptr (GError) error = NULL;

  database_run (database, NULL, "INSERT INTO t (id) VALUES (1), (2)", "");
  database_execute (database, "BEGIN", NULL);
  Statement *row = database_query (database, &error, "SELECT id FROM t", "");
  g_assert_true (statement_next (row, &error));
  database_end_statements (database);
  g_assert_false (sqlite3_stmt_busy (row));
  g_assert_true (database_execute (database, "COMMIT", &error));
}

static void
test_open_errors (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = NULL;
  int descriptor = g_file_open_tmp ("database-XXXXXX", &path, NULL);

  g_assert_null (database_open ("/nowhere/at/all", DATABASE_WRITE, &error));
  g_assert_error (error, STORE_ERROR, STORE_ERROR_FAILED);
  g_clear_error (&error);
  g_assert_null (database_open ("/nowhere", DATABASE_READ, &error));
  g_assert_error (error, STORE_ERROR, STORE_ERROR_FAILED);
  g_clear_error (&error);
  g_close (descriptor, NULL);
  g_assert_true (
      g_file_set_contents (path, "This is no database, however long it is said.", -1, NULL));
  g_assert_null (database_open (path, DATABASE_WRITE, &error));
  g_assert_error (error, STORE_ERROR, STORE_ERROR_CORRUPT);
  g_remove (path);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/database/bind", test_bind);
  g_test_add_func ("/database/nested", test_nested);
  g_test_add_func ("/database/errors", test_errors);
  g_test_add_func ("/database/full", test_full);
  g_test_add_func ("/database/left-standing", test_left_standing);
  g_test_add_func ("/database/open-errors", test_open_errors);
  return g_test_run ();
}

/* The shims: what they record of files and of SQLite, and the faults they make up. */
#include "trace.h"
#include "disk.h"
#include "platform/file.h"
#include <sqlite3.h>
#include <string.h>

typedef struct {
  char *folder, *root, *log;
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  self->folder = g_dir_make_tmp ("trace-XXXXXX", NULL);
  self->root = g_build_filename (self->folder, "root", NULL);
  self->log = g_build_filename (self->folder, "log", NULL);
  g_assert_true (file_make_folder (self->root, NULL));
  g_assert_true (trace_start (self->root, self->log, NULL));
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  trace_stop ();
  g_assert_true (folder_remove_all (self->folder, NULL));
  g_free (self->folder);
  g_free (self->root);
  g_free (self->log);
}

static void
expect (TraceLog *log, TraceKind kind, const char *path)
{
  const TraceRecord *record = trace_log_next (log);

  g_assert_nonnull (record);
  g_assert_cmpint (record->kind, ==, kind);
  g_assert_cmpstr (record->path, ==, path);
}

static void
test_files (Fixture *self, gconstpointer data)
{
  g_autofree char *first = g_build_filename (self->root, "a", NULL);
  g_autofree char *second = g_build_filename (self->root, "b", NULL);
  g_autofree char *foreign = g_build_filename (self->folder, "c", NULL);
  g_autoptr (File) other = file_open (foreign, FILE_MODE_CREATE, NULL);
  g_autoptr (File) file = file_open (first, FILE_MODE_CREATE, NULL);
  g_autoptr (TraceLog) log = NULL;
  const TraceRecord *record;

  g_assert_true (file_write (other, 0, "x", 1, NULL));
  g_assert_true (file_write (file, 3, "hello", 5, NULL));
  g_assert_true (file_sync (file, NULL));
  g_assert_true (file_publish (first, second, NULL));
  g_assert_true (file_remove (second, NULL));
  g_assert_cmpuint (trace_flushes (), ==, 2);

  log = trace_log_open (self->log, NULL);
  expect (log, TRACE_OPEN, "a");
  record = trace_log_next (log);
  g_assert_cmpint (record->kind, ==, TRACE_WRITE);
  g_assert_cmpuint (record->offset, ==, 3);
  g_assert_cmpmem (record->data, record->length, "hello", 5);
  expect (log, TRACE_SYNC, NULL);
  record = trace_log_next (log);
  g_assert_cmpint (record->kind, ==, TRACE_RENAME);
  g_assert_cmpstr (record->to, ==, "b");
  expect (log, TRACE_SYNC_FOLDER, "");
  expect (log, TRACE_REMOVE, "b");
  g_assert_null (trace_log_next (log));
}

static sqlite3 *
open_database (Fixture *self)
{
  g_autofree char *path = g_build_filename (self->root, "d", NULL);
  sqlite3 *database = NULL;

  g_assert_cmpint (sqlite3_open (path, &database), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (database,
                                 "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
                                 "CREATE TABLE IF NOT EXISTS t (x)",
                                 NULL, NULL, NULL),
                   ==, SQLITE_OK);
  return database;
}

/* A commit is in the WAL and synced, and so is the WAL's name. */
static void
test_database (Fixture *self, gconstpointer data)
{
  sqlite3 *database = open_database (self);
  g_autoptr (TraceLog) log = NULL;
  const TraceRecord *record;
  gboolean opened = FALSE, named = FALSE, synced = FALSE;

  g_assert_cmpint (sqlite3_exec (database, "INSERT INTO t VALUES (1)", NULL, NULL, NULL), ==, 0);
  log = trace_log_open (self->log, NULL);
  while ((record = trace_log_next (log)) != NULL) {
    opened |= record->kind == TRACE_OPEN && g_str_equal (record->path, "d-wal");
    named |= opened && record->kind == TRACE_SYNC_FOLDER && g_str_equal (record->path, "");
    synced = record->kind == TRACE_SYNC;
    g_assert_false (record->path != NULL && g_str_has_suffix (record->path, "-shm"));
  }
  g_assert_true (opened && named && synced);
  sqlite3_close (database);
}

static void
test_file_faults (Fixture *self, gconstpointer data)
{
  static const struct {
    const char *text;
    gboolean results[4]; /* open, write, write, sync */
  } rows[] = {
    { "all 1 full once", { FALSE, FALSE, FALSE, FALSE } },
    { "open 1 broken once", { FALSE, FALSE, FALSE, FALSE } },
    { "write 1 full once", { TRUE, FALSE, TRUE, TRUE } },
    { "write 1 full lasting", { TRUE, FALSE, FALSE, TRUE } },
    { "all 3 broken lasting", { TRUE, TRUE, FALSE, FALSE } },
    { "sync 1 broken once", { TRUE, TRUE, TRUE, FALSE } },
    { "name 1 broken once", { TRUE, TRUE, TRUE, TRUE } },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autofree char *path = g_build_filename (self->root, rows[i].text, NULL);
    g_autoptr (File) file = NULL;
    Fault fault;

    g_assert_true (fault_parse (rows[i].text, &fault));
    trace_fault (&fault);
    file = file_open (path, FILE_MODE_CREATE, NULL);
    g_assert_cmpint (file != NULL, ==, rows[i].results[0]);
    if (file == NULL)
      continue;
    g_assert_cmpint (file_write (file, 0, "abcd", 4, NULL), ==, rows[i].results[1]);
    g_assert_cmpint (file_write (file, 4, "efgh", 4, NULL), ==, rows[i].results[2]);
    g_assert_cmpint (file_sync (file, NULL), ==, rows[i].results[3]);
  }
  trace_fault (NULL);
  g_assert_false (fault_parse ("nothing 1 full once", &(Fault) { 0 }));
  g_assert_false (fault_parse ("write 1", &(Fault) { 0 }));
}

static void
test_half_write (Fixture *self, gconstpointer data)
{
  static const Fault fault = { .kinds = FAULT_WRITE, .at = 1, .full = TRUE };
  g_autofree char *path = g_build_filename (self->root, "a", NULL);
  g_autoptr (File) file = file_open (path, FILE_MODE_CREATE, NULL);
  g_autoptr (GError) error = NULL;
  guint64 size;

  trace_fault (&fault);
  g_assert_false (file_write (file, 0, "abcd", 4, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE);
  g_assert_true (trace_fault_struck ());
  g_assert_true (file_size (file, &size, NULL));
  g_assert_cmpuint (size, ==, 2);
}

static void
test_database_faults (Fixture *self, gconstpointer data)
{
  static const struct {
    const char *text;
    int status;
  } rows[] = {
    { "write 1 full once", SQLITE_FULL },
    { "write 1 broken once", SQLITE_IOERR },
    { "sync 1 broken once", SQLITE_IOERR },
  };
  sqlite3 *database = open_database (self);

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
    Fault fault;

    g_assert_true (fault_parse (rows[i].text, &fault));
    trace_fault (&fault);
    g_assert_cmpint (sqlite3_exec (database, "INSERT INTO t VALUES (1)", NULL, NULL, NULL), ==,
                     rows[i].status);
    g_assert_true (trace_fault_struck ());
    g_assert_cmpint (sqlite3_exec (database, "INSERT INTO t VALUES (1)", NULL, NULL, NULL), ==,
                     SQLITE_OK);
  }
  trace_fault (NULL);
  sqlite3_close (database);
}

/* A sync that fails loses what others wrote, so they must hear of it, once; the later ones do not.
 */
static void
test_errors_of_others (Fixture *self, gconstpointer data)
{
  static const Fault fault = { .kinds = FAULT_SYNC, .at = 1 };
  g_autofree char *path = g_build_filename (self->root, "a", NULL);
  g_autofree char *elsewhere = g_build_filename (self->root, "b", NULL);
  g_autoptr (File) writer = file_open (path, FILE_MODE_CREATE, NULL);
  g_autoptr (File) other = file_open (path, FILE_MODE_WRITE, NULL);
  g_autoptr (File) foreign = file_open (elsewhere, FILE_MODE_CREATE, NULL);

  g_assert_true (file_write (writer, 0, "abcd", 4, NULL));
  trace_fault (&fault);
  g_assert_false (file_sync (other, NULL));
  trace_fault (NULL);
  g_autoptr (File) later = file_open (path, FILE_MODE_WRITE, NULL);
  g_assert_true (file_sync (foreign, NULL));
  g_assert_true (file_sync (later, NULL));
  g_assert_false (file_sync (writer, NULL));
  g_assert_true (file_sync (writer, NULL));
  g_assert_true (file_sync (other, NULL));
}

/* The connection that commits beside a checkpoint whose sync of the WAL failed. */
static void
test_database_errors_of_others (Fixture *self, gconstpointer data)
{
  static const Fault fault = { .kinds = FAULT_SYNC, .at = 1 };
  sqlite3 *writer = open_database (self), *other = open_database (self);

  g_assert_cmpint (sqlite3_exec (writer, "INSERT INTO t VALUES (1)", NULL, NULL, NULL), ==, 0);
  trace_fault (&fault);
  g_assert_cmpint (sqlite3_wal_checkpoint_v2 (other, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL),
                   ==, SQLITE_IOERR);
  trace_fault (NULL);
  g_assert_cmpint (sqlite3_exec (writer, "INSERT INTO t VALUES (2)", NULL, NULL, NULL), ==,
                   SQLITE_IOERR);
  g_assert_cmpint (sqlite3_exec (writer, "INSERT INTO t VALUES (3)", NULL, NULL, NULL), ==,
                   SQLITE_OK);
  sqlite3_close (other);
  sqlite3_close (writer);
}

int
main (int argc, char **argv)
{
  static const struct {
    const char *path;
    void (*run) (Fixture *, gconstpointer);
  } tests[] = {
    { "/trace/files", test_files },
    { "/trace/database", test_database },
    { "/trace/file-faults", test_file_faults },
    { "/trace/half-write", test_half_write },
    { "/trace/database-faults", test_database_faults },
    { "/trace/errors-of-others", test_errors_of_others },
    { "/trace/database-errors-of-others", test_database_errors_of_others },
  };

  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, NULL, set_up, tests[i].run, tear_down);
  return g_test_run ();
}

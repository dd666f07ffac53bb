/* Checkpoints whose syncs fail, and a power cut after everything seemed well again. */
#include "../unit/store-fixture.h"
#include "disk.h"
#include "metrics.h"
#include "trace-private.h"
#include <sqlite3.h>

#define MAILS 40
#define PATIENCE (20 * G_USEC_PER_SEC)

typedef struct {
  Fixture store; /* its folder is ROOT/store */
  char *folder, *root, *log, *found;
  guint mails;
} Test;

static void
set_up (Test *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  self->folder = g_dir_make_tmp ("checkpoint-XXXXXX", NULL);
  self->root = g_build_filename (self->folder, "root", NULL);
  self->log = g_build_filename (self->folder, "log", NULL);
  self->found = g_build_filename (self->folder, "found", NULL);
  self->store.folder = g_build_filename (self->root, "store", NULL);
  g_assert_true (file_make_folder (self->root, NULL));
  g_assert_true (trace_start (self->root, self->log, NULL));
  fixture_open (&self->store);
  store_write_sync (self->store.store, fixture_fill, &self->store, &error);
  g_assert_no_error (error);
}

static void
tear_down (Test *self, gconstpointer data)
{
  g_assert_true (folder_remove_all (self->folder, NULL));
  g_free (self->store.folder);
  g_free (self->folder);
  g_free (self->root);
  g_free (self->log);
  g_free (self->found);
}

static void
add_mails (Test *self, guint count)
{
  for (guint i = 0; i < count; i++) {
    g_autofree char *text = g_strdup_printf ("Subject: %u\r\n\r\nHello\r\n", self->mails++);
    fixture_add (&self->store, self->store.inbox, text, 0);
  }
}

/* The store may refuse a mail while it opens its files anew. */
static void
add_stubborn (Test *self)
{
  g_autoptr (PreparedMessage) message = prepare_text (self->store.store, "Subject: again\r\n\r\n");
  Adding adding = { .mailbox = self->store.inbox, .message = message };
  gint64 until = g_get_monotonic_time () + PATIENCE;

  while (!store_write_sync (self->store.store, add_message, &adding, NULL)
         && g_get_monotonic_time () < until)
    g_usleep (100000);
  g_assert_cmpint (adding.id, !=, 0);
  self->mails++;
}

static sqlite3 *
connect (const char *folder)
{
  g_autofree char *path = g_build_filename (folder, "store.db", NULL);
  sqlite3 *connection = NULL;

  g_assert_cmpint (sqlite3_open (path, &connection), ==, SQLITE_OK);
  return connection;
}

static void
execute (sqlite3 *connection, const char *sql)
{
  g_assert_cmpint (sqlite3_exec (connection, sql, NULL, NULL, NULL), ==, SQLITE_OK);
}

/* While somebody reads, a checkpoint comes only as far as the reader's snapshot: SQLite notes these
 * pages as moved, and does not sync the database. */
static void
move_a_part (Test *self)
{
  sqlite3 *reader = connect (self->store.folder), *mover = connect (self->store.folder);
  int pages = 0, moved = 0;

  execute (reader, "BEGIN; SELECT count(*) FROM entry");
  execute (mover, "SELECT count(*) FROM entry");
  add_mails (self, MAILS);
  g_assert_cmpint (
      sqlite3_wal_checkpoint_v2 (mover, NULL, SQLITE_CHECKPOINT_PASSIVE, &pages, &moved), ==,
      SQLITE_OK);
  g_assert_cmpint (moved, >, 0);
  g_assert_cmpint (moved, <, pages);
  sqlite3_close (reader);
  sqlite3_close (mover);
}

static void
wait_for (gboolean (*is_over) (Test *self, gint64 before), Test *self, gint64 before)
{
  gint64 until = g_get_monotonic_time () + PATIENCE;

  while (!is_over (self, before) && g_get_monotonic_time () < until)
    g_usleep (1000);
  g_assert_true (is_over (self, before));
}

static gboolean
has_failed (Test *self, gint64 before)
{
  return trace_fault_struck () && g_atomic_int_get (&self->store.store->in_doubt);
}

static gboolean
has_moved (Test *self, gint64 before)
{
  return metric_get (METRIC_STORE_CHECKPOINTS) > before;
}

static void
fail_to_move (Test *self)
{
  Fault fault
      = { FAULT_SYNC, 2, FALSE, FALSE }; /* the first is the WAL's, the second the database's */
  Fault none = { 0 };

  trace_fault (&fault);
  caretaker_wake (self->store.store->caretaker, TRUE);
  wait_for (has_failed, self, 0);
  trace_fault (&none);
}

static void
move_rest (Test *self)
{
  gint64 before = metric_get (METRIC_STORE_CHECKPOINTS);

  caretaker_wake (self->store.store->caretaker, TRUE);
  wait_for (has_moved, self, before);
}

/* After so many RECORDS. */
static void
cut_power (Test *self, guint64 records)
{
  g_autoptr (TraceLog) log = NULL;
  g_autoptr (Disk) disk = disk_new (NULL, NULL);
  g_autoptr (GError) error = NULL;
  const TraceRecord *record;

  log = trace_log_open (self->log, NULL);
  while (records-- > 0 && (record = trace_log_next (log)) != NULL)
    disk_apply (disk, record);
  g_assert_true (disk_cut (disk, CUT_LOSES, 1, self->found, &error));
  g_assert_no_error (error);
}

static int
count (sqlite3 *connection, const char *sql)
{
  sqlite3_stmt *statement = NULL;

  g_assert_cmpint (sqlite3_prepare_v2 (connection, sql, -1, &statement, NULL), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_step (statement), ==, SQLITE_ROW);
  int found = sqlite3_column_int (statement, 0);
  sqlite3_finalize (statement);
  return found;
}

static void
check_found (Test *self)
{
  g_autofree char *folder = g_build_filename (self->found, "store", NULL);
  sqlite3 *connection = connect (folder);

  g_assert_cmpint (count (connection,
                          "SELECT count(*) FROM entry JOIN message"
                          " ON message.id = entry.message"),
                   ==, self->mails);
  sqlite3_close (connection);
}

/* The pages of the first part are lost with the failed sync, and no later one writes them. */
static void
test_part (Test *self, gconstpointer data)
{
  add_mails (self, MAILS);
  move_a_part (self);
  fail_to_move (self);
  add_stubborn (self); /* the writer hears of it */
  move_rest (self);
  add_mails (self, 1); /* the WAL begins anew */
  guint64 records = trace_position ();
  g_clear_pointer (&self->store.store, store_close);
  trace_stop ();
  cut_power (self, records);
  check_found (self);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/checkpoint/part", Test, NULL, set_up, test_part, tear_down);
  return g_test_run ();
}

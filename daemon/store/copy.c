/* The database's copy for a backup: VACUUM INTO reads one snapshot of the WAL and blocks nobody. */
#include "store/copy.h"
#include "store/parts.h"

struct _StorePin {
  Segments *segments;
  guint64 pin;
};

StorePin *
store_pin (Store *store)
{
  StorePin *pin = g_new0 (StorePin, 1);

  pin->segments = store->segments;
  pin->pin = segments_pin (store->segments);
  return pin;
}

void
store_unpin (StorePin *pin)
{
  segments_unpin (pin->segments, pin->pin);
  g_free (pin);
}

static void
store_file_free (gpointer data)
{
  StoreFile *file = data;

  g_free (file->name);
  g_free (file);
}

static gboolean
vacuum_into (Store *store, const char *target, GError **error)
{
  /* The writer does not close and open the database anew meanwhile. */
  g_autoptr (GRWLockReaderLocker) locker = g_rw_lock_reader_locker_new (&store->connections);
  g_autoptr (Database) database = database_open (store->database_path, DATABASE_READ, error);
  g_autoptr (File) file = NULL;

  if (!database || !database_execute (database, "PRAGMA query_only = 0", error)
      || !database_run (database, error, "VACUUM INTO ?1", "t", target))
    return FALSE;
  file = file_open (target, FILE_MODE_WRITE, error); /* SQLite leaves the copy unsynced */
  return file && file_sync (file, error);
}

static GPtrArray *
list_segments (Store *store, Database *database, GError **error)
{
  g_autoptr (GPtrArray) files = g_ptr_array_new_with_free_func (store_file_free);
  g_autoptr (GError) failure = NULL;
  Statement *row = database_query (database, &failure,
                                   "SELECT number, size FROM segment s WHERE EXISTS"
                                   " (SELECT 1 FROM message WHERE segment = s.number)",
                                   "");

  while (row && statement_next (row, &failure)) {
    StoreFile *file = g_new0 (StoreFile, 1);
    g_autofree char *path = segments_path (store->segments, (guint64)statement_int (row, 0));
    g_autofree char *name = g_path_get_basename (path);

    file->name = g_strconcat ("segments/", name, NULL); /* the same on every system */
    file->size = (guint64)statement_int (row, 1);
    g_ptr_array_add (files, file);
  }
  if (!failure)
    return g_steal_pointer (&files);
  g_propagate_error (error, g_steal_pointer (&failure));
  return NULL;
}

GPtrArray *
store_copy_database (Store *store, const char *target, GError **error)
{
  g_autoptr (Database) copy = NULL;

  if (!vacuum_into (store, target, error))
    return NULL;
  copy = database_open (target, DATABASE_READ, error);
  return copy && database_check (copy, error) ? list_segments (store, copy, error) : NULL;
}

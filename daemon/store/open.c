/* Opening and closing a store: the lock, the migration, what a crash has left. */
#include "store/parts.h"
#include "store/schema.h"
#include "language.h"
#include "log.h"

#define READERS 2
#define REOPEN_INTERVAL G_USEC_PER_SEC

File *
store_lock_folder (const char *folder, GError **error)
{
  g_autofree char *path = g_build_filename (folder, "store.lock", NULL);
  g_autoptr (GError) problem = NULL;
  g_autoptr (File) lock = file_open (path, FILE_MODE_WRITE, &problem);

  if (lock && file_lock (lock, &problem))
    return g_steal_pointer (&lock);
  if (g_error_matches (problem, G_IO_ERROR, G_IO_ERROR_BUSY)) {
    g_set_error (error, STORE_ERROR, STORE_ERROR_FAILED,
                 _ ("%s is in use by another process: stop that Hauspost first."), folder);
    return NULL;
  }
  g_propagate_error (error, g_steal_pointer (&problem));
  store_convert_error (error);
  return NULL;
}

static gboolean
read_number (Database *database, const char *sql, gint64 *number, GError **error)
{
  Statement *row = database_query (database, error, sql, "");

  if (!row || !statement_next (row, error))
    return FALSE;
  *number = statement_int (row, 0);
  statement_done (row);
  return TRUE;
}

/* number → (size, or -1 for an own segment: such a one is written whole before it is known). */
static GHashTable *
read_segments (Database *database, GError **error)
{
  g_autoptr (GHashTable) sizes
      = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, g_free);
  GError *failure = NULL;
  Statement *row = database_query (database, error, "SELECT number, size, own FROM segment", "");

  if (!row)
    return NULL;
  while (statement_next (row, &failure)) {
    gint64 number = statement_int (row, 0);
    gint64 size = statement_int (row, 2) ? -1 : statement_int (row, 1);
    g_hash_table_insert (sizes, g_memdup2 (&number, sizeof number), g_memdup2 (&size, sizeof size));
  }
  if (failure) {
    g_propagate_error (error, failure);
    return NULL;
  }
  return g_steal_pointer (&sizes);
}

/* An empty one was opened by a run that then wrote nothing. */
static gboolean
set_aside (Store *self, guint64 number, GError **error)
{
  guint64 size;

  if (!segments_measure (self->segments, number, &size, error))
    return FALSE;
  if (size > 0)
    return segments_set_aside (self->segments, number, error);
  segments_remove (self->segments, number);
  return TRUE;
}

/* What lies in segments and is not in the database was never acknowledged, or the WAL was lost that
 * held the acknowledged rows. In the second case it must survive: it is kept aside. */
static gboolean
keep_aside (Store *self, Database *database, GError **error)
{
  g_autoptr (GHashTable) sizes = read_segments (database, error);
  g_autoptr (GArray) numbers = sizes ? segments_list (self->segments, error) : NULL;

  if (!numbers)
    return store_convert_error (error);
  for (guint i = 0; i < numbers->len; i++) {
    gint64 number = g_array_index (numbers, guint64, i);
    const gint64 *size = g_hash_table_lookup (sizes, &number);
    if (size ? *size >= 0 && !segments_keep_tail (self->segments, number, *size, error)
             : !set_aside (self, number, error))
      return store_convert_error (error);
  }
  return TRUE;
}

static gboolean
open_segments (Store *self, Database *database, GError **error)
{
  g_autofree char *folder = g_build_filename (self->folder, "segments", NULL);
  gint64 last;

  if (!read_number (database, "SELECT coalesce (max (number), 0) FROM segment", &last, error)
      || !read_number (database,
                       "SELECT max ((SELECT coalesce (max (id), 0) FROM message),"
                       " (SELECT value FROM counter WHERE name = 'message'))",
                       &self->last_message, error))
    return FALSE;
  self->segments = segments_open (folder, last, error);
  return self->segments ? keep_aside (self, database, error) : store_convert_error (error);
}

/* The first mail after the start should cost no more than any other: what is done once (a new
 * segment's name, a new WAL's header) is done and synced now. */
static gboolean
warm_up (Store *self, Database *database, GError **error)
{
  guint64 number, offset;

  return database_run (database, error, "UPDATE counter SET value = value", "")
      && (segments_begin (self->segments, &number, &offset, error) || store_convert_error (error));
}

/* SQLite falls back silently where a file system cannot share memory (NFS); then nothing of what
 * this store promises about readers and syncs is true. */
static gboolean
has_wal (Store *self, Database *database, GError **error)
{
  Statement *row = database_query (database, error, "PRAGMA journal_mode", "");

  if (!row || !statement_next (row, error))
    return FALSE;
  gboolean wal = g_strcmp0 (statement_text (row, 0), "wal") == 0;
  statement_done (row);
  if (!wal)
    g_set_error (error, STORE_ERROR, STORE_ERROR_FAILED,
                 _ ("The file system of %s cannot hold a store: use a local disk."), self->folder);
  return wal;
}

/* A store's database is durable before its first segment is made. One that is gone was taken away:
 * an empty one in its place would hide all mail, and refuse every user. */
static gboolean
refuse_lost_database (Store *self, GError **error)
{
  g_autofree char *folder = g_build_filename (self->folder, "segments", NULL);
  g_autoptr (GPtrArray) names = NULL;

  if (file_exists (self->database_path) || !file_exists (folder))
    return TRUE;
  if (!(names = file_list (folder, error)))
    return store_convert_error (error);
  for (guint i = 0; i < names->len; i++)
    if (g_str_has_suffix (names->pdata[i], ".seg")) {
      g_set_error (error, STORE_ERROR, STORE_ERROR_CORRUPT,
                   _ ("%s is gone, but the mail is there: bring it back from a backup, or run "
                      "hauspost check --repair --offline."),
                   self->database_path);
      return FALSE;
    }
  return TRUE;
}

/* SQLite would let everybody read what it makes. The WAL takes after the database. The file must be
 * closed before SQLite opens it: on POSIX the close takes all of the process's locks along. */
static Database *
open_database (Store *self, GError **error)
{
  g_autoptr (File) file = file_open (self->database_path, FILE_MODE_WRITE, error);

  if (!file) {
    store_convert_error (error);
    return NULL;
  }
  g_clear_pointer (&file, file_close);
  g_autoptr (Database) database = database_open (self->database_path, DATABASE_WRITE, error);
  return database && has_wal (self, database, error) ? g_steal_pointer (&database) : NULL;
}

static void
start (Store *self, Database *database, guint readers)
{
  self->delivery = delivery_new ();
  self->watches = watches_new ();
  self->notes = notes_new ();
  self->takes_mail = TRUE;
  self->caretaker = caretaker_new (self);
  self->readers = readers_new (self, readers ? readers : READERS);
  self->writer = writer_new (self, database);
}

Store *
store_open (const StoreOptions *options, GError **error)
{
  g_autoptr (Store) self = g_new0 (Store, 1);
  g_autoptr (Database) database = NULL;

  self->reopen_interval = REOPEN_INTERVAL;
  self->folder = g_strdup (options->folder);
  self->database_path = g_build_filename (options->folder, "store.db", NULL);
  self->temporary_folder = g_build_filename (options->folder, "temporary", NULL);
  g_rw_lock_init (&self->connections);
  g_mutex_init (&self->checkpoint);
  if (!file_make_folder (self->folder, error) || !file_protect_folder (self->folder, error)
      || !file_make_folder (self->temporary_folder, error)) {
    store_convert_error (error);
    return NULL;
  }
  self->lock = store_lock_folder (self->folder, error);
  if (!self->lock || !refuse_lost_database (self, error))
    return NULL;
  database = open_database (self, error);
  if (!database || !schema_migrate (database, self->database_path, &schema_current, error))
    return NULL;
  if (!file_sync_folder (self->folder, error)) {
    store_convert_error (error);
    return NULL;
  }
  if (!open_segments (self, database, error) || !warm_up (self, database, error))
    return NULL;
  start (self, g_steal_pointer (&database), options->readers);
  return g_steal_pointer (&self);
}

void
store_close (Store *store)
{
  if (!store)
    return;
  writer_free (store->writer);
  readers_free (store->readers);
  caretaker_free (store->caretaker);
  delivery_free (store->delivery);
  watches_free (store->watches);
  notes_free (store->notes);
  segments_free (store->segments);
  file_close (store->lock);
  g_rw_lock_clear (&store->connections);
  g_mutex_clear (&store->checkpoint);
  g_free (store->folder);
  g_free (store->database_path);
  g_free (store->temporary_folder);
  g_free (store);
}

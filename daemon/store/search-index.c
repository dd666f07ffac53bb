/* Fills the full-text index of one account. */
#include "store/search-index.h"
#include "store/search-block.h"
#include "store/snapshot.h"
#include "log.h"
#include "platform/file.h"

#define VERSION 2

/* DOC says what is in the index; a leaf without grams is looked at by every search. */
static const char tables[]
    = "CREATE TABLE about (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;"
      "CREATE TABLE mailbox (id INTEGER PRIMARY KEY, uid INTEGER NOT NULL);"
      "CREATE TABLE doc (message INTEGER PRIMARY KEY);"
      "CREATE TABLE leaf (message INTEGER PRIMARY KEY, grams BLOB);"
      "CREATE TABLE block (id INTEGER PRIMARY KEY, docs BLOB NOT NULL);"
      "CREATE TABLE page (block INTEGER NOT NULL, page INTEGER NOT NULL, grams BLOB NOT NULL,"
      " PRIMARY KEY (block, page)) WITHOUT ROWID;";

struct _SearchIndex {
  Store *store;
  gint64 account;
  Database *database;
};

char *
search_index_path (Store *store, gint64 account)
{
  g_autofree char *name = g_strdup_printf ("%" G_GINT64_FORMAT ".db", account);

  return g_build_filename (store_folder (store), "search", name, NULL);
}

gboolean
search_index_remove (Store *store, gint64 account, GError **error)
{
  static const char *const suffixes[] = { "-wal", "-shm", "" };
  g_autofree char *path = search_index_path (store, account);

  for (guint i = 0; i < G_N_ELEMENTS (suffixes); i++) {
    g_autofree char *name = g_strconcat (path, suffixes[i], NULL);
    if (file_exists (name) && !file_remove (name, error))
      return store_convert_error (error);
  }
  return TRUE;
}

/* The one number that SQL asks for; 0 when there is none. */
static gboolean
read_number (Database *database, const char *sql, gint64 argument, gint64 *value, GError **error)
{
  GError *failure = NULL;
  Statement *row = database_query (database, error, sql, "i", argument);

  if (!row)
    return FALSE;
  *value = statement_next (row, &failure) ? statement_int (row, 0) : 0;
  statement_done (row);
  if (failure)
    g_propagate_error (error, failure);
  return !failure;
}

static gboolean
read_identity (StoreSnapshot *snapshot, gpointer data, GError **error)
{
  return read_number (store_snapshot_database (snapshot),
                      "SELECT value FROM counter WHERE name = 'identity' AND ?1", 1, data, error);
}

static gboolean
make (Database *database, gint64 identity, GError **error)
{
  return database_execute (database, "BEGIN", error) && database_execute (database, tables, error)
      && database_run (database, error,
                       "INSERT INTO about VALUES ('identity', ?1), ('version', ?2)", "ii", identity,
                       (gint64)VERSION)
      && database_execute (database, "COMMIT", error);
}

/* An empty one is made; *FITS FALSE: another store's, or another version. */
static gboolean
look (Database *database, gint64 identity, gboolean *fits, GError **error)
{
  gint64 count, found = 0, version = 0;

  if (!read_number (database, "SELECT count(*) FROM sqlite_schema WHERE ?1", 1, &count, error))
    return FALSE;
  if (count == 0)
    return make (database, identity, error);
  if (!read_number (database, "SELECT value FROM about WHERE name = 'identity' AND ?1", 1, &found,
                    error)
      || !read_number (database, "SELECT value FROM about WHERE name = 'version' AND ?1", 1,
                       &version, error))
    return FALSE;
  *fits = found == identity && version == VERSION;
  return TRUE;
}

/* Normal syncs: after a power cut the index is as it was a moment ago, and whole. */
static Database *
open_database (const char *path, gint64 identity, GError **error)
{
  g_autoptr (File) file = file_open (path, FILE_MODE_WRITE, error);
  gboolean fits = TRUE;

  if (!file) {
    store_convert_error (error);
    return NULL;
  }
  g_clear_pointer (&file, file_close);
  g_autoptr (Database) database = database_open (path, DATABASE_WRITE, error);
  if (!database
      || !database_execute (database,
                            "PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 1000;", error)
      || !look (database, identity, &fits, error))
    return NULL;
  if (!fits)
    g_set_error_literal (error, STORE_ERROR, STORE_ERROR_CORRUPT, "It belongs to another store");
  return fits ? g_steal_pointer (&database) : NULL;
}

SearchIndex *
search_index_open (Store *store, gint64 account, GError **error)
{
  g_autoptr (SearchIndex) self = g_new0 (SearchIndex, 1);
  g_autofree char *path = search_index_path (store, account);
  g_autofree char *folder = g_path_get_dirname (path);
  g_autoptr (GError) problem = NULL;
  gint64 identity = 0;

  self->store = store;
  self->account = account;
  if (!file_make_folder (folder, error)) {
    store_convert_error (error);
    return NULL;
  }
  if (!store_read_sync (store, read_identity, &identity, error))
    return NULL;
  self->database = open_database (path, identity, &problem);
  if (!self->database) {
    log_event (LOG_NOTICE, "A search index is made anew", "path", path, "error", problem->message,
               NULL);
    if (search_index_remove (store, account, error))
      self->database = open_database (path, identity, error);
  }
  return self->database ? g_steal_pointer (&self) : NULL;
}

void
search_index_close (SearchIndex *self)
{
  g_clear_pointer (&self->database, database_close);
  g_free (self);
}

gboolean
search_index_uid (SearchIndex *self, gint64 mailbox, guint32 *uid, GError **error)
{
  gint64 value;

  if (!read_number (self->database, "SELECT uid FROM mailbox WHERE id = ?1", mailbox, &value,
                    error))
    return FALSE;
  *uid = (guint32)value;
  return TRUE;
}

gboolean
search_index_has (SearchIndex *self, gint64 message, gboolean *has, GError **error)
{
  gint64 value;

  if (!read_number (self->database, "SELECT 1 FROM doc WHERE message = ?1", message, &value, error))
    return FALSE;
  *has = value != 0;
  return TRUE;
}

gboolean
search_index_begin (SearchIndex *self, GError **error)
{
  return database_execute (self->database, "BEGIN IMMEDIATE", error);
}

gboolean
search_index_add (SearchIndex *self, gint64 message, const Grams *grams, GError **error)
{
  g_autoptr (GByteArray) printed = grams ? grams_print (grams) : NULL;
  g_autoptr (GBytes) bytes = printed ? g_bytes_new (printed->data, printed->len) : NULL;

  return database_run (self->database, error, "INSERT OR IGNORE INTO doc VALUES (?1)", "i", message)
      && database_run (self->database, error, "INSERT OR REPLACE INTO leaf VALUES (?1, ?2)", "ib",
                       message, bytes);
}

gboolean
search_index_set_uid (SearchIndex *self, gint64 mailbox, guint32 uid, GError **error)
{
  return database_run (self->database, error, "INSERT OR REPLACE INTO mailbox VALUES (?1, ?2)",
                       "ii", mailbox, (gint64)uid);
}

gboolean
search_index_commit (SearchIndex *self, GError **error)
{
  database_end_statements (self->database);
  return database_execute (self->database, "COMMIT", error);
}

void
search_index_roll_back (SearchIndex *self)
{
  database_end_statements (self->database);
  if (!sqlite3_get_autocommit (database_connection (self->database)))
    database_execute (self->database, "ROLLBACK", NULL); /* the first error is the one to tell */
}

gboolean
search_index_settle (SearchIndex *self, GError **error)
{
  return search_block_make (self->database, error);
}

typedef struct {
  gint64 account;
  GArray *messages; /* gint64 */
  GArray *dead;
} Living;

/* A tombstone still counts: its text goes with its bytes. */
static gboolean
find_dead (StoreSnapshot *snapshot, gpointer data, GError **error)
{
  Living *self = data;

  for (guint i = 0; i < self->messages->len; i++) {
    gint64 message = g_array_index (self->messages, gint64, i);
    GError *failure = NULL;
    Statement *row = database_query (
        store_snapshot_database (snapshot), error,
        "SELECT 1 FROM entry e JOIN mailbox m ON m.id = e.mailbox WHERE e.message = ?1"
        " AND m.account = ?2 LIMIT 1",
        "ii", message, self->account);
    if (!row)
      return FALSE;
    if (!statement_next (row, &failure) && !failure)
      g_array_append_val (self->dead, message);
    statement_done (row);
    if (failure) {
      g_propagate_error (error, failure);
      return FALSE;
    }
  }
  return TRUE;
}

static gboolean
read_docs (Database *database, gint64 after, GArray *messages, GError **error)
{
  GError *failure = NULL;
  Statement *row = database_query (
      database, error, "SELECT message FROM doc WHERE message > ?1 ORDER BY message LIMIT 5000",
      "i", after);

  if (!row)
    return FALSE;
  while (statement_next (row, &failure)) {
    gint64 message = statement_int (row, 0);
    g_array_append_val (messages, message);
  }
  if (failure)
    g_propagate_error (error, failure);
  return !failure;
}

static gboolean
forget (Database *database, gint64 message, GError **error)
{
  return database_run (database, error, "DELETE FROM leaf WHERE message = ?1", "i", message)
      && database_run (database, error, "DELETE FROM doc WHERE message = ?1", "i", message);
}

static gboolean
sweep (SearchIndex *self, GArray *again, GError **error)
{
  g_autoptr (GArray) messages = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (GArray) dead = g_array_new (FALSE, FALSE, sizeof (gint64));
  Living living = { self->account, messages, dead };
  gint64 after = 0;

  do {
    g_array_set_size (messages, 0);
    if (!read_docs (self->database, after, messages, error)
        || !store_read_sync (self->store, find_dead, &living, error))
      return FALSE;
    if (messages->len > 0)
      after = g_array_index (messages, gint64, messages->len - 1);
  } while (messages->len > 0);
  for (guint i = 0; i < dead->len; i++)
    if (!forget (self->database, g_array_index (dead, gint64, i), error))
      return FALSE;
  return dead->len == 0 || search_block_drop_sparse (self->database, again, error);
}

gboolean
search_index_sweep (SearchIndex *self, GArray *again, GError **error)
{
  if (search_index_begin (self, error) && sweep (self, again, error)
      && search_index_commit (self, error))
    return TRUE;
  search_index_roll_back (self);
  return FALSE;
}

/* One SQLite connection and the cache of its prepared statements. */
#include "store/database.h"

#define CACHE_KIB "-16384" /* of the writer, */
#define CACHE_KIB_READER "-4096" /* and of each reader: a long answer needs most pages once */

G_DEFINE_QUARK (store - error - quark, store_error)

struct _Database {
  sqlite3 *connection;
  GHashTable *statements; /* SQL literal → GPtrArray of Statement */
};

static const struct {
  int code;
  StoreError error;
  const char *text;
} codes[] = {
  { SQLITE_FULL, STORE_ERROR_FULL, "The disk is full" },
  { SQLITE_CONSTRAINT_UNIQUE, STORE_ERROR_EXISTS, "It exists already" },
  { SQLITE_CONSTRAINT_PRIMARYKEY, STORE_ERROR_EXISTS, "It exists already" },
  { SQLITE_CORRUPT, STORE_ERROR_CORRUPT, "The database is damaged; run hauspost check" },
  { SQLITE_NOTADB, STORE_ERROR_CORRUPT, "The database is damaged; run hauspost check" },
};

gboolean
database_fail (sqlite3 *connection, int code, GError **error)
{
  const char *detail = connection ? sqlite3_errmsg (connection) : sqlite3_errstr (code);

  for (guint i = 0; i < G_N_ELEMENTS (codes); i++)
    if (code == codes[i].code || (code & 0xff) == codes[i].code) {
      g_set_error (error, STORE_ERROR, codes[i].error, "%s (%s)", codes[i].text, detail);
      return FALSE;
    }
  g_set_error (error, STORE_ERROR, STORE_ERROR_FAILED, "The database failed: %s (%d)", detail,
               code);
  return FALSE;
}

static void
statements_free (gpointer array)
{
  GPtrArray *statements = array;

  for (guint i = 0; i < statements->len; i++)
    sqlite3_finalize (statements->pdata[i]);
  g_ptr_array_unref (statements);
}

/* No mmap: a failed read through a map would be a signal, not an error. */
static const char *const pragmas[] = {
  [DATABASE_READ] = "PRAGMA query_only = 1; PRAGMA cache_size = " CACHE_KIB_READER ";"
                    "PRAGMA temp_store = MEMORY;",
  [DATABASE_WRITE] = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
                     "PRAGMA foreign_keys = 0; PRAGMA temp_store = MEMORY;"
                     "PRAGMA wal_autocheckpoint = 0; PRAGMA cache_size = " CACHE_KIB ";",
};

/* nfc(text): composed, as mailbox names are. */
static void
compose (sqlite3_context *context, int count, sqlite3_value **values)
{
  const char *text = (const char *)sqlite3_value_text (values[0]);
  char *composed = text ? g_utf8_normalize (text, -1, G_NORMALIZE_NFC) : NULL;

  if (composed)
    sqlite3_result_text (context, composed, -1, g_free);
  else
    sqlite3_result_value (context, values[0]);
}

Database *
database_open (const char *path, DatabaseMode mode, GError **error)
{
  g_autoptr (Database) self = g_new0 (Database, 1);
  /* A reader, too, opens for writing: it may have to recover the WAL's index. */
  int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX;

  self->statements = g_hash_table_new_full (NULL, NULL, NULL, statements_free);
  if (mode == DATABASE_WRITE)
    flags |= SQLITE_OPEN_CREATE;
  int code = sqlite3_open_v2 (path, &self->connection, flags, NULL);
  if (code == SQLITE_OK)
    code = sqlite3_extended_result_codes (self->connection, 1);
  if (code == SQLITE_OK)
    code = sqlite3_busy_timeout (self->connection, BUSY_TIMEOUT);
  if (code == SQLITE_OK)
    code = sqlite3_create_function (self->connection, "nfc", 1, SQLITE_UTF8 | SQLITE_DETERMINISTIC,
                                    NULL, compose, NULL, NULL);
  if (code != SQLITE_OK) {
    database_fail (self->connection, code, error);
    g_prefix_error (error, "Cannot open %s: ", path);
    return NULL;
  }
  if (!database_execute (self, pragmas[mode], error)) {
    g_prefix_error (error, "Cannot open %s: ", path);
    return NULL;
  }
  return g_steal_pointer (&self);
}

void
database_close (Database *database)
{
  if (!database)
    return;
  g_hash_table_unref (database->statements);
  sqlite3_close_v2 (database->connection);
  g_free (database);
}

void
database_keep_wal (Database *database)
{
  int code = sqlite3_db_config (database->connection, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);

  g_assert (code == SQLITE_OK); /* else this SQLite does not know the option */
}

sqlite3 *
database_connection (Database *database)
{
  return database->connection;
}

gboolean
database_execute (Database *database, const char *script, GError **error)
{
  int code = sqlite3_exec (database->connection, script, NULL, NULL, NULL);

  return code == SQLITE_OK || database_fail (database->connection, code, error);
}

void
database_end_statements (Database *database)
{
  sqlite3_stmt *statement = NULL;

  while ((statement = sqlite3_next_stmt (database->connection, statement)))
    if (sqlite3_stmt_busy (statement))
      sqlite3_reset (statement);
}

static Statement *
prepare (Database *self, const char *sql, GError **error)
{
  GPtrArray *statements = g_hash_table_lookup (self->statements, sql);
  Statement *statement = NULL;

  for (guint i = 0; statements && i < statements->len; i++)
    if (!sqlite3_stmt_busy (statements->pdata[i]))
      return statements->pdata[i];
  int code
      = sqlite3_prepare_v3 (self->connection, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL);
  if (code != SQLITE_OK) {
    database_fail (self->connection, code, error);
    return NULL;
  }
  if (!statements) {
    statements = g_ptr_array_new ();
    g_hash_table_insert (self->statements, (gpointer)sql, statements);
  }
  g_ptr_array_add (statements, statement);
  return statement;
}

static int
bind_bytes (Statement *statement, int index, GBytes *bytes)
{
  gsize length = 0;
  const void *data = bytes ? g_bytes_get_data (bytes, &length) : NULL;

  if (!bytes)
    return sqlite3_bind_null (statement, index);
  return sqlite3_bind_blob64 (statement, index, data ? data : "", length, SQLITE_TRANSIENT);
}

static int
bind (Statement *statement, const char *types, va_list arguments)
{
  int code = SQLITE_OK;

  for (int index = 1; *types && code == SQLITE_OK; types++, index++) {
    if (*types == 'i') {
      code = sqlite3_bind_int64 (statement, index, va_arg (arguments, gint64));
    } else if (*types == 't') {
      code = sqlite3_bind_text (statement, index, va_arg (arguments, const char *), -1,
                                SQLITE_TRANSIENT);
    } else if (*types == 'b') {
      code = bind_bytes (statement, index, va_arg (arguments, GBytes *));
    } else {
      g_assert (*types == 's');
      const void *data = va_arg (arguments, const void *);
      gsize length = va_arg (arguments, gsize);
      code = sqlite3_bind_blob64 (statement, index, data, length, SQLITE_STATIC);
    }
  }
  return code;
}

static Statement *
query (Database *self, GError **error, const char *sql, const char *types, va_list arguments)
{
  Statement *statement = prepare (self, sql, error);

  if (!statement)
    return NULL;
  /* The result of the run before was told then. */
  sqlite3_reset (statement);
  g_assert (sqlite3_bind_parameter_count (statement) == (int)strlen (types));
  int code = bind (statement, types, arguments);
  if (code != SQLITE_OK) {
    database_fail (self->connection, code, error);
    return NULL;
  }
  return statement;
}

Statement *
database_query (Database *database, GError **error, const char *sql, const char *types, ...)
{
  va_list arguments;

  va_start (arguments, types);
  Statement *statement = query (database, error, sql, types, arguments);
  va_end (arguments);
  return statement;
}

gboolean
statement_next (Statement *statement, GError **error)
{
  int code = sqlite3_step (statement);

  if (code == SQLITE_ROW)
    return TRUE;
  if (code != SQLITE_DONE)
    database_fail (sqlite3_db_handle (statement), code, error);
  sqlite3_reset (statement);
  return FALSE;
}

void
statement_done (Statement *statement)
{
  /* Whatever it would say here was told by the step. */
  sqlite3_reset (statement);
}

gint64
statement_int (Statement *statement, int column)
{
  return sqlite3_column_int64 (statement, column);
}

const char *
statement_text (Statement *statement, int column)
{
  return (const char *)sqlite3_column_text (statement, column);
}

const void *
statement_blob (Statement *statement, int column, gsize *length)
{
  const void *data = sqlite3_column_blob (statement, column);

  *length = sqlite3_column_bytes (statement, column);
  return data;
}

GBytes *
statement_bytes (Statement *statement, int column)
{
  gsize length;
  const void *data = statement_blob (statement, column, &length);

  if (sqlite3_column_type (statement, column) == SQLITE_NULL)
    return NULL;
  return g_bytes_new (data, length);
}

gboolean
database_run (Database *database, GError **error, const char *sql, const char *types, ...)
{
  va_list arguments;

  va_start (arguments, types);
  Statement *statement = query (database, error, sql, types, arguments);
  va_end (arguments);
  if (!statement)
    return FALSE;
  int code = sqlite3_step (statement);
  gboolean done = code == SQLITE_DONE || code == SQLITE_ROW;
  if (!done)
    database_fail (database->connection, code, error);
  sqlite3_reset (statement);
  return done;
}

gint64
database_last_id (Database *database)
{
  return sqlite3_last_insert_rowid (database->connection);
}

gint64
database_changes (Database *database)
{
  return sqlite3_changes64 (database->connection);
}

gboolean
database_check (Database *database, GError **error)
{
  Statement *row = database_query (database, error, "PRAGMA quick_check(1)", "");

  if (!row || !statement_next (row, error))
    return FALSE;
  gboolean sound = g_strcmp0 (statement_text (row, 0), "ok") == 0;
  if (!sound)
    g_set_error (error, STORE_ERROR, STORE_ERROR_CORRUPT, "The database is damaged: %s",
                 statement_text (row, 0));
  statement_done (row);
  return sound;
}

/* One SQLite connection with its prepared statements: the few calls through which all SQL goes. A
 * Database belongs to one thread (the writer's, or a reader's, which is read-only). */
#pragma once
#include <gio/gio.h>
#include <sqlite3.h>

typedef struct _Database Database;
typedef sqlite3_stmt Statement;

#define STORE_ERROR (store_error_quark ())
GQuark store_error_quark (void);
typedef enum {
  STORE_ERROR_FAILED, /* the disk or the database failed: a client hears 451 / NO [UNAVAILABLE] */
  STORE_ERROR_FULL, /* disk full or below the reserve: 452 / NO [OVERQUOTA]-like "disk full" */
  STORE_ERROR_NOT_FOUND, /* no such mailbox, message, account */
  STORE_ERROR_EXISTS,
  STORE_ERROR_QUOTA,
  STORE_ERROR_INVALID, /* a name or value that cannot be */
  STORE_ERROR_CORRUPT, /* a digest or a reference does not fit */
  STORE_ERROR_NEWER, /* the store was written by a newer Hauspost */
  STORE_ERROR_DENIED, /* the account has no right to do that */
  STORE_ERROR_USE, /* a special use that this mailbox cannot have */
} StoreError;

#define BUSY_TIMEOUT 5000 /* milliseconds that a connection waits for another one */
typedef enum {
  DATABASE_READ, /* must exist; nothing is changed */
  DATABASE_WRITE, /* made if it is not there */
} DatabaseMode;
/* WAL, synchronous=FULL, checkpoints only when asked for. */
Database *database_open (const char *path, DatabaseMode mode, GError **error);
void database_close (Database *database);
/* The last connection, too, then closes without moving the WAL into the database: whoever opens it
 * next reads the WAL from its beginning. */
void database_keep_wal (Database *database);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Database, database_close)
sqlite3 *database_connection (Database *database);
/* A script of statements without arguments and rows. */
gboolean database_execute (Database *database, const char *script, GError **error);
/* Looks the whole database over, quickly. STORE_ERROR_CORRUPT when something is wrong. */
gboolean database_check (Database *database, GError **error);
/* Resets every statement: whatever a job left standing ends here. */
void database_end_statements (Database *database);
/* Sets ERROR (may be NULL) to what the connection's last call complained of; returns FALSE. */
gboolean database_fail (sqlite3 *connection, int code, GError **error);

/* The connection's own statement for SQL (a string literal: the pointer is the key), reset and
 * ready to bind; while it is being stepped (a loop in a recursion) another one. TYPES name the
 * arguments that follow, bound to ?1, ?2 …: i gint64 (pass a gint64!) · t const char * (NULL: SQL
 * NULL) · b GBytes * (NULL: SQL NULL) s const void *, gsize (bytes that outlive the statement's
 * use) NULL and ERROR when it cannot be prepared. */
Statement *database_query (Database *database, GError **error, const char *sql, const char *types,
                           ...);
/* Steps: TRUE: a row is there. FALSE: the end (statement is reset) or ERROR. */
gboolean statement_next (Statement *statement, GError **error);
/* For leaving before the end. */
void statement_done (Statement *statement);
gint64 statement_int (Statement *statement, int column);
/* Valid until the next step. NULL for SQL NULL. */
const char *statement_text (Statement *statement, int column);
const void *statement_blob (Statement *statement, int column, gsize *length);
GBytes *statement_bytes (Statement *statement, int column); /* a copy; NULL for SQL NULL */

/* Runs a statement that gives no rows. A broken UNIQUE is STORE_ERROR_EXISTS, a full disk
 * STORE_ERROR_FULL. */
gboolean database_run (Database *database, GError **error, const char *sql, const char *types, ...);
gint64 database_last_id (Database *database);
gint64 database_changes (Database *database);

/* The check of bytes: SQLite's own pages, the segments' files, each message's record and digest. */
#include "language.h"
#include "store/check-parts.h"
#include "store/message.h"
#include "store/record.h"

#include <string.h>

#define MESSAGES_AT_ONCE 64
#define BYTES_AT_ONCE (16 * 1024 * 1024) /* one snapshot does not live longer than this takes */
#define PIECE (1024 * 1024)

typedef struct {
  Check *check;
  const char *table;
  gint64 from; /* the first message of the next batch */
  gboolean over;
  guint64 total;
} Walk;

/* One table in one snapshot: a check of everything at once would hold the WAL up. */
static gboolean
check_table (StoreSnapshot *snapshot, gpointer data, GError **error)
{
  Walk *walk = data;
  g_autofree char *sql = g_strdup_printf ("PRAGMA quick_check('%s')", walk->table);
  sqlite3 *connection = database_connection (store_snapshot_database (snapshot));
  sqlite3_stmt *row = NULL;
  int code = sqlite3_prepare_v2 (connection, sql, -1, &row, NULL);

  while (code == SQLITE_OK && sqlite3_step (row) == SQLITE_ROW) {
    const char *text = (const char *)sqlite3_column_text (row, 0);
    if (g_strcmp0 (text, "ok") != 0)
      check_report_add (walk->check->report, "store.db, table %s: %s", walk->table, text);
  }
  code = sqlite3_finalize (row);
  if (code == SQLITE_CORRUPT) {
    check_report_add (walk->check->report, "store.db, table %s is damaged", walk->table);
    return TRUE;
  }
  return code == SQLITE_OK || database_fail (connection, code, error);
}

gboolean
check_database (Check *check, GError **error)
{
  static const char *const tables[]
      = { "account", "mailbox", "keyword", "entry", "message", "segment", "queue" };
  Walk walk = { .check = check };

  for (guint i = 0; i < G_N_ELEMENTS (tables); i++) {
    walk.table = tables[i];
    if (!store_read_sync (check->store, check_table, &walk, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
is_used (Database *database, gint64 segment, gboolean *used, GError **error)
{
  g_autoptr (GError) failure = NULL;
  Statement *row = database_query (
      database, &failure, "SELECT 1 FROM message WHERE segment = ?1 LIMIT 1", "i", segment);

  *used = row && statement_next (row, &failure);
  if (*used)
    statement_done (row);
  if (!failure)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

/* A segment that no message lies in may be gone: compaction deletes the file before the row. */
static gboolean
check_segment (Check *check, Database *database, gint64 number, guint64 size, GError **error)
{
  g_autoptr (GError) reason = NULL;
  guint64 actual = 0;
  gboolean used;

  check->report->segments++;
  if (!is_used (database, number, &used, error))
    return FALSE;
  if (!used)
    return TRUE;
  if (!segments_measure (check->store->segments, (guint64)number, &actual, &reason))
    check_report_add (check->report, "Segment %" G_GINT64_FORMAT ": %s", number, reason->message);
  else if (actual < size)
    check_report_add (check->report,
                      "Segment %" G_GINT64_FORMAT " has %" G_GUINT64_FORMAT
                      " bytes and should have %" G_GUINT64_FORMAT,
                      number, actual, size);
  return TRUE;
}

static gboolean
check_all_segments (StoreSnapshot *snapshot, gpointer data, GError **error)
{
  Check *check = data;
  Database *database = store_snapshot_database (snapshot);
  g_autoptr (GError) failure = NULL;
  Statement *row = database_query (database, &failure, "SELECT number, size FROM segment", "");

  while (row && statement_next (row, &failure))
    if (!check_segment (check, database, statement_int (row, 0), (guint64)statement_int (row, 1),
                        &failure))
      break;
  if (!failure)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

gboolean
check_segments (Check *check, GError **error)
{
  return store_read_sync (check->store, check_all_segments, check, error);
}

typedef struct {
  gint64 id;
  guint64 segment, offset, length, size;
  guint8 digest[32];
  gboolean inside; /* of what the segment's row says is on the disk */
} Row;

static void
take_row (Statement *statement, Row *row)
{
  gsize length;
  const void *digest = statement_blob (statement, 5, &length);

  *row = (Row) { .id = statement_int (statement, 0),
                 .segment = (guint64)statement_int (statement, 1),
                 .offset = (guint64)statement_int (statement, 2),
                 .length = (guint64)statement_int (statement, 3),
                 .size = (guint64)statement_int (statement, 4),
                 .inside = statement_int (statement, 6) != 0 };
  if (length == sizeof row->digest)
    memcpy (row->digest, digest, sizeof row->digest);
}

static GArray *
next_rows (Database *database, gint64 from, GError **error)
{
  g_autoptr (GArray) rows = g_array_new (FALSE, FALSE, sizeof (Row));
  g_autoptr (GError) failure = NULL;
  Statement *statement
      = database_query (database, &failure,
                        "SELECT m.id, m.segment, m.offset, m.length, m.size, m.digest,"
                        " s.number IS NOT NULL AND m.offset + m.length <= s.size"
                        " FROM message m LEFT JOIN segment s ON s.number = m.segment"
                        " WHERE m.id >= ?1 ORDER BY m.id LIMIT ?2",
                        "ii", from, (gint64)MESSAGES_AT_ONCE);

  while (statement && statement_next (statement, &failure)) {
    Row row;

    take_row (statement, &row);
    g_array_append_val (rows, row);
  }
  if (!failure)
    return g_steal_pointer (&rows);
  g_propagate_error (error, g_steal_pointer (&failure));
  return NULL;
}

/* The record's own header must say what the row says. NULL: it does. */
static const char *
find_header_fault (Check *check, const Row *row)
{
  g_autofree guint8 *bytes = NULL;
  g_autoptr (Record) record = NULL;
  guint8 fixed[RECORD_FIXED];
  guint64 length;
  gsize done;

  if (!row->inside)
    return "lies outside of its segment";
  if (!segments_read (check->store->segments, row->segment, row->offset, fixed, sizeof fixed, &done,
                      NULL))
    return "cannot be read";
  if (!record_measure (fixed, done, &length) || length > row->length)
    return "has no record";
  bytes = g_malloc (length);
  if (!segments_read (check->store->segments, row->segment, row->offset, bytes, length, &done,
                      NULL))
    return "cannot be read";
  record = record_parse (bytes, done, NULL);
  if (!record)
    return "has a damaged header";
  if (record->length != row->length || record->size != row->size
      || memcmp (record->digest, row->digest, sizeof row->digest) != 0)
    return "is not the one that the database means";
  return NULL;
}

static const char *
find_bytes_fault (StoreSnapshot *snapshot, const Row *row)
{
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
  guint8 digest[32];
  gsize length = sizeof digest;

  for (guint64 at = 0; at < row->size; at += PIECE) {
    g_autoptr (GBytes) piece = message_read (snapshot, row->id, at, PIECE, NULL);
    gsize size = piece ? g_bytes_get_size (piece) : 0;

    if (size != MIN (PIECE, row->size - at))
      return "has damaged bytes";
    g_checksum_update (sum, g_bytes_get_data (piece, NULL), (gssize)size);
  }
  g_checksum_get_digest (sum, digest, &length);
  return memcmp (digest, row->digest, sizeof digest) == 0 ? NULL : "does not fit its digest";
}

static void
check_message (Check *check, StoreSnapshot *snapshot, const Row *row)
{
  const char *fault = find_header_fault (check, row);

  if (!fault)
    fault = find_bytes_fault (snapshot, row);
  check->report->messages++;
  check->report->bytes += row->size;
  if (!fault)
    return;
  check_report_add (check->report,
                    "Message %" G_GINT64_FORMAT " (%" G_GUINT64_FORMAT
                    " bytes, segment %" G_GUINT64_FORMAT " at %" G_GUINT64_FORMAT ") %s",
                    row->id, row->size, row->segment, row->offset, fault);
  g_array_append_val (check->lost, row->id);
}

static gboolean
check_some_messages (StoreSnapshot *snapshot, gpointer data, GError **error)
{
  Walk *walk = data;
  g_autoptr (GArray) rows = next_rows (store_snapshot_database (snapshot), walk->from, error);
  guint64 bytes = 0;

  if (!rows)
    return FALSE;
  walk->over = rows->len == 0;
  for (guint i = 0; i < rows->len && bytes < BYTES_AT_ONCE; i++) {
    const Row *row = &g_array_index (rows, Row, i);

    check_message (walk->check, snapshot, row);
    walk->from = row->id + 1;
    bytes += row->size;
  }
  return TRUE;
}

static gboolean
count_messages (StoreSnapshot *snapshot, gpointer data, GError **error)
{
  Walk *walk = data;
  Statement *row = database_query (store_snapshot_database (snapshot), error,
                                   "SELECT count(*) FROM message", "");

  if (!row || !statement_next (row, error))
    return FALSE;
  walk->total = (guint64)statement_int (row, 0);
  statement_done (row);
  return TRUE;
}

gboolean
check_messages (Check *check, GError **error)
{
  Walk walk = { .check = check, .from = G_MININT64 };

  if (!store_read_sync (check->store, count_messages, &walk, error))
    return FALSE;
  while (!walk.over) {
    if (!store_read_sync (check->store, check_some_messages, &walk, error))
      return FALSE;
    if (check->progress
        && !check->progress (MIN (check->report->messages, walk.total), walk.total, check->data)) {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CANCELLED, _ ("It was cancelled."));
      return FALSE;
    }
  }
  return TRUE;
}

/* Compaction: one bulk job that walks through the phases below in slices. Files are deleted in the
 * slice after the one that forgot their last message, so after its commit; the segment's row goes
 * only when the file is gone for good. A crash in between leaves an unused file that the next round
 * deletes, never a row without its file's bytes. */
#include "store/compact.h"
#include "language.h"
#include "log.h"
#include "platform/file.h"
#include "settings.h"
#include "store/batch.h"
#include "store/scan.h"

#define ROWS_AT_ONCE 200
#define PHASE_STEPS 100 /* of progress */

typedef struct _Compaction Compaction;
/* *OVER: nothing is left to do in this phase. */
typedef gboolean (*Phase) (StoreTransaction *transaction, Compaction *self, gboolean *over,
                           GError **error);

struct _Compaction {
  Store *store;
  gint64 retention;
  guint phase, step; /* STEP: of PHASE_STEPS, in this phase */
  gint64 message; /* the next one to look at */
  guint64 segment; /* being rewritten; 0: none */
  GArray *sparse; /* guint64: to be rewritten */
  guint sparse_count; /* at first */
  Scan *scan;
  CompactReport report;
  CompactProgress progress;
  gpointer data;
};

static void
compaction_free (gpointer data)
{
  Compaction *self = data;

  g_clear_pointer (&self->scan, scan_free);
  g_clear_pointer (&self->sparse, g_array_unref);
  g_free (self);
}

/* The next row of a query, FALSE at its end or with ERROR. */
static gboolean
next_row (Statement *statement, GError **error)
{
  return statement && statement_next (statement, error);
}

typedef struct {
  gint64 mailbox, uid, modseq;
} Tombstone;

/* Gathered first: rows are not deleted under a running query. */
static GArray *
old_tombstones (StoreTransaction *transaction, Compaction *self, GError **error)
{
  g_autoptr (GArray) found = g_array_new (FALSE, FALSE, sizeof (Tombstone));
  g_autoptr (GError) failure = NULL;
  gint64 until = store_transaction_now (transaction) - self->retention;
  Statement *row = database_query (store_transaction_database (transaction), &failure,
                                   "SELECT mailbox, uid, modseq FROM entry"
                                   " WHERE expunged > 0 AND expunged <= ?1 LIMIT ?2",
                                   "ii", until, (gint64)ROWS_AT_ONCE);

  while (next_row (row, &failure)) {
    Tombstone tombstone
        = { statement_int (row, 0), statement_int (row, 1), statement_int (row, 2) };
    g_array_append_val (found, tombstone);
  }
  if (!failure)
    return g_steal_pointer (&found);
  g_propagate_error (error, g_steal_pointer (&failure));
  return NULL;
}

/* Who asks for changes since before the floor is told of all that is left (RFC 7162 §3.2.5.1). */
static gboolean
remove_tombstone (StoreTransaction *transaction, const Tombstone *tombstone, GError **error)
{
  Database *database = store_transaction_database (transaction);

  return database_run (database, error, "DELETE FROM entry WHERE mailbox = ?1 AND uid = ?2", "ii",
                       tombstone->mailbox, tombstone->uid)
      && database_run (database, error,
                       "UPDATE mailbox SET modseq_floor = max (modseq_floor, ?2) WHERE id = ?1",
                       "ii", tombstone->mailbox, tombstone->modseq);
}

static gboolean
remove_tombstones (StoreTransaction *transaction, Compaction *self, gboolean *over, GError **error)
{
  g_autoptr (GArray) tombstones = old_tombstones (transaction, self, error);

  if (!tombstones)
    return FALSE;
  for (guint i = 0; i < tombstones->len; i++)
    if (!remove_tombstone (transaction, &g_array_index (tombstones, Tombstone, i), error))
      return FALSE;
  self->report.tombstones += tombstones->len;
  *over = tombstones->len < ROWS_AT_ONCE;
  return TRUE;
}

static gboolean
read_number (Database *database, const char *sql, gint64 argument, gint64 *value, GError **error)
{
  g_autoptr (GError) failure = NULL;
  Statement *row = database_query (database, &failure, sql, "i", argument);

  *value = 0;
  if (next_row (row, &failure)) {
    *value = statement_int (row, 0);
    statement_done (row);
  }
  if (!failure)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

/* One deleted mailbox, some of its entries; the row goes with the last of them. */
static gboolean
remove_mailboxes (StoreTransaction *transaction, Compaction *self, gboolean *over, GError **error)
{
  Database *database = store_transaction_database (transaction);
  gint64 mailbox;

  if (!read_number (database,
                    "SELECT coalesce (min (id), 0) FROM mailbox"
                    " WHERE deleted IS NOT NULL AND deleted <= ?1",
                    store_transaction_now (transaction) - self->retention, &mailbox, error))
    return FALSE;
  if (mailbox == 0) {
    *over = TRUE;
    return TRUE;
  }
  if (!database_run (database, error,
                     "DELETE FROM entry WHERE mailbox = ?1 AND uid IN"
                     " (SELECT uid FROM entry WHERE mailbox = ?1 ORDER BY uid LIMIT ?2)",
                     "ii", mailbox, (gint64)ROWS_AT_ONCE))
    return FALSE;
  return database_changes (database) == ROWS_AT_ONCE
      || (database_run (database, error, "DELETE FROM keyword WHERE mailbox = ?1", "i", mailbox)
          && database_run (database, error, "DELETE FROM mailbox WHERE id = ?1", "i", mailbox));
}

typedef struct {
  gint64 id, thread;
} Unused;

static GArray *
unused_messages (Database *database, gint64 from, gint64 to, GError **error)
{
  g_autoptr (GArray) found = g_array_new (FALSE, FALSE, sizeof (Unused));
  g_autoptr (GError) failure = NULL;
  Statement *row
      = database_query (database, &failure,
                        "SELECT id, thread FROM message WHERE id >= ?1 AND id < ?2"
                        " AND NOT EXISTS (SELECT 1 FROM entry WHERE message = message.id)"
                        " AND NOT EXISTS (SELECT 1 FROM queue WHERE message = message.id)",
                        "ii", from, to);

  while (next_row (row, &failure)) {
    Unused unused = { statement_int (row, 0), statement_int (row, 1) };
    g_array_append_val (found, unused);
  }
  if (!failure)
    return g_steal_pointer (&found);
  g_propagate_error (error, g_steal_pointer (&failure));
  return NULL;
}

/* An id is never given away twice, also when the greatest one goes (RFC 8474 §5.1). */
static gboolean
remove_message (Database *database, const Unused *message, GError **error)
{
  return database_run (database, error, "DELETE FROM message WHERE id = ?1", "i", message->id)
      && database_run (database, error,
                       "UPDATE counter SET value = ?1 WHERE name = 'message' AND value < ?1", "i",
                       message->id)
      && (message->thread == 0
          || database_run (database, error,
                           "DELETE FROM thread_reference WHERE thread = ?1 AND NOT EXISTS"
                           " (SELECT 1 FROM message WHERE thread = ?1)",
                           "i", message->thread));
}

static gboolean
remove_messages (StoreTransaction *transaction, Compaction *self, gboolean *over, GError **error)
{
  Database *database = store_transaction_database (transaction);
  g_autoptr (GArray) unused = NULL;
  gint64 last;

  if (!read_number (database, "SELECT coalesce (max (id), 0) FROM message WHERE id >= ?1",
                    self->message, &last, error))
    return FALSE;
  unused = unused_messages (database, self->message, self->message + ROWS_AT_ONCE, error);
  if (!unused)
    return FALSE;
  for (guint i = 0; i < unused->len; i++) {
    const Unused *message = &g_array_index (unused, Unused, i);
    if (!remove_message (database, message, error))
      return FALSE;
    self->report.messages++;
  }
  self->message += ROWS_AT_ONCE;
  *over = self->message > last;
  self->step = *over ? PHASE_STEPS : (guint)(self->message * PHASE_STEPS / last);
  return TRUE;
}

/* Those that are not written to any more and whose living records take less than half. */
static gboolean
find_sparse (StoreTransaction *transaction, Compaction *self, GError **error)
{
  g_autoptr (GError) failure = NULL;
  Statement *row = database_query (
      store_transaction_database (transaction), &failure,
      "SELECT number FROM segment s WHERE own = 0"
      " AND number < (SELECT max (number) FROM segment WHERE own = 0)"
      " AND (SELECT coalesce (sum (length), 0) FROM message WHERE segment = s.number)"
      " BETWEEN 1 AND size / 2",
      "");

  self->sparse = g_array_new (FALSE, FALSE, sizeof (guint64));
  while (next_row (row, &failure)) {
    guint64 number = (guint64)statement_int (row, 0);
    g_array_append_val (self->sparse, number);
  }
  self->sparse_count = self->sparse->len;
  if (!failure)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

/* A record that still counts: a message's own, or the places of a big message that is there. */
static gboolean
is_needed (Database *database, Compaction *self, const Record *record, guint64 offset,
           gint64 *message, GError **error)
{
  gboolean places = record->kind == RECORD_PLACES;
  g_autoptr (GError) failure = NULL;
  Statement *row = database_query (
      database, &failure, "SELECT id FROM message WHERE segment = ?1 AND offset = ?2", "ii",
      (gint64)(places ? record->elsewhere_segment : self->segment),
      (gint64)(places ? record->elsewhere_offset : offset));
  gboolean found = next_row (row, &failure);

  if (found) {
    *message = places ? 0 : statement_int (row, 0);
    statement_done (row);
  }
  if (failure)
    g_propagate_error (error, g_steal_pointer (&failure));
  return found;
}

static gboolean
move_record (StoreTransaction *transaction, Compaction *self, const Record *record, guint64 offset,
             GError **error)
{
  Database *database = store_transaction_database (transaction);
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GError) failure = NULL;
  guint64 segment, target;
  gint64 message = 0;

  if (!is_needed (database, self, record, offset, &message, &failure)) {
    if (!failure)
      return TRUE;
    g_propagate_error (error, g_steal_pointer (&failure));
    return FALSE;
  }
  bytes = scan_bytes (self->scan);
  if (!transaction_copy_record (transaction, bytes, &segment, &target, error))
    return FALSE;
  return message == 0
      || database_run (database, error,
                       "UPDATE message SET segment = ?2, offset = ?3 WHERE id = ?1", "iii", message,
                       (gint64)segment, (gint64)target);
}

/* A record with a damaged header stays where it is, and its segment with it. */
static gboolean
rewrite_some (StoreTransaction *transaction, Compaction *self, GError **error)
{
  const Record *record;
  guint64 offset;

  while (!store_transaction_slice_over (transaction) && !batch_is_full (transaction)) {
    record = scan_next (self->scan, &offset);
    if (!record) {
      g_clear_pointer (&self->scan, scan_free);
      return TRUE;
    }
    if (!move_record (transaction, self, record, offset, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
rewrite_segments (StoreTransaction *transaction, Compaction *self, gboolean *over, GError **error)
{
  g_autofree char *path = NULL;

  if (!self->sparse && !find_sparse (transaction, self, error))
    return FALSE;
  if (self->scan)
    return rewrite_some (transaction, self, error);
  if (self->sparse->len == 0) {
    *over = TRUE;
    return TRUE;
  }
  self->step = (self->sparse_count - self->sparse->len) * PHASE_STEPS / self->sparse_count;
  self->segment = g_array_index (self->sparse, guint64, self->sparse->len - 1);
  g_array_set_size (self->sparse, self->sparse->len - 1);
  path = segments_path (self->store->segments, self->segment);
  self->scan = scan_new (path, error);
  return self->scan != NULL;
}

typedef struct {
  guint64 number, size;
} Empty;

static GArray *
empty_segments (Database *database, GError **error)
{
  g_autoptr (GArray) found = g_array_new (FALSE, FALSE, sizeof (Empty));
  g_autoptr (GError) failure = NULL;
  Statement *row
      = database_query (database, &failure,
                        "SELECT number, size FROM segment s"
                        " WHERE (own OR number < (SELECT max (number) FROM segment WHERE own = 0))"
                        " AND NOT EXISTS (SELECT 1 FROM message WHERE segment = s.number)",
                        "");

  while (next_row (row, &failure)) {
    Empty empty = { (guint64)statement_int (row, 0), (guint64)statement_int (row, 1) };
    g_array_append_val (found, empty);
  }
  if (!failure)
    return g_steal_pointer (&found);
  g_propagate_error (error, g_steal_pointer (&failure));
  return NULL;
}

/* The removal must be durable before the row goes: a file without a row would be taken for mail
 * that was never acknowledged, and be kept for ever. */
static gboolean
forget_segment (StoreTransaction *transaction, Compaction *self, const Empty *empty, GError **error)
{
  self->report.bytes_freed += empty->size;
  return database_run (store_transaction_database (transaction), error,
                       "DELETE FROM segment WHERE number = ?1", "i", (gint64)empty->number);
}

/* A file that is pinned goes when the pin does, and its row in a later round. */
static gboolean
remove_files (StoreTransaction *transaction, Compaction *self, gboolean *over, GError **error)
{
  Segments *segments = self->store->segments;
  g_autoptr (GArray) empty = empty_segments (store_transaction_database (transaction), error);

  if (!empty)
    return FALSE;
  for (guint i = 0; i < empty->len; i++)
    segments_remove (segments, g_array_index (empty, Empty, i).number);
  if (empty->len > 0 && !segments_sync_folder (segments, error))
    return store_convert_error (error);
  for (guint i = 0; i < empty->len; i++) {
    const Empty *gone = &g_array_index (empty, Empty, i);
    g_autofree char *path = segments_path (segments, gone->number);
    if (!file_exists (path) && !forget_segment (transaction, self, gone, error))
      return FALSE;
  }
  *over = TRUE;
  return TRUE;
}

/* Each phase begins in a slice of its own, so that all before it is committed. */
static const Phase phases[] = {
  remove_tombstones, remove_mailboxes, remove_messages, rewrite_segments, remove_files,
};

static gboolean
run_slice (StoreTransaction *transaction, gpointer data, gboolean *done, GError **error)
{
  Compaction *self = data;
  gboolean over = FALSE;

  while (!over && !store_transaction_slice_over (transaction) && !batch_is_full (transaction))
    if (!phases[self->phase](transaction, self, &over, error))
      return FALSE;
  if (over) {
    self->phase++;
    self->step = 0;
  }
  if (self->progress)
    self->progress (self->phase * PHASE_STEPS + self->step, G_N_ELEMENTS (phases) * PHASE_STEPS,
                    self->data);
  *done = self->phase == G_N_ELEMENTS (phases);
  return TRUE;
}

/* Two rounds at once would rewrite the same segments and delete them under each other. NULL: one
 * runs already. */
static Compaction *
compaction_new (Store *store, gint64 retention, GError **error)
{
  Compaction *self;

  if (!g_atomic_int_compare_and_exchange (&store->compacting, FALSE, TRUE)) {
    g_set_error_literal (error, STORE_ERROR, STORE_ERROR_EXISTS,
                         _ ("The store is being compacted already."));
    return NULL;
  }
  self = g_new0 (Compaction, 1);
  self->store = store;
  self->retention = retention >= 0 ? retention : setting_number (SETTING_TOMBSTONE_RETENTION);
  return self;
}

static void
did_compact (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  Compaction *self = g_task_get_task_data (task);
  GError *error = NULL;

  g_atomic_int_set (&self->store->compacting, FALSE);
  if (!store_write_finish (self->store, result, &error))
    g_task_return_error (task, error);
  else
    g_task_return_boolean (task, TRUE);
}

void
store_compact_async (Store *store, gint64 retention, GAsyncReadyCallback callback,
                     gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, NULL, callback, user_data);
  GError *error = NULL;
  Compaction *self = compaction_new (store, retention, &error);

  if (!self) {
    g_task_return_error (task, error);
    return;
  }
  g_task_set_task_data (task, self, compaction_free);
  store_write_bulk_async (store, run_slice, self, NULL, NULL, did_compact, g_steal_pointer (&task));
}

gboolean
store_compact_finish (Store *store, GAsyncResult *result, CompactReport *report, GError **error)
{
  const Compaction *self = g_task_get_task_data (G_TASK (result));

  if (report)
    *report = self ? self->report : (CompactReport) { 0 };
  return g_task_propagate_boolean (G_TASK (result), error);
}

gboolean
store_compact_sync (Store *store, gint64 retention, CompactProgress progress, gpointer data,
                    CompactReport *report, GError **error)
{
  Compaction *self = compaction_new (store, retention, error);
  gboolean done;

  if (!self)
    return FALSE;
  self->progress = progress;
  self->data = data;
  done = store_write_bulk_sync (store, run_slice, self, error);
  *report = self->report;
  g_atomic_int_set (&store->compacting, FALSE);
  compaction_free (self);
  return done;
}

/* Gathers lines and writes them, some hundred in one commit. */
#include "archive/history-parts.h"
#include "log.h"
#include "metrics.h"
#include "platform/file.h"
#include "settings.h"

#define WAITING_MAX 50000 /* lines; a disk that is too slow for more loses some */
#define BATCH_MAX 5000
#define GATHER_USEC (G_USEC_PER_SEC / 2)
#define REFUSALS_MAX 50 /* a second: strangers can be refused faster than a disk should fill */
#define SWEEP_SECONDS 600
#define SWEEP_LINES 20000 /* at a time */

typedef enum { LINE_EVENT, LINE_FLUSH, LINE_END } LineKind;

typedef struct {
  LineKind kind;
  gint64 time;
  HistoryEvent event; /* its texts belong to the line */
} Line;

typedef struct {
  Database *database;
  GThread *thread;
  GAsyncQueue *lines; /* Line */
  gint64 next_sweep; /* microseconds, monotonic */
  gboolean failing; /* it was said in the log */
  GMutex mutex;
  GCond flushed;
  guint flushes_asked, flushes_done;
} History;

static History *history; /* atomic */
static gint64 refusal_second; /* atomic */
static gint refusals; /* of that second; atomic */

static const char schema[]
    = "PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 1000;"
      "CREATE TABLE IF NOT EXISTS line (id INTEGER PRIMARY KEY AUTOINCREMENT, time INTEGER NOT "
      "NULL,"
      " kind INTEGER NOT NULL, message INTEGER NOT NULL, size INTEGER NOT NULL, message_id TEXT,"
      " sender TEXT COLLATE NOCASE, recipient TEXT COLLATE NOCASE, user TEXT, address TEXT,"
      " host TEXT, reply TEXT);"
      "CREATE INDEX IF NOT EXISTS line_message ON line (message) WHERE message != 0;"
      "CREATE INDEX IF NOT EXISTS line_message_id ON line (message_id) WHERE message_id IS NOT "
      "NULL;"
      "CREATE INDEX IF NOT EXISTS line_sender ON line (sender);"
      "CREATE INDEX IF NOT EXISTS line_recipient ON line (recipient)"
      " WHERE recipient IS NOT NULL;";

Database *
history_open (const char *folder, GError **error)
{
  g_autofree char *path = g_build_filename (folder, "history.db", NULL);
  g_autoptr (Database) database = database_open (path, DATABASE_WRITE, error);

  if (database == NULL || !database_execute (database, schema, error))
    return NULL;
  return g_steal_pointer (&database);
}

static Line *
line_new (LineKind kind, const HistoryEvent *event)
{
  Line *line = g_new0 (Line, 1);

  line->kind = kind;
  line->time = g_get_real_time () / 1000;
  if (event == NULL)
    return line;
  line->event = *event;
  line->event.message_id = g_strdup (event->message_id);
  line->event.sender = g_strdup (event->sender);
  line->event.recipient = g_strdup (event->recipient);
  line->event.user = g_strdup (event->user);
  line->event.address = g_strdup (event->address);
  line->event.host = g_strdup (event->host);
  line->event.reply = g_strdup (event->reply);
  return line;
}

static void
line_free (gpointer data)
{
  Line *line = data;

  g_free ((char *)line->event.message_id);
  g_free ((char *)line->event.sender);
  g_free ((char *)line->event.recipient);
  g_free ((char *)line->event.user);
  g_free ((char *)line->event.address);
  g_free ((char *)line->event.host);
  g_free ((char *)line->event.reply);
  g_free (line);
}

static gboolean
write_line (Database *database, const Line *line, GError **error)
{
  const HistoryEvent *event = &line->event;

  return database_run (database, error,
                       "INSERT INTO line (time, kind, message, size, message_id, sender, recipient,"
                       " user, address, host, reply)"
                       " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
                       "iiiittttttt", line->time, (gint64)event->kind, event->message,
                       (gint64)event->size, event->message_id, event->sender, event->recipient,
                       event->user, event->address, event->host, event->reply);
}

static gboolean
write_batch (Database *database, const GPtrArray *batch, GError **error)
{
  if (!database_execute (database, "BEGIN", error))
    return FALSE;
  for (guint i = 0; i < batch->len; i++)
    if (!write_line (database, batch->pdata[i], error))
      return FALSE;
  return database_execute (database, "COMMIT", error);
}

/* What is older than it shall be kept, or too much, goes: the oldest first. */
static gboolean
sweep (Database *database, GError **error)
{
  const gint64 now = g_get_real_time () / 1000;
  const gint64 oldest = now - setting_number (SETTING_TRACE_TIME) * 1000;

  if (!database_run (database, error,
                     "DELETE FROM line WHERE id IN (SELECT id FROM line WHERE time < ?1"
                     " ORDER BY id LIMIT ?2)",
                     "ii", oldest, (gint64)SWEEP_LINES))
    return FALSE;
  return database_run (
      database, error,
      "DELETE FROM line WHERE (SELECT (p.page_count - f.freelist_count) * s.page_size"
      " FROM pragma_page_count p, pragma_freelist_count f, pragma_page_size s) > ?1"
      " AND id IN (SELECT id FROM line ORDER BY id LIMIT ?2)",
      "ii", setting_number (SETTING_TRACE_SIZE), (gint64)SWEEP_LINES);
}

/* Lines that cannot be written are lost: mail goes on. */
static void
lose (History *self, guint count, const GError *error)
{
  metric_add (METRIC_TRACE_LOST, count);
  if (!self->failing)
    log_event (LOG_ERROR, "The history of mails cannot be written: some lines are lost", "error",
               error->message, NULL);
  self->failing = TRUE;
}

static void
write_down (History *self, const GPtrArray *batch)
{
  g_autoptr (GError) error = NULL;

  if (batch->len == 0)
    return;
  if (write_batch (self->database, batch, &error)) {
    self->failing = FALSE;
    return;
  }
  if (!sqlite3_get_autocommit (database_connection (self->database)))
    database_execute (self->database, "ROLLBACK", NULL);
  lose (self, batch->len, error);
}

static void
sweep_now_and_then (History *self)
{
  g_autoptr (GError) error = NULL;

  if (g_get_monotonic_time () < self->next_sweep)
    return;
  self->next_sweep = g_get_monotonic_time () + SWEEP_SECONDS * G_USEC_PER_SEC;
  if (!sweep (self->database, &error))
    lose (self, 0, error);
}

static void
tell_flushed (History *self)
{
  g_mutex_lock (&self->mutex);
  self->flushes_done++;
  g_cond_broadcast (&self->flushed);
  g_mutex_unlock (&self->mutex);
}

/* Waits for a first line, then for others for a moment. What ended it: an event when there are
 * enough. */
static LineKind
gather (History *self, GPtrArray *batch)
{
  Line *line = g_async_queue_timeout_pop (self->lines, SWEEP_SECONDS * G_USEC_PER_SEC);
  const gint64 until = g_get_monotonic_time () + GATHER_USEC;

  while (line && line->kind == LINE_EVENT) {
    g_ptr_array_add (batch, line);
    const gint64 left = until - g_get_monotonic_time ();
    line = batch->len < BATCH_MAX && left > 0
        ? g_async_queue_timeout_pop (self->lines, (guint64)left)
        : NULL;
  }
  if (line == NULL)
    return LINE_EVENT;
  const LineKind kind = line->kind;
  line_free (line);
  return kind;
}

static gpointer
write_lines (gpointer data)
{
  History *self = data;
  LineKind ended;

  do {
    g_autoptr (GPtrArray) batch = g_ptr_array_new_with_free_func (line_free);
    ended = gather (self, batch);
    write_down (self, batch);
    if (ended == LINE_FLUSH)
      tell_flushed (self);
    sweep_now_and_then (self);
  } while (ended != LINE_END);
  return NULL;
}

static gboolean
put_aside (const char *folder, const char *name, GError **error)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autofree char *aside = g_strconcat (path, ".damaged", NULL);

  return !g_file_test (path, G_FILE_TEST_EXISTS) || file_rename (path, aside, error);
}

/* A history that cannot be read is no reason to be without mail: another is begun. */
static Database *
open_or_begin (const char *folder, GError **error)
{
  g_autoptr (GError) damage = NULL;
  Database *database = history_open (folder, &damage);

  if (database)
    return database;
  if (!g_error_matches (damage, STORE_ERROR, STORE_ERROR_CORRUPT)) {
    g_propagate_error (error, g_steal_pointer (&damage));
    return NULL;
  }
  log_event (LOG_ERROR, "The history of mails is damaged: it was put aside, and another is begun",
             "file", "history.db.damaged", "error", damage->message, NULL);
  if (!put_aside (folder, "history.db-wal", error) || !put_aside (folder, "history.db", error))
    return NULL;
  return history_open (folder, error);
}

gboolean
history_start (const char *folder, GError **error)
{
  Database *database = open_or_begin (folder, error);
  History *self;

  if (database == NULL)
    return FALSE;
  self = g_new0 (History, 1);
  self->database = database;
  self->lines = g_async_queue_new_full (line_free);
  g_mutex_init (&self->mutex);
  g_cond_init (&self->flushed);
  self->thread = g_thread_new ("history", write_lines, self);
  g_atomic_pointer_set (&history, self);
  return TRUE;
}

/* All threads that note have ended by now. */
void
history_stop (void)
{
  History *self = g_atomic_pointer_get (&history);

  if (self == NULL)
    return;
  g_atomic_pointer_set (&history, NULL);
  g_async_queue_push (self->lines, line_new (LINE_END, NULL));
  g_thread_join (self->thread);
  database_close (self->database);
  g_async_queue_unref (self->lines);
  g_mutex_clear (&self->mutex);
  g_cond_clear (&self->flushed);
  g_free (self);
}

static gboolean
is_too_much (const HistoryEvent *event)
{
  const gint64 now = g_get_monotonic_time () / G_USEC_PER_SEC;

  if (event->kind != HISTORY_REFUSED)
    return FALSE;
  /* Two threads may both begin a second: then a few more lines are kept. */
  if (__atomic_exchange_n (&refusal_second, now, __ATOMIC_RELAXED) != now)
    g_atomic_int_set (&refusals, 0);
  return g_atomic_int_add (&refusals, 1) >= REFUSALS_MAX;
}

void
history_note (const HistoryEvent *event)
{
  History *self = g_atomic_pointer_get (&history);

  if (self == NULL || setting_number (SETTING_TRACE_TIME) == 0)
    return;
  if (is_too_much (event) || g_async_queue_length (self->lines) >= WAITING_MAX)
    metric_add (METRIC_TRACE_LOST, 1);
  else
    g_async_queue_push (self->lines, line_new (LINE_EVENT, event));
}

void
history_flush (void)
{
  History *self = g_atomic_pointer_get (&history);
  guint wanted;

  if (self == NULL)
    return;
  g_mutex_lock (&self->mutex);
  wanted = ++self->flushes_asked;
  g_async_queue_push (self->lines, line_new (LINE_FLUSH, NULL));
  while (self->flushes_done < wanted)
    g_cond_wait (&self->flushed, &self->mutex);
  g_mutex_unlock (&self->mutex);
}

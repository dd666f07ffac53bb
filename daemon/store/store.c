/* The store: opens its parts in order, takes jobs in, gives answers back. */
#include "store/parts.h"
#include "metrics.h"

#define CHECKPOINT_PATIENCE 20 /* milliseconds */

typedef struct _Waiting {
  GMutex lock;
  GCond changed;
  gboolean done;
} Waiting;

gboolean
store_convert_error (GError **error)
{
  if (!error || !*error || (*error)->domain != G_IO_ERROR)
    return FALSE;
  gboolean full = g_error_matches (*error, G_IO_ERROR, G_IO_ERROR_NO_SPACE);
  (*error)->domain = STORE_ERROR;
  (*error)->code = full ? STORE_ERROR_FULL : STORE_ERROR_FAILED;
  return FALSE;
}

gboolean
store_checkpoint (Database *database, int mode, GError **error)
{
  sqlite3 *connection = database_connection (database);
  int log_pages = 0, moved = 0;

  /* A reader may hold the WAL for long (a backup): nobody waits for that here. */
  sqlite3_busy_timeout (connection, CHECKPOINT_PATIENCE);
  int code = sqlite3_wal_checkpoint_v2 (connection, NULL, mode, &log_pages, &moved);
  sqlite3_busy_timeout (connection, BUSY_TIMEOUT);

  if (code != SQLITE_OK && (code & 0xff) != SQLITE_BUSY)
    return database_fail (connection, code, error);
  metric_add (METRIC_STORE_CHECKPOINTS, 1);
  if (moved > 0)
    metric_add (METRIC_STORE_FLUSHES, 2); /* the WAL's and the database's */
  return code == SQLITE_OK;
}

void
store_end_database (Store *store, Database *database)
{
  if (database && g_atomic_int_get (&store->in_doubt))
    database_keep_wal (database);
  database_close (database);
}

static void
job_free (gpointer data)
{
  Job *job = data;

  if (job->destroy)
    job->destroy (job->data);
  g_clear_error (&job->error);
  g_free (job);
}

static void
return_task (gpointer data)
{
  Job *job = data;
  g_autoptr (GTask) task = g_steal_pointer (&job->task);

  if (job->error)
    g_task_return_error (task, g_steal_pointer (&job->error));
  else
    g_task_return_boolean (task, TRUE);
}

void
job_answer (Store *store, Job *job)
{
  if (job->task) {
    delivery_send (store->delivery, g_task_get_context (job->task), return_task, job);
    return;
  }
  Waiting *waiting = job->waiting;
  g_mutex_lock (&waiting->lock);
  waiting->done = TRUE;
  g_cond_signal (&waiting->changed);
  g_mutex_unlock (&waiting->lock);
}

gboolean
job_is_cancelled (Job *job)
{
  return job->task
      && g_cancellable_set_error_if_cancelled (g_task_get_cancellable (job->task), &job->error);
}

static Job *
job_new (gpointer data, GDestroyNotify destroy, GCancellable *cancellable,
         GAsyncReadyCallback callback, gpointer user_data, gpointer tag)
{
  Job *job = g_new0 (Job, 1);

  job->data = data;
  job->destroy = destroy;
  job->speech = language_spoken ();
  job->task = g_task_new (NULL, cancellable, callback, user_data);
  g_task_set_source_tag (job->task, tag);
  g_task_set_task_data (job->task, job, job_free);
  /* What is committed is committed: a late cancellation must not hide it. */
  g_task_set_check_cancellable (job->task, FALSE);
  return job;
}

gpointer
store_job_data (GAsyncResult *result)
{
  Job *job = g_task_get_task_data (G_TASK (result));

  return job->data;
}

void
store_write_async (Store *store, StoreWriteFunc func, gpointer data, GDestroyNotify destroy,
                   GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  Job *job = job_new (data, destroy, cancellable, callback, user_data, store_write_async);

  job->write = func;
  writer_push (store->writer, job);
}

void
store_write_bulk_async (Store *store, StoreBulkFunc func, gpointer data, GDestroyNotify destroy,
                        GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  Job *job = job_new (data, destroy, cancellable, callback, user_data, store_write_async);

  job->slice = func;
  writer_push (store->writer, job);
}

gboolean
store_write_finish (Store *store, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

void
store_read_async (Store *store, StoreReadFunc func, gpointer data, GDestroyNotify destroy,
                  GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  Job *job = job_new (data, destroy, cancellable, callback, user_data, store_read_async);

  job->read = func;
  readers_push (store->readers, job);
}

gboolean
store_read_finish (Store *store, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static gboolean
wait_for (Store *store, Job *job, GError **error)
{
  Waiting waiting = { .done = FALSE };

  g_mutex_init (&waiting.lock);
  g_cond_init (&waiting.changed);
  job->waiting = &waiting;
  job->speech = language_spoken ();
  if (job->read)
    readers_push (store->readers, job);
  else
    writer_push (store->writer, job);
  g_mutex_lock (&waiting.lock);
  while (!waiting.done)
    g_cond_wait (&waiting.changed, &waiting.lock);
  g_mutex_unlock (&waiting.lock);
  g_mutex_clear (&waiting.lock);
  g_cond_clear (&waiting.changed);
  if (!job->error)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&job->error));
  return FALSE;
}

gboolean
store_write_sync (Store *store, StoreWriteFunc func, gpointer data, GError **error)
{
  Job job = { .write = func, .data = data };

  return wait_for (store, &job, error);
}

gboolean
store_write_bulk_sync (Store *store, StoreBulkFunc func, gpointer data, GError **error)
{
  Job job = { .slice = func, .data = data };

  return wait_for (store, &job, error);
}

gboolean
store_read_sync (Store *store, StoreReadFunc func, gpointer data, GError **error)
{
  Job job = { .read = func, .data = data };

  return wait_for (store, &job, error);
}

const char *
store_folder (Store *store)
{
  return store->folder;
}

const char *
store_temporary_folder (Store *store)
{
  return store->temporary_folder;
}

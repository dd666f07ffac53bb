/* The threads that answer questions: each with a connection of its own, one snapshot a job. */
#include "store/snapshot.h"

typedef struct {
  Readers *readers;
  GThread *thread;
  Database *database; /* with the store's lock `connections`; opened when needed */
} Reader;

struct _Readers {
  Store *store;
  Reader *readers;
  guint count;

  GMutex lock; /* what follows */
  GCond changed;
  GQueue jobs;
  gboolean stopping;
};

static gboolean
read_snapshot (Reader *self, Job *job)
{
  StoreSnapshot snapshot = { self->readers->store, self->database };

  if (!database_run (self->database, &job->error, "BEGIN", ""))
    return FALSE;
  const Speech before = language_speak (job->speech);
  gboolean went_well = job->read (&snapshot, job->data, &job->error);
  language_speak (before);
  database_end_statements (self->database);
  /* Nothing was changed, so ending cannot lose anything. */
  if (!database_run (self->database, went_well ? &job->error : NULL, "COMMIT", ""))
    return FALSE;
  if (!went_well && !job->error)
    g_set_error_literal (&job->error, STORE_ERROR, STORE_ERROR_FAILED, "The reading failed");
  return went_well;
}

static void
run_job (Reader *self, Job *job)
{
  Store *store = self->readers->store;

  if (job_is_cancelled (job))
    return;
  g_rw_lock_reader_lock (&store->connections);
  if (!self->database)
    self->database = database_open (store->database_path, DATABASE_READ, &job->error);
  if (self->database) {
    /* Before the snapshot opens: what it refers to stays. */
    guint64 pin = segments_pin (store->segments);
    if (!read_snapshot (self, job) && g_error_matches (job->error, STORE_ERROR, STORE_ERROR_FAILED))
      store_end_database (store, g_steal_pointer (&self->database));
    segments_unpin (store->segments, pin);
  }
  g_rw_lock_reader_unlock (&store->connections);
}

static gpointer
read_jobs (gpointer data)
{
  Reader *self = data;
  Readers *all = self->readers;

  for (;;) {
    g_mutex_lock (&all->lock);
    while (all->jobs.length == 0 && !all->stopping)
      g_cond_wait (&all->changed, &all->lock);
    Job *job = g_queue_pop_head (&all->jobs);
    g_mutex_unlock (&all->lock);
    if (!job)
      return NULL;
    run_job (self, job);
    job_answer (all->store, job);
    delivery_flush (all->store->delivery);
  }
}

Readers *
readers_new (Store *store, guint count)
{
  Readers *self = g_new0 (Readers, 1);

  self->store = store;
  self->count = count;
  self->readers = g_new0 (Reader, count);
  g_mutex_init (&self->lock);
  g_cond_init (&self->changed);
  g_queue_init (&self->jobs);
  for (guint i = 0; i < count; i++) {
    self->readers[i].readers = self;
    self->readers[i].thread = g_thread_new ("reader", read_jobs, &self->readers[i]);
  }
  return self;
}

void
readers_push (Readers *readers, Job *job)
{
  g_mutex_lock (&readers->lock);
  g_queue_push_tail (&readers->jobs, job);
  g_cond_signal (&readers->changed);
  g_mutex_unlock (&readers->lock);
}

void
readers_close_databases (Readers *readers)
{
  for (guint i = 0; i < readers->count; i++)
    store_end_database (readers->store, g_steal_pointer (&readers->readers[i].database));
}

void
readers_free (Readers *readers)
{
  if (!readers)
    return;
  g_mutex_lock (&readers->lock);
  readers->stopping = TRUE;
  g_cond_broadcast (&readers->changed);
  g_mutex_unlock (&readers->lock);
  for (guint i = 0; i < readers->count; i++)
    g_thread_join (readers->readers[i].thread);
  readers_close_databases (readers);
  g_mutex_clear (&readers->lock);
  g_cond_clear (&readers->changed);
  g_free (readers->readers);
  g_free (readers);
}

Database *
store_snapshot_database (StoreSnapshot *snapshot)
{
  return snapshot->database;
}

/* The thread that changes the store: takes the waiting jobs, commits them together, answers. */
#include "store/batch.h"
#include "log.h"
#include "metrics.h"

#define BATCH_MAX 256 /* jobs */
/* When many jobs came together lately, the rest of them is worth a moment's wait. */
#define COMPANY_FROM 4
/* In microseconds, at least; as long as a commit, and half of one, when the disk is slow. */
#define COMPANY_WAIT 2000
#define COMPANY_STEP 500
#define COMPANY_WAIT_MAX 10000
#define SLICE 10000
/* A slice goes on while nobody waits. */
#define SLICE_MAX 100000
/* Under load bulk work still gets a slice this often. */
#define BULK_STARVES 30000
#define CHECKPOINT_RETRY (G_USEC_PER_SEC / 2)
#define PAGE_SIZE 4096
#define WAL_PASSIVE (32 * 1024 * 1024 / PAGE_SIZE) /* pages */
#define WAL_MAX (64 * 1024 * 1024 / PAGE_SIZE)

struct _Writer {
  Store *store;
  GThread *thread;
  /* The thread's own. */
  Database *database; /* NULL only while broken */
  gboolean broken; /* to be opened anew */
  gint64 reopen_after, checkpoint_after, last_slice;
  gint wal_pages;
  gboolean passive_asked;
  double company; /* jobs in a batch, lately */
  double commit_time; /* of a batch, lately, in microseconds */

  GMutex lock; /* what follows */
  GCond changed;
  GQueue urgent, bulk; /* Job */
  guint goal; /* the urgent jobs that the thread waits for */
  gboolean stopping;
};

static int
did_write_wal (void *data, sqlite3 *connection, const char *name, int pages)
{
  Writer *self = data;

  self->wal_pages = pages;
  return SQLITE_OK;
}

static void
use_database (Writer *self, Database *database)
{
  self->database = database;
  if (database)
    sqlite3_wal_hook (database_connection (database), did_write_wal, self);
}

/* A commit of our own takes the place of the WAL's last frames, which were refused: only this
 * connection knows that they were, another one would find them and bring them back. */
static gboolean
seal_wal (Database *database, GError **error)
{
  Statement *row = database_query (database, error, "PRAGMA user_version", "");

  if (!row || !statement_next (row, error))
    return FALSE;
  g_autofree char *again
      = g_strdup_printf ("PRAGMA user_version = %" G_GINT64_FORMAT, statement_int (row, 0));
  statement_done (row);
  return database_execute (database, again, error);
}

static gboolean
empty_wal (Database *database, GError **error)
{
  if (store_checkpoint (database, SQLITE_CHECKPOINT_TRUNCATE, error))
    return TRUE;
  if (error && !*error)
    g_set_error_literal (error, STORE_ERROR, STORE_ERROR_FAILED, "The database is busy");
  return FALSE;
}

/* After a failed sync nobody knows what the disk holds. Of the database, pages may be missing that
 * were moved long before: a checkpoint that does not reach the WAL's end is not synced, and still
 * SQLite never moves these pages again. So before anything else is acknowledged the whole WAL is
 * moved once more. The last connection goes without a checkpoint, and with it what was remembered
 * of earlier ones; the next one reads the WAL from its beginning. */
static gboolean
open_anew (Writer *self, GError **error)
{
  if (self->database && !seal_wal (self->database, error))
    return FALSE;
  if (self->database)
    database_keep_wal (self->database);
  g_clear_pointer (&self->database, database_close);
  g_autoptr (Database) database = database_open (self->store->database_path, DATABASE_WRITE, error);
  if (!database)
    return FALSE;
  use_database (self, g_steal_pointer (&database));
  return empty_wal (self->database, error) && database_check (self->database, error);
}

static void
reopen (Writer *self)
{
  g_autoptr (GError) error = NULL;
  gboolean was_broken = self->broken;

  segments_abandon (self->store->segments);
  g_rw_lock_writer_lock (&self->store->connections);
  readers_close_databases (self->store->readers);
  self->broken = !open_anew (self, &error);
  g_rw_lock_writer_unlock (&self->store->connections);
  self->reopen_after = g_get_monotonic_time () + self->store->reopen_interval;
  if (!self->broken)
    log_event (LOG_NOTICE, "The store was closed, opened and checked: it goes on in a new segment",
               NULL);
  else if (!was_broken)
    log_event (LOG_ERROR, "The store cannot be opened again: look at the disk; mail is refused",
               "error", error->message, NULL);
}

static void
did_break (Writer *self, const GError *error)
{
  log_event (LOG_ERROR,
             "Writing to the disk failed: what was refused will be sent again, but look "
             "at the disk",
             "error", error->message, NULL);
  reopen (self);
}

/* The caretaker's checkpoint has failed, and whether this thread's connection would hear of it is
 * the operating system's affair. */
static void
heed_doubt (Writer *self)
{
  g_autoptr (GError) error = NULL;

  if (!g_atomic_int_compare_and_exchange (&self->store->in_doubt, TRUE, FALSE))
    return;
  g_set_error_literal (&error, STORE_ERROR, STORE_ERROR_FAILED,
                       "Moving what was written into the database failed");
  did_break (self, error);
}

static gboolean
is_ready (Writer *self, GError **error)
{
  heed_doubt (self);
  if (self->broken && g_get_monotonic_time () >= self->reopen_after)
    reopen (self);
  if (self->broken)
    g_set_error_literal (error, STORE_ERROR, STORE_ERROR_FAILED, "The store's disk has failed");
  return !self->broken;
}

static void
publish (Writer *self, Batch *batch)
{
  if (batch->notes->len > 0)
    notes_publish (self->store->notes, batch->notes);
  for (guint i = 0; i < batch->touched->len; i++) {
    const Touch *touch = &g_array_index (batch->touched, Touch, i);
    watches_fire (self->store->watches, self->store->delivery, &touch->key, touch->kinds);
  }
}

static void
fail_all (Job **jobs, guint count, const GError *error)
{
  for (guint i = 0; i < count; i++)
    if (!jobs[i]->error)
      jobs[i]->error = g_error_copy (error);
}

static void
commit (Writer *self, Batch *batch, Job **jobs, guint count)
{
  g_autoptr (GError) error = NULL;
  gint64 begin = g_get_monotonic_time ();
  BatchEnd end = batch_commit (batch, &error);

  self->commit_time = self->commit_time * 0.7 + (double)(g_get_monotonic_time () - begin) * 0.3;

  if (end == BATCH_COMMITTED) {
    metric_add (METRIC_STORE_FLUSHES, 1); /* the WAL's */
    metric_add (METRIC_STORE_BATCHES, 1);
    metric_add (METRIC_STORE_JOBS, count);
    publish (self, batch);
    return;
  }
  fail_all (jobs, count, error);
  if (end == BATCH_BROKEN)
    did_break (self, error);
}

typedef enum { TOGETHER_DONE, TOGETHER_ENDED } Together;

/* Runs jobs in one transaction, until it holds enough; *TAKEN are through. ENDED: job number
 * *TAKEN - 1 has ended the transaction, and its neighbours must run again. */
static Together
run_together (Writer *self, Job **jobs, guint count, gint64 slice_end, guint *taken, gboolean *done)
{
  g_autoptr (GError) error = NULL;

  *taken = count;
  if (!is_ready (self, &error)) {
    fail_all (jobs, count, error);
    return TOGETHER_DONE;
  }
  g_autoptr (Batch) batch = batch_new (self->store, self->database);
  if (!batch_begin (batch, &error)) {
    fail_all (jobs, count, error);
    did_break (self, error);
    return TOGETHER_DONE;
  }
  for (guint i = 0; i < count && !batch_is_full (batch); i++) {
    *taken = i + 1;
    if (!job_is_cancelled (jobs[i]) && !batch_run (batch, jobs[i], slice_end, done))
      return TOGETHER_ENDED;
  }
  commit (self, batch, jobs, *taken);
  return TOGETHER_DONE;
}

/* A job that fails alone has nobody to harm. But a database that fails alone is to be opened anew.
 */
static void
run_alone (Writer *self, Job *job)
{
  guint taken;
  gboolean done = FALSE;

  if (run_together (self, &job, 1, 0, &taken, &done) == TOGETHER_ENDED
      && g_error_matches (job->error, STORE_ERROR, STORE_ERROR_FAILED))
    did_break (self, job->error);
}

static void
answer (Writer *self, Job **jobs, guint count)
{
  for (guint i = 0; i < count; i++) {
    if (jobs[i]->error)
      store_note_error (self->store, jobs[i]->error);
    job_answer (self->store, jobs[i]);
  }
  delivery_flush (self->store->delivery);
}

static void
run_urgent (Writer *self, Job **jobs, guint count)
{
  for (guint at = 0; at < count;) {
    guint taken = 0;
    gboolean done = FALSE;
    Together end = run_together (self, jobs + at, count - at, 0, &taken, &done);
    for (guint i = 0; end == TOGETHER_ENDED && i < taken; i++)
      if (!jobs[at + i]->error)
        run_alone (self, jobs[at + i]);
    answer (self, jobs + at, taken);
    at += taken;
  }
}

static void
push_bulk (Writer *self, Job *job)
{
  g_mutex_lock (&self->lock);
  g_queue_push_tail (&self->bulk, job);
  g_mutex_unlock (&self->lock);
}

static void
run_slice (Writer *self, Job *job)
{
  guint taken;
  gboolean done = FALSE;
  gint64 end = g_get_monotonic_time () + SLICE;

  if (run_together (self, &job, 1, end, &taken, &done) == TOGETHER_ENDED
      && g_error_matches (job->error, STORE_ERROR, STORE_ERROR_FAILED))
    did_break (self, job->error);
  self->last_slice = g_get_monotonic_time ();
  if (done || job->error)
    answer (self, &job, 1);
  else
    push_bulk (self, job);
  delivery_flush (self->store->delivery);
}

gboolean
store_transaction_slice_over (StoreTransaction *transaction)
{
  if (!transaction->slice_end)
    return FALSE;
  gint64 over = g_get_monotonic_time () - transaction->slice_end;
  return over >= SLICE_MAX - SLICE
      || (over >= 0 && g_atomic_int_get (&transaction->store->urgent) > 0);
}

/* Readers hold the WAL's start only for a moment, so a checkpoint between two batches comes
 * through; passive ones, beside the writer, never reset a WAL that is written all the time. */
static void
look_after_wal (Writer *self)
{
  g_autoptr (GError) error = NULL;
  gint64 now = g_get_monotonic_time ();

  if (self->wal_pages < WAL_PASSIVE)
    self->passive_asked = FALSE;
  else if (!self->passive_asked) {
    self->passive_asked = TRUE;
    caretaker_wake (self->store->caretaker, TRUE);
  }
  if (self->broken || self->wal_pages < WAL_MAX || now < self->checkpoint_after)
    return;
  self->checkpoint_after = now + CHECKPOINT_RETRY;
  if (!g_mutex_trylock (&self->store->checkpoint))
    return;
  gboolean emptied = !g_atomic_int_get (&self->store->in_doubt)
      && store_checkpoint (self->database, SQLITE_CHECKPOINT_TRUNCATE, &error);
  g_mutex_unlock (&self->store->checkpoint);
  if (emptied)
    self->wal_pages = 0;
  else if (error)
    did_break (self, error);
}

/* With the lock held: waits for the rest of those who came together lately, as long as they keep
 * coming. How many came in the last batch says nothing about how many could: small batches would
 * stay small for ever. */
static void
wait_for_company (Writer *self)
{
  gint64 commit = MIN ((gint64)self->commit_time, COMPANY_WAIT_MAX);
  gint64 now = g_get_monotonic_time (), until = now + MAX (commit, COMPANY_WAIT);
  guint before = 0;

  if (self->company < COMPANY_FROM)
    return;
  self->goal = BATCH_MAX;
  while (now < until && self->urgent.length > before && self->urgent.length < BATCH_MAX
         && !self->stopping) {
    gint64 step = now + MAX (commit / 2, COMPANY_STEP);
    before = self->urgent.length;
    while (g_cond_wait_until (&self->changed, &self->lock, step) && self->urgent.length < BATCH_MAX
           && !self->stopping)
      ;
    now = g_get_monotonic_time ();
  }
  self->goal = 1;
}

static guint
take_urgent (Writer *self, Job **jobs)
{
  guint count = 0;

  if (self->urgent.length > 0)
    wait_for_company (self);
  while (count < BATCH_MAX && self->urgent.length > 0)
    jobs[count++] = g_queue_pop_head (&self->urgent);
  if (count > 0)
    self->company = self->company * 0.7 + count * 0.3;
  g_atomic_int_set (&self->store->urgent, self->urgent.length);
  metric_set (METRIC_STORE_QUEUE_LENGTH, self->urgent.length + self->bulk.length);
  return count;
}

static Job *
take_bulk (Writer *self)
{
  g_mutex_lock (&self->lock);
  gboolean may
      = self->urgent.length == 0 || g_get_monotonic_time () - self->last_slice > BULK_STARVES;
  Job *job = may ? g_queue_pop_head (&self->bulk) : NULL;
  g_mutex_unlock (&self->lock);
  return job;
}

static gpointer
write_jobs (gpointer data)
{
  Writer *self = data;
  Job *jobs[BATCH_MAX];

  for (;;) {
    g_mutex_lock (&self->lock);
    while (self->urgent.length + self->bulk.length == 0 && !self->stopping)
      g_cond_wait (&self->changed, &self->lock);
    gboolean over = self->urgent.length + self->bulk.length == 0;
    guint count = take_urgent (self, jobs);
    g_mutex_unlock (&self->lock);
    if (over)
      return NULL;

    run_urgent (self, jobs, count);
    Job *bulk = take_bulk (self);
    if (bulk)
      run_slice (self, bulk);
    look_after_wal (self);
  }
}

Writer *
writer_new (Store *store, Database *database)
{
  Writer *self = g_new0 (Writer, 1);

  self->store = store;
  self->goal = 1;
  g_mutex_init (&self->lock);
  g_cond_init (&self->changed);
  g_queue_init (&self->urgent);
  g_queue_init (&self->bulk);
  use_database (self, database);
  self->thread = g_thread_new ("writer", write_jobs, self);
  return self;
}

void
writer_push (Writer *writer, Job *job)
{
  g_mutex_lock (&writer->lock);
  g_queue_push_tail (job->slice ? &writer->bulk : &writer->urgent, job);
  if (!job->slice)
    g_atomic_int_set (&writer->store->urgent, writer->urgent.length);
  if (job->slice || writer->urgent.length >= writer->goal)
    g_cond_signal (&writer->changed);
  g_mutex_unlock (&writer->lock);
}

void
writer_free (Writer *writer)
{
  if (!writer)
    return;
  g_mutex_lock (&writer->lock);
  writer->stopping = TRUE;
  g_cond_signal (&writer->changed);
  g_mutex_unlock (&writer->lock);
  g_thread_join (writer->thread);
  if (writer->broken)
    g_atomic_int_set (&writer->store->in_doubt, TRUE);
  store_end_database (writer->store, writer->database);
  g_mutex_clear (&writer->lock);
  g_cond_clear (&writer->changed);
  g_free (writer);
}

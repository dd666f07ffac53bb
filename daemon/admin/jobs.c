/* The list of long jobs. */
#include "admin/jobs.h"
#include "log.h"
#include <string.h>

#define KEPT 20

struct _Job {
  guint64 number;
  char *kind;
  JobCompany company;
  JobFunc func;
  gpointer data;
  GDestroyNotify destroy;
  Jobs *jobs;
  Speech speech;
  gint64 started;
  guint64 done, total; /* atomic */
  GCancellable *cancellable;
  guint64 mark; /* atomic: grows with each change of any job */
  gboolean running; /* under the lock, as what follows */
  gint64 ended;
  json_t *result;
  GError *error;
};

struct _Jobs {
  GMutex lock;
  GCond ended;
  GQueue list; /* of Job, oldest first */
  guint64 last;
  guint64 mark; /* atomic */
  guint running;
};

static void
job_free (Job *job)
{
  g_free (job->kind);
  g_object_unref (job->cancellable);
  json_decref (job->result);
  g_clear_error (&job->error);
  g_free (job);
}

Jobs *
jobs_new (void)
{
  Jobs *self = g_new0 (Jobs, 1);

  g_mutex_init (&self->lock);
  g_cond_init (&self->ended);
  g_queue_init (&self->list);
  return self;
}

gboolean
jobs_free (Jobs *self, guint wait)
{
  gint64 deadline = g_get_monotonic_time () + (gint64)wait * G_USEC_PER_SEC;

  g_mutex_lock (&self->lock);
  for (GList *link = self->list.head; link != NULL; link = link->next)
    g_cancellable_cancel (((Job *)link->data)->cancellable);
  while (self->running > 0 && g_cond_wait_until (&self->ended, &self->lock, deadline)) { }
  gboolean idle = self->running == 0;
  g_mutex_unlock (&self->lock);
  if (!idle)
    return FALSE; /* its thread uses SELF: leave it to the end of the process */

  g_queue_clear_full (&self->list, (GDestroyNotify)job_free);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->ended);
  g_free (self);
  return TRUE;
}

static void
touch (Job *job)
{
  const guint64 mark = __atomic_add_fetch (&job->jobs->mark, 1, __ATOMIC_RELAXED);

  __atomic_store_n (&job->mark, mark, __ATOMIC_RELAXED);
}

static void
log_end (const Job *job, const GError *error)
{
  const gboolean cancelled = g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);

  log_event (error == NULL ? LOG_NOTICE : cancelled ? LOG_WARNING : LOG_ERROR,
             error == NULL ? "Job done" : cancelled ? "Job cancelled" : "Job failed", "kind",
             job->kind, "error", error != NULL ? error->message : NULL, NULL);
}

static gpointer
run_job (gpointer data)
{
  Job *job = data;
  Jobs *self = job->jobs;
  GError *error = NULL;

  language_speak (job->speech);
  json_t *result = job->func (job, job->data, &error);
  if (job->destroy != NULL)
    job->destroy (job->data);
  log_end (job, error);

  g_mutex_lock (&self->lock);
  if (result != NULL) {
    json_decref (job->result);
    job->result = result;
  }
  job->error = error;
  job->running = FALSE;
  job->ended = g_get_real_time () / G_USEC_PER_SEC;
  touch (job);
  self->running--;
  g_cond_broadcast (&self->ended);
  g_mutex_unlock (&self->lock);
  return NULL;
}

/* Under the lock: the running job that a new one would disturb. */
static const Job *
find_obstacle (Jobs *self, const char *kind, JobCompany company)
{
  for (GList *link = self->list.head; link != NULL; link = link->next) {
    const Job *job = link->data;
    if (job->running
        && (strcmp (job->kind, kind) == 0
            || (company == JOB_ALONE && job->company == JOB_ALONE)))
      return job;
  }
  return NULL;
}

/* The oldest that has ended, so that one which runs for long is not forgotten. */
static void
forget_one (Jobs *self)
{
  for (GList *link = self->list.head; self->list.length > KEPT && link != NULL; link = link->next) {
    Job *job = link->data;
    if (job->running)
      continue;
    g_queue_delete_link (&self->list, link);
    job_free (job);
    return;
  }
}

guint64
jobs_start (Jobs *self, const char *kind, JobCompany company, JobFunc func, gpointer data,
            GDestroyNotify destroy, GError **error)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  const Job *obstacle = find_obstacle (self, kind, company);

  if (obstacle != NULL) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_BUSY,
                 _ ("Another job (%s) is running; try again when it is done."), obstacle->kind);
    if (destroy != NULL)
      destroy (data);
    return 0;
  }
  Job *job = g_new0 (Job, 1);
  *job = (Job) { .number = ++self->last,
                 .kind = g_strdup (kind),
                 .company = company,
                 .func = func,
                 .data = data,
                 .destroy = destroy,
                 .jobs = self,
                 .cancellable = g_cancellable_new (),
                 .speech = language_spoken (),
                 .started = g_get_real_time () / G_USEC_PER_SEC,
                 .running = TRUE };
  g_queue_push_tail (&self->list, job);
  forget_one (self);
  self->running++;
  touch (job);
  log_event (LOG_NOTICE, "Job started", "kind", kind, NULL);
  g_thread_unref (g_thread_new (kind, run_job, job));
  return job->number;
}

void
job_progress (guint64 done, guint64 total, gpointer data)
{
  Job *job = data;

  __atomic_store_n (&job->done, done, __ATOMIC_RELAXED);
  __atomic_store_n (&job->total, total, __ATOMIC_RELAXED);
  touch (job);
}

gboolean
job_was_cancelled (Job *job)
{
  return g_cancellable_is_cancelled (job->cancellable);
}

GCancellable *
job_cancellable (Job *job)
{
  return job->cancellable;
}

gboolean
job_goes_on (guint64 done, guint64 total, gpointer data)
{
  job_progress (done, total, data);
  return !job_was_cancelled (data);
}

void
job_tell (Job *job, json_t *result)
{
  json_t *copy = json_deep_copy (result);

  g_mutex_lock (&job->jobs->lock);
  json_decref (job->result);
  job->result = copy;
  touch (job);
  g_mutex_unlock (&job->jobs->lock);
}

static const char *
state_of (const Job *job)
{
  if (job->running)
    return "running";
  if (job->error == NULL)
    return "done";
  return g_error_matches (job->error, G_IO_ERROR, G_IO_ERROR_CANCELLED) ? "cancelled" : "failed";
}

static json_t *
describe (Job *job)
{
  json_t *answer = json_pack (
      "{s:I, s:s, s:s, s:I, s:o, s:I, s:I}", "job", (json_int_t)job->number, "kind", job->kind,
      "state", state_of (job), "started", (json_int_t)job->started, "ended",
      job->ended ? json_integer (job->ended) : json_null (), "done",
      (json_int_t)__atomic_load_n (&job->done, __ATOMIC_RELAXED), "total",
      (json_int_t)__atomic_load_n (&job->total, __ATOMIC_RELAXED));

  if (job->result != NULL)
    json_object_set_new (answer, "result", json_deep_copy (job->result));
  if (job->error != NULL)
    json_object_set_new (answer, "error", json_string (job->error->message));
  return answer;
}

static Job *
find (Jobs *self, guint64 number)
{
  for (GList *link = self->list.head; link != NULL; link = link->next)
    if (((Job *)link->data)->number == number)
      return link->data;
  return NULL;
}

json_t *
jobs_describe (Jobs *self, guint64 number)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  Job *job = find (self, number);

  return job != NULL ? describe (job) : NULL;
}

json_t *
jobs_list (Jobs *self, guint64 *after)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  const guint64 since = after ? *after : 0;
  json_t *list = json_array ();

  if (after)
    *after = __atomic_load_n (&self->mark, __ATOMIC_RELAXED);
  for (GList *link = self->list.tail; link != NULL; link = link->prev)
    if (__atomic_load_n (&((Job *)link->data)->mark, __ATOMIC_RELAXED) > since)
      json_array_append_new (list, describe (link->data));
  return list;
}

gboolean
jobs_cancel (Jobs *self, guint64 number, GError **error)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  Job *job = find (self, number);

  if (job != NULL && job->running) {
    g_cancellable_cancel (job->cancellable);
    return TRUE;
  }
  if (job == NULL)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, _ ("There is no such job."));
  else
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_BUSY, _ ("This job has ended already."));
  return FALSE;
}

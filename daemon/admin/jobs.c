/* The list of long jobs. */
#include "admin/jobs.h"
#include "log.h"

#define KEPT 20

struct _Job {
  guint64 number;
  char *kind;
  JobFunc func;
  gpointer data;
  GDestroyNotify destroy;
  Jobs *jobs;
  guint64 done, total; /* atomic */
  gboolean running; /* under the lock, as what follows */
  json_t *result;
  GError *error;
};

struct _Jobs {
  GMutex lock;
  GCond ended;
  GQueue list; /* of Job, oldest first */
  guint64 last;
  Job *running;
};

static void
job_free (Job *job)
{
  g_free (job->kind);
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
  while (self->running != NULL && g_cond_wait_until (&self->ended, &self->lock, deadline)) { }
  gboolean idle = self->running == NULL;
  g_mutex_unlock (&self->lock);
  if (!idle)
    return FALSE; /* its thread uses SELF: leave it to the end of the process */

  g_queue_clear_full (&self->list, (GDestroyNotify)job_free);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->ended);
  g_free (self);
  return TRUE;
}

static gpointer
run_job (gpointer data)
{
  Job *job = data;
  Jobs *self = job->jobs;
  GError *error = NULL;
  json_t *result = job->func (job, job->data, &error);

  if (job->destroy != NULL)
    job->destroy (job->data);
  log_event (error != NULL ? LOG_ERROR : LOG_NOTICE, error != NULL ? "Job failed" : "Job done",
             "kind", job->kind, "error", error != NULL ? error->message : NULL, NULL);

  g_mutex_lock (&self->lock);
  job->result = result;
  job->error = error;
  job->running = FALSE;
  self->running = NULL;
  g_cond_broadcast (&self->ended);
  g_mutex_unlock (&self->lock);
  return NULL;
}

guint64
jobs_start (Jobs *self, const char *kind, JobFunc func, gpointer data, GDestroyNotify destroy,
            GError **error)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  if (self->running != NULL) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_BUSY,
                 "Another job (%s) is running; try again when it is done.", self->running->kind);
    if (destroy != NULL)
      destroy (data);
    return 0;
  }
  Job *job = g_new0 (Job, 1);
  *job = (Job) { .number = ++self->last,
                 .kind = g_strdup (kind),
                 .func = func,
                 .data = data,
                 .destroy = destroy,
                 .jobs = self,
                 .running = TRUE };
  g_queue_push_tail (&self->list, job);
  if (self->list.length > KEPT)
    job_free (g_queue_pop_head (&self->list));
  self->running = job;
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
}

static json_t *
describe (Job *job)
{
  const char *state = job->running ? "running" : job->error != NULL ? "failed" : "done";
  json_t *answer = json_pack ("{s:I, s:s, s:s, s:I, s:I}", "job", (json_int_t)job->number, "kind",
                              job->kind, "state", state, "done",
                              (json_int_t)__atomic_load_n (&job->done, __ATOMIC_RELAXED), "total",
                              (json_int_t)__atomic_load_n (&job->total, __ATOMIC_RELAXED));

  if (job->result != NULL)
    json_object_set (answer, "result", job->result);
  if (job->error != NULL)
    json_object_set_new (answer, "error", json_string (job->error->message));
  return answer;
}

json_t *
jobs_describe (Jobs *self, guint64 number)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  for (GList *link = self->list.head; link != NULL; link = link->next)
    if (((Job *)link->data)->number == number)
      return describe (link->data);
  return NULL;
}

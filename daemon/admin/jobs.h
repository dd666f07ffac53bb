/* Long work of the admin API (a check, a backup): each runs in a thread of its own, is asked for its
 * progress, and may be cancelled. Any thread. */
#pragma once
#include "language.h"
#include <gio/gio.h>
#include <jansson.h>

typedef struct _Jobs Jobs;
typedef struct _Job Job;

Jobs *jobs_new (void);
/* Cancels what runs and waits for it, at most WAIT seconds. FALSE: something still runs and keeps
 * what it needs. */
gboolean jobs_free (Jobs *jobs, guint wait);

/* In the job's thread: the result as a JSON object, or NULL and ERROR. */
typedef json_t *(*JobFunc) (Job *job, gpointer data, GError **error);
typedef enum {
  JOB_ALONE, /* one at a time: they would fight for the disk */
  JOB_BESIDE, /* beside others, but not beside one of its kind */
} JobCompany;
/* Returns the job's number. G_IO_ERROR_BUSY while another job is in its way. Sentences are said as
 * this thread speaks now. */
guint64 jobs_start (Jobs *jobs, const char *kind, JobCompany company, JobFunc func, gpointer data,
                    GDestroyNotify destroy, GError **error);
/* For the functions that tell progress; JOB is their data. job_goes_on: FALSE: somebody has
 * cancelled it. */
void job_progress (guint64 done, guint64 total, gpointer job);
gboolean job_goes_on (guint64 done, guint64 total, gpointer job);
gboolean job_was_cancelled (Job *job);
/* The same for work that waits for the network; borrowed. */
GCancellable *job_cancellable (Job *job);
/* What there is of the result while it runs; a copy is taken. */
void job_tell (Job *job, json_t *result);

/* Asks it to end. G_IO_ERROR_NOT_FOUND: there is no such job, G_IO_ERROR_BUSY: it has ended. */
gboolean jobs_cancel (Jobs *jobs, guint64 number, GError **error);
/* {"job", "kind", "state": "running"|"done"|"failed"|"cancelled", "started", "ended", "done",
 * "total", "result", "error"}; NULL: no such job (the last twenty are kept). */
json_t *jobs_describe (Jobs *jobs, guint64 number);
/* All that are kept, the newest first; with AFTER, only what has changed since the mark *AFTER,
 * which is brought up to date. */
json_t *jobs_list (Jobs *jobs, guint64 *after);

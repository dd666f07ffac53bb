/* Long work of the admin API (a check, a backup): each runs in a thread of its own and is asked for
 * its progress. Any thread. */
#pragma once
#include <gio/gio.h>
#include <jansson.h>

typedef struct _Jobs Jobs;
typedef struct _Job Job;

Jobs *jobs_new (void);
/* Waits for what runs, at most WAIT seconds. FALSE: something still runs and keeps what it needs.
 */
gboolean jobs_free (Jobs *jobs, guint wait);

/* In the job's thread: the result as a JSON object, or NULL and ERROR. */
typedef json_t *(*JobFunc) (Job *job, gpointer data, GError **error);
/* Returns the job's number. G_IO_ERROR_BUSY while another job runs: they would fight for the disk.
 */
guint64 jobs_start (Jobs *jobs, const char *kind, JobFunc func, gpointer data,
                    GDestroyNotify destroy, GError **error);
/* For the functions that tell progress; JOB is their data. */
void job_progress (guint64 done, guint64 total, gpointer job);
/* {"job", "kind", "state": "running"|"done"|"failed", "done", "total", "result", "error"}; NULL:
 * no such job (the last twenty are kept). */
json_t *jobs_describe (Jobs *jobs, guint64 number);

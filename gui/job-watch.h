/* Looks how long work of the server goes on: every second, and at once when an event tells. */
#pragma once
#include "connection.h"

/* How the job is now. After a state other than "running" it is not called again; JOB NULL: the
 * server does not know the job any more, as it was started anew meanwhile. May free the watch. */
typedef void (*JobWatchFunc) (json_t *job, gpointer data);

typedef struct _JobWatch JobWatch;
JobWatch *job_watch_new (Connection *connection, gint64 number, JobWatchFunc func, gpointer data);
void job_watch_free (JobWatch *watch);
gint64 job_watch_number (const JobWatch *watch);

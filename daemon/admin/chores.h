/* What the administration does by itself: backups that are due, and the end of old audit entries.
 * Main thread. */
#pragma once
#include "admin/jobs.h"
#include "configuration.h"
#include "store/store.h"

typedef struct _Chores Chores;

/* STORE and JOBS outlive it. */
Chores *chores_new (Store *store, Jobs *jobs, const Configuration *configuration);
/* Waits for the look that is under way; a backup that runs is the jobs' affair. */
void chores_free (Chores *chores);

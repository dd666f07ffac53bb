/* Backups that the server makes by itself: when the next one is due, which are too old, and the
 * proof that one can be restored. For workers and jobs. */
#pragma once
#include "admin/jobs.h"
#include "configuration.h"
#include "store/store.h"

/* DATA/backups; free with g_free. */
char *backups_folder (const Configuration *configuration);
/* char *: the whole paths of the backups in there, the oldest first. NULL with ERROR. */
GPtrArray *backups_list (const Configuration *configuration, GError **error);
/* When a backup of the name that the server gives was begun (seconds, UTC); 0: it has another name.
 */
gint64 backup_begun (const char *backup);
/* The time of the newest whole one; 0: there is none. */
gint64 backups_newest (const Configuration *configuration);

/* Jobs (jobs.h), started with one of these as their data. */
typedef struct _BackupWork BackupWork;
/* FOLDER NULL: a new one in DATA/backups; or the newest there, for a proof. */
BackupWork *backup_work_new (Store *store, const Configuration *configuration, const char *folder);
void backup_work_free (gpointer work);
json_t *backup_work_create (Job *job, gpointer work, GError **error);
json_t *backup_work_verify (Job *job, gpointer work, GError **error);
/* Restores it into a temporary folder, opens that as a store, checks every mail and reference. */
json_t *backup_work_prove (Job *job, gpointer work, GError **error);
/* The one that is due by itself: makes it, proves it if the setting says so, removes the oldest. */
json_t *backup_work_due (Job *job, gpointer work, GError **error);

/* Names of documents (documents.h): {"time", "folder", "messages"}, {"time", "error"}. */
#define BACKUP_PROVED "backup-proved"
#define BACKUP_FAILED "backup-failed"

/* Backup: hot, whole and verified. A backup is a folder: database copy first, then the segments it
 * pins, a manifest with every file's size and SHA-256 written last (so an unfinished backup is
 * recognised). */
#pragma once
#include "store/store.h"

typedef void (*BackupProgress) (guint64 done, guint64 total, gpointer data);
/* Waits; run in a worker. TARGET must not exist or be empty. The configuration and certificates go
 * along. */
gboolean backup_create (Store *store, const char *target, BackupProgress progress, gpointer data,
                        GError **error);
gboolean backup_verify (const char *backup, BackupProgress progress, gpointer data, GError **error);
/* Into a folder that does not exist or is empty; the daemon must not run on it. */
gboolean backup_restore (const char *backup, const char *folder, BackupProgress progress,
                         gpointer data, GError **error);

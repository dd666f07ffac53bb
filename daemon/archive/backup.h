/* Backup: hot, whole and verified. A backup is a folder: database copy first, then the segments it
 * pins, a manifest with every file's size and SHA-256 written last (so an unfinished backup is
 * recognised). */
#pragma once
#include "store/store.h"

/* FALSE: it is to end now, with G_IO_ERROR_CANCELLED. */
typedef gboolean (*BackupProgress) (guint64 done, guint64 total, gpointer data);
/* Waits; run in a worker. TARGET must not exist or be empty, and is so again after a failure. The
 * configuration and certificates go along. */
gboolean backup_create (Store *store, const char *target, BackupProgress progress, gpointer data,
                        GError **error);
gboolean backup_verify (const char *backup, BackupProgress progress, gpointer data, GError **error);
/* Into a folder that does not exist or is empty, and is so again after a failure; the daemon must
 * not run on it. */
gboolean backup_restore (const char *backup, const char *folder, BackupProgress progress,
                         gpointer data, GError **error);
/* Removes a backup, or what a broken one has left, with all that is in the folder. Links are
 * removed, not followed. */
gboolean backup_discard (const char *backup, GError **error);
/* The size of a whole backup in bytes; FALSE: it has no table of contents. */
gboolean backup_size (const char *backup, guint64 *bytes);

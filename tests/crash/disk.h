/* A disk that can lose its power: follows a log of records and can write out, at any point, a
 * folder as it may be found after a cut there.
 *
 * The rules are POSIX's, with what journalling file systems add. A file's bytes and size are there
 * once file_sync of it began after them; without that each write is lost, kept, or torn at its
 * 512-byte sectors. A name is there once the folder was synced, and not before: syncing the file
 * does not help it. A rename happens whole or not at all. After a failed sync
 * the bytes are still what the program reads, and no later sync writes them: Linux takes the pages
 * for clean. Everybody who had the file open hears of it once (trace-errors.c). */
#pragma once
#include "trace.h"

typedef struct _Disk Disk;

/* BASE: what lies on the disk before the log's first record, all of it durable. NULL: nothing. */
Disk *disk_new (const char *base, GError **error);
void disk_apply (Disk *disk, const TraceRecord *record);

typedef enum {
  CUT_LOSES, /* all that was not synced */
  CUT_KEEPS, /* nothing is lost: the program was killed, not the machine */
  CUT_MIXES, /* by chance */
} CutKind;
/* Into FOLDER, made anew (a folder that is there is removed first). The disk is not changed. */
gboolean disk_cut (Disk *disk, CutKind kind, guint32 seed, const char *folder, GError **error);
void disk_free (Disk *disk);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Disk, disk_free)

/* For tests that make and drop folders. */
gboolean folder_remove_all (const char *folder, GError **error);

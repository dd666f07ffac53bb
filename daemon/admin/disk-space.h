/* How full a disk is. Any thread; asks the system. */
#pragma once
#include <gio/gio.h>

typedef struct {
  gint64 used, free, total; /* bytes */
} DiskSpace;
/* Of the disk that holds FOLDER; FALSE: it cannot be known. */
gboolean disk_space_read (const char *folder, DiskSpace *space);

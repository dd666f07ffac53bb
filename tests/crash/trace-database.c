/* The SQLite shim: a VFS over the default one that records and fails as the FileSystem shim does.
 *
 * Shared memory (-shm) passes by: SQLite makes it anew after a crash. Memory mapping is not
 * offered, so every byte goes through xWrite. SQLite syncs the folder of a new journal or WAL with
 * the first sync of that file, and after a removal that asks for it (os_unix.c). */
#include "trace-private.h"
#include <errno.h>
#include <sqlite3.h>
#include <string.h>

typedef struct {
  sqlite3_file base;
  char *path; /* NULL: not recorded */
  guint64 handle;
  gboolean sync_folder; /* with the next sync */
  sqlite3_file *real; /* in the memory behind this struct */
} ShimFile;

static sqlite3_vfs *real_vfs;
static sqlite3_vfs shim_vfs;

static ShimFile *
shim (sqlite3_file *file)
{
  return (ShimFile *)file;
}

static int
failure (int code, int otherwise)
{
  return code == ENOSPC ? SQLITE_FULL : otherwise;
}

static void
add_folder_sync (const char *path, guint64 position)
{
  g_autofree char *folder = g_path_get_dirname (path);

  trace_add (TRACE_SYNC_FOLDER, 0, position, folder, NULL, NULL, 0);
}

static int
shim_close (sqlite3_file *file)
{
  ShimFile *self = shim (file);
  int status = self->real->pMethods->xClose (self->real);

  if (self->path != NULL)
    trace_end_opening (self->handle);
  g_clear_pointer (&self->path, g_free);
  return status;
}

static int
shim_read (sqlite3_file *file, void *data, int length, sqlite3_int64 offset)
{
  sqlite3_file *real = shim (file)->real;

  return real->pMethods->xRead (real, data, length, offset);
}

static int
write_through (ShimFile *self, const void *data, int length, sqlite3_int64 offset)
{
  int status = self->real->pMethods->xWrite (self->real, data, length, offset);

  if (status == SQLITE_OK && self->path != NULL)
    trace_add (TRACE_WRITE, self->handle, (guint64)offset, NULL, NULL, data, (gsize)length);
  return status;
}

static int
shim_write (sqlite3_file *file, const void *data, int length, sqlite3_int64 offset)
{
  ShimFile *self = shim (file);
  int code = trace_operation (FAULT_WRITE, self->path);

  if (code == 0)
    return write_through (self, data, length, offset);
  if (code == ENOSPC && length > 1)
    write_through (self, data, length / 2, offset);
  return failure (code, SQLITE_IOERR_WRITE);
}

static int
shim_truncate (sqlite3_file *file, sqlite3_int64 size)
{
  ShimFile *self = shim (file);
  int code = trace_operation (FAULT_WRITE, self->path);
  int status;

  if (code != 0)
    return failure (code, SQLITE_IOERR_TRUNCATE);
  status = self->real->pMethods->xTruncate (self->real, size);
  if (status == SQLITE_OK && self->path != NULL)
    trace_add (TRACE_TRUNCATE, self->handle, (guint64)size, NULL, NULL, NULL, 0);
  return status;
}

static int
shim_sync (sqlite3_file *file, int flags)
{
  ShimFile *self = shim (file);
  guint64 position = trace_position ();
  int code = trace_operation (FAULT_SYNC, self->path);
  int status;

  if (code != 0) {
    trace_add_failed_sync (self->handle, position);
    return failure (code, SQLITE_IOERR_FSYNC);
  }
  if (self->path != NULL && trace_skips (FALSE))
    return SQLITE_OK;
  status = self->real->pMethods->xSync (self->real, flags);
  if (status != SQLITE_OK || self->path == NULL)
    return status;
  if (!trace_add_sync (self->handle, position))
    return SQLITE_IOERR_FSYNC;
  if (self->sync_folder)
    add_folder_sync (self->path, position);
  self->sync_folder = FALSE;
  return status;
}

static int
shim_file_size (sqlite3_file *file, sqlite3_int64 *size)
{
  sqlite3_file *real = shim (file)->real;

  return real->pMethods->xFileSize (real, size);
}

static int
shim_lock (sqlite3_file *file, int level)
{
  sqlite3_file *real = shim (file)->real;

  return real->pMethods->xLock (real, level);
}

static int
shim_unlock (sqlite3_file *file, int level)
{
  sqlite3_file *real = shim (file)->real;

  return real->pMethods->xUnlock (real, level);
}

static int
shim_check_reserved_lock (sqlite3_file *file, int *held)
{
  sqlite3_file *real = shim (file)->real;

  return real->pMethods->xCheckReservedLock (real, held);
}

static int
shim_file_control (sqlite3_file *file, int operation, void *argument)
{
  sqlite3_file *real = shim (file)->real;

  return real->pMethods->xFileControl (real, operation, argument);
}

static int
shim_sector_size (sqlite3_file *file)
{
  sqlite3_file *real = shim (file)->real;

  return real->pMethods->xSectorSize (real);
}

static int
shim_device_characteristics (sqlite3_file *file)
{
  sqlite3_file *real = shim (file)->real;

  return real->pMethods->xDeviceCharacteristics (real);
}

static int
shim_shm_map (sqlite3_file *file, int page, int size, int extend, void volatile **memory)
{
  sqlite3_file *real = shim (file)->real;

  return real->pMethods->xShmMap (real, page, size, extend, memory);
}

static int
shim_shm_lock (sqlite3_file *file, int offset, int count, int flags)
{
  sqlite3_file *real = shim (file)->real;

  return real->pMethods->xShmLock (real, offset, count, flags);
}

static void
shim_shm_barrier (sqlite3_file *file)
{
  sqlite3_file *real = shim (file)->real;

  real->pMethods->xShmBarrier (real);
}

static int
shim_shm_unmap (sqlite3_file *file, int remove)
{
  sqlite3_file *real = shim (file)->real;

  return real->pMethods->xShmUnmap (real, remove);
}

static const sqlite3_io_methods shim_methods = {
  .iVersion = 2, /* 3 would offer memory mapping */
  .xClose = shim_close,
  .xRead = shim_read,
  .xWrite = shim_write,
  .xTruncate = shim_truncate,
  .xSync = shim_sync,
  .xFileSize = shim_file_size,
  .xLock = shim_lock,
  .xUnlock = shim_unlock,
  .xCheckReservedLock = shim_check_reserved_lock,
  .xFileControl = shim_file_control,
  .xSectorSize = shim_sector_size,
  .xDeviceCharacteristics = shim_device_characteristics,
  .xShmMap = shim_shm_map,
  .xShmLock = shim_shm_lock,
  .xShmBarrier = shim_shm_barrier,
  .xShmUnmap = shim_shm_unmap,
};

static int
shim_open (sqlite3_vfs *vfs, sqlite3_filename name, sqlite3_file *file, int flags, int *out_flags)
{
  static const int journals
      = SQLITE_OPEN_WAL | SQLITE_OPEN_MAIN_JOURNAL | SQLITE_OPEN_SUPER_JOURNAL;
  ShimFile *self = shim (file);
  int status;

  self->base.pMethods = NULL;
  self->path = NULL;
  self->real = (sqlite3_file *)(self + 1);
  if (trace_operation (FAULT_OPEN, name) != 0)
    return SQLITE_CANTOPEN;
  status = real_vfs->xOpen (real_vfs, name, self->real, flags, out_flags);
  if (self->real->pMethods != NULL)
    self->base.pMethods = &shim_methods;
  if (status != SQLITE_OK || (flags & SQLITE_OPEN_READONLY) != 0 || !trace_watches (name))
    return status;
  self->path = g_strdup (name);
  self->handle = trace_new_handle ();
  self->sync_folder = (flags & journals) != 0 && (flags & SQLITE_OPEN_CREATE) != 0;
  trace_add_opening (self->handle, name);
  return status;
}

static int
shim_delete (sqlite3_vfs *vfs, const char *name, int sync_folder)
{
  int code = trace_operation (FAULT_NAME, name);
  int status;

  if (code != 0)
    return failure (code, SQLITE_IOERR_DELETE);
  status = real_vfs->xDelete (real_vfs, name, sync_folder);
  if (status != SQLITE_OK || !trace_watches (name))
    return status;
  trace_add (TRACE_REMOVE, 0, 0, name, NULL, NULL, 0);
  if (sync_folder)
    add_folder_sync (name, trace_position ());
  return status;
}

gboolean
trace_database_start (void)
{
  real_vfs = sqlite3_vfs_find (NULL);
  shim_vfs = *real_vfs;
  shim_vfs.pNext = NULL;
  shim_vfs.zName = "trace";
  shim_vfs.szOsFile = (int)sizeof (ShimFile) + real_vfs->szOsFile;
  shim_vfs.xOpen = shim_open;
  shim_vfs.xDelete = shim_delete;
  return sqlite3_vfs_register (&shim_vfs, 1) == SQLITE_OK;
}

void
trace_database_stop (void)
{
  sqlite3_vfs_unregister (&shim_vfs);
  sqlite3_vfs_register (real_vfs, 1);
}

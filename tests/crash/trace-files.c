/* The FileSystem shim: the system's own functions, recorded, some of them failing. */
#include "trace-private.h"
#include "platform/file.h"
#include <errno.h>

static GMutex lock;
static GHashTable *handles; /* File * → guint64 * */

static guint64
handle_of (File *file)
{
  guint64 *handle;
  guint64 found;

  g_mutex_lock (&lock);
  handle = g_hash_table_lookup (handles, file);
  found = handle != NULL ? *handle : 0;
  g_mutex_unlock (&lock);
  return found;
}

static gboolean
fails (FaultKind kind, const char *what, const char *path, GError **error)
{
  int code = trace_operation (kind, path);

  if (code == 0)
    return FALSE;
  g_set_error (error, G_IO_ERROR, (int)g_io_error_from_errno (code), "Cannot %s %s: %s (made up)",
               what, path, g_strerror (code));
  return TRUE;
}

static File *
shim_open (const char *path, FileMode mode, GError **error)
{
  File *file;
  guint64 *handle;

  if (fails (FAULT_OPEN, "open", path, error))
    return NULL;
  file = file_system_default ()->open (path, mode, error);
  if (file == NULL || mode == FILE_MODE_READ || !trace_watches (path))
    return file;
  handle = g_new (guint64, 1);
  *handle = trace_new_handle ();
  g_mutex_lock (&lock);
  g_hash_table_insert (handles, file, handle);
  g_mutex_unlock (&lock);
  trace_add_opening (*handle, path);
  return file;
}

static void
shim_close (File *file)
{
  trace_end_opening (handle_of (file));
  g_mutex_lock (&lock);
  g_hash_table_remove (handles, file);
  g_mutex_unlock (&lock);
  file_system_default ()->close (file);
}

static gboolean
shim_read (File *file, guint64 offset, void *data, gsize length, gsize *done, GError **error)
{
  return file_system_default ()->read (file, offset, data, length, done, error);
}

static gboolean
write_through (File *file, guint64 offset, const void *data, gsize length, GError **error)
{
  guint64 handle = handle_of (file);

  if (!file_system_default ()->write (file, offset, data, length, error))
    return FALSE;
  if (handle != 0)
    trace_add (TRACE_WRITE, handle, offset, NULL, NULL, data, length);
  return TRUE;
}

static gboolean
shim_write (File *file, guint64 offset, const void *data, gsize length, GError **error)
{
  g_autoptr (GError) reason = NULL;

  if (fails (FAULT_WRITE, "write to", file_path (file), &reason)) {
    if (g_error_matches (reason, G_IO_ERROR, G_IO_ERROR_NO_SPACE)
        && !write_through (file, offset, data, length / 2, error))
      return FALSE;
    g_propagate_error (error, g_steal_pointer (&reason));
    return FALSE;
  }
  return write_through (file, offset, data, length, error);
}

static gboolean
shim_sync (File *file, GError **error)
{
  guint64 handle = handle_of (file);
  guint64 position = trace_position ();

  if (fails (FAULT_SYNC, "sync", file_path (file), error)) {
    if (handle != 0)
      trace_add_failed_sync (handle, position);
    return FALSE;
  }
  if (handle == 0)
    return file_system_default ()->sync (file, error);
  if (trace_skips (FALSE))
    return TRUE;
  if (!file_system_default ()->sync (file, error))
    return FALSE;
  if (trace_add_sync (handle, position))
    return TRUE;
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED,
               "Cannot sync %s: bytes were lost before (made up)", file_path (file));
  return FALSE;
}

static gboolean
shim_rename (const char *from, const char *to, GError **error)
{
  if (fails (FAULT_NAME, "rename", from, error)
      || !file_system_default ()->rename (from, to, error))
    return FALSE;
  if (trace_watches (from) && trace_watches (to))
    trace_add (TRACE_RENAME, 0, 0, from, to, NULL, 0);
  return TRUE;
}

static gboolean
shim_remove (const char *path, GError **error)
{
  if (fails (FAULT_NAME, "remove", path, error) || !file_system_default ()->remove (path, error))
    return FALSE;
  if (trace_watches (path))
    trace_add (TRACE_REMOVE, 0, 0, path, NULL, NULL, 0);
  return TRUE;
}

static gboolean
shim_make_folder (const char *path, GError **error)
{
  if (fails (FAULT_WRITE, "make the folder", path, error)
      || !file_system_default ()->make_folder (path, error))
    return FALSE;
  if (trace_watches (path))
    trace_add (TRACE_MAKE_FOLDER, 0, 0, path, NULL, NULL, 0);
  return TRUE;
}

static gboolean
shim_remove_folder (const char *path, GError **error)
{
  if (fails (FAULT_NAME, "remove the folder", path, error)
      || !file_system_default ()->remove_folder (path, error))
    return FALSE;
  if (trace_watches (path))
    trace_add (TRACE_REMOVE_FOLDER, 0, 0, path, NULL, NULL, 0);
  return TRUE;
}

static gboolean
shim_sync_folder (const char *path, GError **error)
{
  guint64 position = trace_position ();

  if (fails (FAULT_SYNC, "sync the folder", path, error))
    return FALSE;
  if (trace_watches (path) && trace_skips (TRUE))
    return TRUE;
  if (!file_system_default ()->sync_folder (path, error))
    return FALSE;
  if (trace_watches (path))
    trace_add (TRACE_SYNC_FOLDER, 0, position, path, NULL, NULL, 0);
  return TRUE;
}

static gboolean
shim_free_space (const char *path, guint64 *bytes, GError **error)
{
  return file_system_default ()->free_space (path, bytes, error);
}

void
trace_files_start (void)
{
  static const FileSystem shim = {
    .open = shim_open,
    .close = shim_close,
    .read = shim_read,
    .write = shim_write,
    .sync = shim_sync,
    .rename = shim_rename,
    .remove = shim_remove,
    .make_folder = shim_make_folder,
    .remove_folder = shim_remove_folder,
    .sync_folder = shim_sync_folder,
    .free_space = shim_free_space,
  };

  handles = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  file_system_replace (&shim);
}

void
trace_files_stop (void)
{
  file_system_replace (NULL);
  g_clear_pointer (&handles, g_hash_table_unref);
}

/* What is inside files on Windows. Every handle is shared with everybody, also for renaming and
 * deleting, so that we are never in the way of ourselves. */
#include "platform/windows/file-private.h"
#include "platform/windows/failure.h"
#include "platform/windows/patience.h"
#include "platform/windows/privacy.h"
#include "platform/windows/wide.h"

#define PIECE_MAX (1 << 30)
/* Locks are mandatory here: one byte that no file reaches, so that the rest can be read. */
#define LOCK_OFFSET_HIGH 0x7fffffff

struct _File {
  HANDLE handle;
  char *path;
  gboolean is_locked;
};

static File *
system_open (const char *path, FileMode mode, GError **error)
{
  static const DWORD dispositions[] = {
    [FILE_MODE_READ] = OPEN_EXISTING,
    [FILE_MODE_WRITE] = OPEN_ALWAYS,
    [FILE_MODE_CREATE] = CREATE_NEW,
  };
  g_autofree wchar_t *wide = wide_path (path, error);
  SECURITY_ATTRIBUTES attributes = { .nLength = sizeof attributes };
  g_autoptr (GError) reason = NULL;
  DWORD access = mode == FILE_MODE_READ ? GENERIC_READ : GENERIC_READ | GENERIC_WRITE;

  if (wide == NULL)
    return NULL;
  if (mode != FILE_MODE_READ
      && (attributes.lpSecurityDescriptor = privacy_for_new (wide, FALSE, &reason)) == NULL
      && reason != NULL) {
    g_propagate_error (error, g_steal_pointer (&reason));
    return NULL;
  }
  HANDLE handle
      = patience_open (wide, access, dispositions[mode], FILE_ATTRIBUTE_NORMAL, &attributes, path);
  DWORD code = GetLastError ();
  LocalFree (attributes.lpSecurityDescriptor);
  if (handle == INVALID_HANDLE_VALUE) {
    const char *what = mode == FILE_MODE_CREATE ? "create" : "open";
    if (code == ERROR_ACCESS_DENIED && file_names_is_folder (wide))
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_IS_DIRECTORY, "Cannot %s %s: it is a folder", what,
                   path);
    else
      failure_set (error, code, "Cannot %s %s", what, path);
    return NULL;
  }
  File *file = g_new0 (File, 1);
  file->handle = handle;
  file->path = g_strdup (path);
  return file;
}

static OVERLAPPED
position (guint64 offset)
{
  return (OVERLAPPED) { .Offset = (DWORD)offset, .OffsetHigh = (DWORD)(offset >> 32) };
}

/* A lock that nobody takes back lives on for a while after the handle. */
static void
system_close (File *file)
{
  OVERLAPPED where = { .OffsetHigh = LOCK_OFFSET_HIGH };

  if (file->is_locked)
    UnlockFileEx (file->handle, 0, 1, 0, &where);
  CloseHandle (file->handle);
  g_free (file->path);
  g_free (file);
}

const char *
file_path (File *file)
{
  return file->path;
}

static gboolean
system_read (File *file, guint64 offset, void *data, gsize length, gsize *done, GError **error)
{
  gsize filled = 0;

  while (filled < length) {
    OVERLAPPED where = position (offset + filled);
    DWORD count = 0;

    if (!ReadFile (file->handle, (guint8 *)data + filled, (DWORD)MIN (length - filled, PIECE_MAX),
                   &count, &where)
        && GetLastError () != ERROR_HANDLE_EOF)
      return failure_set (error, GetLastError (), "Cannot read %s", file->path);
    if (count == 0)
      break;
    filled += count;
  }
  *done = filled;
  return TRUE;
}

static gboolean
system_write (File *file, guint64 offset, const void *data, gsize length, GError **error)
{
  gsize written = 0;

  while (written < length) {
    OVERLAPPED where = position (offset + written);
    DWORD count = 0;

    if (!WriteFile (file->handle, (const guint8 *)data + written,
                    (DWORD)MIN (length - written, PIECE_MAX), &count, &where))
      return failure_set (error, GetLastError (), "Cannot write to %s", file->path);
    if (count == 0)
      return failure_set (error, ERROR_DISK_FULL, "Cannot write to %s", file->path);
    written += count;
  }
  return TRUE;
}

static gboolean
system_sync (File *file, GError **error)
{
  return FlushFileBuffers (file->handle)
      || failure_set (error, GetLastError (), "Cannot sync %s", file->path);
}

gboolean
file_size (File *file, guint64 *size, GError **error)
{
  LARGE_INTEGER found;

  if (!GetFileSizeEx (file->handle, &found))
    return failure_set (error, GetLastError (), "Cannot ask the size of %s", file->path);
  *size = (guint64)found.QuadPart;
  return TRUE;
}

gboolean
file_lock (File *file, GError **error)
{
  OVERLAPPED where = { .OffsetHigh = LOCK_OFFSET_HIGH };

  file->is_locked = LockFileEx (file->handle, LOCKFILE_EXCLUSIVE_LOCK | LOCKFILE_FAIL_IMMEDIATELY,
                                0, 1, 0, &where);
  if (file->is_locked)
    return TRUE;
  DWORD code = GetLastError ();
  if (code != ERROR_LOCK_VIOLATION && code != ERROR_IO_PENDING)
    return failure_set (error, code, "Cannot lock %s", file->path);
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_BUSY, "Another process uses %s", file->path);
  return FALSE;
}

static void
unmap (gpointer view)
{
  UnmapViewOfFile (view);
}

/* The view keeps the mapping, and the mapping the file: both handles can go. */
static GBytes *
map_handle (HANDLE handle, const char *path, GError **error)
{
  HANDLE mapping = NULL;
  void *view = NULL;
  LARGE_INTEGER size;

  if (!GetFileSizeEx (handle, &size)) {
    failure_set (error, GetLastError (), "Cannot read %s", path);
    return NULL;
  }
  if (size.QuadPart == 0) /* cannot be mapped */
    return g_bytes_new (NULL, 0);
  mapping = CreateFileMappingW (handle, NULL, PAGE_READONLY, 0, 0, NULL);
  if (mapping != NULL) {
    view = MapViewOfFile (mapping, FILE_MAP_READ, 0, 0, (SIZE_T)size.QuadPart);
    DWORD code = GetLastError ();
    CloseHandle (mapping);
    SetLastError (code);
  }
  if (view == NULL) {
    failure_set (error, GetLastError (), "Cannot read %s", path);
    return NULL;
  }
  return g_bytes_new_with_free_func (view, (gsize)size.QuadPart, unmap, view);
}

GBytes *
file_map (const char *path, GError **error)
{
  g_autoptr (File) file = system_open (path, FILE_MODE_READ, error);

  return file != NULL ? map_handle (file->handle, path, error) : NULL;
}

const FileSystem *
file_system_default (void)
{
  static const FileSystem system = {
    .open = system_open,
    .close = system_close,
    .read = system_read,
    .write = system_write,
    .sync = system_sync,
    .rename = file_names_rename,
    .remove = file_names_remove,
    .make_folder = file_names_make_folder,
    .remove_folder = file_names_remove_folder,
    .sync_folder = file_names_sync_folder,
    .free_space = file_names_free_space,
  };

  return &system;
}

/* Files and folders on Linux: the system's calls behind platform/file.h. */
#include "platform/file.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

/* Linux moves at most 2 GiB less a page in one call; smaller pieces keep a slow disk's calls
 * short. */
#define PIECE_MAX (1 << 30)

struct _File {
  int descriptor;
  char *path;
};

/* "Cannot WHAT PATH: why". GLib does not know that a quota is a full disk too. */
static gboolean
fail (GError **error, int code, const char *what, const char *path)
{
  gboolean full = code == ENOSPC || code == EDQUOT;

  g_set_error (error, G_IO_ERROR, full ? G_IO_ERROR_NO_SPACE : (int)g_io_error_from_errno (code),
               "Cannot %s %s: %s", what, path, g_strerror (code));
  return FALSE;
}

static File *
system_open (const char *path, FileMode mode, GError **error)
{
  static const int flags[] = {
    [FILE_MODE_READ] = O_RDONLY,
    [FILE_MODE_WRITE] = O_RDWR | O_CREAT,
    [FILE_MODE_CREATE] = O_RDWR | O_CREAT | O_EXCL,
  };
  int descriptor;
  File *file;

  do
    descriptor = open (path, flags[mode] | O_CLOEXEC, 0600);
  while (descriptor < 0 && errno == EINTR);
  if (descriptor < 0) {
    fail (error, errno, mode == FILE_MODE_CREATE ? "create" : "open", path);
    return NULL;
  }
  file = g_new0 (File, 1);
  file->descriptor = descriptor;
  file->path = g_strdup (path);
  return file;
}

/* Nothing to check: what had to be durable was synced, and Linux closes even when interrupted. */
static void
system_close (File *file)
{
  close (file->descriptor);
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
    ssize_t count = pread (file->descriptor, (guint8 *)data + filled,
                           MIN (length - filled, PIECE_MAX), (off_t)(offset + filled));

    if (count < 0 && errno == EINTR)
      continue;
    if (count < 0)
      return fail (error, errno, "read", file->path);
    if (count == 0)
      break;
    filled += (gsize)count;
  }
  *done = filled;
  return TRUE;
}

static gboolean
system_write (File *file, guint64 offset, const void *data, gsize length, GError **error)
{
  gsize written = 0;

  while (written < length) {
    ssize_t count = pwrite (file->descriptor, (const guint8 *)data + written,
                            MIN (length - written, PIECE_MAX), (off_t)(offset + written));

    if (count < 0 && errno == EINTR)
      continue;
    if (count <= 0)
      return fail (error, count < 0 ? errno : ENOSPC, "write to", file->path);
    written += (gsize)count;
  }
  return TRUE;
}

/* fdatasync also makes a changed size durable, and leaves the time stamps alone. */
static gboolean
system_sync (File *file, GError **error)
{
  while (fdatasync (file->descriptor) != 0)
    if (errno != EINTR)
      return fail (error, errno, "sync", file->path);
  return TRUE;
}

gboolean
file_size (File *file, guint64 *size, GError **error)
{
  struct stat status;

  if (fstat (file->descriptor, &status) != 0)
    return fail (error, errno, "ask the size of", file->path);
  *size = (guint64)status.st_size;
  return TRUE;
}

gboolean
file_lock (File *file, GError **error)
{
  while (flock (file->descriptor, LOCK_EX | LOCK_NB) != 0) {
    if (errno == EWOULDBLOCK) {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_BUSY, "Another process uses %s", file->path);
      return FALSE;
    }
    if (errno != EINTR)
      return fail (error, errno, "lock", file->path);
  }
  return TRUE;
}

gboolean
file_exists (const char *path)
{
  return g_file_test (path, G_FILE_TEST_EXISTS);
}

gboolean
file_is_folder (const char *path)
{
  return g_file_test (path, G_FILE_TEST_IS_DIR);
}

GBytes *
file_map (const char *path, GError **error)
{
  g_autoptr (GError) reason = NULL;
  g_autoptr (GMappedFile) map = g_mapped_file_new (path, FALSE, &reason);

  if (map != NULL)
    return g_mapped_file_get_bytes (map);
  g_set_error (error, G_IO_ERROR,
               g_error_matches (reason, G_FILE_ERROR, G_FILE_ERROR_NOENT) ? G_IO_ERROR_NOT_FOUND
                                                                          : G_IO_ERROR_FAILED,
               "Cannot read %s: %s", path, reason->message);
  return NULL;
}

static gboolean
system_rename (const char *from, const char *to, GError **error)
{
  g_autofree char *what = NULL;

  if (rename (from, to) == 0)
    return TRUE;
  what = g_strdup_printf ("rename %s to", from);
  return fail (error, errno, what, to);
}

static gboolean
system_remove (const char *path, GError **error)
{
  return unlink (path) == 0 || fail (error, errno, "remove", path);
}

static gboolean
system_make_folder (const char *path, GError **error)
{
  return mkdir (path, 0700) == 0 || fail (error, errno, "make the folder", path);
}

/* Every file is made with 0600, and SQLite's others take after its database. */
gboolean
file_protect_folder (const char *path, GError **error)
{
  return TRUE;
}

static gboolean
system_remove_folder (const char *path, GError **error)
{
  return rmdir (path) == 0 || fail (error, errno, "remove the folder", path);
}

static gboolean
system_sync_folder (const char *path, GError **error)
{
  int descriptor = open (path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  int code = 0;

  if (descriptor < 0)
    return fail (error, errno, "open the folder", path);
  while (fsync (descriptor) != 0) {
    code = errno;
    if (code != EINTR)
      break;
    code = 0;
  }
  close (descriptor);
  return code == 0 || fail (error, code, "sync the folder", path);
}

typedef DIR FolderStream;

static void
folder_stream_close (FolderStream *stream)
{
  closedir (stream);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FolderStream, folder_stream_close)

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *)a, *(const char *const *)b);
}

/* Not GDir: it takes a read error for the end, and a store must not take a segment for lost. */
GPtrArray *
file_list (const char *folder, GError **error)
{
  g_autoptr (FolderStream) stream = opendir (folder);
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  struct dirent *entry;

  if (stream == NULL) {
    fail (error, errno, "list the folder", folder);
    return NULL;
  }
  for (errno = 0; (entry = readdir (stream)) != NULL; errno = 0)
    if (!g_str_equal (entry->d_name, ".") && !g_str_equal (entry->d_name, ".."))
      g_ptr_array_add (names, g_strdup (entry->d_name));
  if (errno != 0) {
    fail (error, errno, "list the folder", folder);
    return NULL;
  }
  g_ptr_array_sort (names, compare_names);
  return g_steal_pointer (&names);
}

static gboolean
system_free_space (const char *path, guint64 *bytes, GError **error)
{
  struct statvfs status;

  while (statvfs (path, &status) != 0)
    if (errno != EINTR)
      return fail (error, errno, "ask the free space of", path);
  *bytes = (guint64)status.f_bavail * status.f_frsize;
  return TRUE;
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
    .rename = system_rename,
    .remove = system_remove,
    .make_folder = system_make_folder,
    .remove_folder = system_remove_folder,
    .sync_folder = system_sync_folder,
    .free_space = system_free_space,
  };

  return &system;
}

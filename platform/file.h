/* Files and folders: positional reads and writes, syncs, renames, through a table of functions that
 * a test can replace. No call gives back half its work: a write is whole, and a read is short only
 * at the end of the file. Errors are G_IO_ERROR with a sentence for a person; a full disk is
 * G_IO_ERROR_NO_SPACE.
 *
 * Paths and names are UTF-8 on Windows, and '/' is as good as '\\' there.
 *
 * What is durable when (POSIX): a file's bytes after file_sync, its name (after a creation, a
 * rename or a removal) after file_sync_folder of the folder it is in.
 *
 * A File belongs to one thread at a time, but file_read and file_sync may run in any, also at
 * once. */
#pragma once
#include <gio/gio.h>

typedef struct _File File;

typedef enum {
  FILE_MODE_READ, /* must exist */
  FILE_MODE_WRITE, /* reading and writing; made if it is not there */
  FILE_MODE_CREATE, /* reading and writing; G_IO_ERROR_EXISTS if it is there */
} FileMode;

/* New files can be read by the daemon's own user only. */
File *file_open (const char *path, FileMode mode, GError **error);
void file_close (File *file);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (File, file_close)
const char *file_path (File *file); /* as it was opened; belongs to FILE */

/* *DONE is less than LENGTH only where the file ends. */
gboolean file_read (File *file, guint64 offset, void *data, gsize length, gsize *done,
                    GError **error);
gboolean file_write (File *file, guint64 offset, const void *data, gsize length, GError **error);
/* Writes at the end and tells the OFFSET (may be NULL) at which the bytes lie. */
gboolean file_append (File *file, const void *data, gsize length, guint64 *offset, GError **error);
/* The bytes written are on the medium. After a failure nobody knows which are: never try again on
 * the same file, the system reports an error once and forgets it. */
gboolean file_sync (File *file, GError **error);
gboolean file_size (File *file, guint64 *size, GError **error);
/* Held until FILE is closed; G_IO_ERROR_BUSY while another process (or File) holds it. */
gboolean file_lock (File *file, GError **error);

gboolean file_exists (const char *path);
gboolean file_is_folder (const char *path);
/* The whole file. It is mapped: while the bytes are in use it must not be made shorter, and Windows
 * lets nobody replace or remove it. */
GBytes *file_map (const char *path, GError **error);
/* Replaces TO. Durable only after file_sync_folder; file_publish does both. */
gboolean file_rename (const char *from, const char *to, GError **error);
gboolean file_publish (const char *from, const char *to, GError **error);
/* A file that is not there is G_IO_ERROR_NOT_FOUND. */
gboolean file_remove (const char *path, GError **error);
/* Writes a whole file beside PATH, syncs and publishes it: a reader sees the old or the new one. */
gboolean file_replace (const char *path, GBytes *bytes, GError **error);

/* With all its parents, for the daemon's own user only (0700); one that is there is kept as it
 * is. The new names are durable. */
gboolean file_make_folder (const char *path, GError **error);
/* From now on also what libraries make in the folder (SQLite's files) can be read by the daemon's
 * own user only, where the system can say so for a folder (Windows: unless somebody has already
 * let the service's account in, who then knows what he wants). */
gboolean file_protect_folder (const char *path, GError **error);
gboolean file_sync_folder (const char *path, GError **error);
/* Names (without the folder) in byte order, without "." and "..". */
GPtrArray *file_list (const char *folder, GError **error);
/* An empty folder. */
gboolean file_remove_folder (const char *path, GError **error);
/* Bytes that an ordinary user may still write on the file system that holds PATH. */
gboolean file_free_space (const char *path, guint64 *bytes, GError **error);

/* The table behind the functions above. */
typedef struct {
  File *(*open) (const char *path, FileMode mode, GError **error);
  void (*close) (File *file);
  gboolean (*read) (File *file, guint64 offset, void *data, gsize length, gsize *done,
                    GError **error);
  gboolean (*write) (File *file, guint64 offset, const void *data, gsize length, GError **error);
  gboolean (*sync) (File *file, GError **error);
  gboolean (*rename) (const char *from, const char *to, GError **error);
  gboolean (*remove) (const char *path, GError **error);
  gboolean (*make_folder) (const char *path, GError **error); /* one level; EXISTS if there */
  gboolean (*remove_folder) (const char *path, GError **error);
  gboolean (*sync_folder) (const char *path, GError **error);
  gboolean (*free_space) (const char *path, guint64 *bytes, GError **error);
} FileSystem;

/* The operating system's. */
const FileSystem *file_system_default (void);
/* For tests, before the first file is opened and before there are threads. NULL: the default. */
void file_system_replace (const FileSystem *system);

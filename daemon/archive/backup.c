/* Backup, its verification and its way back: files copied through one function that hashes what it
 * reads and syncs what it wrote. */
#include "archive/backup.h"
#include "archive/manifest.h"
#include "language.h"
#include "log.h"
#include "platform/file.h"
#include "store/copy.h"

#include <string.h>

#define PIECE (1024 * 1024)
#define DATABASE "store.db"

typedef struct {
  BackupProgress func;
  gpointer data;
  guint64 done, total;
} Progress;

static gboolean
advance (Progress *progress, guint64 bytes, GError **error)
{
  progress->done += bytes;
  if (progress->func == NULL
      || progress->func (MIN (progress->done, progress->total), progress->total, progress->data))
    return TRUE;
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CANCELLED, _ ("It was cancelled."));
  return FALSE;
}

/* Reads SIZE bytes (or to the end, G_MAXUINT64) and writes them to TARGET unless that is NULL.
 * Returns their digest and tells how many there were. */
static char *
stream (File *source, File *target, guint64 size, Progress *progress, guint64 *length,
        GError **error)
{
  g_autofree guint8 *piece = g_malloc (PIECE);
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
  gsize done = PIECE;

  for (*length = 0; *length < size && done == PIECE; *length += done) {
    if (!file_read (source, *length, piece, MIN (PIECE, size - *length), &done, error)
        || (target && done > 0 && !file_write (target, *length, piece, done, error)))
      return NULL;
    g_checksum_update (sum, piece, (gssize)done);
    if (!advance (progress, done, error))
      return NULL;
  }
  return g_strdup (g_checksum_get_string (sum));
}

static char *
copy_file (const char *from, const char *to, guint64 size, Progress *progress, guint64 *length,
           GError **error)
{
  g_autofree char *folder = g_path_get_dirname (to);
  g_autoptr (File) source = file_open (from, FILE_MODE_READ, error);
  g_autoptr (File) target = NULL;
  g_autofree char *digest = NULL;

  if (!source || !file_make_folder (folder, error)
      || !(target = file_open (to, FILE_MODE_CREATE, error)))
    return NULL;
  digest = stream (source, target, size, progress, length, error);
  if (!digest || !file_sync (target, error) || !file_sync_folder (folder, error))
    return NULL;
  return g_steal_pointer (&digest);
}

static gboolean
require_empty (const char *folder, GError **error)
{
  g_autoptr (GPtrArray) names = NULL;

  if (!file_exists (folder))
    return file_make_folder (folder, error);
  if (!(names = file_list (folder, error)))
    return FALSE;
  if (names->len == 0)
    return TRUE;
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_EMPTY,
               _ ("The folder %s is not empty: give another one."), folder);
  return FALSE;
}

/* The table of contents goes first: from then on it is no backup any more. */
static gboolean
empty_folder (const char *folder, GError **error)
{
  g_autofree char *manifest = g_build_filename (folder, MANIFEST_NAME, NULL);
  g_autoptr (GPtrArray) names = NULL;

  if (file_exists (manifest) && !file_remove (manifest, error))
    return FALSE;
  if (!(names = file_list (folder, error)))
    return FALSE;
  for (guint i = 0; i < names->len; i++) {
    g_autofree char *path = g_build_filename (folder, names->pdata[i], NULL);
    const gboolean is_folder
        = g_file_test (path, G_FILE_TEST_IS_DIR) && !g_file_test (path, G_FILE_TEST_IS_SYMLINK);

    if (is_folder ? !backup_discard (path, error) : !file_remove (path, error))
      return FALSE;
  }
  return TRUE;
}

gboolean
backup_discard (const char *backup, GError **error)
{
  return empty_folder (backup, error) && file_remove_folder (backup, error);
}

/* What was not finished is of no use, takes space, and would be in the way of another attempt. */
static void
drop_half (const char *folder, gboolean was_there)
{
  g_autoptr (GError) error = NULL;

  if (was_there ? !empty_folder (folder, &error) : !backup_discard (folder, &error))
    log_event (LOG_WARNING, "What was not finished cannot be removed", "folder", folder, "error",
               error->message, NULL);
}

/* What the store keeps for itself: copied in its own way, made anew, or of no use elsewhere. */
static gboolean
is_the_stores (const char *name)
{
  static const char *const prefixes[]
      = { DATABASE, "segments", "temporary", "search", "backups", "lock" };

  for (guint i = 0; i < G_N_ELEMENTS (prefixes); i++)
    if (g_str_has_prefix (name, prefixes[i]))
      return TRUE;
  return g_str_has_suffix (name, ".lock");
}

typedef struct {
  const char *from, *to;
  GPtrArray *manifest;
  Progress progress;
} Work;

static gboolean
add_file (Work *work, const char *name, guint64 size, GError **error)
{
  g_autofree char *from = g_build_filename (work->from, name, NULL);
  g_autofree char *to = g_build_filename (work->to, name, NULL);
  guint64 length = 0;
  g_autofree char *digest = copy_file (from, to, size, &work->progress, &length, error);

  if (!digest)
    return FALSE;
  if (size != G_MAXUINT64 && length != size) {
    g_set_error (error, STORE_ERROR, STORE_ERROR_CORRUPT,
                 _ ("%s is shorter than the database says: run hauspost check."), from);
    return FALSE;
  }
  manifest_add (work->manifest, name, length, digest);
  return TRUE;
}

/* A backup may be made below the store's own folder, and must not eat itself. */
static gboolean
is_same_folder (const char *path, const char *other)
{
  g_autofree char *first = g_canonicalize_filename (path, NULL);
  g_autofree char *second = g_canonicalize_filename (other, NULL);

  return g_str_equal (first, second);
}

/* Configuration, certificates and whatever else lies in the folder. NAME: "" for the folder. */
static gboolean
add_others (Work *work, const char *name, GError **error)
{
  g_autofree char *folder = g_build_filename (work->from, name, NULL);
  g_autoptr (GPtrArray) names = file_list (folder, error);

  for (guint i = 0; names && i < names->len; i++) {
    g_autofree char *below
        = *name ? g_strconcat (name, "/", names->pdata[i], NULL) : g_strdup (names->pdata[i]);
    g_autofree char *path = g_build_filename (work->from, below, NULL);

    if ((!*name && is_the_stores (below)) || is_same_folder (path, work->to))
      continue;
    if (g_file_test (path, G_FILE_TEST_IS_DIR) ? !add_others (work, below, error)
            : g_file_test (path, G_FILE_TEST_IS_REGULAR)
            ? !add_file (work, below, G_MAXUINT64, error)
            : FALSE)
      return FALSE;
  }
  return names != NULL;
}

static gboolean
hash_database (Work *work, GError **error)
{
  g_autofree char *path = g_build_filename (work->to, DATABASE, NULL);
  g_autoptr (File) file = file_open (path, FILE_MODE_READ, error);
  g_autofree char *digest = NULL;
  guint64 length = 0;

  if (!file || !(digest = stream (file, NULL, G_MAXUINT64, &work->progress, &length, error)))
    return FALSE;
  manifest_add (work->manifest, DATABASE, length, digest);
  return TRUE;
}

static gboolean
fill (Work *work, GPtrArray *segments, GError **error)
{
  for (guint i = 0; i < segments->len; i++)
    work->progress.total += ((const StoreFile *)segments->pdata[i])->size;
  if (!hash_database (work, error))
    return FALSE;
  for (guint i = 0; i < segments->len; i++) {
    const StoreFile *segment = segments->pdata[i];
    if (!add_file (work, segment->name, segment->size, error))
      return FALSE;
  }
  return add_others (work, "", error);
}

static gboolean
create_in_empty (Store *store, const char *target, Progress progress, GError **error)
{
  g_autofree char *copy = g_build_filename (target, DATABASE, NULL);
  g_autofree char *manifest = g_build_filename (target, MANIFEST_NAME, NULL);
  g_autoptr (GPtrArray) files = manifest_new ();
  Work work = { store_folder (store), target, files, progress };
  g_autoptr (StorePin) pin = store_pin (store);
  g_autoptr (GPtrArray) segments = store_copy_database (store, copy, error);
  g_autoptr (GBytes) bytes = NULL;

  if (!segments || !fill (&work, segments, error))
    return FALSE;
  bytes = manifest_print (files);
  return file_replace (manifest, bytes, error);
}

gboolean
backup_create (Store *store, const char *target, BackupProgress progress, gpointer data,
               GError **error)
{
  const Progress beginning = { progress, data, 0, 0 };
  const gboolean was_there = file_exists (target);

  if (!require_empty (target, error))
    return FALSE;
  if (create_in_empty (store, target, beginning, error))
    return TRUE;
  drop_half (target, was_there);
  return FALSE;
}

static gboolean
complain (const ManifestFile *file, const char *digest, guint64 length, GError **error)
{
  if (length == file->size && g_str_equal (digest, file->digest))
    return FALSE;
  g_set_error (error, STORE_ERROR, STORE_ERROR_CORRUPT, _ ("%s in the backup is damaged."),
               file->name);
  return TRUE;
}

/* TARGET NULL: only read. */
static gboolean
take_file (const char *backup, const char *target, const ManifestFile *file, Progress *progress,
           GError **error)
{
  g_autofree char *from = g_build_filename (backup, file->name, NULL);
  g_autofree char *digest = NULL;
  guint64 length = 0;

  if (target) {
    g_autofree char *to = g_build_filename (target, file->name, NULL);
    digest = copy_file (from, to, G_MAXUINT64, progress, &length, error);
  } else {
    g_autoptr (File) source = file_open (from, FILE_MODE_READ, error);
    if (source)
      digest = stream (source, NULL, G_MAXUINT64, progress, &length, error);
  }
  return digest && !complain (file, digest, length, error);
}

/* The database comes last: a folder without it is no store that a daemon would run on. */
static gboolean
take_all (const char *backup, const char *target, GPtrArray *files, Progress *progress,
          GError **error)
{
  for (guint last = 0; last < 2; last++)
    for (guint i = 0; i < files->len; i++) {
      const ManifestFile *file = files->pdata[i];
      if (g_str_equal (file->name, DATABASE) == (last == 1)
          && !take_file (backup, target, file, progress, error))
        return FALSE;
    }
  return TRUE;
}

gboolean
backup_verify (const char *backup, BackupProgress progress, gpointer data, GError **error)
{
  g_autoptr (GPtrArray) files = manifest_load (backup, error);

  if (!files)
    return FALSE;
  Progress state = { progress, data, 0, manifest_total (files) };
  return take_all (backup, NULL, files, &state, error);
}

gboolean
backup_restore (const char *backup, const char *folder, BackupProgress progress, gpointer data,
                GError **error)
{
  g_autoptr (GPtrArray) files = manifest_load (backup, error);
  const gboolean was_there = file_exists (folder);

  if (!files || !require_empty (folder, error))
    return FALSE;
  Progress state = { progress, data, 0, manifest_total (files) };
  if (take_all (backup, folder, files, &state, error))
    return TRUE;
  drop_half (folder, was_there);
  return FALSE;
}

gboolean
backup_size (const char *backup, guint64 *bytes)
{
  g_autoptr (GPtrArray) files = manifest_load (backup, NULL);

  if (files)
    *bytes = manifest_total (files);
  return files != NULL;
}

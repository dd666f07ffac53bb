/* The part of file.h that is the same on every system: the table's callers and what is built from
 * them. */
#include "platform/file.h"

static const FileSystem *current = NULL;

static const FileSystem *
table (void)
{
  return current != NULL ? current : file_system_default ();
}

void
file_system_replace (const FileSystem *system)
{
  current = system;
}

File *
file_open (const char *path, FileMode mode, GError **error)
{
  return table ()->open (path, mode, error);
}

void
file_close (File *file)
{
  if (file != NULL)
    table ()->close (file);
}

gboolean
file_read (File *file, guint64 offset, void *data, gsize length, gsize *done, GError **error)
{
  return table ()->read (file, offset, data, length, done, error);
}

gboolean
file_write (File *file, guint64 offset, const void *data, gsize length, GError **error)
{
  return table ()->write (file, offset, data, length, error);
}

gboolean
file_append (File *file, const void *data, gsize length, guint64 *offset, GError **error)
{
  guint64 end;

  if (!file_size (file, &end, error) || !file_write (file, end, data, length, error))
    return FALSE;
  if (offset != NULL)
    *offset = end;
  return TRUE;
}

gboolean
file_sync (File *file, GError **error)
{
  return table ()->sync (file, error);
}

gboolean
file_rename (const char *from, const char *to, GError **error)
{
  return table ()->rename (from, to, error);
}

gboolean
file_publish (const char *from, const char *to, GError **error)
{
  g_autofree char *source = g_path_get_dirname (from);
  g_autofree char *target = g_path_get_dirname (to);

  if (!file_rename (from, to, error) || !file_sync_folder (target, error))
    return FALSE;
  return g_str_equal (source, target) || file_sync_folder (source, error);
}

gboolean
file_remove (const char *path, GError **error)
{
  return table ()->remove (path, error);
}

/* A left-over of an earlier crash may lie under the name: the new file takes its place. */
static gboolean
write_beside (const char *path, GBytes *bytes, GError **error)
{
  g_autoptr (File) file = NULL;

  if (file_exists (path) && !file_remove (path, error))
    return FALSE;
  file = file_open (path, FILE_MODE_CREATE, error);
  return file != NULL
      && file_write (file, 0, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), error)
      && file_sync (file, error);
}

gboolean
file_replace (const char *path, GBytes *bytes, GError **error)
{
  g_autofree char *beside = g_strconcat (path, ".new", NULL);

  if (write_beside (beside, bytes, error))
    return file_publish (beside, path, error);
  file_remove (beside, NULL); /* the first error is the one that says why */
  return FALSE;
}

gboolean
file_make_folder (const char *path, GError **error)
{
  g_autofree char *parent = g_path_get_dirname (path);
  g_autoptr (GError) reason = NULL;

  if (file_is_folder (path))
    return TRUE;
  if (!file_exists (parent) && !file_make_folder (parent, error))
    return FALSE;
  if (!table ()->make_folder (path, &reason)) {
    /* Another thread may have been faster. */
    if (g_error_matches (reason, G_IO_ERROR, G_IO_ERROR_EXISTS) && file_is_folder (path))
      return TRUE;
    g_propagate_error (error, g_steal_pointer (&reason));
    return FALSE;
  }
  return file_sync_folder (parent, error);
}

gboolean
file_sync_folder (const char *path, GError **error)
{
  return table ()->sync_folder (path, error);
}

gboolean
file_remove_folder (const char *path, GError **error)
{
  return table ()->remove_folder (path, error);
}

gboolean
file_free_space (const char *path, guint64 *bytes, GError **error)
{
  return table ()->free_space (path, bytes, error);
}

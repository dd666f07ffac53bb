/* A backup's table of contents, printed and parsed. */
#include "archive/manifest.h"
#include "language.h"
#include "platform/file.h"

#include <string.h>

#define FIRST_LINE "hauspost-backup 1"
#define LAST_LINE "end"
#define DIGEST_LENGTH 64
#define SIZE_MAX_BYTES (64 * 1024 * 1024)

static void
manifest_file_free (gpointer data)
{
  ManifestFile *file = data;

  g_free (file->name);
  g_free (file->digest);
  g_free (file);
}

GPtrArray *
manifest_new (void)
{
  return g_ptr_array_new_with_free_func (manifest_file_free);
}

void
manifest_add (GPtrArray *files, const char *name, guint64 size, const char *digest)
{
  ManifestFile *file = g_new0 (ManifestFile, 1);

  file->name = g_strdup (name);
  file->size = size;
  file->digest = g_strdup (digest);
  g_ptr_array_add (files, file);
}

guint64
manifest_total (GPtrArray *files)
{
  guint64 total = 0;

  for (guint i = 0; i < files->len; i++)
    total += ((const ManifestFile *)files->pdata[i])->size;
  return total;
}

GBytes *
manifest_print (GPtrArray *files)
{
  GString *text = g_string_new (FIRST_LINE "\n");

  for (guint i = 0; i < files->len; i++) {
    const ManifestFile *file = files->pdata[i];
    g_string_append_printf (text, "%s %" G_GUINT64_FORMAT " %s\n", file->digest, file->size,
                            file->name);
  }
  g_string_append (text, LAST_LINE "\n");
  return g_string_free_to_bytes (text);
}

/* Only downwards: a manifest from a stranger must not write elsewhere when it is restored. */
static gboolean
is_safe_name (const char *name)
{
  g_auto (GStrv) parts = g_strsplit (name, "/", -1);

  for (guint i = 0; parts[i]; i++)
    if (parts[i][0] == '\0' || g_str_equal (parts[i], ".") || g_str_equal (parts[i], "..")
        || strpbrk (parts[i], "\\:"))
      return FALSE;
  return parts[0] != NULL;
}

static gboolean
parse_line (GPtrArray *files, const char *line)
{
  g_auto (GStrv) words = g_strsplit (line, " ", 3);
  guint64 size;

  if (g_strv_length (words) != 3 || strlen (words[0]) != DIGEST_LENGTH
      || strspn (words[0], "0123456789abcdef") != DIGEST_LENGTH
      || !g_ascii_string_to_unsigned (words[1], 10, 0, G_MAXINT64, &size, NULL)
      || !is_safe_name (words[2]))
    return FALSE;
  manifest_add (files, words[2], size, words[0]);
  return TRUE;
}

GPtrArray *
manifest_parse (const char *text, gsize length, GError **error)
{
  g_autofree char *copy = g_strndup (text, length);
  g_auto (GStrv) lines = g_strsplit (copy, "\n", -1);
  guint count = g_strv_length (lines);
  g_autoptr (GPtrArray) files = manifest_new ();
  /* A text that ends in a newline splits with an empty last line. */
  gboolean sound = count >= 3 && strlen (copy) == length && g_str_equal (lines[0], FIRST_LINE)
      && g_str_equal (lines[count - 2], LAST_LINE) && lines[count - 1][0] == '\0';

  for (guint i = 1; sound && i < count - 2; i++)
    sound = parse_line (files, lines[i]);
  if (sound)
    return g_steal_pointer (&files);
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                       _ ("The backup's manifest is damaged."));
  return NULL;
}

GPtrArray *
manifest_load (const char *backup, GError **error)
{
  g_autofree char *path = g_build_filename (backup, MANIFEST_NAME, NULL);
  g_autoptr (GBytes) bytes = NULL;
  gsize length;
  const char *text;

  if (!file_exists (path)) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                 _ ("%s is not a backup, or one that was not finished: it has no manifest."),
                 backup);
    return NULL;
  }
  if (!(bytes = file_map (path, error)))
    return NULL;
  text = g_bytes_get_data (bytes, &length);
  if (length > SIZE_MAX_BYTES)
    length = 0;
  return manifest_parse (text ? text : "", length, error);
}

/* One key file, read at its first use. */
#include "preferences.h"
#include "platform/file.h"

static char *
file_path (void)
{
  return g_build_filename (g_get_user_config_dir (), "hauspost", "panel.ini", NULL);
}

GKeyFile *
preferences (void)
{
  static GKeyFile *file;

  if (file == NULL) {
    g_autofree char *path = file_path ();
    file = g_key_file_new ();
    g_key_file_load_from_file (file, path, G_KEY_FILE_KEEP_COMMENTS, NULL); /* none yet: empty */
  }
  return file;
}

gboolean
preferences_save (void)
{
  g_autofree char *path = file_path ();
  g_autofree char *folder = g_path_get_dirname (path);
  g_autoptr (GError) error = NULL;
  gsize length;
  char *text = g_key_file_to_data (preferences (), &length, NULL);
  g_autoptr (GBytes) bytes = g_bytes_new_take (text, length);

  if (file_make_folder (folder, &error) && file_replace (path, bytes, &error))
    return TRUE;
  g_warning ("%s", error->message);
  return FALSE;
}

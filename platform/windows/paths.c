/* Places as Windows knows them: %ProgramData% for what changes, beside the program for what does
 * not. The folder is asked of the system and not of the environment, which anybody may change. */
#include "platform/paths.h"
#include "platform/windows/wide.h"
#include <winsock2.h>
#include <windows.h>
#include <knownfolders.h>
#include <shlobj.h>

const char *
paths_data (void)
{
  static char *folder;

  if (g_once_init_enter (&folder)) {
    wchar_t *found = NULL;
    g_autofree char *base = NULL;

    if (SUCCEEDED (SHGetKnownFolderPath (&FOLDERID_ProgramData, 0, NULL, &found)))
      base = wide_narrow (found, -1);
    CoTaskMemFree (found);
    g_once_init_leave (
        &folder, g_build_filename (base != NULL ? base : "C:\\ProgramData", "Hauspost", NULL));
  }
  return folder;
}

const char *
paths_configuration (void)
{
  static char *path;

  if (g_once_init_enter (&path))
    g_once_init_leave (&path, g_build_filename (paths_data (), "hauspost.conf", NULL));
  return path;
}

/* The program is in bin or sbin. The catalogues are opened with the C library's fopen, which cannot
 * read UTF-8 on every Windows: GLib finds a name that it can. */
const char *
paths_locale (void)
{
  static char *folder;

  if (g_once_init_enter (&folder)) {
    g_autofree char *root = g_win32_get_package_installation_directory_of_module (NULL);
    g_autofree char *path = g_build_filename (root, "share", "locale", NULL);
    char *readable = g_win32_locale_filename_from_utf8 (path);

    g_once_init_leave (&folder, readable != NULL ? readable : g_steal_pointer (&path));
  }
  return folder;
}

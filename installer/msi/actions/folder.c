/* The data folder: where it is, whether it is in use, how it goes. */
#include "actions.h"
#include <initguid.h>
#include <knownfolders.h>
#include <shlobj.h>
#include <stdlib.h>

wchar_t *
data_folder (void)
{
  wchar_t *base = NULL, *folder = NULL;

  if (SUCCEEDED (SHGetKnownFolderPath (&FOLDERID_ProgramData, 0, NULL, &base)))
    folder = print (L"%s\\Hauspost", base);
  CoTaskMemFree (base);
  return folder;
}

bool
is_there (const wchar_t *path)
{
  return GetFileAttributesW (path) != INVALID_FILE_ATTRIBUTES;
}

static bool
is_link_to_here (const wchar_t *name)
{
  return wcscmp (name, L".") == 0 || wcscmp (name, L"..") == 0;
}

/* Calls VISIT for each entry until it says no; FALSE then, and when FOLDER cannot be read. */
static bool
visit_folder (const wchar_t *folder, bool (*visit) (const wchar_t *path, DWORD attributes))
{
  WIN32_FIND_DATAW entry;
  wchar_t *pattern = print (L"%s\\*", folder);
  HANDLE search = FindFirstFileW (pattern, &entry);
  bool going = search != INVALID_HANDLE_VALUE;

  free (pattern);
  if (!going)
    return false;
  do
    if (!is_link_to_here (entry.cFileName)) {
      wchar_t *path = print (L"%s\\%s", folder, entry.cFileName);
      going = visit (path, entry.dwFileAttributes);
      free (path);
    }
  while (going && FindNextFileW (search, &entry));
  FindClose (search);
  return going;
}

static bool
refuse_entry (const wchar_t *path, DWORD attributes)
{
  return false;
}

bool
is_empty_folder (const wchar_t *path)
{
  return !is_there (path) || visit_folder (path, refuse_entry);
}

static bool
remove_entry (const wchar_t *path, DWORD attributes)
{
  bool folder = (attributes & FILE_ATTRIBUTE_DIRECTORY) != 0;
  bool link = (attributes & FILE_ATTRIBUTE_REPARSE_POINT) != 0;

  if (folder && !link)
    return remove_tree (path);
  SetFileAttributesW (path, FILE_ATTRIBUTE_NORMAL);
  return folder ? RemoveDirectoryW (path) : DeleteFileW (path);
}

bool
remove_tree (const wchar_t *folder)
{
  return !is_there (folder) || (visit_folder (folder, remove_entry) && RemoveDirectoryW (folder));
}

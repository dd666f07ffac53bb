/* The names of files and folders on Windows: making, renaming, removing, listing.
 *
 * What NTFS promises of them: nothing in writing. A change made through a handle that was opened
 * with FILE_FLAG_WRITE_THROUGH makes NTFS flush its log before it returns (MOVEFILE_WRITE_THROUGH
 * opens such a handle), and FlushFileBuffers on a folder flushes its index and the log. Both are
 * done. */
#include "platform/windows/file-private.h"
#include "platform/windows/failure.h"
#include "platform/windows/patience.h"
#include "platform/windows/privacy.h"
#include "platform/windows/wide.h"
#include <string.h>

/* Windows 10 and NTFS: the old file's name is free at once, whoever still has it open. */
#define DELETE_AT_ONCE                                                                             \
  (FILE_DISPOSITION_FLAG_DELETE | FILE_DISPOSITION_FLAG_POSIX_SEMANTICS                            \
   | FILE_DISPOSITION_FLAG_IGNORE_READONLY_ATTRIBUTE)
#define REPLACE_AT_ONCE (FILE_RENAME_FLAG_REPLACE_IF_EXISTS | FILE_RENAME_FLAG_POSIX_SEMANTICS)
/* mingw-w64 10 compares the wrong macro and leaves these two out. */
#define FILE_DISPOSITION_INFO_EX_CLASS ((FILE_INFO_BY_HANDLE_CLASS)21)
#define FILE_RENAME_INFO_EX_CLASS ((FILE_INFO_BY_HANDLE_CLASS)22)

/* FILE_RENAME_INFO of Windows 10; older headers know the first field as a BOOLEAN only. */
typedef struct {
  DWORD flags;
  HANDLE root;
  DWORD length; /* bytes */
  wchar_t name[];
} RenameOrder;

gboolean
file_names_is_folder (const wchar_t *wide)
{
  DWORD attributes = GetFileAttributesW (wide);

  return attributes != INVALID_FILE_ATTRIBUTES && (attributes & FILE_ATTRIBUTE_DIRECTORY) != 0;
}

gboolean
file_exists (const char *path)
{
  g_autofree wchar_t *wide = wide_path (path, NULL);

  return wide != NULL && GetFileAttributesW (wide) != INVALID_FILE_ATTRIBUTES;
}

gboolean
file_is_folder (const char *path)
{
  g_autofree wchar_t *wide = wide_path (path, NULL);

  return wide != NULL && file_names_is_folder (wide);
}

/* Other file systems and older systems know only the older calls. */
static gboolean
is_unknown (DWORD code)
{
  return code == ERROR_INVALID_PARAMETER || code == ERROR_NOT_SUPPORTED
      || code == ERROR_INVALID_FUNCTION || code == ERROR_CALL_NOT_IMPLEMENTED;
}

static HANDLE
open_to_change (const wchar_t *wide, DWORD flags)
{
  return CreateFileW (wide, DELETE | SYNCHRONIZE, PATIENCE_SHARE, NULL, OPEN_EXISTING,
                      flags | FILE_FLAG_OPEN_REPARSE_POINT | FILE_FLAG_WRITE_THROUGH, NULL);
}

/* ERROR_SUCCESS, or why not. */
static DWORD
rename_at_once (const wchar_t *from, const wchar_t *to)
{
  gsize length = wcslen (to) * sizeof *to;
  g_autofree RenameOrder *order = g_malloc0 (sizeof *order + length + sizeof *to);
  HANDLE handle = open_to_change (from, FILE_FLAG_BACKUP_SEMANTICS);
  DWORD code = ERROR_SUCCESS;

  if (handle == INVALID_HANDLE_VALUE)
    return GetLastError ();
  order->flags = REPLACE_AT_ONCE;
  order->length = (DWORD)length;
  memcpy (order->name, to, length);
  if (!SetFileInformationByHandle (handle, FILE_RENAME_INFO_EX_CLASS, order,
                                   (DWORD)(sizeof *order + length + sizeof *to)))
    code = GetLastError ();
  CloseHandle (handle);
  return code;
}

static DWORD
rename_once (const wchar_t *from, const wchar_t *to)
{
  DWORD code = rename_at_once (from, to);

  if (!is_unknown (code))
    return code;
  return MoveFileExW (from, to, MOVEFILE_REPLACE_EXISTING | MOVEFILE_WRITE_THROUGH)
      ? ERROR_SUCCESS
      : GetLastError ();
}

gboolean
file_names_rename (const char *from, const char *to, GError **error)
{
  g_autofree wchar_t *wide_from = wide_path (from, error);
  g_autofree wchar_t *wide_to = wide_from != NULL ? wide_path (to, error) : NULL;
  Patience patience = { 0, 0 };
  DWORD code;

  if (wide_to == NULL)
    return FALSE;
  do
    code = rename_once (wide_from, wide_to);
  while (patience_wait (&patience, code, PATIENCE_ALL, to));
  return code == ERROR_SUCCESS || failure_set (error, code, "Cannot rename %s to %s", from, to);
}

static DWORD
remove_once (const wchar_t *wide)
{
  FILE_DISPOSITION_INFO_EX at_once = { DELETE_AT_ONCE };
  FILE_DISPOSITION_INFO at_close = { TRUE };
  HANDLE handle = open_to_change (wide, 0);
  DWORD code = ERROR_SUCCESS;

  if (handle == INVALID_HANDLE_VALUE)
    return GetLastError ();
  if (!SetFileInformationByHandle (handle, FILE_DISPOSITION_INFO_EX_CLASS, &at_once,
                                   sizeof at_once))
    code = GetLastError ();
  if (is_unknown (code))
    code = SetFileInformationByHandle (handle, FileDispositionInfo, &at_close, sizeof at_close)
        ? ERROR_SUCCESS
        : GetLastError ();
  CloseHandle (handle);
  return code;
}

gboolean
file_names_remove (const char *path, GError **error)
{
  g_autofree wchar_t *wide = wide_path (path, error);
  Patience patience = { 0, 0 };
  DWORD code;

  if (wide == NULL)
    return FALSE;
  if (file_names_is_folder (wide)) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_IS_DIRECTORY, "Cannot remove %s: it is a folder",
                 path);
    return FALSE;
  }
  do
    code = remove_once (wide);
  while (patience_wait (&patience, code, PATIENCE_ALL, path));
  return code == ERROR_SUCCESS || failure_set (error, code, "Cannot remove %s", path);
}

gboolean
file_names_make_folder (const char *path, GError **error)
{
  g_autofree wchar_t *wide = wide_path (path, error);
  SECURITY_ATTRIBUTES attributes = { .nLength = sizeof attributes };
  g_autoptr (GError) reason = NULL;

  if (wide == NULL)
    return FALSE;
  attributes.lpSecurityDescriptor = privacy_for_new (wide, TRUE, &reason);
  if (reason != NULL) {
    g_propagate_error (error, g_steal_pointer (&reason));
    return FALSE;
  }
  BOOL made = CreateDirectoryW (wide, &attributes);
  DWORD code = GetLastError ();
  LocalFree (attributes.lpSecurityDescriptor);
  return made || failure_set (error, code, "Cannot make the folder %s", path);
}

gboolean
file_protect_folder (const char *path, GError **error)
{
  g_autofree wchar_t *wide = wide_path (path, error);

  return wide != NULL && privacy_protect_folder (wide, error);
}

gboolean
file_names_remove_folder (const char *path, GError **error)
{
  g_autofree wchar_t *wide = wide_path (path, error);
  Patience patience = { 0, 0 };
  DWORD code;

  if (wide == NULL)
    return FALSE;
  do
    code = RemoveDirectoryW (wide) ? ERROR_SUCCESS : GetLastError ();
  while (patience_wait (&patience, code, PATIENCE_ALL, path));
  return code == ERROR_SUCCESS || failure_set (error, code, "Cannot remove the folder %s", path);
}

/* Any right to write is enough to flush; in a folder above the data, ours may be to add folders
 * only. */
gboolean
file_names_sync_folder (const char *path, GError **error)
{
  static const DWORD rights[] = { FILE_ADD_FILE, FILE_ADD_SUBDIRECTORY };
  g_autofree wchar_t *wide = wide_path (path, error);
  HANDLE handle = INVALID_HANDLE_VALUE;
  DWORD code = ERROR_SUCCESS;

  if (wide == NULL)
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (rights) && handle == INVALID_HANDLE_VALUE; i++)
    handle = patience_open (wide, rights[i] | SYNCHRONIZE, OPEN_EXISTING,
                            FILE_FLAG_BACKUP_SEMANTICS, NULL, path);
  if (handle == INVALID_HANDLE_VALUE)
    return failure_set (error, GetLastError (), "Cannot open the folder %s", path);
  if (!FlushFileBuffers (handle))
    code = GetLastError ();
  CloseHandle (handle);
  return code == ERROR_SUCCESS || failure_set (error, code, "Cannot sync the folder %s", path);
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *)a, *(const char *const *)b);
}

/* A name that is no UTF-16 is none of ours: UTF-8 cannot even say it. */
static void
add_name (GPtrArray *names, const WIN32_FIND_DATAW *found)
{
  char *name = wide_narrow (found->cFileName, -1);

  if (name != NULL && !g_str_equal (name, ".") && !g_str_equal (name, ".."))
    g_ptr_array_add (names, g_steal_pointer (&name));
  g_free (name);
}

GPtrArray *
file_list (const char *folder, GError **error)
{
  g_autofree char *pattern = g_build_filename (folder, "*", NULL);
  g_autofree wchar_t *wide = wide_path (pattern, error);
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  WIN32_FIND_DATAW found;

  if (wide == NULL)
    return NULL;
  HANDLE search = FindFirstFileExW (wide, FindExInfoBasic, &found, FindExSearchNameMatch, NULL,
                                    FIND_FIRST_EX_LARGE_FETCH);
  DWORD code = GetLastError ();
  if (search != INVALID_HANDLE_VALUE) {
    do
      add_name (names, &found);
    while (FindNextFileW (search, &found));
    code = GetLastError ();
    FindClose (search);
  }
  /* The root of an empty drive has not even "." in it. */
  if (code != ERROR_NO_MORE_FILES && (code != ERROR_FILE_NOT_FOUND || !file_is_folder (folder))) {
    failure_set (error, code, "Cannot list the folder %s", folder);
    return NULL;
  }
  g_ptr_array_sort (names, compare_names);
  return g_steal_pointer (&names);
}

/* Asked of a folder; what the user may still write, so with a quota. */
gboolean
file_names_free_space (const char *path, guint64 *bytes, GError **error)
{
  g_autofree char *parent = file_is_folder (path) ? g_strdup (path) : g_path_get_dirname (path);
  g_autofree wchar_t *wide = wide_path (parent, error);
  ULARGE_INTEGER available;

  if (wide == NULL)
    return FALSE;
  gsize length = wcslen (wide);
  g_autofree wchar_t *folder = g_new0 (wchar_t, length + 2);
  memcpy (folder, wide, length * sizeof *wide);
  folder[length] = L'\\'; /* a share without it is not found */
  if (!GetDiskFreeSpaceExW (folder, &available, NULL, NULL))
    return failure_set (error, GetLastError (), "Cannot ask the free space of %s", path);
  *bytes = available.QuadPart;
  return TRUE;
}

/* Which versions of Hauspost are installed: each has written where its programs lie. */
#include "actions.h"
#include <stdlib.h>

#define VERSIONS_KEY L"SOFTWARE\\Hauspost"
#define PARTS 3 /* of a version that Windows Installer compares */

int
compare_versions (const wchar_t *one, const wchar_t *other)
{
  for (int i = 0; i < PARTS; i++) {
    wchar_t *rest_of_one, *rest_of_other;
    unsigned long a = wcstoul (one, &rest_of_one, 10), b = wcstoul (other, &rest_of_other, 10);

    if (a != b)
      return a < b ? -1 : 1;
    one = *rest_of_one == L'.' ? rest_of_one + 1 : L"";
    other = *rest_of_other == L'.' ? rest_of_other + 1 : L"";
  }
  return 0;
}

/* An entry whose programs are gone is one that a rollback has left. */
static bool
has_program (HKEY versions, const wchar_t *version)
{
  wchar_t folder[MAX_PATH];
  DWORD size = sizeof folder;

  if (RegGetValueW (versions, version, L"Folder", RRF_RT_REG_SZ, NULL, folder, &size)
      != ERROR_SUCCESS)
    return false;
  wchar_t *program = print (L"%sbin\\hauspostd.exe", folder);
  bool found = is_there (program);
  free (program);
  return found;
}

bool
newer_is_installed (const wchar_t *version)
{
  HKEY versions;
  bool found = false;

  if (RegOpenKeyExW (HKEY_LOCAL_MACHINE, VERSIONS_KEY, 0, KEY_READ, &versions) != ERROR_SUCCESS)
    return false;
  for (DWORD i = 0; !found; i++) {
    wchar_t name[64];
    DWORD length = sizeof name / sizeof *name;
    LSTATUS status = RegEnumKeyExW (versions, i, name, &length, NULL, NULL, NULL, NULL);
    if (status == ERROR_NO_MORE_ITEMS)
      break;
    found = status == ERROR_SUCCESS && compare_versions (name, version) > 0
        && has_program (versions, name);
  }
  RegCloseKey (versions);
  return found;
}

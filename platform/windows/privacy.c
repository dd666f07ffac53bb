/* Access control lists of files and folders. */
#include "platform/windows/privacy.h"
#include "platform/sink.h"
#include "platform/windows/failure.h"
#include "platform/windows/wide.h"
#include <aclapi.h>
#include <sddl.h>

#define SUBAUTHORITIES 5 /* of a service: its name's SHA-1 */

typedef void Local;

static void
local_free (Local *memory)
{
  LocalFree (memory);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Local, local_free)

char *
privacy_service_sid (const wchar_t *name)
{
  g_autofree wchar_t *upper = g_memdup2 (name, (wcslen (name) + 1) * sizeof *name);
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA1);
  GString *text = g_string_new ("S-1-5-80");
  guint32 parts[SUBAUTHORITIES];
  gsize length = sizeof parts;

  CharUpperW (upper);
  g_checksum_update (checksum, (const guchar *)upper, (gssize)(wcslen (upper) * sizeof *upper));
  g_checksum_get_digest (checksum, (guint8 *)parts, &length);
  for (guint i = 0; i < SUBAUTHORITIES; i++)
    g_string_append_printf (text, "-%u", GUINT32_FROM_LE (parts[i]));
  return g_string_free (text, FALSE);
}

static gpointer
token_information (TOKEN_INFORMATION_CLASS class)
{
  HANDLE token;
  DWORD length = 0;
  gpointer information = NULL;

  if (!OpenProcessToken (GetCurrentProcess (), TOKEN_QUERY, &token))
    return NULL;
  GetTokenInformation (token, class, NULL, 0, &length);
  if (length > 0) {
    information = g_malloc0 (length);
    if (!GetTokenInformation (token, class, information, length, &length))
      g_clear_pointer (&information, g_free);
  }
  CloseHandle (token);
  return information;
}

/* Who is an administrator only while elevated must not read the mail without: NULL. */
static char *
own_sid (void)
{
  g_autofree TOKEN_ELEVATION_TYPE *elevation = token_information (TokenElevationType);
  g_autofree TOKEN_USER *user = token_information (TokenUser);
  wchar_t *text = NULL;

  if (user == NULL || (elevation != NULL && *elevation == TokenElevationTypeFull)
      || !ConvertSidToStringSidW (user->User.Sid, &text))
    return NULL;
  char *sid = wide_narrow (text, -1);
  LocalFree (text);
  return sid;
}

/* SDDL: a protected list, so that what the folder above allows does not count. */
static char *
describe (gboolean folder)
{
  const char *handed_down = folder ? "OICI" : "";
  g_autofree char *service = privacy_service_sid (PRIVACY_SERVICE);
  g_autofree char *own = own_sid ();
  GString *text = g_string_new ("D:P");

  g_string_append_printf (text, "(A;%s;FA;;;SY)(A;%s;FA;;;BA)(A;%s;FA;;;%s)", handed_down,
                          handed_down, handed_down, service);
  if (own != NULL)
    g_string_append_printf (text, "(A;%s;FA;;;%s)", handed_down, own);
  return g_string_free (text, FALSE);
}

static PSECURITY_DESCRIPTOR
new_descriptor (gboolean folder, GError **error)
{
  g_autofree char *text = describe (folder);
  g_autofree wchar_t *wide = wide_text (text);
  PSECURITY_DESCRIPTOR descriptor = NULL;

  if (!ConvertStringSecurityDescriptorToSecurityDescriptorW (wide, SDDL_REVISION_1, &descriptor,
                                                             NULL))
    failure_set (error, GetLastError (), "Cannot describe who may read the files");
  return descriptor;
}

static gboolean
hands_down_to (PACL list, PSID sid)
{
  ACCESS_ALLOWED_ACE *entry;

  for (WORD i = 0; list != NULL && i < list->AceCount; i++)
    if (GetAce (list, i, (LPVOID *)&entry) && entry->Header.AceType == ACCESS_ALLOWED_ACE_TYPE
        && (entry->Header.AceFlags & OBJECT_INHERIT_ACE) != 0
        && EqualSid ((PSID)&entry->SidStart, sid))
      return TRUE;
  return FALSE;
}

/* Nobody but us names the service's account, so a folder that hands rights down to it is ours. */
gboolean
privacy_is_inherited (const wchar_t *folder)
{
  g_autofree char *text = privacy_service_sid (PRIVACY_SERVICE);
  g_autofree wchar_t *wide = wide_text (text);
  g_autoptr (Local) descriptor = NULL;
  g_autoptr (Local) sid = NULL;
  PACL list = NULL;

  return ConvertStringSidToSidW (wide, &sid)
      && GetNamedSecurityInfoW (folder, SE_FILE_OBJECT, DACL_SECURITY_INFORMATION, NULL, NULL,
                                &list, NULL, &descriptor)
      == ERROR_SUCCESS
      && hands_down_to (list, sid);
}

PSECURITY_DESCRIPTOR
privacy_for_new (const wchar_t *path, gboolean folder, GError **error)
{
  const wchar_t *name = wcsrchr (path, L'\\');
  g_autofree wchar_t *parent = NULL;

  g_assert (name != NULL); /* wide_path makes whole ones */
  parent = g_memdup2 (path, (gsize)(name - path + 2) * sizeof *path);
  parent[name - path + 1] = L'\0'; /* with its slash: "\\?\C:" alone would be the device */
  return privacy_is_inherited (parent) ? NULL : new_descriptor (folder, error);
}

static gboolean
knows_access_lists (const wchar_t *folder)
{
  wchar_t volume[MAX_PATH + 1];
  DWORD flags;

  return !GetVolumePathNameW (folder, volume, G_N_ELEMENTS (volume))
      || !GetVolumeInformationW (volume, NULL, 0, NULL, NULL, &flags, NULL, 0)
      || (flags & FILE_PERSISTENT_ACLS) != 0;
}

gboolean
privacy_protect_folder (const wchar_t *folder, GError **error)
{
  g_autoptr (Local) descriptor = NULL;
  g_autofree char *name = wide_narrow (folder, -1);
  PACL list = NULL;
  BOOL present = FALSE, defaulted;

  if (privacy_is_inherited (folder))
    return TRUE;
  if (!knows_access_lists (folder)) {
    const SinkField field = { "folder", name };
    sink_write (SINK_WARNING, "This file system lets everybody read the mail: use NTFS", &field, 1);
    return TRUE;
  }
  descriptor = new_descriptor (TRUE, error);
  if (descriptor == NULL)
    return FALSE;
  GetSecurityDescriptorDacl (descriptor, &present, &list, &defaulted);
  DWORD code = SetNamedSecurityInfoW (
      (wchar_t *)folder, SE_FILE_OBJECT,
      DACL_SECURITY_INFORMATION | PROTECTED_DACL_SECURITY_INFORMATION, NULL, NULL, list, NULL);
  return code == ERROR_SUCCESS || failure_set (error, code, "Cannot keep others out of %s", name);
}

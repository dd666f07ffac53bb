/* Who may open what we make: SYSTEM, the administrators, the service's own account, and the person
 * who runs the program. Only the topmost folder names them; what lies in it inherits, so that an
 * administrator who lets one more account in does so in one place. */
#pragma once
#include <gio/gio.h>
#include <winsock2.h>
#include <windows.h>

/* The Service Control Manager's name of us; the account is NT SERVICE\hauspost. */
#define PRIVACY_SERVICE L"hauspost"

/* The SID of the account NT SERVICE\NAME, "S-1-5-80-…", also before the service is there. */
char *privacy_service_sid (const wchar_t *name);
/* Whether what is made in FOLDER (wide_path) is private by inheritance. */
gboolean privacy_is_inherited (const wchar_t *folder);
/* For making PATH: NULL without an ERROR when its folder is private. Free with LocalFree. */
PSECURITY_DESCRIPTOR privacy_for_new (const wchar_t *path, gboolean folder, GError **error);
/* Keeps everybody else out of FOLDER and all that is in it, unless that is so already. */
gboolean privacy_protect_folder (const wchar_t *folder, GError **error);

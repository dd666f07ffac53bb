/* What the installer's own DLL does on the Windows machine. Windows Installer calls the functions
 * of actions.def; in between stands what they share. */
#pragma once
#include <windows.h>
#include <msi.h>
#include <msiquery.h>
#include <stdbool.h>

#define COMMANDS L'|' /* between the parts of CustomActionData: it is in no path and in no name */

/* Whether the texts are to be German: LANGUAGE=de or en, else the user's language. */
bool is_german (MSIHANDLE install);
/* The text for a person with this ID; never NULL. */
typedef enum {
  TEXT_COMMENTS,
  TEXT_NAMES_NEEDED,
  TEXT_NEWER,
  TEXT_FORBIDDEN,
  TEXT_FAILED,
  TEXT_SILENT,
  TEXT_NEXT,
  TEXT_DATA_STAYS,
} TextId;
const wchar_t *text_of (TextId id, bool german);

/* Properties. The value is freed with free; never NULL. */
wchar_t *property (MSIHANDLE install, const wchar_t *name);
bool is_set (MSIHANDLE install, const wchar_t *name);
void set_property (MSIHANDLE install, const wchar_t *name, const wchar_t *value);
/* FORMAT with each %s filled in, of any length; freed with free. Ends the process without memory:
 * Windows Installer then rolls back. */
wchar_t *print (const wchar_t *format, ...);

/* A line into the log that msiexec /l*v writes; a message for the person (into the log too). */
void log_line (MSIHANDLE install, const wchar_t *line);
void tell (MSIHANDLE install, INSTALLMESSAGE kind, const wchar_t *text);

/* Runs COMMAND without a window; what it writes goes to the log, its standard output only if
 * WITH_OUTPUT. The last line of its errors comes back in *REASON (free). FALSE: it failed. */
bool run_quietly (MSIHANDLE install, const wchar_t *command, bool with_output, wchar_t **reason);

/* As Windows Installer does: by the first three numbers. Below, equal to or above 0. */
int compare_versions (const wchar_t *one, const wchar_t *other);
/* Windows Installer finds products by their upgrade code, where that is not lost (Wine removes it
 * with the older product that an upgrade replaces). */
bool newer_is_installed (const wchar_t *version);

/* The data folder, %ProgramData%\Hauspost; freed with free, NULL: Windows does not know it. */
wchar_t *data_folder (void);
bool is_there (const wchar_t *path);
bool is_empty_folder (const wchar_t *path); /* or not there */
/* Removes FOLDER and all in it; links are removed and not followed. */
bool remove_tree (const wchar_t *folder);

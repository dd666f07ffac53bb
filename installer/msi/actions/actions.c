/* The functions that Windows Installer calls: what is to be done is decided at once, with the
 * properties at hand, and done later by those that may change the machine. */
#include "actions.h"
#include <stdlib.h>

#define SERVICE_KEY L"SYSTEM\\CurrentControlSet\\Services\\hauspost"
#define NO_OUTPUT L'-' /* before a command: its output is for nobody's log (a password) */
#define INSTALL L"%s|\"%s\" --install-service %s|\"%s\" --start-service"
#define AFTER_FAILURE L'!' /* before a command: runs only when an earlier one has failed */

/* How the service is started now: "C:\…\hauspostd.exe" --service [--config "C:\…"]. */
static wchar_t *
service_command (void)
{
  DWORD size = 0;
  wchar_t *command = NULL;

  /* RRF_RT_REG_SZ: with its variables filled in. */
  if (RegGetValueW (HKEY_LOCAL_MACHINE, SERVICE_KEY, L"ImagePath", RRF_RT_REG_SZ, NULL, NULL, &size)
      != ERROR_SUCCESS)
    return NULL;
  size += 2 * sizeof *command;
  command = calloc (1, size);
  if (command != NULL
      && RegGetValueW (HKEY_LOCAL_MACHINE, SERVICE_KEY, L"ImagePath", RRF_RT_REG_SZ, NULL, command,
                       &size)
          != ERROR_SUCCESS)
    *command = L'\0';
  return command;
}

/* The program that is the service now and what it is told, so that both can be put back, and the
 * new program is told the same. */
static void
find_previous (MSIHANDLE install)
{
  wchar_t *command = service_command ();
  wchar_t *quote = command != NULL && *command == L'"' ? wcschr (command + 1, L'"') : NULL;

  if (quote != NULL) {
    *quote = L'\0';
    wchar_t *arguments = wcsstr (quote + 1, L"--config");
    if (is_there (command + 1)) {
      set_property (install, L"PREVIOUSPROGRAM", command + 1);
      if (arguments != NULL)
        set_property (install, L"PREVIOUSARGUMENTS", arguments);
    }
  }
  free (command);
}

/* Names without an office: make one. An office that is there stays as it is. */
static void
find_office (MSIHANDLE install)
{
  wchar_t *hostname = property (install, L"HOSTNAME"), *folder = data_folder ();
  wchar_t *configuration = folder != NULL ? print (L"%s\\hauspost.conf", folder) : NULL;

  if (folder != NULL && *hostname != L'\0' && !is_there (configuration)) {
    set_property (install, L"NEWOFFICE", L"1");
    if (is_empty_folder (folder))
      set_property (install, L"NEWDATA", folder);
  }
  if (folder != NULL)
    set_property (install, L"DATAFOLDER", folder);
  free (configuration);
  free (folder);
  free (hostname);
}

/* These become arguments in quotes. */
static bool
is_quotable (MSIHANDLE install)
{
  static const wchar_t *const names[] = { L"HOSTNAME", L"DOMAIN", L"PORTS", L"PORTBASE" };
  bool good = true;

  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    wchar_t *value = property (install, names[i]);
    good = good && wcspbrk (value, L"\"\\|\r\n") == NULL;
    free (value);
  }
  return good;
}

static bool
has_both_names (MSIHANDLE install)
{
  return is_set (install, L"HOSTNAME") == is_set (install, L"DOMAIN");
}

static bool
is_not_older (MSIHANDLE install)
{
  wchar_t *version = property (install, L"ProductVersion");
  bool older = is_set (install, L"NEWERFOUND") || newer_is_installed (version);

  free (version);
  return !older;
}

UINT WINAPI
Prepare (MSIHANDLE install)
{
  bool german = is_german (install);

  set_property (install, L"ARPCOMMENTS", text_of (TEXT_COMMENTS, german));
  if (german)
    set_property (install, L"GERMAN", L"1");
  find_previous (install);
  find_office (install);
  return ERROR_SUCCESS;
}

/* Here and not as launch conditions: Wine does not say why one of those fails. */
UINT WINAPI
Refuse (MSIHANDLE install)
{
  static const struct {
    bool (*is_good) (MSIHANDLE install);
    TextId text;
    bool always; /* else only of what is not yet installed: an older version must be removable */
  } demands[] = {
    { is_quotable, TEXT_FORBIDDEN, true },
    { has_both_names, TEXT_NAMES_NEEDED, false },
    { is_not_older, TEXT_NEWER, false },
  };
  bool installed = is_set (install, L"Installed");

  for (size_t i = 0; i < sizeof demands / sizeof *demands; i++)
    if ((demands[i].always || !installed) && !demands[i].is_good (install)) {
      tell (install, (INSTALLMESSAGE)(INSTALLMESSAGE_ERROR | MB_OK | MB_ICONERROR),
            text_of (demands[i].text, is_german (install)));
      return ERROR_INSTALL_FAILURE;
    }
  return ERROR_SUCCESS;
}

/* LIST with " NAME \"VALUE\"" when the property is set; takes LIST. */
static wchar_t *
add_option (MSIHANDLE install, wchar_t *list, const wchar_t *option, const wchar_t *name)
{
  wchar_t *value = property (install, name);
  wchar_t *longer
      = *value != L'\0' ? print (L"%s %s \"%s\"", list, option, value) : print (L"%s", list);

  free (value);
  free (list);
  return longer;
}

static void
schedule_office (MSIHANDLE install, const wchar_t *language, const wchar_t *bin)
{
  wchar_t *command = print (L"%s|-\"%shauspost.exe\" init", language, bin);

  command = add_option (install, command, L"--hostname", L"HOSTNAME");
  command = add_option (install, command, L"--domain", L"DOMAIN");
  command = add_option (install, command, L"--ports", L"PORTS");
  command = add_option (install, command, L"--base", L"PORTBASE");
  set_property (install, L"MakeOffice", command);
  free (command);
}

/* The data of each action that runs later: it sees no other property. */
UINT WINAPI
Schedule (MSIHANDLE install)
{
  static const struct {
    const wchar_t *action, *format; /* %s: language, program, arguments, program */
    bool previous;
  } actions[] = {
    { L"InstallService", INSTALL, false },
    { L"RestoreService", INSTALL, true },
    { L"UndoService", L"%s|\"%s\" --remove-service", false },
    { L"RemoveService", L"%s|\"%s\" --remove-service", false },
    { L"KeepService", INSTALL, false },
  };
  const wchar_t *language = is_german (install) ? L"de" : L"en";
  wchar_t *bin = property (install, L"BINFOLDER");
  wchar_t *own = print (L"%shauspostd.exe", bin);
  wchar_t *previous = property (install, L"PREVIOUSPROGRAM");
  wchar_t *arguments = property (install, L"PREVIOUSARGUMENTS");
  wchar_t *data = property (install, L"DATAFOLDER"), *fresh = property (install, L"NEWDATA");

  for (size_t i = 0; i < sizeof actions / sizeof *actions; i++) {
    const wchar_t *program = actions[i].previous ? previous : own;
    wchar_t *value = print (actions[i].format, language, program, arguments, program);
    set_property (install, actions[i].action, value);
    free (value);
  }
  if (*previous == L'\0') {
    /* At once, because Windows may take the program away before its rollback actions run. */
    wchar_t *value
        = print (INSTALL L"|!\"%s\" --remove-service", language, own, arguments, own, own);
    set_property (install, L"InstallService", value);
    free (value);
  }
  schedule_office (install, language, bin);
  set_property (install, L"RemoveData", data);
  set_property (install, L"UndoOffice", fresh);
  free (fresh);
  free (data);
  free (arguments);
  free (previous);
  free (own);
  free (bin);
  return ERROR_SUCCESS;
}

static UINT
fail (MSIHANDLE install, const wchar_t *reason, bool german)
{
  wchar_t *text = print (text_of (TEXT_FAILED, german),
                         reason != NULL ? reason : text_of (TEXT_SILENT, german));

  tell (install, (INSTALLMESSAGE)(INSTALLMESSAGE_ERROR | MB_OK | MB_ICONERROR), text);
  free (text);
  return ERROR_INSTALL_FAILURE;
}

/* CustomActionData: LANGUAGE|COMMAND|COMMAND… until one fails; then those for this case. */
UINT WINAPI
RunCommands (MSIHANDLE install)
{
  static const wchar_t separator[] = { COMMANDS, L'\0' };
  wchar_t *data = property (install, L"CustomActionData"), *context = NULL;
  wchar_t *language = wcstok_s (data, separator, &context);
  UINT result = ERROR_SUCCESS;

  /* Our programs then speak the installer's language, whatever the system account's is. */
  SetEnvironmentVariableW (L"LANGUAGE", language);
  for (wchar_t *command = wcstok_s (NULL, separator, &context); command != NULL;
       command = wcstok_s (NULL, separator, &context)) {
    bool quiet = *command == NO_OUTPUT, undoes = *command == AFTER_FAILURE;
    wchar_t *reason = NULL;
    if (undoes == (result == ERROR_SUCCESS))
      continue;
    if (!run_quietly (install, command + (quiet || undoes), !quiet, &reason) && !undoes)
      result = fail (install, reason, wcscmp (language, L"de") == 0);
    free (reason);
  }
  free (data);
  return result;
}

/* Never a reason to fail: it runs when all else is done. */
UINT WINAPI
RemoveData (MSIHANDLE install)
{
  wchar_t *folder = property (install, L"CustomActionData");

  if (*folder != L'\0' && !remove_tree (folder)) {
    wchar_t *text = print (text_of (TEXT_DATA_STAYS, false), folder);
    log_line (install, text);
    free (text);
  }
  free (folder);
  return ERROR_SUCCESS;
}

/* After a double click: Windows Installer's window has closed without a word. */
UINT WINAPI
TellNext (MSIHANDLE install)
{
  tell (install, (INSTALLMESSAGE)(INSTALLMESSAGE_USER | MB_OK | MB_ICONINFORMATION),
        text_of (TEXT_NEXT, is_german (install)));
  return ERROR_SUCCESS;
}

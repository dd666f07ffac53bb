/* Making the service known to the Service Control Manager, and taking it away again. */
#include "platform/file.h"
#include "platform/service.h"
#include "platform/windows/failure.h"
#include "platform/windows/service-private.h"
#include "platform/windows/wide.h"
#include <glib/gi18n.h>

#define ACCOUNT L"NT SERVICE\\" SERVICE_NAME /* virtual: Windows makes it, it has no password */
#define POLL 200 /* ms */
#define GONE_MOST 30000 /* ms */
#define CONFIG_MOST 8192 /* bytes, as Windows says */

/* Takes the text untranslated: looking a translation up changes what GetLastError says. */
static gboolean
fail (GError **error, DWORD code, const char *text)
{
  return failure_set (error, code, "%s", _ (text));
}

static wchar_t *
program_path (GError **error)
{
  g_autofree wchar_t *path = g_new0 (wchar_t, 32768);

  if (GetModuleFileNameW (NULL, path, 32768) == 0) {
    fail (error, GetLastError (), N_ ("Cannot find this program's file"));
    return NULL;
  }
  return g_steal_pointer (&path);
}

/* In quotes, or "C:\Program.exe" would be tried first. A path cannot have a quote in it. */
static wchar_t *
command_line (const wchar_t *program, const char *configuration)
{
  g_autofree char *narrow = wide_narrow (program, -1);
  g_autofree char *whole
      = configuration != NULL ? g_canonicalize_filename (configuration, NULL) : NULL;
  g_autofree char *line = whole != NULL
      ? g_strdup_printf ("\"%s\" --service --config \"%s\"", narrow, whole)
      : g_strdup_printf ("\"%s\" --service", narrow);

  return wide_text (line);
}

static SC_HANDLE
create_or_change (SC_HANDLE manager, const wchar_t *command, GError **error)
{
  g_autofree wchar_t *title = wide_text (_ ("Hauspost mail server"));
  g_autoptr (ServiceHandle) service = CreateServiceW (
      manager, SERVICE_NAME, title, SERVICE_ALL_ACCESS, SERVICE_WIN32_OWN_PROCESS,
      SERVICE_AUTO_START, SERVICE_ERROR_NORMAL, command, NULL, NULL, NULL, ACCOUNT, NULL);

  if (service != NULL)
    return g_steal_pointer (&service);
  if (GetLastError () == ERROR_SERVICE_EXISTS) {
    service = OpenServiceW (manager, SERVICE_NAME, SERVICE_ALL_ACCESS);
    if (service != NULL
        && ChangeServiceConfigW (service, SERVICE_WIN32_OWN_PROCESS, SERVICE_AUTO_START,
                                 SERVICE_ERROR_NORMAL, command, NULL, NULL, NULL, ACCOUNT, NULL,
                                 title))
      return g_steal_pointer (&service);
  }
  fail (error, GetLastError (), N_ ("Cannot make the service"));
  return NULL;
}

/* Older and foreign service managers do not know every option. */
static gboolean
is_unknown (DWORD code)
{
  return code == ERROR_CALL_NOT_IMPLEMENTED || code == ERROR_INVALID_LEVEL
      || code == ERROR_NOT_SUPPORTED;
}

static gboolean
set_option (SC_HANDLE service, DWORD option, void *value, const char *what, GError **error)
{
  if (ChangeServiceConfig2W (service, option, value))
    return TRUE;
  DWORD code = GetLastError ();
  if (!is_unknown (code))
    return failure_set (error, code, _ ("Cannot set the service's %s"), what);
  g_printerr (_ ("This service manager does not know the service's %s.\n"), what);
  return TRUE;
}

/* It starts after the system's own services, with no privilege but to pass through folders, has a
 * SID of its own for access lists, is told early of a shutdown, and comes back after a failure,
 * also when it ends by itself with an error. */
static gboolean
set_options (SC_HANDLE service, GError **error)
{
  g_autofree wchar_t *text
      = wide_text (_ ("Takes, keeps and hands out the mail of this office (SMTP, IMAP, POP3)."));
  wchar_t privileges[] = L"SeChangeNotifyPrivilege\0"; /* and the list's own NUL */
  SC_ACTION actions[]
      = { { SC_ACTION_RESTART, 5000 }, { SC_ACTION_RESTART, 30000 }, { SC_ACTION_RESTART, 60000 } };
  SERVICE_DESCRIPTIONW description = { text };
  SERVICE_DELAYED_AUTO_START_INFO delayed = { TRUE };
  SERVICE_SID_INFO sid = { SERVICE_SID_TYPE_UNRESTRICTED };
  SERVICE_REQUIRED_PRIVILEGES_INFOW required = { privileges };
  SERVICE_PRESHUTDOWN_INFO preshutdown = { SERVICE_DRAIN };
  SERVICE_FAILURE_ACTIONSW recovery
      = { .dwResetPeriod = 86400, .cActions = G_N_ELEMENTS (actions), .lpsaActions = actions };
  SERVICE_FAILURE_ACTIONS_FLAG also_errors = { TRUE };
  const struct {
    DWORD option;
    void *value;
    const char *what;
  } options[] = {
    { SERVICE_CONFIG_DESCRIPTION, &description, N_ ("description") },
    { SERVICE_CONFIG_DELAYED_AUTO_START_INFO, &delayed, N_ ("delayed start") },
    { SERVICE_CONFIG_SERVICE_SID_INFO, &sid, N_ ("own SID") },
    { SERVICE_CONFIG_REQUIRED_PRIVILEGES_INFO, &required, N_ ("reduced privileges") },
    { SERVICE_CONFIG_PRESHUTDOWN_INFO, &preshutdown, N_ ("time before a shutdown") },
    { SERVICE_CONFIG_FAILURE_ACTIONS, &recovery, N_ ("restart after a failure") },
    { SERVICE_CONFIG_FAILURE_ACTIONS_FLAG, &also_errors, N_ ("restart after an error") },
  };

  for (guint i = 0; i < G_N_ELEMENTS (options); i++)
    if (!set_option (service, options[i].option, options[i].value, _ (options[i].what), error))
      return FALSE;
  return TRUE;
}

/* Without a rule clients cannot reach the service: bad, but nothing is open that should not be. */
static void
open_firewall (const wchar_t *program)
{
  g_autoptr (GError) error = NULL;

  if (!service_firewall_open (program, &error))
    g_printerr (_ ("%s. Allow hauspostd in the firewall yourself.\n"), error->message);
}

gboolean
service_install (const char *configuration, const char *data, GError **error)
{
  g_autofree wchar_t *program = program_path (error);
  g_autofree wchar_t *command = program != NULL ? command_line (program, configuration) : NULL;
  g_autoptr (ServiceHandle) manager = NULL;
  g_autoptr (ServiceHandle) service = NULL;

  if (program == NULL
      || (manager = service_open_manager (SC_MANAGER_CONNECT | SC_MANAGER_CREATE_SERVICE, error))
          == NULL
      || !file_make_folder (data, error) || !file_protect_folder (data, error)
      || (service = create_or_change (manager, command, error)) == NULL
      || !set_options (service, error) || !service_log_register (program, error))
    return FALSE;
  open_firewall (program);
  return TRUE;
}

/* Two versions lie side by side while one takes over from the other, and the older one is removed
 * last. */
static gboolean
is_ours (SC_HANDLE service, gboolean *ours, GError **error)
{
  g_autofree QUERY_SERVICE_CONFIGW *entry = g_malloc0 (CONFIG_MOST);
  g_autofree wchar_t *program = program_path (error);
  DWORD length;

  if (program == NULL)
    return FALSE;
  if (!QueryServiceConfigW (service, entry, CONFIG_MOST, &length))
    return fail (error, GetLastError (), N_ ("Cannot ask what the service is"));
  gsize known = wcslen (program);
  const wchar_t *command = entry->lpBinaryPathName;
  *ours = command[0] == L'"' && _wcsnicmp (command + 1, program, known) == 0
      && command[1 + known] == L'"';
  return TRUE;
}

/* The entry lives on while somebody has it open, for example to look at it, and a service that is
 * made meanwhile would go with it. Who looks for longer must close his window. */
static void
wait_until_gone (SC_HANDLE manager)
{
  for (guint waited = 0; waited < GONE_MOST; waited += POLL) {
    g_autoptr (ServiceHandle) service = OpenServiceW (manager, SERVICE_NAME, SERVICE_QUERY_STATUS);
    if (service == NULL)
      return;
    g_clear_pointer (&service, service_handle_close);
    Sleep (POLL);
  }
}

/* *OURS: it was, or there was none. */
static gboolean
remove_service (gboolean *ours, GError **error)
{
  g_autoptr (ServiceHandle) manager = service_open_manager (SC_MANAGER_CONNECT, error);
  g_autoptr (ServiceHandle) service = NULL;

  *ours = TRUE;
  if (manager == NULL)
    return FALSE;
  service = OpenServiceW (manager, SERVICE_NAME,
                          SERVICE_STOP | SERVICE_QUERY_STATUS | SERVICE_QUERY_CONFIG | DELETE);
  if (service == NULL)
    return GetLastError () == ERROR_SERVICE_DOES_NOT_EXIST
        || fail (error, GetLastError (), N_ ("Cannot open the service"));
  if (!is_ours (service, ours, error))
    return FALSE;
  if (!*ours)
    return TRUE;
  if (!service_stop (service, error))
    return FALSE;
  if (!DeleteService (service) && GetLastError () != ERROR_SERVICE_MARKED_FOR_DELETE)
    return fail (error, GetLastError (), N_ ("Cannot remove the service"));
  g_clear_pointer (&service, service_handle_close);
  wait_until_gone (manager);
  return TRUE;
}

gboolean
service_remove (GError **error)
{
  g_autoptr (GError) reason = NULL;
  gboolean ours;

  if (!remove_service (&ours, error))
    return FALSE;
  if (!ours) {
    g_printerr ("%s\n", _ ("Another program has taken over the service: it stays."));
    return TRUE;
  }
  if (!service_log_unregister (error))
    return FALSE;
  if (!service_firewall_close (&reason))
    g_printerr ("%s\n", reason->message);
  return TRUE;
}

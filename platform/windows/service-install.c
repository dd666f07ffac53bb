/* Making the service known to the Service Control Manager, and taking it away again. */
#include "platform/file.h"
#include "platform/service.h"
#include "platform/windows/failure.h"
#include "platform/windows/service-private.h"
#include "platform/windows/wide.h"
#include <glib/gi18n.h>

#define ACCOUNT L"NT SERVICE\\" SERVICE_NAME /* virtual: Windows makes it, it has no password */
#define POLL 200 /* ms */

typedef struct SC_HANDLE__ ServiceHandle;

static void
service_handle_close (ServiceHandle *handle)
{
  CloseServiceHandle (handle);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ServiceHandle, service_handle_close)

/* Takes the text untranslated: looking a translation up changes what GetLastError says. */
static gboolean
fail (GError **error, DWORD code, const char *text)
{
  return failure_set (error, code, "%s", _ (text));
}

static SC_HANDLE
open_manager (DWORD access, GError **error)
{
  SC_HANDLE manager = OpenSCManagerW (NULL, NULL, access);

  if (manager == NULL)
    fail (error, GetLastError (), N_ ("Cannot reach the service manager"));
  return manager;
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
      = wide_text (_ ("Takes, keeps and hands out the mail of this office (SMTP, IMAP)."));
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
      || (manager = open_manager (SC_MANAGER_CONNECT | SC_MANAGER_CREATE_SERVICE, error)) == NULL
      || !file_make_folder (data, error) || !file_protect_folder (data, error)
      || (service = create_or_change (manager, command, error)) == NULL
      || !set_options (service, error) || !service_log_register (program, error))
    return FALSE;
  open_firewall (program);
  return TRUE;
}

/* FALSE: it still runs, or nobody knows. */
static gboolean
has_stopped (SC_HANDLE service)
{
  SERVICE_STATUS status;

  return QueryServiceStatus (service, &status) && status.dwCurrentState == SERVICE_STOPPED;
}

static gboolean
stop_and_wait (SC_HANDLE service, GError **error)
{
  SERVICE_STATUS status;
  guint waited = 0;

  if (!ControlService (service, SERVICE_CONTROL_STOP, &status)
      && GetLastError () != ERROR_SERVICE_NOT_ACTIVE
      && GetLastError () != ERROR_SERVICE_CANNOT_ACCEPT_CTRL)
    return fail (error, GetLastError (), N_ ("Cannot stop the service"));
  for (; !has_stopped (service); waited += POLL) {
    if (waited >= SERVICE_DRAIN)
      return fail (error, ERROR_SERVICE_REQUEST_TIMEOUT, N_ ("Cannot stop the service"));
    Sleep (POLL);
  }
  return TRUE;
}

static gboolean
remove_service (GError **error)
{
  g_autoptr (ServiceHandle) manager = open_manager (SC_MANAGER_CONNECT, error);
  g_autoptr (ServiceHandle) service = NULL;

  if (manager == NULL)
    return FALSE;
  service = OpenServiceW (manager, SERVICE_NAME, SERVICE_STOP | SERVICE_QUERY_STATUS | DELETE);
  if (service == NULL)
    return GetLastError () == ERROR_SERVICE_DOES_NOT_EXIST
        || fail (error, GetLastError (), N_ ("Cannot open the service"));
  if (!stop_and_wait (service, error))
    return FALSE;
  return DeleteService (service) || GetLastError () == ERROR_SERVICE_MARKED_FOR_DELETE
      || fail (error, GetLastError (), N_ ("Cannot remove the service"));
}

gboolean
service_remove (GError **error)
{
  g_autoptr (GError) reason = NULL;

  if (!remove_service (error) || !service_log_unregister (error))
    return FALSE;
  if (!service_firewall_close (&reason))
    g_printerr ("%s\n", reason->message);
  return TRUE;
}

/* Starting and stopping the service as an administrator, and waiting until it is done. */
#include "platform/service.h"
#include "platform/windows/failure.h"
#include "platform/windows/service-private.h"
#include <glib/gi18n.h>

#define POLL 200 /* ms */
#define START_MOST 900000 /* ms: a newer version may have to copy and change the database first */
#define END_MOST 10000 /* ms, for a program whose work is done */
#define SILENCE_MOST 60000 /* ms without a sign of life */

/* Takes the text untranslated: looking a translation up changes what GetLastError says. */
static gboolean
fail (GError **error, DWORD code, const char *text)
{
  return failure_set (error, code, "%s", _ (text));
}

SC_HANDLE
service_open_manager (DWORD access, GError **error)
{
  SC_HANDLE manager = OpenSCManagerW (NULL, NULL, access);

  if (manager == NULL)
    fail (error, GetLastError (), N_ ("Cannot reach the service manager"));
  return manager;
}

/* FALSE: it still runs, or nobody knows. */
static gboolean
has_stopped (SC_HANDLE service)
{
  SERVICE_STATUS status;

  return QueryServiceStatus (service, &status) && status.dwCurrentState == SERVICE_STOPPED;
}

/* One that is just starting refuses at first, and one that is stopping has been asked. */
static gboolean
ask_to_stop (SC_HANDLE service, GError **error)
{
  SERVICE_STATUS status;

  return ControlService (service, SERVICE_CONTROL_STOP, &status)
      || GetLastError () == ERROR_SERVICE_NOT_ACTIVE
      || GetLastError () == ERROR_SERVICE_CANNOT_ACCEPT_CTRL
      || fail (error, GetLastError (), N_ ("Cannot stop the service"));
}

/* NULL: it does not run, or is not ours to wait for. */
static HANDLE
open_process (SC_HANDLE service)
{
  SERVICE_STATUS_PROCESS status = { 0 };
  DWORD needed;

  if (!QueryServiceStatusEx (service, SC_STATUS_PROCESS_INFO, (BYTE *)&status, sizeof status,
                             &needed)
      || status.dwProcessId == 0)
    return NULL;
  return OpenProcess (SYNCHRONIZE | PROCESS_TERMINATE, FALSE, status.dwProcessId);
}

/* A service has stopped before its program has ended, whose file is in use until then. Its store is
 * closed: what still hangs may be ended. */
static void
wait_for_process (HANDLE process)
{
  if (process == NULL)
    return;
  if (WaitForSingleObject (process, END_MOST) != WAIT_OBJECT_0)
    TerminateProcess (process, 1);
  CloseHandle (process);
}

gboolean
service_stop (SC_HANDLE service, GError **error)
{
  HANDLE process = open_process (service);
  gboolean went_well = TRUE;

  for (guint waited = 0; went_well && !has_stopped (service); waited += POLL) {
    went_well = waited < SERVICE_DRAIN
        ? ask_to_stop (service, error)
        : fail (error, ERROR_SERVICE_REQUEST_TIMEOUT, N_ ("Cannot stop the service"));
    Sleep (POLL);
  }
  if (went_well)
    wait_for_process (process);
  else if (process != NULL)
    CloseHandle (process);
  return went_well;
}

/* It has ended by itself: what it wrote into its log last is the reason. */
static gboolean
fail_with_reason (GError **error, const SERVICE_STATUS *status, guint32 since)
{
  g_autofree char *reason = service_log_find_failure (since);

  if (reason != NULL) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, _ ("The service does not start: %s"),
                 reason);
    return FALSE;
  }
  DWORD code = status->dwWin32ExitCode != NO_ERROR ? status->dwWin32ExitCode
                                                   : ERROR_SERVICE_SPECIFIC_ERROR;
  return fail (error, code,
               N_ ("The service does not start; the log Hauspost in the Event Viewer says why"));
}

static gboolean
wait_until_running (SC_HANDLE service, guint32 since, GError **error)
{
  SERVICE_STATUS status = { .dwCurrentState = SERVICE_START_PENDING };
  DWORD seen = 0;
  guint silence = 0;

  for (guint waited = 0; waited < START_MOST && silence < SILENCE_MOST; waited += POLL) {
    if (!QueryServiceStatus (service, &status))
      return fail (error, GetLastError (), N_ ("Cannot ask how the service is"));
    if (status.dwCurrentState == SERVICE_RUNNING)
      return TRUE;
    if (status.dwCurrentState == SERVICE_STOPPED)
      return fail_with_reason (error, &status, since);
    silence = status.dwCheckPoint == seen ? silence + POLL : 0;
    seen = status.dwCheckPoint;
    Sleep (POLL);
  }
  return fail (error, ERROR_SERVICE_REQUEST_TIMEOUT, N_ ("The service does not get ready"));
}

gboolean
service_start (GError **error)
{
  g_autoptr (ServiceHandle) manager = service_open_manager (SC_MANAGER_CONNECT, error);
  g_autoptr (ServiceHandle) service = NULL;

  if (manager == NULL)
    return FALSE;
  service
      = OpenServiceW (manager, SERVICE_NAME, SERVICE_START | SERVICE_STOP | SERVICE_QUERY_STATUS);
  if (service == NULL)
    return fail (error, GetLastError (), N_ ("Cannot open the service"));
  if (!service_stop (service, error))
    return FALSE;
  guint32 since = (guint32)(g_get_real_time () / G_USEC_PER_SEC);
  if (!StartServiceW (service, 0, NULL) && GetLastError () != ERROR_SERVICE_ALREADY_RUNNING)
    return fail (error, GetLastError (), N_ ("Cannot start the service"));
  return wait_until_running (service, since, error);
}

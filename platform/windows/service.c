/* The running service on Windows: what the Service Control Manager or a console asks becomes a
 * callback on the main context, and what we are is reported back. */
#include "platform/service.h"
#include "platform/windows/failure.h"
#include "platform/windows/service-private.h"
#include <glib/gi18n.h>
#include <stdio.h>

#define TICK 1000 /* ms */
#define WAIT_HINT 10000 /* ms: without a new checkpoint for so long, we hang */

static struct {
  GMutex lock; /* of what follows */
  const ServiceRequests *requests;
  gpointer data;
  gboolean stopping; /* asked for, maybe before anybody watches */
  guint stop_source, reload_source; /* pushed and not yet run */

  SERVICE_STATUS_HANDLE manager; /* NULL in the foreground */
  SERVICE_STATUS status;
  PTP_TIMER ticks; /* while something is pending */

  int (*program) (void);
  int exit_status;
  HANDLE ended; /* the program has returned */
} service;

gboolean
service_is_managed (void)
{
  return g_atomic_pointer_get (&service.manager) != NULL;
}

/* With the lock held. */
static void
keep_ticking (gboolean pending)
{
  LARGE_INTEGER due = { .QuadPart = -TICK * (gint64)10000 }; /* relative, in 100 ns */
  FILETIME time = { due.LowPart, (DWORD)due.HighPart };

  if (service.ticks != NULL)
    SetThreadpoolTimer (service.ticks, pending ? &time : NULL, pending ? TICK : 0, 0);
}

/* With the lock held. Nothing to do when it fails: the manager asks again or gives us up. */
static void
report (DWORD state)
{
  gboolean pending = state == SERVICE_START_PENDING || state == SERVICE_STOP_PENDING;

  if (service.manager == NULL)
    return;
  service.status.dwCheckPoint = !pending       ? 0
      : state == service.status.dwCurrentState ? service.status.dwCheckPoint + 1
                                               : 1;
  service.status.dwCurrentState = state;
  service.status.dwWaitHint = pending ? WAIT_HINT : 0;
  service.status.dwControlsAccepted = state == SERVICE_RUNNING
      ? SERVICE_ACCEPT_STOP | SERVICE_ACCEPT_PRESHUTDOWN | SERVICE_ACCEPT_PARAMCHANGE
      : 0;
  SetServiceStatus (service.manager, &service.status);
  keep_ticking (pending);
}

static void
change_state (DWORD state)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&service.lock);

  report (state);
}

/* A store that opens or drains takes its time, and the thread that does it cannot report. */
static VOID CALLBACK
tick (PTP_CALLBACK_INSTANCE instance, PVOID data, PTP_TIMER timer)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&service.lock);
  DWORD state = service.status.dwCurrentState;

  if (state == SERVICE_START_PENDING || state == SERVICE_STOP_PENDING)
    report (state);
}

/* Taken off the list first, with the lock: the callback may end the watch. */
static ServiceRequests
take_request (guint *source, gpointer *data)
{
  static const ServiceRequests none;
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&service.lock);

  *source = 0;
  *data = service.data;
  return service.requests != NULL ? *service.requests : none;
}

static gboolean
run_stop (gpointer unused)
{
  gpointer data;
  ServiceRequests requests = take_request (&service.stop_source, &data);

  if (requests.stop != NULL)
    requests.stop (data);
  return G_SOURCE_REMOVE;
}

static gboolean
run_reload (gpointer unused)
{
  gpointer data;
  ServiceRequests requests = take_request (&service.reload_source, &data);

  if (requests.reload != NULL)
    requests.reload (data);
  return G_SOURCE_REMOVE;
}

/* With the lock held. Not g_main_context_invoke: it would run the callback in this thread, in a
 * moment in which the main thread does not iterate. */
static void
push (guint *source, GSourceFunc run)
{
  if (service.requests != NULL && *source == 0)
    *source = g_idle_add_full (G_PRIORITY_HIGH, run, NULL, NULL);
}

/* FALSE: it was asked for before. */
static gboolean
ask_stop (void)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&service.lock);

  if (service.stopping)
    return FALSE;
  service.stopping = TRUE;
  push (&service.stop_source, run_stop);
  return TRUE;
}

void
service_ask_stop (void)
{
  ask_stop ();
}

void
service_control (DWORD control)
{
  if (control == SERVICE_CONTROL_STOP || control == SERVICE_CONTROL_PRESHUTDOWN) {
    change_state (SERVICE_STOP_PENDING);
    ask_stop ();
  } else if (control == SERVICE_CONTROL_PARAMCHANGE) {
    g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&service.lock);
    push (&service.reload_source, run_reload);
  }
}

static DWORD WINAPI
handle_control (DWORD control, DWORD type, LPVOID event, LPVOID context)
{
  service_control (control);
  return control == SERVICE_CONTROL_STOP || control == SERVICE_CONTROL_PRESHUTDOWN
          || control == SERVICE_CONTROL_PARAMCHANGE || control == SERVICE_CONTROL_INTERROGATE
      ? NO_ERROR
      : ERROR_CALL_NOT_IMPLEMENTED;
}

/* In a thread that Windows makes. A console that closes, a user who logs off and a system that ends
 * kill us when this returns: then it must not before the store is closed. */
BOOL WINAPI
service_console_event (DWORD event)
{
  gboolean asked_before = !ask_stop ();

  if (event == CTRL_C_EVENT || event == CTRL_BREAK_EVENT) {
    if (asked_before) /* who asks twice does not want to wait. The store survives it. */
      TerminateProcess (GetCurrentProcess (), 1);
    return TRUE;
  }
  WaitForSingleObject (service.ended, INFINITE);
  return TRUE;
}

void
service_watch (const ServiceRequests *requests, gpointer data)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&service.lock);

  service.requests = requests;
  service.data = data;
  if (service.stopping)
    push (&service.stop_source, run_stop);
}

void
service_unwatch (void)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&service.lock);

  service.requests = NULL;
  service.stopping = FALSE;
  g_clear_handle_id (&service.stop_source, g_source_remove);
  g_clear_handle_id (&service.reload_source, g_source_remove);
}

void
service_notify_ready (void)
{
  change_state (SERVICE_RUNNING);
}

/* SERVICE_RUNNING all the time: the manager has no word for it. */
void
service_notify_reloading (void)
{
}

void
service_notify_stopping (void)
{
  change_state (SERVICE_STOP_PENDING);
}

/* The manager shows no text; what matters is in the log as well. */
void
service_notify_status (const char *text)
{
}

int
service_take_socket (const char *address)
{
  return -1; /* the manager opens none */
}

guint
service_close_sockets (void)
{
  return 0;
}

static int
run_program (void)
{
  int status = service.program ();

  SetEvent (service.ended);
  return status;
}

/* In the thread that the dispatcher made. Nobody is told when registering fails: the manager sees
 * that we do not answer. */
static VOID WINAPI
serve (DWORD count, wchar_t **arguments)
{
  SERVICE_STATUS_HANDLE manager
      = RegisterServiceCtrlHandlerExW (SERVICE_NAME, handle_control, NULL);

  if (manager == NULL)
    return;
  service.status.dwServiceType = SERVICE_WIN32_OWN_PROCESS;
  service.ticks = CreateThreadpoolTimer (tick, NULL, NULL);
  g_atomic_pointer_set (&service.manager, manager);
  change_state (SERVICE_START_PENDING);

  service.exit_status = run_program ();

  if (service.exit_status != 0) {
    /* An exit with an error is what the recovery actions wait for. */
    service.status.dwWin32ExitCode = ERROR_SERVICE_SPECIFIC_ERROR;
    service.status.dwServiceSpecificExitCode = (DWORD)service.exit_status;
  }
  change_state (SERVICE_STOPPED);
  /* All is on the disk. Libraries would clean up now, beside threads that were ended wherever they
   * were: one that waits for what such a thread holds would never end, and keep the file in use. */
  fflush (NULL);
  TerminateProcess (GetCurrentProcess (), (UINT)service.exit_status);
}

static gboolean
run_managed (int *status, GError **error)
{
  wchar_t name[] = SERVICE_NAME;
  const SERVICE_TABLE_ENTRYW table[] = { { name, serve }, { NULL, NULL } };

  if (!StartServiceCtrlDispatcherW (table)) {
    DWORD code = GetLastError (); /* looking a translation up changes it */
    return failure_set (error, code, "%s",
                        _ ("--service is for the service manager, which did not start this"));
  }
  *status = service.exit_status;
  return TRUE;
}

gboolean
service_run (gboolean managed, int (*program) (void), int *status, GError **error)
{
  service.program = program;
  service.ended = CreateEventW (NULL, TRUE, FALSE, NULL);
  if (service.ended == NULL)
    return failure_set (error, GetLastError (), "Cannot make an event");
  if (managed)
    return run_managed (status, error);
  if (!SetConsoleCtrlHandler (service_console_event, TRUE))
    return failure_set (error, GetLastError (), "Cannot listen to Ctrl-C");
  *status = run_program ();
  return TRUE;
}

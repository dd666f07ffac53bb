/* What the parts of the service on Windows tell each other. */
#pragma once
#include <gio/gio.h>
#include <winsock2.h>
#include <windows.h>

#define SERVICE_NAME L"hauspost"
#define SERVICE_LOG L"Hauspost" /* the log of the Event Viewer and the source in it */
/* How long a stop may take: farewells and long work of the server, then the store. */
#define SERVICE_DRAIN 120000 /* ms */

typedef struct SC_HANDLE__ ServiceHandle;

static inline void
service_handle_close (ServiceHandle *handle)
{
  CloseServiceHandle (handle);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ServiceHandle, service_handle_close)

/* The service manager of this machine; NULL with ERROR. */
SC_HANDLE service_open_manager (DWORD access, GError **error);
/* Waits until it has stopped and its program has ended; not running is no error. Needs
 * SERVICE_STOP, SERVICE_QUERY_STATUS. */
gboolean service_stop (SC_HANDLE service, GError **error);

/* Whether the Service Control Manager has started this process. Any thread. */
gboolean service_is_managed (void);
/* A request of the Service Control Manager (SERVICE_CONTROL_…) and of a console (CTRL_…_EVENT). Any
 * thread. */
void service_control (DWORD control);
BOOL WINAPI service_console_event (DWORD event);

/* Each changes or makes one thing; removing what is not there is no error. */
gboolean service_log_register (const wchar_t *program, GError **error);
gboolean service_log_unregister (GError **error);
/* The newest failure in the log that is not older than SINCE (seconds since 1970). NULL: none, or
 * the log cannot be read; free with g_free. */
char *service_log_find_failure (guint32 since);
gboolean service_firewall_open (const wchar_t *program, GError **error);
gboolean service_firewall_close (GError **error);

/* What the parts of the service on Windows tell each other. */
#pragma once
#include <gio/gio.h>
#include <winsock2.h>
#include <windows.h>

#define SERVICE_NAME L"hauspost"
#define SERVICE_LOG L"Hauspost" /* the log of the Event Viewer and the source in it */
/* How long a stop may take: farewells and long work of the server, then the store. */
#define SERVICE_DRAIN 120000 /* ms */

/* Whether the Service Control Manager has started this process. Any thread. */
gboolean service_is_managed (void);
/* A request of the Service Control Manager (SERVICE_CONTROL_…) and of a console (CTRL_…_EVENT). Any
 * thread. */
void service_control (DWORD control);
BOOL WINAPI service_console_event (DWORD event);

/* Each changes or makes one thing; removing what is not there is no error. */
gboolean service_log_register (const wchar_t *program, GError **error);
gboolean service_log_unregister (GError **error);
gboolean service_firewall_open (const wchar_t *program, GError **error);
gboolean service_firewall_close (GError **error);

/* A thread that empties a completion port and wakes a main context up. */
#pragma once
#include <glib.h>
#include <winsock2.h>
#include <windows.h>

typedef struct _ReactorPump ReactorPump;

/* PORT and CONTEXT must live until reactor_pump_stop has returned. */
ReactorPump *reactor_pump_new (HANDLE port, GMainContext *context, GError **error);
gboolean reactor_pump_has_entries (ReactorPump *pump);
/* What came since the last time, an array of OVERLAPPED_ENTRY that is valid until the next. */
GArray *reactor_pump_take (ReactorPump *pump);
/* Ends the thread; what it has brought can still be taken. */
void reactor_pump_stop (ReactorPump *pump);
void reactor_pump_free (ReactorPump *pump);

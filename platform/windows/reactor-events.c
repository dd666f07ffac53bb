/* The reactor's events on Windows: one completion port. A pump thread empties it (documented calls
 * only), or the source polls the port's own handle (HAUSPOST_REACTOR=port). */
#include "platform/windows/reactor-events.h"
#include "platform/reactor-private.h"
#include "platform/windows/reactor-pump.h"
#include "platform/windows/winsock.h"

enum {
  ENTRIES_AT_ONCE = 128,
  DRAIN_MS = 5000, /* cancelled operations come back at once; if not, their memory is given up */
};

typedef struct {
  HANDLE port;
  ReactorPump *pump; /* NULL: the port is polled */
  guint begun; /* operations that will come through the port */
} Events;

/* Microsoft does not say that a port can be waited for, so it is tried: signalled while something
 * is in it, and only then. */
static gboolean
can_be_polled (HANDLE port)
{
  OVERLAPPED_ENTRY entry;
  ULONG count = 0;
  gboolean was_silent = WaitForSingleObject (port, 0) == WAIT_TIMEOUT;

  if (!PostQueuedCompletionStatus (port, 0, 0, NULL))
    return FALSE;
  gboolean is_told = WaitForSingleObject (port, 0) == WAIT_OBJECT_0
      && WaitForSingleObject (port, 0) == WAIT_OBJECT_0;
  GetQueuedCompletionStatusEx (port, &entry, 1, &count, 0, FALSE);
  return was_silent && is_told && count == 1 && WaitForSingleObject (port, 0) == WAIT_TIMEOUT;
}

static gboolean
is_polling_wanted (void)
{
  return g_strcmp0 (g_getenv ("HAUSPOST_REACTOR"), "port") == 0;
}

gboolean
reactor_events_open (Reactor *self, GError **error)
{
  HANDLE port = NULL;

  if (winsock_start (error))
    port = CreateIoCompletionPort (INVALID_HANDLE_VALUE, NULL, 0, 1);
  if (port == NULL) {
    if (error != NULL && *error == NULL)
      winsock_set_error (error, "Cannot make a completion port", GetLastError ());
    return FALSE;
  }
  ReactorPump *pump = NULL;
  if (is_polling_wanted () && can_be_polled (port)) {
    self->poll = (GPollFD) { .fd = (gintptr)port, .events = G_IO_IN };
  } else if ((pump = reactor_pump_new (port, self->context, error)) == NULL) {
    CloseHandle (port);
    return FALSE;
  }
  Events *events = g_new0 (Events, 1);
  events->port = port;
  events->pump = pump;
  self->events = events;
  return TRUE;
}

gboolean
reactor_events_wait (Reactor *self)
{
  Events *events = self->events;

  return events->pump != NULL && reactor_pump_has_entries (events->pump);
}

static void
take_back (Events *events, const OVERLAPPED_ENTRY *entries, guint count)
{
  for (guint i = 0; i < count; i++) {
    ReactorOperation *operation = (ReactorOperation *)entries[i].lpOverlapped;
    if (operation == NULL)
      continue; /* the pump's own */
    events->begun--;
    operation->done (operation);
  }
}

static gboolean
gather_from_port (Events *events, DWORD wait_ms)
{
  OVERLAPPED_ENTRY entries[ENTRIES_AT_ONCE];
  ULONG count = 0;

  if (!GetQueuedCompletionStatusEx (events->port, entries, ENTRIES_AT_ONCE, &count, wait_ms, FALSE))
    return FALSE;
  take_back (events, entries, count);
  return TRUE;
}

static void
gather_from_pump (Events *events)
{
  GArray *entries = reactor_pump_take (events->pump);

  take_back (events, (OVERLAPPED_ENTRY *)entries->data, entries->len);
}

void
reactor_events_gather (Reactor *self)
{
  Events *events = self->events;

  if (events->pump != NULL)
    gather_from_pump (events);
  else
    gather_from_port (events, 0);
}

/* The sockets are freed, but the system may still hold what they began. */
void
reactor_events_close (Reactor *self)
{
  Events *events = self->events;

  if (events->pump != NULL) {
    reactor_pump_stop (events->pump);
    gather_from_pump (events);
    reactor_pump_free (events->pump);
  }
  gint64 end = g_get_monotonic_time () + DRAIN_MS * G_TIME_SPAN_MILLISECOND;
  for (gint64 left; events->begun > 0 && (left = end - g_get_monotonic_time ()) > 0;)
    gather_from_port (events, (DWORD)(left / G_TIME_SPAN_MILLISECOND) + 1);
  if (events->begun > 0)
    g_warning ("The system keeps %u operations of a closed reactor", events->begun);
  CloseHandle (events->port);
  g_free (events);
}

gboolean
reactor_add (Reactor *self, SOCKET handle, GError **error)
{
  Events *events = self->events;

  if (CreateIoCompletionPort ((HANDLE)handle, events->port, 0, 0) != NULL)
    return TRUE;
  winsock_set_error (error, "Cannot watch a socket", GetLastError ());
  return FALSE;
}

OVERLAPPED *
reactor_operation_new (ReactorOperation *operation)
{
  operation->overlapped = (OVERLAPPED) { 0 };
  return &operation->overlapped;
}

int
reactor_operation_begun (Reactor *self, ReactorOperation *operation, int code, gboolean skips)
{
  Events *events = self->events;

  if (code != 0 && code != WSA_IO_PENDING)
    return code;
  if (code == WSA_IO_PENDING || !skips)
    events->begun++;
  else
    operation->done (operation);
  return 0;
}

/* Internal is an NTSTATUS, negative for errors. */
gboolean
reactor_operation_failed (ReactorOperation *operation)
{
  return (LONG)operation->overlapped.Internal < 0;
}

gsize
reactor_operation_count (ReactorOperation *operation)
{
  return operation->overlapped.InternalHigh;
}

/* The pump: blocks in GetQueuedCompletionStatusEx, hands its batch over under a lock, wakes the
 * context up. */
#include "platform/windows/reactor-pump.h"

enum { ENTRIES_AT_ONCE = 128, KEY_STOP = 1 };

struct _ReactorPump {
  HANDLE port;
  GMainContext *context;
  GThread *thread;
  gint has_entries; /* atomic, changed under the lock */
  GMutex lock;
  GArray *arrived; /* of OVERLAPPED_ENTRY, under the lock */
  GArray *taken; /* the reactor's */
};

/* Only the first entry wakes the context up: the reactor takes all that is there. */
static void
hand_over (ReactorPump *self, const OVERLAPPED_ENTRY *entries, guint count)
{
  g_mutex_lock (&self->lock);
  gboolean was_empty = self->arrived->len == 0;
  g_array_append_vals (self->arrived, entries, count);
  g_atomic_int_set (&self->has_entries, TRUE);
  g_mutex_unlock (&self->lock);
  if (was_empty)
    g_main_context_wakeup (self->context);
}

static gpointer
pump (gpointer data)
{
  ReactorPump *self = data;
  OVERLAPPED_ENTRY entries[ENTRIES_AT_ONCE];
  gboolean is_stopped = FALSE;

  while (!is_stopped) {
    ULONG count = 0;
    if (!GetQueuedCompletionStatusEx (self->port, entries, ENTRIES_AT_ONCE, &count, INFINITE,
                                      FALSE)) {
      g_usleep (1000); /* only memory can be short here */
      continue;
    }
    for (ULONG i = 0; i < count; i++)
      is_stopped = is_stopped || entries[i].lpCompletionKey == KEY_STOP;
    hand_over (self, entries, count);
  }
  return NULL;
}

ReactorPump *
reactor_pump_new (HANDLE port, GMainContext *context, GError **error)
{
  ReactorPump *self = g_new0 (ReactorPump, 1);

  self->port = port;
  self->context = context;
  g_mutex_init (&self->lock);
  self->arrived = g_array_new (FALSE, FALSE, sizeof (OVERLAPPED_ENTRY));
  self->taken = g_array_new (FALSE, FALSE, sizeof (OVERLAPPED_ENTRY));
  self->thread = g_thread_try_new ("pump", pump, self, error);
  if (self->thread != NULL)
    return self;
  reactor_pump_free (self);
  return NULL;
}

gboolean
reactor_pump_has_entries (ReactorPump *self)
{
  return g_atomic_int_get (&self->has_entries);
}

GArray *
reactor_pump_take (ReactorPump *self)
{
  GArray *arrived;

  g_array_set_size (self->taken, 0);
  g_mutex_lock (&self->lock);
  arrived = self->arrived;
  self->arrived = self->taken;
  self->taken = arrived;
  g_atomic_int_set (&self->has_entries, FALSE);
  g_mutex_unlock (&self->lock);
  return arrived;
}

void
reactor_pump_stop (ReactorPump *self)
{
  while (!PostQueuedCompletionStatus (self->port, 0, KEY_STOP, NULL))
    g_usleep (1000); /* only memory can be short here */
  g_thread_join (self->thread);
}

void
reactor_pump_free (ReactorPump *self)
{
  g_array_unref (self->arrived);
  g_array_unref (self->taken);
  g_mutex_clear (&self->lock);
  g_free (self);
}

/* A wheel of seconds: a slot holds the timers of all seconds that are equal modulo its size. */
#include "net/timers.h"

enum { SLOTS = 256 };

struct _Timers {
  GSource *tick; /* sleeps for ever while no timer waits */
  guint count;
  gint64 done; /* every second up to this one has been looked at */
  GQueue slots[SLOTS];
};

typedef struct {
  GSource source;
  Timers *timers;
} Tick;

gint64
timers_now (void)
{
  return g_get_monotonic_time () / G_USEC_PER_SEC;
}

static GQueue *
slot_of (Timers *self, gint64 second)
{
  return &self->slots[second % SLOTS];
}

/* Looks from the start again after each timer that ran, because it may set or clear any other;
 * those of a later turn of the wheel are moved behind first, so that nothing is looked at twice. */
static void
run_slot (Timers *self, gint64 now)
{
  GQueue *slot = slot_of (self, self->done);

  for (guint left = slot->length; left > 0 && slot->length > 0; left--) {
    Timer *timer = slot->head->data;
    if (timer->second > now) {
      GList *later = g_queue_pop_head_link (slot);
      g_queue_push_tail_link (slot, later);
      continue;
    }
    timers_clear (self, timer);
    timer->run (timer);
  }
}

static gboolean
tick_dispatch (GSource *source, GSourceFunc callback, gpointer data)
{
  Timers *self = ((Tick *)source)->timers;
  gint64 now = timers_now ();

  if (now - self->done > SLOTS) /* the machine slept: one turn of the wheel sees every timer */
    self->done = now - SLOTS;
  while (self->done < now) {
    self->done++;
    run_slot (self, now);
  }
  g_source_set_ready_time (source, self->count > 0 ? (now + 1) * G_USEC_PER_SEC : -1);
  return G_SOURCE_CONTINUE;
}

static GSourceFuncs tick_funcs = { .dispatch = tick_dispatch };

Timers *
timers_new (GMainContext *context)
{
  Timers *self = g_new0 (Timers, 1);

  self->done = timers_now ();
  for (guint i = 0; i < SLOTS; i++)
    g_queue_init (&self->slots[i]);
  self->tick = g_source_new (&tick_funcs, sizeof (Tick));
  ((Tick *)self->tick)->timers = self;
  g_source_set_static_name (self->tick, "timers");
  g_source_set_ready_time (self->tick, -1);
  g_source_attach (self->tick, context);
  return self;
}

void
timers_free (Timers *self)
{
  for (guint i = 0; i < SLOTS; i++)
    while (self->slots[i].length > 0)
      timers_clear (self, self->slots[i].head->data);
  g_source_destroy (self->tick);
  g_source_unref (self->tick);
  g_free (self);
}

void
timers_set (Timers *self, Timer *timer, gint64 second)
{
  timers_clear (self, timer);
  if (self->count == 0) {
    self->done = MAX (self->done, timers_now () - 1);
    g_source_set_ready_time (self->tick, (self->done + 1) * G_USEC_PER_SEC);
  }
  timer->second = MAX (second, self->done + 1);
  timer->link.data = timer;
  g_queue_push_tail_link (slot_of (self, timer->second), &timer->link);
  self->count++;
}

void
timers_clear (Timers *self, Timer *timer)
{
  if (timer->link.data == NULL)
    return;
  g_queue_unlink (slot_of (self, timer->second), &timer->link);
  timer->link.data = NULL;
  self->count--;
}

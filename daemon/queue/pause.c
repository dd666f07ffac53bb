/* A short rest for changes by hand: what is not on its way by then is not begun. */
#include "queue/schedule-private.h"

/* Crosses threads; its owner waits. */
typedef struct {
  Schedule *schedule;
  GString *on_their_way;
  GMutex lock;
  GCond changed;
  gboolean is_done; /* under the lock */
} Pause;

static void
list (gint64 message, const char *name, gpointer data)
{
  Pause *self = data;

  g_string_append_printf (self->on_their_way, "%" G_GINT64_FORMAT " %s\n", message, name);
}

static void
begin (gpointer data)
{
  Pause *self = data;
  GHashTableIter iter;
  gpointer destination;

  self->schedule->pauses++;
  self->schedule->changes++;
  g_hash_table_iter_init (&iter, self->schedule->destinations);
  while (g_hash_table_iter_next (&iter, NULL, &destination))
    destination_pause (destination, list, self);
  g_mutex_lock (&self->lock);
  self->is_done = TRUE;
  g_cond_signal (&self->changed);
  g_mutex_unlock (&self->lock);
}

char *
schedule_pause (Schedule *schedule)
{
  Pause self = { .schedule = schedule, .on_their_way = g_string_new ("\n") };

  g_mutex_init (&self.lock);
  g_cond_init (&self.changed);
  io_thread_invoke (schedule->thread, begin, &self);
  g_mutex_lock (&self.lock);
  while (!self.is_done)
    g_cond_wait (&self.changed, &self.lock);
  g_mutex_unlock (&self.lock);
  g_mutex_clear (&self.lock);
  g_cond_clear (&self.changed);
  return g_string_free (self.on_their_way, FALSE);
}

static void
end (gpointer data)
{
  Schedule *schedule = data;

  schedule->pauses--;
  schedule_look (schedule);
}

void
schedule_resume (Schedule *schedule)
{
  io_thread_invoke (schedule->thread, end, schedule);
}

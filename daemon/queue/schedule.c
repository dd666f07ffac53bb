/* The destinations in the order of their time. */
#include "queue/schedule-private.h"
#include "log.h"
#include "queue/queue.h"
#include "settings.h"
#include <string.h>

#define STOP_SECONDS 15 /* for mail that is on its way */

gint64
schedule_now (void)
{
  return g_get_real_time () / G_USEC_PER_SEC;
}

static gint
compare_due (gconstpointer a, gconstpointer b, gpointer data)
{
  const Destination *one = a, *two = b;

  return one->due < two->due ? -1 : one->due > two->due;
}

static void
wait_until (Destination *destination, gint64 due)
{
  destination->due = due;
  if (destination->place)
    g_sequence_remove (destination->place);
  destination->place
      = g_sequence_insert_sorted (destination->schedule->waiting, destination, compare_due, NULL);
}

static void
set_timer (Schedule *self)
{
  const GSequenceIter *first = g_sequence_get_begin_iter (self->waiting);
  gint64 seconds;

  if (g_sequence_get_length (self->waiting) == 0) {
    g_source_set_ready_time (self->timer, -1);
    return;
  }
  seconds = ((Destination *)g_sequence_get ((GSequenceIter *)first))->due - schedule_now ();
  g_source_set_ready_time (self->timer,
                           g_get_monotonic_time () + CLAMP (seconds, 0, 3600) * G_USEC_PER_SEC);
}

static void
tell_rest (Schedule *self)
{
  g_mutex_lock (&self->lock);
  self->at_rest = self->stopping && self->active == 0;
  g_cond_signal (&self->rests);
  g_mutex_unlock (&self->lock);
}

/* A provider that gets all mail is one server, however many domains lie behind it. */
static guint
most_connections (void)
{
  g_autofree char *provider = setting_text (SETTING_QUEUE_RELAY);
  const gint64 most = setting_number (SETTING_QUEUE_CONNECTIONS);

  return (guint)(*provider ? MIN (most, setting_number (SETTING_QUEUE_CONNECTIONS_PER_DOMAIN))
                           : most);
}

/* Begins what is due, as far as connections are free: who waits longest comes first, so that a
 * destination that is dead takes a place only while it is tried. */
void
schedule_look (Schedule *self)
{
  const guint most = most_connections ();

  while (schedule_is_running (self) && g_sequence_get_length (self->waiting) > 0
         && self->active < most && self->connections < most) {
    Destination *destination = g_sequence_get (g_sequence_get_begin_iter (self->waiting));
    if (destination->due > schedule_now ())
      break;
    g_sequence_remove (g_steal_pointer (&destination->place));
    self->active++;
    destination_begin (destination);
  }
  if (self->active >= most || self->connections >= most || !schedule_is_running (self))
    g_source_set_ready_time (self->timer, -1); /* who ends will look again */
  else
    set_timer (self);
}

void
schedule_rest (Destination *destination, gint64 due)
{
  Schedule *self = destination->schedule;

  self->active--;
  if (due == 0)
    g_hash_table_remove (self->destinations, destination->name);
  else
    wait_until (destination, due);
  if (self->stopping)
    tell_rest (self);
  else
    schedule_look (self);
}

static gboolean
did_reach_time (gpointer data)
{
  schedule_look (data);
  return G_SOURCE_CONTINUE;
}

static gboolean
dispatch_timer (GSource *source, GSourceFunc callback, gpointer data)
{
  return callback (data);
}

static GSourceFuncs timer_funcs = { .dispatch = dispatch_timer };

/* Crosses threads. */
typedef struct {
  Schedule *schedule;
  gint64 due; /* 0: now */
  gboolean retry;
  char name[];
} Announcement;

/* A server that did not answer is not asked at once for each new mail, but at the end of its life
 * the mail's sender must hear of it. */
static void
hasten (Destination *destination, gint64 due)
{
  if (destination->failures > 0)
    due += setting_number (SETTING_QUEUE_LIFETIME);
  if (due < destination->due)
    wait_until (destination, due);
}

static void
take (Schedule *self, const char *name, gint64 due, gboolean retry)
{
  Destination *destination = g_hash_table_lookup (self->destinations, name);

  if (destination == NULL) {
    destination = destination_new (self, name);
    g_hash_table_insert (self->destinations, destination->name, destination);
    wait_until (destination, due);
    return;
  }
  if (retry) {
    destination->failures = 0;
    destination->not_before = 0;
  }
  if (destination->place == NULL && due > schedule_now ())
    destination->later = destination->later ? MIN (destination->later, due) : due;
  else if (destination->place == NULL)
    destination->news = TRUE;
  else
    hasten (destination, due);
}

static void
announce (gpointer data)
{
  g_autofree Announcement *announcement = data;
  Schedule *self = announcement->schedule;

  take (self, announcement->name, announcement->due ? announcement->due : schedule_now (),
        announcement->retry);
  schedule_look (self);
}

static void
send_announcement (Schedule *self, const char *destination, gint64 due, gboolean retry)
{
  const gsize length = strlen (destination) + 1;
  Announcement *announcement = g_malloc (sizeof *announcement + length);

  announcement->schedule = self;
  announcement->due = due;
  announcement->retry = retry;
  memcpy (announcement->name, destination, length);
  io_thread_invoke (self->thread, announce, announcement);
}

void
schedule_announce (Schedule *self, const char *destination, gboolean retry)
{
  send_announcement (self, destination, 0, retry);
}

void
schedule_announce_at (Schedule *self, const char *destination, gint64 due)
{
  send_announcement (self, destination, due, FALSE);
}

static void
look_again (gpointer data)
{
  Schedule *self = data;
  GHashTableIter iter;
  gpointer destination;

  g_hash_table_iter_init (&iter, self->destinations);
  while (g_hash_table_iter_next (&iter, NULL, &destination))
    ((Destination *)destination)->ready_since = 0;
}

void
schedule_look_again (Schedule *self)
{
  io_thread_invoke (self->thread, look_again, self);
}

static void
add_destination (const char *name, gint64 due, gpointer data)
{
  take (data, name, due, FALSE);
}

static gboolean
load (StoreSnapshot *snapshot, gpointer data, GError **error)
{
  return queue_each_destination (store_snapshot_database (snapshot), add_destination, data, error);
}

static void
start (gpointer data)
{
  Schedule *self = data;

  self->timer = g_source_new (&timer_funcs, sizeof (GSource));
  g_source_set_static_name (self->timer, "schedule");
  g_source_set_callback (self->timer, did_reach_time, self, NULL);
  g_source_attach (self->timer, io_thread_context (self->thread));
  schedule_look (self);
}

static void
destroy (Schedule *self)
{
  if (self->timer) {
    g_source_destroy (self->timer);
    g_source_unref (self->timer);
  }
  g_object_unref (self->cancellable);
  g_sequence_free (self->waiting);
  g_hash_table_unref (self->destinations);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->rests);
  g_free (self);
}

Schedule *
schedule_new (const ScheduleOptions *options, GError **error)
{
  Schedule *self = g_new0 (Schedule, 1);

  self->store = options->store;
  self->dns = options->dns;
  self->hostname = options->hostname;
  self->destinations
      = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify)destination_free);
  self->waiting = g_sequence_new (NULL);
  self->cancellable = g_cancellable_new ();
  g_mutex_init (&self->lock);
  g_cond_init (&self->rests);
  if (store_read_sync (self->store, load, self, error))
    self->thread = io_thread_new ("queue", error);
  if (self->thread == NULL) {
    destroy (self);
    return NULL;
  }
  io_thread_invoke (self->thread, start, self);
  return self;
}

static void
dismiss_connections (gpointer data)
{
  Schedule *self = data;
  GHashTableIter iter;
  gpointer value;

  self->stopping = TRUE;
  g_cancellable_cancel (self->cancellable);
  g_hash_table_iter_init (&iter, self->destinations);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    for (guint i = ((Destination *)value)->connections->len; i-- > 0;)
      connection_dismiss (((Destination *)value)->connections->pdata[i]);
  tell_rest (self);
}

static void
abort_connections (gpointer data)
{
  Schedule *self = data;
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->destinations);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    for (guint i = ((Destination *)value)->connections->len; i-- > 0;)
      connection_abort (((Destination *)value)->connections->pdata[i]);
}

static gboolean
await_rest (Schedule *self, guint seconds)
{
  const gint64 until = g_get_monotonic_time () + (gint64)seconds * G_USEC_PER_SEC;
  gboolean at_rest;

  g_mutex_lock (&self->lock);
  while (!self->at_rest && g_cond_wait_until (&self->rests, &self->lock, until)) { }
  at_rest = self->at_rest;
  g_mutex_unlock (&self->lock);
  return at_rest;
}

void
schedule_free (Schedule *self)
{
  io_thread_invoke (self->thread, dismiss_connections, self);
  if (!await_rest (self, STOP_SECONDS)) {
    io_thread_invoke (self->thread, abort_connections, self);
    await_rest (self, STOP_SECONDS);
  }
  io_thread_free (self->thread);
  destroy (self);
}

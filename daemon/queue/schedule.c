/* The destinations in the order of their time. */
#include "queue/schedule-private.h"
#include "log.h"
#include "queue/brake-notice.h"
#include "queue/queue.h"
#include "settings.h"
#include <string.h>

#define STOP_SECONDS 15 /* for mail that is on its way */
/* Whose server has not answered for so long (microseconds) has no place any more: to wait costs
 * next to nothing, and nobody living shall wait behind the dead. */
#define PATIENCE (G_USEC_PER_SEC / 4)
/* So many of them for each place; then the one that waits longest is given up. One with many hosts
 * only goes on to its next then, so there may be twice as many. */
#define SLOW_MOST 20
#define FAILING_PART 4 /* of the places at most one in so many is for who failed the last time */

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
  Schedule *self = destination->schedule;

  destination->due = due;
  if (destination->place)
    g_sequence_remove (destination->place);
  destination->place = g_sequence_insert_sorted (
      destination->failures > 0 ? self->failing : self->waiting, destination, compare_due, NULL);
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

gboolean
schedule_is_full (Schedule *self)
{
  const guint most = most_connections ();

  return self->taken >= most || self->connections >= most;
}

static gboolean
is_full_for_failing (Schedule *self)
{
  return self->taken_by_failing >= MAX (1, most_connections () / FAILING_PART);
}

static void
leave_failing (Destination *destination)
{
  destination->schedule->taken_by_failing -= destination->is_failing;
  destination->is_failing = FALSE;
}

/* Makes room among those that are slow. */
static gboolean
can_wait_longer (Schedule *self)
{
  const guint most = most_connections () * SLOW_MOST;
  Destination *oldest;

  if (self->slow.length < most)
    return TRUE;
  oldest = self->slow.head->data;
  g_queue_unlink (&self->slow, &oldest->link); /* others will be asked before it is again */
  g_queue_push_tail_link (&self->slow, &oldest->link);
  return oldest->connections->len > 0 && connection_hurry (oldest->connections->pdata[0])
      && self->slow.length < 2 * most;
}

/* Takes the places of those that nobody has answered for long. */
static void
leave_slow (Schedule *self)
{
  const gint64 before = g_get_monotonic_time () - PATIENCE;
  Destination *destination;

  while ((destination = g_queue_peek_head (&self->trying)) && destination->since <= before
         && can_wait_longer (self)) {
    g_queue_unlink (&self->trying, &destination->link);
    g_queue_push_tail_link (&self->slow, &destination->link);
    destination->is_slow = TRUE;
    self->taken--;
    self->connections -= destination->connections->len;
    leave_failing (destination);
  }
}

void
schedule_answered (Destination *destination)
{
  Schedule *self = destination->schedule;

  if (destination->link.data == NULL)
    return;
  g_queue_unlink (destination->is_slow ? &self->slow : &self->trying, &destination->link);
  destination->link.data = NULL;
  if (destination->is_slow) {
    self->taken++;
    self->connections += destination->connections->len;
  }
  destination->is_slow = FALSE;
  leave_failing (destination);
}

static Destination *
first_due (GSequence *sequence)
{
  Destination *destination = g_sequence_get_length (sequence) > 0
      ? g_sequence_get (g_sequence_get_begin_iter (sequence))
      : NULL;

  return destination && destination->due <= schedule_now () ? destination : NULL;
}

/* Who waits longest comes first; those that failed have a part of the places of their own, so that
 * neither they nor the others wait behind each other. */
static Destination *
next_due (Schedule *self)
{
  Destination *destination = NULL;

  leave_slow (self);
  if (!schedule_is_running (self) || schedule_is_full (self))
    return NULL;
  if (!is_full_for_failing (self))
    destination = first_due (self->failing);
  return destination ? destination : first_due (self->waiting);
}

static void
begin (Destination *destination)
{
  Schedule *self = destination->schedule;

  g_sequence_remove (g_steal_pointer (&destination->place));
  destination->since = g_get_monotonic_time ();
  destination->link.data = destination;
  g_queue_push_tail_link (&self->trying, &destination->link);
  destination->is_failing = destination->failures > 0;
  self->taken_by_failing += destination->is_failing;
  self->taken++;
  self->active++;
  destination_begin (destination);
}

/* When the first of them is due; monotonic. */
static gint64
time_of_first (GSequence *sequence)
{
  const Destination *first;

  if (g_sequence_get_length (sequence) == 0)
    return G_MAXINT64;
  first = g_sequence_get (g_sequence_get_begin_iter (sequence));
  return g_get_monotonic_time () + CLAMP (first->due - schedule_now (), 0, 3600) * G_USEC_PER_SEC;
}

/* Who ends will look again; and those that nobody answers leave their places. */
static void
set_timer (Schedule *self)
{
  const Destination *oldest = g_queue_peek_head (&self->trying);
  /* Later than now, also when it could not leave its place. */
  const gint64 place = oldest
      ? MAX (oldest->since, g_get_monotonic_time () - PATIENCE / 2) + PATIENCE
      : G_MAXINT64;
  const gboolean is_full = schedule_is_full (self);
  const gint64 fresh = is_full ? place : time_of_first (self->waiting);
  const gint64 failing = time_of_first (self->failing);
  const gint64 first
      = MIN (fresh, is_full || is_full_for_failing (self) ? MAX (failing, place) : failing);

  g_source_set_ready_time (self->timer,
                           !schedule_is_running (self) || first == G_MAXINT64 ? -1 : first);
}

/* Begins what is due, as far as there are places. */
void
schedule_look (Schedule *self)
{
  Destination *destination;

  while ((destination = next_due (self)))
    begin (destination);
  set_timer (self);
}

void
schedule_rest (Destination *destination, gint64 due)
{
  Schedule *self = destination->schedule;

  schedule_answered (destination);
  self->taken--;
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
hasten (Destination *destination, gint64 due, gboolean retry)
{
  if (destination->failures > 0)
    due += setting_number (SETTING_QUEUE_LIFETIME);
  if (retry || due < destination->due)
    wait_until (destination, MIN (due, destination->due));
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
    destination->is_retried = destination->place == NULL;
  }
  if (destination->place == NULL && due > schedule_now ())
    destination->later = destination->later ? MIN (destination->later, due) : due;
  else if (destination->place == NULL)
    destination->news = TRUE;
  else
    hasten (destination, due, retry);
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
  brake_notice_send (self->store, self->hostname, self); /* if a restart came in between */
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
  g_sequence_free (self->failing);
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
  self->failing = g_sequence_new (NULL);
  g_queue_init (&self->trying);
  g_queue_init (&self->slow);
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

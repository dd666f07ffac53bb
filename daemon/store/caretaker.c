/* A thread beside the writer: looks at the disk's free space and moves the WAL into the database.
 */
#include "store/parts.h"
#include "log.h"
#include "metrics.h"
#include "settings.h"

/* Asking costs nothing, and a sender that was refused is soon back. */
#define INTERVAL G_USEC_PER_SEC

struct _Caretaker {
  Store *store;
  GThread *thread;
  gboolean told; /* that reading the free space fails */

  GMutex lock; /* what follows */
  GCond changed;
  gboolean stopping, awake, checkpoint;
};

static void
set_takes_mail (Store *store, gboolean takes)
{
  if (g_atomic_int_get (&store->takes_mail) == takes)
    return;
  g_atomic_int_set (&store->takes_mail, takes);
  metric_set (METRIC_DISK_RESERVE_REACHED, !takes);
  if (takes)
    log_event (LOG_NOTICE, "The disk has room again: mail is accepted", "folder", store->folder,
               NULL);
  else
    log_event (LOG_ERROR, "The disk is nearly full: new mail is refused until there is room",
               "folder", store->folder, NULL);
}

static void
look_at_disk (Caretaker *self)
{
  guint64 free_bytes;
  g_autoptr (GError) error = NULL;

  if (file_free_space (self->store->folder, &free_bytes, &error)) {
    self->told = FALSE;
    set_takes_mail (self->store, free_bytes >= (guint64)setting_number (SETTING_DISK_RESERVE));
    return;
  }
  if (!self->told)
    log_event (LOG_WARNING, "Cannot see how much room the disk has", "error", error->message, NULL);
  self->told = TRUE;
}

/* Not coming through is no failure: somebody reads, or the writer will do it. */
static void
move_wal (Store *store, Database *database, GError **error)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&store->checkpoint);
  GError *failure = NULL;

  if (store_checkpoint (database, SQLITE_CHECKPOINT_PASSIVE, &failure) || !failure)
    return;
  g_atomic_int_set (&store->in_doubt, TRUE);
  g_propagate_error (error, failure);
}

static void
checkpoint (Store *store)
{
  g_autoptr (GError) error = NULL;

  g_rw_lock_reader_lock (&store->connections);
  g_autoptr (Database) database = database_open (store->database_path, DATABASE_WRITE, &error);
  if (database)
    move_wal (store, database, &error);
  /* At the end of a store this may be the last connection. */
  store_end_database (store, g_steal_pointer (&database));
  g_rw_lock_reader_unlock (&store->connections);
  if (error)
    store_note_error (store, error);
}

static gpointer
take_care (gpointer data)
{
  Caretaker *self = data;

  g_mutex_lock (&self->lock);
  while (!self->stopping) {
    gint64 until = g_get_monotonic_time () + INTERVAL;
    while (!self->stopping && !self->awake
           && g_cond_wait_until (&self->changed, &self->lock, until))
      ;
    gboolean wanted = self->checkpoint;
    self->awake = self->checkpoint = FALSE;
    g_mutex_unlock (&self->lock);
    look_at_disk (self);
    if (wanted)
      checkpoint (self->store);
    g_mutex_lock (&self->lock);
  }
  g_mutex_unlock (&self->lock);
  return NULL;
}

Caretaker *
caretaker_new (Store *store)
{
  Caretaker *self = g_new0 (Caretaker, 1);

  self->store = store;
  g_mutex_init (&self->lock);
  g_cond_init (&self->changed);
  look_at_disk (self);
  self->thread = g_thread_new ("caretaker", take_care, self);
  return self;
}

void
caretaker_wake (Caretaker *caretaker, gboolean wants_checkpoint)
{
  g_mutex_lock (&caretaker->lock);
  caretaker->awake = TRUE;
  caretaker->checkpoint |= wants_checkpoint;
  g_cond_signal (&caretaker->changed);
  g_mutex_unlock (&caretaker->lock);
}

void
caretaker_free (Caretaker *caretaker)
{
  if (!caretaker)
    return;
  g_mutex_lock (&caretaker->lock);
  caretaker->stopping = TRUE;
  g_cond_signal (&caretaker->changed);
  g_mutex_unlock (&caretaker->lock);
  g_thread_join (caretaker->thread);
  g_mutex_clear (&caretaker->lock);
  g_cond_clear (&caretaker->changed);
  g_free (caretaker);
}

gboolean
store_takes_mail (Store *store)
{
  return g_atomic_int_get (&store->takes_mail);
}

void
store_note_error (Store *store, const GError *error)
{
  if (!g_error_matches (error, STORE_ERROR, STORE_ERROR_FULL)) {
    if (g_error_matches (error, STORE_ERROR, STORE_ERROR_FAILED)
        || g_error_matches (error, STORE_ERROR, STORE_ERROR_CORRUPT))
      metric_add (METRIC_STORE_ERRORS, 1);
    return;
  }
  metric_add (METRIC_STORE_ERRORS, 1);
  set_takes_mail (store, FALSE);
}

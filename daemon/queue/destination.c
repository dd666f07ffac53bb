/* The way to one domain while mail is sent there, and when it is gone next. */
#include "queue/schedule-private.h"
#include "log.h"
#include "queue/queue.h"
#include "settings.h"

Destination *
destination_new (Schedule *schedule, const char *name)
{
  Destination *self = g_new0 (Destination, 1);

  self->schedule = schedule;
  self->name = g_strdup (name);
  self->tls = queue_destination_read (name, &self->domain);
  self->connections = g_ptr_array_new ();
  self->busy = g_array_new (FALSE, FALSE, sizeof (gint64));
  self->limit = 1;
  g_queue_init (&self->ready);
  g_queue_init (&self->waiters);
  return self;
}

void
destination_free (Destination *self)
{
  g_ptr_array_unref (self->connections);
  g_array_unref (self->busy);
  g_queue_clear_full (&self->ready, (GDestroyNotify)queue_mail_free);
  g_clear_pointer (&self->route, route_free);
  g_free (self->fail_reason);
  g_free (self->domain);
  g_free (self->name);
  g_free (self);
}

/* When is the first mail due that is still there, and when is the first one's life over? */
typedef struct {
  Destination *destination;
  gboolean asks_end; /* else `end` stays 0 */
  gint64 due, end;
  gint64 soonest;
} DueQuestion;

static gboolean
read_due (StoreSnapshot *snapshot, gpointer data, GError **error)
{
  DueQuestion *question = data;
  Database *database = store_snapshot_database (snapshot);
  const Destination *destination = question->destination;

  return queue_due (database, destination->name, &question->due, error)
      && (!question->asks_end || queue_end (database, destination->name, &question->end, error));
}

/* A server that takes no connection is not asked again for each new mail; but whose life is over
 * is returned on time. */
static gint64
next_time (const Destination *self, gint64 due, gint64 end, gint64 soonest)
{
  if (due == 0 || self->failures == 0)
    return due;
  if (self->news) /* nobody has looked at it yet */
    end = MIN (end > 0 ? end : G_MAXINT64,
               schedule_now () + setting_number (SETTING_QUEUE_LIFETIME));
  return MAX (MIN (MAX (due, self->not_before), end > 0 ? end : G_MAXINT64), soonest);
}

static void
did_read_due (GObject *source, GAsyncResult *result, gpointer data)
{
  Destination *self = data;
  const DueQuestion *question = store_job_data (result);
  g_autoptr (GError) error = NULL;
  gint64 due = question->due;

  self->work--;
  if (!store_read_finish (self->schedule->store, result, &error)) {
    log_event (LOG_ERROR, "The queue cannot be read", "error", error->message, NULL);
    due = schedule_now () + setting_number (SETTING_QUEUE_RETRY);
  } else if (self->news)
    due = schedule_now ();
  else if (self->later && (due == 0 || self->later < due))
    due = self->later;
  due = next_time (self, due, question->end, question->soonest);
  self->news = FALSE;
  self->later = 0;
  schedule_rest (self, due);
}

/* What was read ahead and not sent is due still. */
static void
forget_ready (Destination *self)
{
  QueueMail *mail;

  self->has_more = FALSE;
  while ((mail = g_queue_pop_head (&self->ready)))
    queue_mail_free (mail);
}

static gboolean
is_here (const Destination *self)
{
  return *self->domain == '\0';
}

/* What it has learnt for the next time. */
static void
count_failure (Destination *self)
{
  /* Who asks for it by hand during an attempt gets another one at once. */
  if (self->only_returns || self->was_paused || self->is_retried)
    return;
  self->failures
      = self->fail_code == 0 && (self->sent > 0 || is_here (self)) ? 0 : self->failures + 1;
  self->not_before
      = self->failures > 0 ? schedule_now () + MIN (queue_backoff (self->failures - 1), 3600) : 0;
}

static void
rest (Destination *self)
{
  DueQuestion *question = g_new0 (DueQuestion, 1);

  question->soonest = schedule_now ();
  if (self->only_returns && self->fail_code) /* the disk is full, say */
    question->soonest += setting_number (SETTING_QUEUE_RETRY);
  count_failure (self);
  self->news |= self->ready.length > 0;
  forget_ready (self);
  g_clear_pointer (&self->route, route_free);
  g_clear_pointer (&self->fail_reason, g_free);
  self->fail_code = self->first_stop = self->sent = 0;
  self->is_drained = self->only_returns = self->was_paused = FALSE;
  self->promise_failed = self->other_failed = FALSE;
  question->destination = self;
  question->asks_end = self->failures > 0;
  self->work++;
  store_read_async (self->schedule->store, read_due, question, g_free, NULL, did_read_due, self);
}

/* Its life is over between two attempts: what the last one said counts. */
static void
settle_by_last_reply (QueueMail *mail)
{
  for (guint i = 0; i < mail->recipients->len; i++) {
    QueueRecipient *recipient = mail->recipients->pdata[i];
    queue_recipient_settle (recipient, 451, "4.4.7",
                            recipient->last_reply ? recipient->last_reply
                                                  : "No server has taken the mail in its time",
                            NULL);
  }
}

/* There is no way: all that is due hears it, one mail after the other. */
static void
did_find_unsent (QueueMail *mail, gpointer data)
{
  Destination *self = data;

  if (mail == NULL || self->schedule->stopping) {
    g_clear_pointer (&mail, queue_mail_free);
    self->is_drained = TRUE;
    destination_check (self);
    return;
  }
  if (self->fail_code)
    queue_mail_settle (mail, self->fail_code, self->fail_status, self->fail_reason, NULL);
  else
    settle_by_last_reply (mail);
  destination_settle (self, mail);
}

void
destination_check (Destination *self)
{
  if (self->work > 0 || self->connections->len > 0)
    return;
  if (self->fail_code && self->is_retried)
    rest (self);
  else if ((self->fail_code || self->only_returns) && !self->is_drained
           && !self->schedule->stopping)
    destination_next (self, did_find_unsent, self);
  else if (is_here (self) && !self->is_drained && !self->schedule->stopping)
    local_delivery_next (self);
  else
    rest (self);
}

void
destination_fail (Destination *self, guint code, const char *status, const char *reason)
{
  if (self->fail_code)
    return;
  self->fail_code = code;
  g_strlcpy (self->fail_status, status, sizeof self->fail_status);
  self->fail_reason = g_strdup (reason);
  log_event (LOG_INFO, "A destination cannot be reached", "domain", self->domain, "error", reason,
             NULL);
}

static void
did_find_route (GObject *source, GAsyncResult *result, gpointer data)
{
  Destination *self = data;

  self->work--;
  self->route = route_find_finish (result);
  self->other_failed = self->route->is_partial;
  if (self->schedule->stopping) {
    destination_check (self);
  } else if (self->route->code) {
    destination_fail (self, self->route->code, self->route->status, self->route->reason);
    destination_check (self);
  } else
    g_ptr_array_add (self->connections, connection_begin (self));
}

void
destination_begin (Destination *self)
{
  g_array_set_size (self->busy, 0);
  self->is_retried = FALSE; /* whoever has asked until now gets this attempt */
  if (is_here (self)) {
    local_delivery_next (self);
    return;
  }
  self->only_returns = schedule_now () < self->not_before;
  if (self->only_returns) {
    destination_check (self);
    return;
  }
  self->work++;
  route_find_async (&(const RouteQuestion) { self->schedule->store, self->schedule->dns,
                                             self->domain, self->tls, self->schedule->hostname },
                    self->schedule->cancellable, did_find_route, self);
}

void
destination_grow (Destination *self)
{
  const guint most
      = MIN ((guint)self->limit, (guint)setting_number (SETTING_QUEUE_CONNECTIONS_PER_DOMAIN));

  if (self->fail_code || !schedule_is_running (self->schedule) || self->connections->len == 0
      || self->connections->len >= most || schedule_is_full (self->schedule))
    return;
  g_ptr_array_add (self->connections, connection_begin (self));
}

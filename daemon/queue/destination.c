/* One domain's mail while it is sent: the way there, its connections, what became of each mail. */
#include "queue/schedule-private.h"
#include "log.h"
#include "metrics.h"
#include "queue/queue.h"
#include "queue/settlement.h"
#include "settings.h"
#include "store/message.h"

#define AHEAD 32 /* mails that are read at once, TURN of a sender … */
#define TURN 8
#define AHEAD_SIZE 8192 /* … with their bytes when they are no more than this … */
#define AHEAD_AGE (2 * G_USEC_PER_SEC) /* … and forgotten when they were not sent soon */

Destination *
destination_new (Schedule *schedule, const char *domain)
{
  Destination *self = g_new0 (Destination, 1);

  self->schedule = schedule;
  self->domain = g_strdup (domain);
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
  g_free (self);
}

/* When is the first mail due that is still there? */
typedef struct {
  Destination *destination;
  gint64 due;
} DueQuestion;

static gboolean
read_due (StoreSnapshot *snapshot, gpointer data, GError **error)
{
  DueQuestion *question = data;

  return queue_due (store_snapshot_database (snapshot), question->destination->domain,
                    &question->due, error);
}

/* A server that takes no connection is not asked again for each new mail. */
static gint64
not_before (Destination *self, gint64 due)
{
  const gint64 now = schedule_now ();

  if (due == 0 || self->failures == 0)
    return due;
  return MAX (due, now + MIN (queue_backoff (self->failures - 1), 3600));
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
  self->news = FALSE;
  self->later = 0;
  schedule_rest (self, not_before (self, due));
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

static void
rest (Destination *self)
{
  DueQuestion *question = g_new0 (DueQuestion, 1);

  if (self->fail_code == 0 && (self->sent > 0 || is_here (self)))
    self->failures = 0;
  else
    self->failures++;
  self->news |= self->ready.length > 0;
  forget_ready (self);
  g_clear_pointer (&self->route, route_free);
  g_clear_pointer (&self->fail_reason, g_free);
  self->fail_code = self->first_stop = self->sent = 0;
  self->is_drained = FALSE;
  question->destination = self;
  self->work++;
  store_read_async (self->schedule->store, read_due, question, g_free, NULL, did_read_due, self);
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
  queue_mail_settle (mail, self->fail_code, self->fail_status, self->fail_reason, NULL);
  destination_settle (self, mail);
}

void
destination_check (Destination *self)
{
  if (self->work > 0 || self->connections->len > 0)
    return;
  if (self->fail_code && !self->is_drained && !self->schedule->stopping)
    destination_next (self, did_find_unsent, self);
  else if (is_here (self) && !self->is_drained && !self->schedule->stopping)
    local_delivery_next (self);
  else
    rest (self);
}

/* What is asked of the store, and for whom. */
typedef struct {
  Destination *destination;
  GArray *busy;
  gint64 now, last_account;
  GPtrArray *mails; /* QueueMail */
  gboolean more;
} NextQuestion;

static void
next_free (gpointer data)
{
  NextQuestion *question = data;

  g_ptr_array_unref (question->mails);
  g_array_unref (question->busy);
  g_free (question);
}

/* A small mail comes with its bytes: nothing else needs to be read to send it. */
static gboolean
read_bytes (StoreSnapshot *snapshot, QueueMail *mail, GError **error)
{
  if (mail->size > AHEAD_SIZE)
    return TRUE;
  mail->bytes = message_read (snapshot, mail->message, 0, G_MAXUINT64, error);
  if (mail->bytes && g_bytes_get_size (mail->bytes) != mail->size)
    g_clear_pointer (&mail->bytes, g_bytes_unref); /* who reads it in pieces will notice */
  return mail->bytes || *error == NULL;
}

static void
add_mail (StoreSnapshot *snapshot, QueueMail *mail, GArray *busy)
{
  g_autoptr (GError) error = NULL;

  g_array_append_val (busy, mail->message);
  if (!read_bytes (snapshot, mail, &error)) /* it is found broken again when it is sent */
    log_event (LOG_ERROR, "A queued mail cannot be read", "error", error->message, NULL);
}

/* The question stays as it was asked: it may be asked again. */
static gboolean
read_next (StoreSnapshot *snapshot, gpointer data, GError **error)
{
  NextQuestion *question = data;
  g_autoptr (GArray) busy = g_array_copy (question->busy);
  g_autoptr (GError) failure = NULL;
  gint64 account = question->last_account;

  g_ptr_array_set_size (question->mails, 0);
  question->more = TRUE;
  while (question->mails->len + TURN <= AHEAD && question->more) {
    const guint before = question->mails->len;
    question->more = FALSE;
    if (!queue_next (store_snapshot_database (snapshot), question->destination->domain,
                     question->now, account, (const gint64 *)(void *)busy->data, busy->len, TURN,
                     question->mails, &question->more, &failure)
        || question->mails->len == before)
      break;
    for (guint i = before; i < question->mails->len; i++)
      add_mail (snapshot, question->mails->pdata[i], busy);
    account = ((QueueMail *)question->mails->pdata[before])->account;
  }
  if (failure == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

/* Somebody who wants a mail. */
typedef struct {
  DestinationNextFunc func;
  gpointer data;
} Waiter;

static void
take_ready (Destination *self, DestinationNextFunc func, gpointer data)
{
  QueueMail *mail = g_queue_pop_head (&self->ready);

  self->last_account = mail->account;
  if (self->ready.length > 0 || self->has_more)
    destination_grow (self);
  func (mail, data);
}

static void read_ahead (Destination *self);

/* Those who wait get what there is; when nothing is due, all hear it. */
static void
serve (Destination *self)
{
  while (self->waiters.length > 0 && self->ready.length > 0) {
    g_autofree Waiter *waiter = g_queue_pop_head (&self->waiters);
    take_ready (self, waiter->func, waiter->data);
  }
  if (self->waiters.length > 0 && self->has_more && !self->is_reading) {
    read_ahead (self);
    return;
  }
  while (self->waiters.length > 0 && !self->is_reading) {
    g_autofree Waiter *waiter = g_queue_pop_head (&self->waiters);
    waiter->func (NULL, waiter->data);
  }
}

static void
did_read_next (GObject *source, GAsyncResult *result, gpointer data)
{
  Destination *self = data;
  NextQuestion *question = store_job_data (result);
  g_autoptr (GError) error = NULL;
  const gboolean done = store_read_finish (self->schedule->store, result, &error);

  self->is_reading = FALSE;
  if (!done)
    log_event (LOG_ERROR, "The queue cannot be read", "error", error->message, NULL);
  self->has_more = done && question->mails->len > 0 && question->more;
  while (done && question->mails->len > 0) {
    QueueMail *mail = g_ptr_array_steal_index (question->mails, 0);
    g_array_append_val (self->busy, mail->message);
    g_queue_push_tail (&self->ready, mail);
    self->ready_since = g_get_monotonic_time ();
  }
  serve (self);
  self->work--;
  destination_check (self);
}

static void release (Destination *self, gint64 message);

/* What was read too long ago may be held or gone by now. */
static void
forget_old (Destination *self)
{
  QueueMail *mail;

  if (g_get_monotonic_time () - self->ready_since < AHEAD_AGE)
    return;
  while ((mail = g_queue_pop_head (&self->ready))) {
    release (self, mail->message);
    queue_mail_free (mail);
  }
}

static void
read_ahead (Destination *self)
{
  NextQuestion *question = g_new0 (NextQuestion, 1);

  question->destination = self;
  question->mails = g_ptr_array_new_with_free_func ((GDestroyNotify)queue_mail_free);
  question->last_account
      = self->ready.tail ? ((QueueMail *)self->ready.tail->data)->account : self->last_account;
  question->busy = g_array_copy (self->busy);
  question->now = schedule_now ();
  self->work++;
  self->is_reading = TRUE;
  store_read_async (self->schedule->store, read_next, question, next_free, NULL, did_read_next,
                    self);
}

void
destination_next (Destination *self, DestinationNextFunc func, gpointer data)
{
  Waiter *waiter;

  forget_old (self);
  if (self->ready.length > 0) {
    take_ready (self, func, data);
    if (self->has_more && !self->is_reading && self->ready.length < AHEAD / 2)
      read_ahead (self);
    return;
  }
  waiter = g_new (Waiter, 1);
  *waiter = (Waiter) { func, data };
  g_queue_push_tail (&self->waiters, waiter);
  if (!self->is_reading)
    read_ahead (self);
}

static void
release (Destination *self, gint64 message)
{
  for (guint i = self->busy->len; i-- > 0;)
    if (g_array_index (self->busy, gint64, i) == message)
      g_array_remove_index_fast (self->busy, i);
}

void
destination_give_back (Destination *self, QueueMail *mail)
{
  release (self, mail->message);
  self->news = TRUE;
  queue_mail_free (mail);
}

/* A mail being written down. */
typedef struct {
  Destination *destination;
  gint64 message;
} Settling;

static void
did_settle (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autofree Settling *settling = data;
  Destination *self = settling->destination;
  g_autoptr (GError) error = NULL;

  self->work--;
  if (!settlement_write_finish (result, &error)) {
    /* It stays busy, so that it is not sent again before the destination rests. */
    log_event (LOG_ERROR, "What became of a mail cannot be written down", "domain", self->domain,
               "error", error->message, NULL);
    destination_fail (self, 451, "4.3.0", "This server cannot write to its disk");
  } else
    release (self, settling->message);
  destination_check (self);
}

static void
log_outcome (Destination *self, const QueueMail *mail, const QueueRecipient *recipient)
{
  static const char *const events[] = { [QUEUE_DELIVERED] = "Mail sent",
                                        [QUEUE_DEFERRED] = "Mail deferred",
                                        [QUEUE_FAILED] = "Mail not delivered" };
  static const Metric metrics[] = { [QUEUE_DELIVERED] = METRIC_QUEUE_SENT,
                                    [QUEUE_DEFERRED] = METRIC_QUEUE_DEFERRED,
                                    [QUEUE_FAILED] = METRIC_QUEUE_FAILED };
  g_autofree char *row = g_strdup_printf ("%" G_GINT64_FORMAT, recipient->row);

  metric_add (metrics[recipient->outcome], 1);
  log_event (LOG_INFO, events[recipient->outcome], "queue", row, "sender", mail->sender,
             "recipient", recipient->address, "host", recipient->host, "reply", recipient->reply,
             NULL);
}

void
destination_settle (Destination *self, QueueMail *mail)
{
  Settling *settling = g_new (Settling, 1);

  for (guint i = 0; i < mail->recipients->len; i++)
    log_outcome (self, mail, mail->recipients->pdata[i]);
  settling->destination = self;
  settling->message = mail->message;
  self->work++;
  settlement_write_async (self->schedule->store, self->schedule->hostname, self->schedule, mail,
                          did_settle, settling);
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
  if (is_here (self)) {
    local_delivery_next (self);
    return;
  }
  self->work++;
  route_find_async (self->schedule->store, self->schedule->dns, self->domain,
                    self->schedule->hostname, self->schedule->cancellable, did_find_route, self);
}

void
destination_grow (Destination *self)
{
  const guint most
      = MIN ((guint)self->limit, (guint)setting_number (SETTING_QUEUE_CONNECTIONS_PER_DOMAIN));

  if (self->fail_code || self->schedule->stopping || self->connections->len == 0
      || self->connections->len >= most
      || self->schedule->connections >= (guint)setting_number (SETTING_QUEUE_CONNECTIONS))
    return;
  g_ptr_array_add (self->connections, connection_begin (self));
}

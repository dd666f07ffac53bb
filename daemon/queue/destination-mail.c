/* A destination's mail: read ahead, handed out to its connections, written down when it is settled.
 */
#include "queue/schedule-private.h"
#include "log.h"
#include "metrics.h"
#include "queue/queue.h"
#include "queue/settlement.h"
#include "store/message.h"

#define AHEAD 32 /* mails that are read at once, TURN of a sender … */
#define TURN 8
#define AHEAD_SIZE 8192 /* … with their bytes when they are no more than this … */
#define AHEAD_AGE (2 * G_USEC_PER_SEC) /* … and forgotten when they were not sent soon */

/* What is asked of the store, and for whom. */
typedef struct {
  Destination *destination;
  GArray *busy;
  QueueWhich which;
  gint64 now, last_account;
  guint changes; /* of the schedule, before */
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
    if (!queue_next (store_snapshot_database (snapshot), question->destination->name,
                     question->which, question->now, account, (const gint64 *)(void *)busy->data,
                     busy->len, TURN, question->mails, &question->more, &failure)
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
  gboolean done = store_read_finish (self->schedule->store, result, &error);

  self->is_reading = FALSE;
  if (!done)
    log_event (LOG_ERROR, "The queue cannot be read", "error", error->message, NULL);
  /* It may change before it is sent, or has changed since it was read. */
  if (self->schedule->pauses > 0 || question->changes != self->schedule->changes) {
    self->news = self->was_paused = TRUE;
    done = FALSE;
  }
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

static void
release_ready (Destination *self)
{
  QueueMail *mail;

  while ((mail = g_queue_pop_head (&self->ready))) {
    release (self, mail->message);
    queue_mail_free (mail);
  }
}

/* What was read too long ago says little about today. */
static void
forget_old (Destination *self)
{
  if (g_get_monotonic_time () - self->ready_since >= AHEAD_AGE)
    release_ready (self);
}

void
destination_pause (Destination *self,
                   void (*func) (gint64 message, const char *name, gpointer data), gpointer data)
{
  if (self->place) /* nothing of it is on its way */
    return;
  self->news |= self->ready.length > 0;
  release_ready (self);
  for (guint i = 0; i < self->busy->len; i++)
    func (g_array_index (self->busy, gint64, i), self->name, data);
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
  question->which = self->only_returns ? QUEUE_EXPIRED : QUEUE_DUE;
  question->now = schedule_now ();
  question->changes = self->schedule->changes;
  self->work++;
  self->is_reading = TRUE;
  store_read_async (self->schedule->store, read_next, question, next_free, NULL, did_read_next,
                    self);
}

void
destination_next (Destination *self, DestinationNextFunc func, gpointer data)
{
  Waiter *waiter;

  if (self->schedule->pauses > 0) { /* what is due is looked for again soon */
    self->news = self->was_paused = TRUE;
    func (NULL, data);
    return;
  }
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

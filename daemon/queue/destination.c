/* One domain's mail while it is sent: the way there, its connections, what became of each mail. */
#include "queue/schedule-private.h"
#include "log.h"
#include "queue/queue.h"
#include "queue/settlement.h"
#include "settings.h"

Destination *
destination_new (Schedule *schedule, const char *domain)
{
  Destination *self = g_new0 (Destination, 1);

  self->schedule = schedule;
  self->domain = g_strdup (domain);
  self->connections = g_ptr_array_new ();
  self->busy = g_array_new (FALSE, FALSE, sizeof (gint64));
  self->limit = 1;
  return self;
}

void
destination_free (Destination *self)
{
  g_ptr_array_unref (self->connections);
  g_array_unref (self->busy);
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
  self->news = FALSE;
  schedule_rest (self, not_before (self, due));
}

static void
rest (Destination *self)
{
  DueQuestion *question = g_new0 (DueQuestion, 1);

  if (self->fail_code == 0 && self->sent > 0)
    self->failures = 0;
  else
    self->failures++;
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
  else
    rest (self);
}

/* What is asked of the store, and for whom. */
typedef struct {
  Destination *destination;
  DestinationNextFunc func;
  gpointer data;
  GArray *busy;
  gint64 now, last_account;
  QueueMail *mail;
  gboolean more;
} NextQuestion;

static void
next_free (gpointer data)
{
  NextQuestion *question = data;

  g_clear_pointer (&question->mail, queue_mail_free);
  g_array_unref (question->busy);
  g_free (question);
}

static gboolean
read_next (StoreSnapshot *snapshot, gpointer data, GError **error)
{
  NextQuestion *question = data;
  Destination *self = question->destination;
  g_autoptr (GError) failure = NULL;

  g_clear_pointer (&question->mail, queue_mail_free);
  question->mail = queue_next (store_snapshot_database (snapshot), self->domain, question->now,
                               question->last_account, (const gint64 *)(void *)question->busy->data,
                               question->busy->len, &question->more, &failure);
  if (failure == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

static gboolean
is_taken (Destination *self, gint64 message)
{
  for (guint i = 0; i < self->busy->len; i++)
    if (g_array_index (self->busy, gint64, i) == message)
      return TRUE;
  return FALSE;
}

static void
did_read_next (GObject *source, GAsyncResult *result, gpointer data)
{
  Destination *self = data;
  NextQuestion *question = store_job_data (result);
  g_autoptr (GError) error = NULL;
  g_autoptr (QueueMail) mail = NULL;

  self->work--;
  if (!store_read_finish (self->schedule->store, result, &error))
    log_event (LOG_ERROR, "The queue cannot be read", "error", error->message, NULL);
  else
    mail = g_steal_pointer (&question->mail);
  if (mail && is_taken (self, mail->message)) { /* by another connection, meanwhile */
    destination_next (self, question->func, question->data);
    return;
  }
  if (mail) {
    g_array_append_val (self->busy, mail->message);
    self->last_account = mail->account;
    if (question->more)
      destination_grow (self);
  }
  question->func (g_steal_pointer (&mail), question->data);
}

void
destination_next (Destination *self, DestinationNextFunc func, gpointer data)
{
  NextQuestion *question = g_new0 (NextQuestion, 1);

  question->destination = self;
  question->func = func;
  question->data = data;
  question->last_account = self->last_account;
  question->busy = g_array_copy (self->busy);
  question->now = schedule_now ();
  self->work++;
  store_read_async (self->schedule->store, read_next, question, next_free, NULL, did_read_next,
                    self);
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
  g_autofree char *row = g_strdup_printf ("%" G_GINT64_FORMAT, recipient->row);

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
  settlement_write_async (self->schedule->store, self->schedule->hostname, mail, did_settle,
                          settling);
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

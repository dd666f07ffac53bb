/* Composes what is to be told, lets a worker prepare it, writes all in one job. */
#include "queue/settlement.h"
#include "accounts/brake.h"
#include "accounts/recipient.h"
#include "archive/history.h"
#include "log.h"
#include "mail/date.h"
#include "policy/intake.h"
#include "queue/brake-notice.h"
#include "queue/queue-brake.h"
#include "queue/queue.h"
#include "queue/report-delivery.h"
#include "queue/report.h"
#include "settings.h"
#include "store/mailbox.h"
#include <string.h>

typedef struct {
  Store *store;
  char *hostname;
  QueueMail *mail;
  GBytes *original;
  gint64 now, delay;
  gboolean wrote_done; /* what is_done are written down and traced */
  ReportKind next; /* to be looked at */
  PreparedMessage *reports[REPORT_COUNT];
  BrakeState brake; /* what so many failures do to the sender */
  GPtrArray *braked; /* queue-brake.h: what of the sender's mail is held by it */
  Schedule *schedule;
  GPtrArray *destinations; /* char *: of reports that leave the house */
} Settlement;

static void
settlement_free (gpointer data)
{
  Settlement *self = data;

  for (guint i = 0; i < REPORT_COUNT; i++)
    g_clear_pointer (&self->reports[i], prepared_message_unref);
  g_clear_pointer (&self->original, g_bytes_unref);
  queue_mail_free (self->mail);
  g_ptr_array_unref (self->destinations);
  g_ptr_array_unref (self->braked);
  g_free (self->hostname);
  g_free (self);
}

/* Into the mailboxes of a recipient here; each has it once, whatever leads there. */
static gboolean
deliver_here (StoreTransaction *transaction, Settlement *self, const QueueRecipient *recipient,
              GHashTable *filled, GError **error)
{
  Database *database = store_transaction_database (transaction);
  const gint64 now = store_transaction_now (transaction);
  g_autoptr (Recipient) here
      = recipient_resolve (database, recipient->address, 0, self->mail->account, error);
  guint32 uid;

  for (guint i = 0; here && i < here->mailboxes->len; i++) {
    const gint64 mailbox = g_array_index (here->mailboxes, gint64, i);
    if (g_hash_table_add (filled, g_memdup2 (&mailbox, sizeof mailbox))
        && !mailbox_add (transaction, mailbox, self->mail->message, 0, now, date_local_zone (now),
                         &uid, error))
      return FALSE;
  }
  if (here && here->mailboxes->len == 0) /* since it was looked for: the next attempt finds out */
    g_set_error (error, STORE_ERROR, STORE_ERROR_INVALID, "<%s> has no mailbox any more",
                 recipient->address);
  return here && here->mailboxes->len > 0;
}

static gboolean
deliver_all_here (StoreTransaction *transaction, Settlement *self, GError **error)
{
  g_autoptr (GHashTable) filled = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);

  for (guint i = 0; self->mail->is_local && i < self->mail->recipients->len; i++) {
    const QueueRecipient *recipient = self->mail->recipients->pdata[i];
    if (recipient->outcome == QUEUE_DELIVERED
        && !deliver_here (transaction, self, recipient, filled, error))
      return FALSE;
  }
  return TRUE;
}

/* Undeliverable mail of a user may be what somebody else sends in this name. */
static gboolean
count_bounces (StoreTransaction *transaction, Settlement *self, GError **error)
{
  guint count = 0;

  self->brake = BRAKE_FREE;
  for (guint i = 0; i < self->mail->recipients->len; i++)
    count += ((QueueRecipient *)self->mail->recipients->pdata[i])->outcome == QUEUE_FAILED;
  if (count == 0 || self->mail->account == 0 || self->mail->is_returned)
    return TRUE;
  return brake_note_bounces (transaction, self->mail->account, count, &self->brake, error)
      && (self->brake != BRAKE_TRIPPED
          || queue_brake (transaction, self->mail->account, self->braked, error));
}

/* May run twice (store.h): it only reads DATA, and begins anew to gather destinations. */
static gboolean
write_all (StoreTransaction *transaction, gpointer data, GError **error)
{
  Settlement *self = data;

  g_ptr_array_set_size (self->destinations, 0);
  if (!deliver_all_here (transaction, self, error) || !count_bounces (transaction, self, error))
    return FALSE;
  for (guint i = 0; i < REPORT_COUNT; i++)
    if (self->reports[i]
        && !report_deliver (transaction, self->mail, self->reports[i], self->destinations, error))
      return FALSE;
  return queue_settle (transaction, self->mail, error);
}

/* What another server has taken, and about whom nobody is told. */
static gboolean
is_done (const Settlement *self, const QueueRecipient *recipient)
{
  for (guint i = 0; i < REPORT_COUNT; i++)
    if (report_concerns (i, self->mail, recipient, self->now, self->delay))
      return FALSE;
  return recipient->outcome == QUEUE_DELIVERED && !self->mail->is_local;
}

static void
trace_outcome (const QueueMail *mail, const QueueRecipient *recipient)
{
  const gboolean is_here = mail->is_local && recipient->outcome == QUEUE_DELIVERED;
  static const HistoryKind kinds[] = { [QUEUE_DELIVERED] = HISTORY_SENT,
                                       [QUEUE_DEFERRED] = HISTORY_DELAYED,
                                       [QUEUE_FAILED] = HISTORY_FAILED };
  const HistoryEvent event = { .kind = is_here ? HISTORY_DELIVERED : kinds[recipient->outcome],
                               .message = mail->message,
                               .sender = mail->sender,
                               .recipient = recipient->address,
                               .host = recipient->host,
                               .reply = recipient->reply };

  if (recipient->outcome != QUEUE_UNTRIED && recipient->row != 0) /* 0: told of, never queued */
    history_note (&event);
}

/* Of those that are done already, or of the others. */
static void
trace_outcomes (const Settlement *self, gboolean done)
{
  for (guint i = 0; i < self->mail->recipients->len; i++) {
    const QueueRecipient *recipient = self->mail->recipients->pdata[i];
    if ((self->wrote_done && is_done (self, recipient)) == done)
      trace_outcome (self->mail, recipient);
  }
}

static void
trace_reports (const Settlement *self)
{
  const HistoryEvent event = { .kind = HISTORY_TOLD,
                               .message = self->mail->message,
                               .sender = self->mail->sender,
                               .recipient = self->mail->sender };
  gboolean told = FALSE;

  for (guint i = 0; i < REPORT_COUNT; i++)
    told |= self->reports[i] != NULL;
  if (told)
    history_note (&event);
}

static void
did_write (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  Settlement *self = g_task_get_task_data (task);
  GError *error = NULL;

  if (!store_write_finish (self->store, result, &error)) {
    g_task_return_error (task, error);
    return;
  }
  trace_outcomes (self, FALSE);
  trace_reports (self);
  for (guint i = 0; i < self->destinations->len; i++)
    schedule_announce (self->schedule, self->destinations->pdata[i], FALSE);
  if (self->brake == BRAKE_TRIPPED) {
    queue_brake_trace (self->braked);
    brake_notice_send (self->store, self->hostname, self->schedule);
  }
  g_task_return_boolean (task, TRUE);
}

/* What is told now is told once; what was given up goes. */
static void
mark (Settlement *self)
{
  for (guint i = 0; i < self->mail->recipients->len; i++) {
    QueueRecipient *recipient = self->mail->recipients->pdata[i];
    if (report_concerns (REPORT_DELAYED, self->mail, recipient, self->now, self->delay))
      recipient->noticed = TRUE;
    if (recipient->outcome == QUEUE_DEFERRED && self->now >= recipient->expires)
      recipient->outcome = QUEUE_FAILED;
  }
}

static void
write_down (GTask *task)
{
  Settlement *self = g_task_get_task_data (task);

  mark (self);
  store_write_async (self->store, write_all, self, NULL, NULL, did_write, task);
}

static void prepare_next (GTask *task);

static void
did_prepare (GObject *source, GAsyncResult *result, gpointer data)
{
  GTask *task = data;
  Settlement *self = g_task_get_task_data (task);
  GError *error = NULL;
  PreparedMessage *report = intake_prepare_finish (result, &error);

  if (report == NULL) {
    g_task_return_error (task, error);
    g_object_unref (task);
    return;
  }
  self->reports[self->next++] = report;
  prepare_next (task);
}

static void
prepare_next (GTask *task)
{
  Settlement *self = g_task_get_task_data (task);
  MessageEnvelope envelope = { .sender = "" };
  const char *recipients[] = { self->mail->sender, NULL };
  g_autoptr (GBytes) bytes = NULL;

  while (self->next < REPORT_COUNT
         && !report_is_wanted (self->next, self->mail, self->now, self->delay))
    self->next++;
  if (self->next == REPORT_COUNT) {
    write_down (task);
    return;
  }
  const Report report
      = { self->next,    self->mail, self->hostname, self->now, report_language (self->original),
          self->original };
  bytes = report_compose (&report, self->delay);
  envelope.recipients = recipients;
  const IntakeMail mail = { .bytes = bytes, .envelope = &envelope };
  intake_prepare_async (self->store, &mail, did_prepare, task);
}

static gboolean
read_original (StoreSnapshot *snapshot, gpointer data, GError **error)
{
  Settlement *self = data;

  g_clear_pointer (&self->original, g_bytes_unref);
  self->original = message_read (snapshot, self->mail->message, 0, REPORT_ORIGINAL_MAX, error);
  return self->original != NULL;
}

static void
did_read (GObject *source, GAsyncResult *result, gpointer data)
{
  GTask *task = data;
  Settlement *self = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;

  if (!store_read_finish (self->store, result, &error)) {
    log_event (LOG_ERROR, "A queued mail cannot be read", "error", error->message, NULL);
    self->original = g_bytes_new (NULL, 0);
  }
  prepare_next (task);
}

static void
begin_reports (GTask *task)
{
  Settlement *self = g_task_get_task_data (task);

  store_read_async (self->store, read_original, self, NULL, NULL, did_read, task);
}

static gboolean
write_done (StoreTransaction *transaction, gpointer data, GError **error)
{
  const Settlement *self = data;
  Database *database = store_transaction_database (transaction);

  for (guint i = 0; i < self->mail->recipients->len; i++) {
    const QueueRecipient *recipient = self->mail->recipients->pdata[i];
    if (is_done (self, recipient) && !queue_remove (database, recipient->row, error))
      return FALSE;
  }
  return TRUE;
}

static void
did_write_done (GObject *source, GAsyncResult *result, gpointer data)
{
  GTask *task = data;
  Settlement *self = g_task_get_task_data (task);
  GError *error = NULL;

  if (store_write_finish (self->store, result, &error)) {
    self->wrote_done = TRUE;
    trace_outcomes (self, TRUE);
    begin_reports (task);
    return;
  }
  g_task_return_error (task, error);
  g_object_unref (task);
}

/* Reports take a while, in which a crash would send again what has been taken already. */
static void
settle_done_first (GTask *task)
{
  Settlement *self = g_task_get_task_data (task);
  guint done = 0;

  for (guint i = 0; i < self->mail->recipients->len; i++)
    done += is_done (self, self->mail->recipients->pdata[i]);
  if (done > 0)
    store_write_async (self->store, write_done, self, NULL, NULL, did_write_done, task);
  else
    begin_reports (task);
}

static gboolean
tells_anybody (Settlement *self)
{
  for (guint i = 0; i < REPORT_COUNT; i++)
    if (report_is_wanted (i, self->mail, self->now, self->delay))
      return TRUE;
  return FALSE;
}

void
settlement_write_async (Store *store, const char *hostname, Schedule *schedule, QueueMail *mail,
                        GAsyncReadyCallback callback, gpointer data)
{
  GTask *task = g_task_new (NULL, NULL, callback, data);
  Settlement *self = g_new0 (Settlement, 1);

  self->store = store;
  self->hostname = g_strdup (hostname);
  self->schedule = schedule;
  self->destinations = g_ptr_array_new_with_free_func (g_free);
  self->braked = queue_brake_rows_new ();
  self->mail = mail;
  self->now = g_get_real_time () / G_USEC_PER_SEC;
  self->delay = setting_number (SETTING_QUEUE_DELAY_NOTICE);
  g_task_set_task_data (task, self, settlement_free);
  if (tells_anybody (self))
    settle_done_first (task);
  else
    write_down (task);
}

gboolean
settlement_write_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

typedef struct {
  gboolean is_over, done;
  GError **error;
} Wait;

static void
did_return (GObject *source, GAsyncResult *result, gpointer data)
{
  Wait *wait = data;

  wait->done = settlement_write_finish (result, wait->error);
  wait->is_over = TRUE;
}

gboolean
settlement_return_sync (Store *store, const char *hostname, Schedule *schedule, QueueMail *mail,
                        const char *status, GError **error)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  Wait wait = { .error = error };

  mail->is_returned = TRUE;
  queue_mail_settle (mail, 554, status, "The administrator has returned this mail", NULL);
  g_main_context_push_thread_default (context);
  settlement_write_async (store, hostname, schedule, mail, did_return, &wait);
  while (!wait.is_over)
    g_main_context_iteration (context, TRUE);
  g_main_context_pop_thread_default (context);
  return wait.done;
}

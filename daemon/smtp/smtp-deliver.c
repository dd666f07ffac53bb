/* From a judged mail to 250: prepare in a worker, write in one job, answer (RFC 5321 §6.1). */
#include "smtp/smtp-private.h"
#include "smtp/smtp-trace.h"
#include "accounts/srs.h"
#include "log.h"
#include "mail/date.h"
#include "metrics.h"
#include "queue/queue.h"

#define LOGGED_RECIPIENTS_MAX 50
#define BARE "550 5.6.0 A bare CR or LF is neither a line's end nor in a binary body"
#define NOBODY "550 5.1.1 There is nobody with this address any more"
#define SOMEBODY_LEFT "451 4.2.1 A recipient was removed just now, send the mail again"

typedef struct {
  gint64 mailbox;
  gboolean missing; /* removed since RCPT */
} Target;

/* A recipient who is here. */
typedef struct {
  char *address;
  gint64 mailbox; /* the first of its mailboxes */
} Local;

/* A recipient who is not. */
typedef struct {
  SmtpWish wish;
  char *domain; /* of the address that the client named: ours, when an alias leads outside */
} Remote;

/* A mail on its way into the store; belongs to the job. */
typedef struct {
  PreparedMessage *message;
  GArray *targets; /* Target, each mailbox once */
  GHashTable *remote; /* addresses of other domains, each once, to Remote */
  char *ret, *envid;
  gint64 written; /* the message's id */
  gint64 account; /* who sends to them */
  guint content; /* queue.h */
  gboolean is_junk, sender_is_proved;
  gboolean one_answer; /* for all recipients: then none may be missing */
  /* For the log and the trace, also when the client is gone by then. */
  char *mail_id, *message_id, *sender, *recipients;
  GArray *local; /* Local */
} Delivery;

static void
local_clear (gpointer data)
{
  g_free (((Local *)data)->address);
}

static void
delivery_free (gpointer data)
{
  Delivery *delivery = data;

  prepared_message_unref (delivery->message);
  g_array_unref (delivery->targets);
  g_hash_table_unref (delivery->remote);
  g_free (delivery->ret);
  g_free (delivery->envid);
  g_free (delivery->mail_id);
  g_free (delivery->message_id);
  g_array_unref (delivery->local);
  g_free (delivery->sender);
  g_free (delivery->recipients);
  g_free (delivery);
}

static void
delivery_add (Delivery *delivery, gint64 mailbox)
{
  const Target target = { .mailbox = mailbox };

  for (guint i = 0; i < delivery->targets->len; i++)
    if (g_array_index (delivery->targets, Target, i).mailbox == mailbox)
      return;
  g_array_append_val (delivery->targets, target);
}

static char *
list_recipients (SmtpSession *self)
{
  GString *list = g_string_new (NULL);

  for (guint i = 0; i < self->recipients->len && i < LOGGED_RECIPIENTS_MAX; i++)
    g_string_append_printf (list, i ? " %s" : "%s",
                            ((SmtpRecipient *)self->recipients->pdata[i])->address);
  if (self->recipients->len > LOGGED_RECIPIENTS_MAX)
    g_string_append_printf (list, " and %u more", self->recipients->len - LOGGED_RECIPIENTS_MAX);
  return g_string_free (list, FALSE);
}

static Remote *
remote_new (const SmtpRecipient *recipient)
{
  Remote *remote = g_new (Remote, 1);
  const char *at = strrchr (recipient->address, '@');

  *remote = (Remote) { { g_strdup (recipient->wish.notify), g_strdup (recipient->wish.orcpt) },
                       g_strdup (at ? at + 1 : "") };
  return remote;
}

static void
remote_free (gpointer data)
{
  Remote *remote = data;

  smtp_wish_clear (&remote->wish);
  g_free (remote->domain);
  g_free (remote);
}

static Delivery *
delivery_new (SmtpSession *self, PreparedMessage *message)
{
  Delivery *delivery = g_new0 (Delivery, 1);

  delivery->message = message;
  delivery->targets = g_array_new (FALSE, FALSE, sizeof (Target));
  delivery->remote = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, remote_free);
  delivery->ret = g_strdup (self->ret);
  delivery->envid = g_strdup (self->envid);
  delivery->account = self->account ? self->account->id : 0;
  delivery->is_junk = self->is_junk;
  delivery->sender_is_proved = self->sender_is_proved;
  delivery->one_answer = self->service->kind != SMTP_LMTP;
  delivery->mail_id = g_strdup (self->mail_id);
  delivery->message_id = g_strdup (self->message_id);
  delivery->local = g_array_new (FALSE, FALSE, sizeof (Local));
  g_array_set_clear_func (delivery->local, local_clear);
  delivery->sender = g_strdup (self->sender);
  delivery->recipients = list_recipients (self);
  for (guint i = 0; i < self->recipients->len; i++) {
    const SmtpRecipient *recipient = self->recipients->pdata[i];
    for (guint m = 0; m < recipient->mailboxes->len; m++)
      delivery_add (delivery, g_array_index (recipient->mailboxes, gint64, m));
    if (recipient->mailboxes->len > 0) {
      const Local local
          = { g_strdup (recipient->address), g_array_index (recipient->mailboxes, gint64, 0) };
      g_array_append_val (delivery->local, local);
    }
    for (guint r = 0; r < recipient->remote->len; r++)
      g_hash_table_insert (delivery->remote, g_strdup (recipient->remote->pdata[r]),
                           remote_new (recipient));
  }
  return delivery;
}

static gboolean
is_written (const Delivery *delivery, gint64 mailbox)
{
  for (guint i = 0; i < delivery->targets->len; i++) {
    const Target *target = &g_array_index (delivery->targets, Target, i);
    if (target->mailbox == mailbox && !target->missing)
      return TRUE;
  }
  return FALSE;
}

static gboolean
is_missing (const Delivery *delivery, const SmtpRecipient *recipient)
{
  for (guint m = 0; m < recipient->mailboxes->len; m++)
    if (is_written (delivery, g_array_index (recipient->mailboxes, gint64, m)))
      return FALSE;
  return TRUE;
}

/* Mail of people here has their address. What an alias forwards for others gets a return path of
 * ours; about it nobody is told who may not have sent it. */
static gboolean
enqueue_one (StoreTransaction *transaction, const Delivery *delivery, const char *address,
             const Remote *remote, GError **error)
{
  const gboolean is_forwarded = delivery->account == 0;
  g_autofree char *sender = is_forwarded
      ? srs_encode (delivery->sender, remote->domain, store_transaction_now (transaction))
      : g_strdup (delivery->sender);
  const QueueRow row
      = { .message = delivery->written,
          .account = delivery->account,
          .sender = sender,
          .recipient = address,
          .ret = delivery->ret,
          .envid = delivery->envid,
          .notify = is_forwarded && !delivery->sender_is_proved ? "NEVER" : remote->wish.notify,
          .orcpt = remote->wish.orcpt,
          .content = delivery->content };

  return queue_add (transaction, &row, error);
}

/* A row for each address of another domain, in the commit that accepts the mail. */
static gboolean
enqueue (StoreTransaction *transaction, const Delivery *delivery, GError **error)
{
  GHashTableIter iter;
  gpointer address, remote;

  g_hash_table_iter_init (&iter, delivery->remote);
  while (g_hash_table_iter_next (&iter, &address, &remote))
    if (!enqueue_one (transaction, delivery, address, remote, error))
      return FALSE;
  return TRUE;
}

static void
announce (SmtpSession *self, const Delivery *delivery)
{
  GHashTableIter iter;
  gpointer address;

  g_hash_table_iter_init (&iter, delivery->remote);
  while (g_hash_table_iter_next (&iter, &address, NULL)) {
    g_autofree char *destination = queue_destination (address, delivery->sender, delivery->content);
    schedule_announce (self->service->schedule, destination, FALSE);
  }
}

/* Junk goes to the mailbox that its owner has for it, if there is one. */
static gint64
find_mailbox (StoreTransaction *transaction, const Delivery *delivery, gint64 inbox, GError **error)
{
  return delivery->is_junk
      ? mailbox_find_use (store_transaction_database (transaction), inbox, "\\Junk", error)
      : inbox;
}

/* May run twice (store.h): it only reads DELIVERY, and marks what is missing anew. */
static gboolean
write_mail (StoreTransaction *transaction, gpointer data, GError **error)
{
  Delivery *delivery = data;
  const gint64 now = store_transaction_now (transaction);
  const gint64 message = message_append (transaction, delivery->message, error);
  guint delivered = 0;

  delivery->written = message;
  if (message == 0 || !enqueue (transaction, delivery, error))
    return FALSE;
  for (guint i = 0; i < delivery->targets->len; i++) {
    Target *target = &g_array_index (delivery->targets, Target, i);
    g_autoptr (GError) reason = NULL;
    const gint64 mailbox = find_mailbox (transaction, delivery, target->mailbox, &reason);
    guint32 uid;
    target->missing = !mailbox
        || !mailbox_add (transaction, mailbox, message, 0, now, date_local_zone (now), &uid,
                         &reason);
    if (target->missing && !g_error_matches (reason, STORE_ERROR, STORE_ERROR_NOT_FOUND)) {
      g_propagate_error (error, g_steal_pointer (&reason));
      return FALSE;
    }
    delivered += !target->missing;
  }
  if ((delivered > 0 || g_hash_table_size (delivery->remote) > 0)
      && (delivered == delivery->targets->len || !delivery->one_answer))
    return TRUE;
  g_set_error (error, STORE_ERROR, STORE_ERROR_NOT_FOUND, "A recipient is not there any more");
  return FALSE;
}

/* One answer for the mail, or for each recipient (RFC 2033 §4.2). */
static void
answer (SmtpSession *self, const char *reply)
{
  const guint count = self->service->kind == SMTP_LMTP ? self->recipients->len : 1;

  for (guint i = 0; i < count; i++)
    smtp_reply (self, "%s", reply);
}

static void
finish (SmtpSession *self)
{
  smtp_reset (self);
  channel_resume (self->channel);
}

void
smtp_refuse_mail (SmtpSession *self, const char *reply)
{
  metric_add (METRIC_SMTP_REFUSED, 1);
  log_event (LOG_NOTICE, "Mail refused", "session", channel_id (self->channel), "user",
             self->account ? self->account->address : NULL, "address",
             channel_peer_text (self->channel), "sender", self->sender, "error", reply, NULL);
  smtp_history_refused (self, NULL, reply);
  answer (self, reply);
  finish (self);
}

static void
answer_delivered (SmtpSession *self, const Delivery *delivery)
{
  if (self->service->kind != SMTP_LMTP) {
    smtp_reply (self, "250 2.0.0 Saved as %s", self->mail_id);
    return;
  }
  for (guint i = 0; i < self->recipients->len; i++)
    if (is_missing (delivery, self->recipients->pdata[i]))
      smtp_reply (self, "%s", NOBODY);
    else
      smtp_reply (self, "250 2.0.0 Saved as %s", self->mail_id);
}

/* A 250 would be a lie to the recipient who was removed since RCPT. Nothing is kept: when the
 * client comes again, RCPT tells him who is left. */
static const char *
write_reply (SmtpSession *self, const GError *error)
{
  if (g_error_matches (error, STORE_ERROR, STORE_ERROR_NOT_FOUND))
    return self->service->kind == SMTP_LMTP ? NOBODY : SOMEBODY_LEFT;
  return smtp_store_reply (self, error);
}

static void
tell_history (SmtpSession *self, const Delivery *delivery)
{
  g_autoptr (GPtrArray) written = g_ptr_array_new ();
  const HistoryEvent mail = { .message = delivery->written,
                              .size = prepared_message_size (delivery->message),
                              .message_id = delivery->message_id,
                              .sender = delivery->sender,
                              .user = self->account ? self->account->address : NULL,
                              .address = channel_peer_text (self->channel) };

  for (guint i = 0; i < delivery->local->len; i++) {
    const Local *local = &g_array_index (delivery->local, Local, i);
    if (is_written (delivery, local->mailbox))
      g_ptr_array_add (written, local->address);
  }
  smtp_history_taken (&mail, written, delivery->is_junk, delivery->remote,
                      (delivery->content & QUEUE_REQUIRE_TLS) != 0);
}

static void
did_accept (SmtpSession *self, const Delivery *delivery)
{
  const guint64 bytes = prepared_message_size (delivery->message);
  g_autofree char *size = g_strdup_printf ("%" G_GUINT64_FORMAT, bytes);

  metric_add (METRIC_SMTP_ACCEPTED, 1);
  metric_add (METRIC_SMTP_BYTES, bytes);
  log_event (LOG_INFO, "Mail accepted", "session", channel_id (self->channel), "user",
             self->account ? self->account->address : NULL, "address",
             channel_peer_text (self->channel), "mail", delivery->mail_id, "sender",
             delivery->sender, "recipients", delivery->recipients, "size", size, NULL);
  tell_history (self, delivery);
}

static void
did_write (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (SmtpSession) self = data;
  g_autoptr (GError) error = NULL;
  const Delivery *delivery = store_job_data (result);
  const gboolean written = store_write_finish (self->service->store, result, &error);

  if (written) {
    did_accept (self, delivery);
    smtp_defence_welcome (self);
    announce (self, delivery);
  }
  if (self->closed)
    return;
  if (!written) {
    smtp_refuse_mail (self, write_reply (self, error));
    return;
  }
  smtp_dsn_tell_delivered (self, delivery->written, prepared_message_size (delivery->message));
  answer_delivered (self, delivery);
  finish (self);
}

/* What the servers of other domains must be able to take. */
static guint
content_of (SmtpSession *self, PreparedMessage *message)
{
  gboolean needs_utf8
      = self->utf8 && (prepared_message_has_raw_header (message) || !g_str_is_ascii (self->sender));

  for (guint i = 0; self->utf8 && i < self->recipients->len; i++)
    needs_utf8 |= !g_str_is_ascii (((SmtpRecipient *)self->recipients->pdata[i])->address);
  return (prepared_message_is_eight_bit (message) ? QUEUE_EIGHT_BIT : 0)
      | (needs_utf8 ? QUEUE_UTF8 : 0) | smtp_tls_content (self);
}

static void
did_prepare (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (SmtpSession) self = data;
  g_autoptr (GError) error = NULL;
  PreparedMessage *message = intake_prepare_finish (result, &error);
  Delivery *delivery;

  if (self->closed) {
    g_clear_pointer (&message, prepared_message_unref);
    return;
  }
  if (message == NULL) {
    smtp_refuse_mail (self,
                      g_error_matches (error, STORE_ERROR, STORE_ERROR_INVALID)
                          ? BARE
                          : smtp_store_reply (self, error));
    return;
  }
  delivery = delivery_new (self, message);
  delivery->content = content_of (self, message);
  store_write_async (self->service->store, write_mail, delivery, delivery_free, NULL, did_write,
                     smtp_session_ref (self));
}

void
smtp_keep (SmtpSession *self, GBytes *bytes, const SmtpHeader *header)
{
  g_autoptr (GPtrArray) recipients = g_ptr_array_new ();
  g_autoptr (GBytes) trace = NULL;
  MessageEnvelope envelope = { .sender = self->sender };
  g_autofree char *results = NULL;
  ArcSealing sealing;
  IntakeMail mail;

  for (guint i = 0; i < self->recipients->len; i++)
    g_ptr_array_add (recipients, ((SmtpRecipient *)self->recipients->pdata[i])->address);
  g_ptr_array_add (recipients, NULL);
  envelope.recipients = (const char *const *)recipients->pdata;
  self->waives_tls = header->waives_tls;
  self->mail_id = g_strdup_printf ("%s.%" G_GINT64_MODIFIER "x", channel_id (self->channel),
                                   g_get_real_time ());
  trace = smtp_trace_new (self, header, self->mail_id);
  self->message_id = header->message_id ? g_strdup (header->message_id)
      : header->has_message_id          ? NULL
                               : g_strconcat (self->mail_id, "@", self->service->hostname, NULL);
  mail = (IntakeMail) { .prefix = trace,
                        .bytes = bytes,
                        .envelope = &envelope,
                        .binary = self->binary,
                        .authserv_id = self->service->hostname,
                        .keys = self->keys,
                        .sealing = smtp_sealing (self, &sealing, &results) };
  intake_prepare_async (self->service->store, &mail, did_prepare, smtp_session_ref (self));
}

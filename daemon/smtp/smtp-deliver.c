/* From a judged mail to 250: prepare in a worker, write in one job, answer (RFC 5321 §6.1). */
#include "smtp/smtp-private.h"
#include "smtp/smtp-trace.h"
#include "log.h"
#include "metrics.h"
#include "queue/brake-notice.h"
#include "queue/queue-brake.h"
#include "queue/queue.h"
#include "smtp/future-release.h"
#include "smtp/smtp-delivery.h"

#define BARE "550 5.6.0 A bare CR or LF is neither a line's end nor in a binary body"
#define NOBODY "550 5.1.1 There is nobody with this address any more"
#define SOMEBODY_LEFT "451 4.2.1 A recipient was removed just now, send the mail again"

static void
announce (SmtpSession *self, const SmtpDelivery *delivery)
{
  Schedule *schedule = self->service->schedule;
  GHashTableIter iter;
  gpointer address;

  if (delivery->released && delivery->local->len > 0)
    schedule_announce_at (schedule, QUEUE_HERE, delivery->released);
  if (delivery->brake != BRAKE_FREE)
    return;

  g_hash_table_iter_init (&iter, delivery->remote);
  while (g_hash_table_iter_next (&iter, &address, NULL)) {
    g_autofree char *destination = queue_destination (address, delivery->sender, delivery->content);
    if (delivery->released)
      schedule_announce_at (schedule, destination, delivery->released);
    else
      schedule_announce (schedule, destination, FALSE);
  }
}

static gboolean
is_missing (const SmtpDelivery *delivery, const SmtpRecipient *recipient)
{
  if (recipient->remote->len > 0)
    return FALSE;
  for (guint m = 0; m < recipient->mailboxes->len; m++)
    if (smtp_delivery_has_written (delivery, g_array_index (recipient->mailboxes, gint64, m)))
      return FALSE;
  return TRUE;
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

static gboolean
is_braked (const SmtpDelivery *delivery)
{
  return delivery->brake != BRAKE_FREE && g_hash_table_size (delivery->remote) > 0;
}

static void
answer_delivered (SmtpSession *self, const SmtpDelivery *delivery)
{
  g_autofree char *time = delivery->released ? future_release_print (delivery->released) : NULL;

  if (self->service->kind != SMTP_LMTP) {
    smtp_reply (self, "250 2.0.0 Saved as %s%s%s%s", self->mail_id, time ? ", to be sent at " : "",
                time ? time : "",
                is_braked (delivery) ? ", held until an administrator has looked at it" : "");
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
  if (g_error_matches (error, STORE_ERROR, STORE_ERROR_DENIED))
    return error->message;
  return smtp_store_reply (self, error);
}

static void
tell_history (SmtpSession *self, const SmtpDelivery *delivery)
{
  g_autoptr (GPtrArray) written = g_ptr_array_new ();
  g_autofree char *time = delivery->released ? future_release_print (delivery->released) : NULL;
  const HistoryKind here = delivery->released ? HISTORY_SCHEDULED
      : delivery->is_junk                     ? HISTORY_JUNKED
                                              : HISTORY_DELIVERED;
  const HistoryKind outside = delivery->brake != BRAKE_FREE ? HISTORY_BRAKED
      : delivery->released                                  ? HISTORY_SCHEDULED
      : delivery->content & QUEUE_REQUIRE_TLS               ? HISTORY_QUEUED_TLS
                                                            : HISTORY_QUEUED;
  const HistoryEvent mail = { .message = delivery->written,
                              .size = prepared_message_size (delivery->message),
                              .message_id = delivery->message_id,
                              .sender = delivery->sender,
                              .user = self->account ? self->account->address : NULL,
                              .address = channel_peer_text (self->channel) };

  for (guint i = 0; i < delivery->local->len; i++) {
    const SmtpLocal *local = &g_array_index (delivery->local, SmtpLocal, i);
    if (delivery->released || smtp_delivery_has_written (delivery, local->mailbox))
      g_ptr_array_add (written, local->address);
  }
  smtp_history_taken (&mail, written, here, delivery->remote, outside, time);
}

static void
did_accept (SmtpSession *self, const SmtpDelivery *delivery)
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
  const SmtpDelivery *delivery = store_job_data (result);
  const gboolean written = store_write_finish (self->service->store, result, &error);

  if (written) {
    did_accept (self, delivery);
    smtp_defence_welcome (self);
    announce (self, delivery);
    if (delivery->brake == BRAKE_TRIPPED) {
      queue_brake_trace (delivery->braked);
      brake_notice_send (self->service->store, self->service->hostname, self->service->schedule);
    }
  }
  if (self->closed)
    return;
  if (!written) {
    smtp_refuse_mail (self, write_reply (self, error));
    return;
  }
  if (delivery->released == 0)
    smtp_dsn_tell_delivered (self, delivery->written, prepared_message_size (delivery->message));
  answer_delivered (self, delivery);
  finish (self);
}

static gboolean
leads_to_utf8 (const SmtpRecipient *recipient)
{
  for (guint i = 0; i < recipient->remote->len; i++)
    if (!g_str_is_ascii (recipient->remote->pdata[i]))
      return TRUE;
  return FALSE;
}

/* What the servers of other domains must be able to take. */
static guint
content_of (SmtpSession *self, PreparedMessage *message)
{
  gboolean needs_utf8
      = self->utf8 && (prepared_message_has_raw_header (message) || !g_str_is_ascii (self->sender));

  for (guint i = 0; self->utf8 && i < self->recipients->len; i++)
    needs_utf8 |= !g_str_is_ascii (((SmtpRecipient *)self->recipients->pdata[i])->address);
  for (guint i = 0; i < self->recipients->len; i++) /* an alias may lead to such an address */
    needs_utf8 |= leads_to_utf8 (self->recipients->pdata[i]);
  return (prepared_message_is_eight_bit (message) ? QUEUE_EIGHT_BIT : 0)
      | (needs_utf8 ? QUEUE_UTF8 : 0) | smtp_tls_content (self);
}

static void
did_prepare (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (SmtpSession) self = data;
  g_autoptr (GError) error = NULL;
  PreparedMessage *message = intake_prepare_finish (result, &error);
  SmtpDelivery *delivery;

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
  delivery = smtp_delivery_new (self, message);
  delivery->content = content_of (self, message);
  store_write_async (self->service->store, smtp_delivery_write, delivery, smtp_delivery_free, NULL,
                     did_write, smtp_session_ref (self));
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

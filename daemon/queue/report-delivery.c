/* Rows of mailboxes, and of the queue for senders elsewhere. */
#include "queue/report-delivery.h"
#include "accounts/recipient.h"
#include "log.h"
#include "mail/date.h"
#include "queue/queue.h"
#include "store/mailbox.h"
#include "store/message.h"

/* What the report's way must be able to take; it is protected as the mail was (RFC 8689 §5). */
static guint
content_of (const QueueMail *mail, PreparedMessage *report)
{
  return (prepared_message_is_eight_bit (report) ? QUEUE_EIGHT_BIT : 0)
      | (prepared_message_has_raw_header (report) ? QUEUE_UTF8 : 0)
      | (mail->requires_tls ? QUEUE_REQUIRE_TLS : 0);
}

/* To whom a forwarded mail was from; nobody is told about the report itself. */
static gboolean
send_report (StoreTransaction *transaction, const Recipient *sender, const QueueRow *report,
             GPtrArray *destinations, GError **error)
{
  for (guint i = 0; i < sender->remote->len; i++) {
    QueueRow row = *report;

    row.recipient = sender->remote->pdata[i];
    g_autofree char *destination = queue_destination (row.recipient, row.sender, row.content);
    if (destination == NULL) { /* what became of the mail is written down all the same */
      log_event (LOG_NOTICE, "A sender cannot be told: the address leads nowhere", "sender",
                 row.recipient, NULL);
      continue;
    }
    if (!queue_add (transaction, &row, error))
      return FALSE;
    g_ptr_array_add (destinations, g_steal_pointer (&destination));
  }
  return TRUE;
}

/* The address may be nobody's any more, as an alias was removed: the account that sent as it has
 * still to hear. */
static Recipient *
find_sender (Database *database, const QueueMail *mail, GError **error)
{
  g_autoptr (Recipient) sender
      = recipient_resolve (database, mail->sender, 0, mail->account, error);
  g_autoptr (GError) failure = NULL;

  if (sender == NULL || sender->kind != RECIPIENT_UNKNOWN || mail->account == 0)
    return g_steal_pointer (&sender);
  g_autoptr (Mailbox) inbox = mailbox_find (database, mail->account, "INBOX", &failure);
  if (inbox)
    g_array_append_val (sender->mailboxes, inbox->id);
  else if (!g_error_matches (failure, STORE_ERROR, STORE_ERROR_NOT_FOUND)) {
    g_propagate_error (error, g_steal_pointer (&failure));
    return NULL;
  }
  return g_steal_pointer (&sender);
}

gboolean
report_deliver (StoreTransaction *transaction, const QueueMail *mail, PreparedMessage *report,
                GPtrArray *destinations, GError **error)
{
  Database *database = store_transaction_database (transaction);
  const gint64 now = store_transaction_now (transaction);
  g_autoptr (Recipient) sender = find_sender (database, mail, error);
  gint64 message;
  guint32 uid;

  if (sender == NULL)
    return FALSE;
  if (sender->mailboxes->len == 0 && sender->remote->len == 0) {
    log_event (LOG_NOTICE, "A sender cannot be told: the mailbox takes no mail", "sender",
               mail->sender, NULL);
    return TRUE;
  }
  message = message_append (transaction, report, error);
  for (guint i = 0; message != 0 && i < sender->mailboxes->len; i++)
    if (!mailbox_add (transaction, g_array_index (sender->mailboxes, gint64, i), message, 0, now,
                      date_local_zone (now), &uid, error))
      return FALSE;
  const QueueRow row = { .message = message, .sender = "", .content = content_of (mail, report) };
  return message != 0 && send_report (transaction, sender, &row, destinations, error);
}

/* Header fields, and rows of mailboxes and queue. */
#include "queue/notice.h"
#include "mail/date.h"
#include "queue/letter.h"
#include "queue/queue.h"
#include "store/mailbox.h"
#include "store/message.h"

GBytes *
notice_compose (const char *hostname, const char *recipient, const char *subject, const char *body)
{
  const Letter letter = { "Hauspost",
                          hostname,
                          recipient,
                          subject,
                          "auto-generated",
                          language_of_server (),
                          g_get_real_time () / G_USEC_PER_SEC };
  GString *text = g_string_new (NULL);

  letter_begin (text, &letter);
  g_string_append_printf (text,
                          "Content-Type: text/plain; charset=utf-8\r\n"
                          "Content-Transfer-Encoding: 8bit\r\n\r\n%s",
                          body);
  return g_string_free_to_bytes (text);
}

void
notice_command (GString *body, const char *command)
{
  g_string_append_printf (body, "    hauspost %s\r\n", command);
}

gboolean
notice_deliver (StoreTransaction *transaction, PreparedMessage *notice, const Recipient *recipient,
                GPtrArray *destinations, GError **error)
{
  const gint64 now = store_transaction_now (transaction);
  const gint64 message = message_append (transaction, notice, error);
  guint32 uid;

  for (guint i = 0; message != 0 && i < recipient->mailboxes->len; i++)
    if (!mailbox_add (transaction, g_array_index (recipient->mailboxes, gint64, i), message, 0, now,
                      date_local_zone (now), &uid, error))
      return FALSE;
  for (guint i = 0; message != 0 && i < recipient->remote->len; i++) {
    const QueueRow row
        = { .message = message, .sender = "", .recipient = recipient->remote->pdata[i] };
    if (!queue_add (transaction, &row, error))
      return FALSE;
    g_ptr_array_add (destinations, queue_destination (row.recipient, row.sender, row.content));
  }
  return message != 0;
}

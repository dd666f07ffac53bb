/* Header fields, and rows of mailboxes and queue. */
#include "queue/notice.h"
#include "mail/date.h"
#include "queue/queue.h"
#include "settings.h"
#include "store/mailbox.h"
#include "store/message.h"
#include <string.h>

GBytes *
notice_compose (const char *hostname, const char *recipient, const char *subject, const char *body)
{
  const gboolean is_german = setting_number (SETTING_LANGUAGE) == LANGUAGE_GERMAN;
  const gint64 now = g_get_real_time () / G_USEC_PER_SEC;
  GString *text = g_string_new (NULL);
  g_autofree char *date = date_format (now, 0);
  g_autofree char *subject64 = g_base64_encode ((const guint8 *)subject, strlen (subject));

  g_string_append_printf (
      text,
      "Return-Path: <>\r\nDate: %s\r\nFrom: Hauspost <mailer-daemon@%s>\r\n"
      "To: <%s>\r\nSubject: =?UTF-8?B?%s?=\r\nMessage-ID: <%08x%08x.%" G_GINT64_MODIFIER
      "x@%s>\r\nAuto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\n"
      "Content-Language: %s\r\nContent-Type: text/plain; charset=utf-8\r\n"
      "Content-Transfer-Encoding: 8bit\r\n\r\n%s",
      date, hostname, recipient, subject64, g_random_int (), g_random_int (), now, hostname,
      is_german ? "de" : "en", body);
  return g_string_free_to_bytes (text);
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

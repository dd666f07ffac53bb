/* Keeps what became of each recipient. */
#include "queue/queue-mail.h"

static void
recipient_free (gpointer data)
{
  QueueRecipient *recipient = data;

  g_free (recipient->address);
  g_free (recipient->orcpt);
  g_free (recipient->notify);
  g_free (recipient->last_reply);
  g_free (recipient->reply);
  g_free (recipient->host);
  g_free (recipient);
}

QueueMail *
queue_mail_new (void)
{
  QueueMail *mail = g_new0 (QueueMail, 1);

  mail->recipients = g_ptr_array_new_with_free_func (recipient_free);
  return mail;
}

void
queue_mail_free (QueueMail *mail)
{
  g_ptr_array_unref (mail->recipients);
  g_clear_pointer (&mail->bytes, g_bytes_unref);
  g_free (mail->sender);
  g_free (mail->ret);
  g_free (mail->envid);
  g_free (mail->future);
  g_free (mail);
}

QueueRecipient *
queue_mail_add (QueueMail *mail, gint64 row, const char *address)
{
  QueueRecipient *recipient = g_new0 (QueueRecipient, 1);

  recipient->row = row;
  recipient->address = g_strdup (address);
  g_ptr_array_add (mail->recipients, recipient);
  return recipient;
}

/* A status must be of the reply's class; without one the reply says it alone. */
static void
set_status (QueueRecipient *recipient, guint code, const char *status)
{
  static const char *const plain[] = { "2.0.0", "4.0.0", "5.0.0" };
  const guint kind = recipient->outcome - QUEUE_DELIVERED;

  if (status == NULL || *status != *plain[kind])
    status = plain[kind];
  g_strlcpy (recipient->status, status, sizeof recipient->status);
}

void
queue_recipient_settle (QueueRecipient *recipient, guint code, const char *status,
                        const char *reply, const char *host)
{
  recipient->outcome = code >= 500 ? QUEUE_FAILED : code >= 400 ? QUEUE_DEFERRED : QUEUE_DELIVERED;
  set_status (recipient, code, status);
  g_free (recipient->reply);
  recipient->reply = g_strdup (reply);
  g_free (recipient->host);
  recipient->host = g_strdup (host);
}

void
queue_mail_settle (QueueMail *mail, guint code, const char *status, const char *reply,
                   const char *host)
{
  for (guint i = 0; i < mail->recipients->len; i++) {
    QueueRecipient *recipient = mail->recipients->pdata[i];
    if (recipient->outcome == QUEUE_UNTRIED)
      queue_recipient_settle (recipient, code, status, reply, host);
  }
}

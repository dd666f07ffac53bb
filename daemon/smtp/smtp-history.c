/* What `hauspost trace` tells of mail that came in. */
#include "smtp/smtp-private.h"
#include "archive/history.h"

#define RECIPIENTS_MAX 50 /* of a refused mail */

void
smtp_history_taken (const HistoryEvent *mail, const GPtrArray *local, HistoryKind local_kind,
                    GHashTable *remote, HistoryKind remote_kind, const char *reply)
{
  HistoryEvent event = *mail;
  GHashTableIter iter;
  const char *address;

  event.kind = HISTORY_TAKEN;
  history_note (&event);
  event = (HistoryEvent) {
    .kind = local_kind, .message = mail->message, .sender = mail->sender, .reply = reply
  };
  for (guint i = 0; i < local->len; i++) {
    event.recipient = local->pdata[i];
    history_note (&event);
  }
  event.kind = remote_kind;
  g_hash_table_iter_init (&iter, remote);
  while (g_hash_table_iter_next (&iter, (gpointer *)&address, NULL)) {
    event.recipient = address;
    history_note (&event);
  }
}

void
smtp_history_refused (SmtpSession *self, const char *recipient, const char *reply)
{
  HistoryEvent event = { .kind = HISTORY_REFUSED,
                         .message_id = self->message_id,
                         .sender = self->sender,
                         .recipient = recipient,
                         .user = self->account ? self->account->address : NULL,
                         .address = channel_peer_text (self->channel),
                         .reply = reply };

  if (recipient || self->recipients->len == 0)
    history_note (&event);
  for (guint i = 0; recipient == NULL && i < MIN (self->recipients->len, RECIPIENTS_MAX); i++) {
    event.recipient = ((SmtpRecipient *)self->recipients->pdata[i])->address;
    history_note (&event);
  }
}

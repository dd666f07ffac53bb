/* Mail that its sender did not want to be delivered before some time, for people here: it goes into
 * their mailboxes in the commit that ends its rows (settlement.c). */
#include "accounts/recipient.h"
#include "log.h"
#include "queue/schedule-private.h"

/* Who is there now? Belongs to the read job. */
typedef struct {
  QueueMail *mail;
  GArray *kinds; /* RecipientKind, one for each recipient */
} Question;

static void
question_free (gpointer data)
{
  Question *question = data;

  g_clear_pointer (&question->mail, queue_mail_free);
  g_array_unref (question->kinds);
  g_free (question);
}

static gboolean
resolve (StoreSnapshot *snapshot, gpointer data, GError **error)
{
  Question *question = data;
  const QueueMail *mail = question->mail;

  g_array_set_size (question->kinds, 0);
  for (guint i = 0; i < mail->recipients->len; i++) {
    const QueueRecipient *recipient = mail->recipients->pdata[i];
    g_autoptr (Recipient) found = recipient_resolve (
        store_snapshot_database (snapshot), recipient->address, mail->size, mail->account, error);
    if (found == NULL)
      return FALSE;
    /* What an alias has come to lead to elsewhere was not meant for there. */
    const RecipientKind kind = found->kind == RECIPIENT_LOCAL && found->mailboxes->len == 0
        ? RECIPIENT_UNKNOWN
        : found->kind;
    g_array_append_val (question->kinds, kind);
  }
  return TRUE;
}

/* By RecipientKind. Whom an alias sends elsewhere has rows of his own. */
static const struct {
  guint code;
  const char *status, *reply;
} outcomes[] = {
  [RECIPIENT_LOCAL] = { 250, "2.1.5", "Delivered" },
  [RECIPIENT_REMOTE] = { 550, "5.1.1", "There is nobody with this address any more" },
  [RECIPIENT_UNKNOWN] = { 550, "5.1.1", "There is nobody with this address any more" },
  [RECIPIENT_OVER_QUOTA] = { 452, "4.2.2", "The mailbox is full" },
  [RECIPIENT_DISABLED] = { 550, "5.2.1", "This mailbox takes no mail" },
  [RECIPIENT_CLOSED] = { 550, "5.7.2", "The sender may not write to this group" },
};

static void
did_resolve (GObject *source, GAsyncResult *result, gpointer data)
{
  Destination *self = data;
  Question *question = store_job_data (result);
  QueueMail *mail = g_steal_pointer (&question->mail);
  g_autoptr (GError) error = NULL;

  self->work--;
  if (!store_read_finish (self->schedule->store, result, &error)) {
    log_event (LOG_ERROR, "The queue cannot be read", "error", error->message, NULL);
    destination_fail (self, 451, "4.3.0", "This server cannot read from its disk");
    destination_give_back (self, mail);
    destination_check (self);
    return;
  }
  for (guint i = 0; i < mail->recipients->len; i++) {
    const RecipientKind kind = g_array_index (question->kinds, RecipientKind, i);
    queue_recipient_settle (mail->recipients->pdata[i], outcomes[kind].code, outcomes[kind].status,
                            outcomes[kind].reply, NULL);
  }
  destination_settle (self, mail);
}

static void
did_find (QueueMail *mail, gpointer data)
{
  Destination *self = data;
  Question *question;

  if (mail == NULL || self->schedule->stopping) {
    g_clear_pointer (&mail, queue_mail_free);
    self->is_drained = TRUE;
    destination_check (self);
    return;
  }
  self->sent++;
  question = g_new0 (Question, 1);
  question->mail = mail;
  question->kinds = g_array_new (FALSE, FALSE, sizeof (RecipientKind));
  self->work++;
  store_read_async (self->schedule->store, resolve, question, question_free, NULL, did_resolve,
                    self);
}

void
local_delivery_next (Destination *self)
{
  destination_next (self, did_find, self);
}

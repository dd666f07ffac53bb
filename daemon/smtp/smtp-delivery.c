/* What is written of a mail, and the job that writes it. */
#include "smtp/smtp-delivery.h"
#include "accounts/srs.h"
#include "mail/date.h"
#include "queue/queue-brake.h"
#include "queue/queue.h"

#define LOGGED_RECIPIENTS_MAX 50

static void
local_clear (gpointer data)
{
  SmtpLocal *local = data;

  g_free (local->address);
  smtp_wish_clear (&local->wish);
}

void
smtp_delivery_free (gpointer data)
{
  SmtpDelivery *delivery = data;

  prepared_message_unref (delivery->message);
  g_array_unref (delivery->targets);
  g_hash_table_unref (delivery->remote);
  g_ptr_array_unref (delivery->outside);
  g_ptr_array_unref (delivery->braked);
  g_free (delivery->ret);
  g_free (delivery->envid);
  g_free (delivery->future);
  g_free (delivery->mail_id);
  g_free (delivery->message_id);
  g_array_unref (delivery->local);
  g_free (delivery->sender);
  g_free (delivery->recipients);
  g_free (delivery);
}

static void
delivery_add (SmtpDelivery *delivery, gint64 mailbox)
{
  const SmtpTarget target = { .mailbox = mailbox };

  for (guint i = 0; i < delivery->targets->len; i++)
    if (g_array_index (delivery->targets, SmtpTarget, i).mailbox == mailbox)
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

static SmtpWish
wish_copy (const SmtpWish *wish)
{
  return (SmtpWish) { g_strdup (wish->notify), g_strdup (wish->orcpt) };
}

static SmtpRemote *
remote_new (const SmtpRecipient *recipient)
{
  SmtpRemote *remote = g_new (SmtpRemote, 1);
  const char *at = strrchr (recipient->address, '@');

  *remote = (SmtpRemote) { wish_copy (&recipient->wish), g_strdup (at ? at + 1 : "") };
  return remote;
}

static void
remote_free (gpointer data)
{
  SmtpRemote *remote = data;

  smtp_wish_clear (&remote->wish);
  g_free (remote->domain);
  g_free (remote);
}

static void
delivery_add_recipient (SmtpDelivery *delivery, const SmtpRecipient *recipient)
{
  for (guint m = 0; m < recipient->mailboxes->len; m++)
    delivery_add (delivery, g_array_index (recipient->mailboxes, gint64, m));
  if (recipient->mailboxes->len > 0) {
    const SmtpLocal local
        = { g_strdup (recipient->address), g_array_index (recipient->mailboxes, gint64, 0),
            wish_copy (&recipient->wish) };
    g_array_append_val (delivery->local, local);
  }
  for (guint r = 0; r < recipient->remote->len; r++)
    g_hash_table_insert (delivery->remote, g_strdup (recipient->remote->pdata[r]),
                         remote_new (recipient));
}

static void
gather_outside (SmtpDelivery *delivery)
{
  GHashTableIter iter;
  gpointer address;

  g_hash_table_iter_init (&iter, delivery->remote);
  while (g_hash_table_iter_next (&iter, &address, NULL))
    g_ptr_array_add (delivery->outside, address);
}

SmtpDelivery *
smtp_delivery_new (SmtpSession *self, PreparedMessage *message)
{
  SmtpDelivery *delivery = g_new0 (SmtpDelivery, 1);

  delivery->message = message;
  delivery->targets = g_array_new (FALSE, FALSE, sizeof (SmtpTarget));
  delivery->remote = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, remote_free);
  delivery->ret = g_strdup (self->ret);
  delivery->envid = g_strdup (self->envid);
  delivery->future = g_strdup (self->future);
  delivery->released = self->released;
  delivery->outside = g_ptr_array_new ();
  delivery->account = self->account ? self->account->id : 0;
  delivery->is_junk = self->is_junk;
  delivery->sender_is_proved = self->sender_is_proved;
  delivery->one_answer = self->service->kind != SMTP_LMTP;
  delivery->mail_id = g_strdup (self->mail_id);
  delivery->message_id = g_strdup (self->message_id);
  delivery->local = g_array_new (FALSE, FALSE, sizeof (SmtpLocal));
  g_array_set_clear_func (delivery->local, local_clear);
  delivery->sender = g_strdup (self->sender);
  delivery->recipients = list_recipients (self);
  delivery->recipient_count = self->recipients->len;
  delivery->braked = queue_brake_rows_new ();
  for (guint i = 0; i < self->recipients->len; i++)
    delivery_add_recipient (delivery, self->recipients->pdata[i]);
  gather_outside (delivery);
  return delivery;
}

gboolean
smtp_delivery_has_written (const SmtpDelivery *delivery, gint64 mailbox)
{
  for (guint i = 0; i < delivery->targets->len; i++) {
    const SmtpTarget *target = &g_array_index (delivery->targets, SmtpTarget, i);
    if (target->mailbox == mailbox && !target->missing)
      return TRUE;
  }
  return FALSE;
}

/* Mail of people here has their address. What an alias forwards for others gets a return path of
 * ours; about it nobody is told who may not have sent it. */
static gboolean
enqueue_one (StoreTransaction *transaction, const SmtpDelivery *delivery, const char *address,
             const SmtpRemote *remote, GError **error)
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
          .content = delivery->content,
          .hold = delivery->brake == BRAKE_FREE ? QUEUE_IS_SENT : QUEUE_HELD_BY_BRAKE,
          .released = delivery->released,
          .future = delivery->future };

  return queue_add (transaction, &row, error);
}

/* A row for each address of another domain, in the commit that accepts the mail. */
static gboolean
enqueue (StoreTransaction *transaction, const SmtpDelivery *delivery, GError **error)
{
  GHashTableIter iter;
  gpointer address, remote;

  g_hash_table_iter_init (&iter, delivery->remote);
  while (g_hash_table_iter_next (&iter, &address, &remote))
    if (!enqueue_one (transaction, delivery, address, remote, error))
      return FALSE;
  return TRUE;
}

/* Whoever is here and shall have it later, is in the queue until then. */
static gboolean
enqueue_here (StoreTransaction *transaction, const SmtpDelivery *delivery, GError **error)
{
  for (guint i = 0; i < delivery->local->len; i++) {
    const SmtpLocal *local = &g_array_index (delivery->local, SmtpLocal, i);
    const QueueRow row = { .message = delivery->written,
                           .account = delivery->account,
                           .sender = delivery->sender,
                           .recipient = local->address,
                           .ret = delivery->ret,
                           .envid = delivery->envid,
                           .notify = local->wish.notify,
                           .orcpt = local->wish.orcpt,
                           .content = delivery->content,
                           .is_local = TRUE,
                           .released = delivery->released,
                           .future = delivery->future };
    if (!queue_add (transaction, &row, error))
      return FALSE;
  }
  return TRUE;
}

/* Junk goes to the mailbox that its owner has for it, if there is one. */
static gint64
find_mailbox (StoreTransaction *transaction, const SmtpDelivery *delivery, gint64 inbox,
              GError **error)
{
  return delivery->is_junk
      ? mailbox_find_use (store_transaction_database (transaction), inbox, "\\Junk", error)
      : inbox;
}

/* What users send is counted in the commit that takes it, and held when that is too much. */
static gboolean
judge_submission (StoreTransaction *transaction, SmtpDelivery *delivery, GError **error)
{
  Database *database = store_transaction_database (transaction);
  const gint64 now = store_transaction_now (transaction);

  delivery->brake = BRAKE_FREE;
  return delivery->account == 0
      || (smtp_submission_require (database, delivery->account, now, delivery->recipient_count,
                                   error)
          && brake_note_mail (transaction, delivery->account, delivery->recipient_count,
                              delivery->outside, &delivery->brake, error)
          && (delivery->brake != BRAKE_TRIPPED
              || queue_brake (transaction, delivery->account, delivery->braked, error)));
}

/* Into the mailboxes here; marks those that are missing. */
static gboolean
fill_mailboxes (StoreTransaction *transaction, SmtpDelivery *delivery, GError **error)
{
  const gint64 now = store_transaction_now (transaction);
  guint delivered = 0;

  for (guint i = 0; i < delivery->targets->len; i++) {
    SmtpTarget *target = &g_array_index (delivery->targets, SmtpTarget, i);
    g_autoptr (GError) reason = NULL;
    const gint64 mailbox = find_mailbox (transaction, delivery, target->mailbox, &reason);
    guint32 uid;
    target->missing = !mailbox
        || !mailbox_add (transaction, mailbox, delivery->written, 0, now, date_local_zone (now),
                         &uid, &reason);
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

/* May run twice (store.h): what it finds out about DELIVERY it finds out anew. */
gboolean
smtp_delivery_write (StoreTransaction *transaction, gpointer data, GError **error)
{
  SmtpDelivery *delivery = data;

  if (!judge_submission (transaction, delivery, error))
    return FALSE;
  delivery->written = message_append (transaction, delivery->message, error);
  if (delivery->written == 0 || !enqueue (transaction, delivery, error))
    return FALSE;
  return delivery->released ? enqueue_here (transaction, delivery, error)
                            : fill_mailboxes (transaction, delivery, error);
}

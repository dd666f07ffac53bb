/* What a sender wants to be told of (RFC 3461 §4): parameters of MAIL and RCPT on submission. There
 * every sender is a user of ours, so no notification leaves the house. */
#include "smtp/smtp-private.h"
#include "queue/settlement.h"
#include "queue/xtext.h"
#include "log.h"
#include <string.h>

#define ENVID_MAX 100 /* RFC 3461 §4.4 */
#define ORCPT_MAX 500 /* §4.2 */

gboolean
smtp_offers_dsn (SmtpSession *self)
{
  return self->service->kind == SMTP_SUBMISSION && self->service->schedule;
}

static const char *
read_ret (SmtpSession *self, const char *value)
{
  if (value == NULL || self->ret
      || (g_ascii_strcasecmp (value, "FULL") != 0 && g_ascii_strcasecmp (value, "HDRS") != 0))
    return "501 5.5.4 RET is FULL or HDRS, once";
  self->ret = g_ascii_strup (value, -1);
  return NULL;
}

static const char *
read_envid (SmtpSession *self, const char *value)
{
  if (value == NULL || self->envid || strlen (value) > ENVID_MAX || !xtext_is_valid (value))
    return "501 5.5.4 ENVID wants a short xtext, once";
  self->envid = g_strdup (value);
  return NULL;
}

gboolean
smtp_dsn_read_mail (SmtpSession *self, const char *key, const char *value, const char **refusal)
{
  if (!smtp_offers_dsn (self))
    return FALSE;
  if (g_ascii_strcasecmp (key, "RET") == 0)
    *refusal = read_ret (self, value);
  else if (g_ascii_strcasecmp (key, "ENVID") == 0)
    *refusal = read_envid (self, value);
  else
    return FALSE;
  return TRUE;
}

/* NEVER alone, or a list of the others. */
static gboolean
is_notify (const char *value)
{
  static const char *const words[] = { "SUCCESS", "FAILURE", "DELAY" };
  g_auto (GStrv) list = g_strsplit (value, ",", -1);
  gboolean is_good = list[0] != NULL;

  if (g_ascii_strcasecmp (value, "NEVER") == 0)
    return TRUE;
  for (guint i = 0; list[i]; i++) {
    gboolean is_known = FALSE;
    for (guint w = 0; w < G_N_ELEMENTS (words); w++)
      is_known |= g_ascii_strcasecmp (list[i], words[w]) == 0;
    is_good &= is_known;
  }
  return is_good;
}

static gboolean
is_orcpt (const char *value)
{
  const char *address = strchr (value, ';');

  return address && address > value && strlen (value) <= ORCPT_MAX && xtext_is_valid (address + 1)
      && strspn (value, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-.")
      == (gsize)(address - value);
}

static const char *
read_one (const char *key, const char *value, SmtpWish *wish)
{
  if (g_ascii_strcasecmp (key, "NOTIFY") == 0) {
    if (value == NULL || wish->notify || !is_notify (value))
      return "501 5.5.4 NOTIFY is NEVER, or of SUCCESS, FAILURE and DELAY, once";
    wish->notify = g_ascii_strup (value, -1);
  } else if (g_ascii_strcasecmp (key, "ORCPT") == 0) {
    if (value == NULL || wish->orcpt || !is_orcpt (value))
      return "501 5.5.4 ORCPT is a type, a semicolon and an address in xtext, once";
    wish->orcpt = g_strdup (value);
  } else
    return "555 5.5.4 This parameter of RCPT is not known";
  return NULL;
}

const char *
smtp_dsn_read_recipient (SmtpSession *self, const char *parameters, SmtpWish *wish)
{
  g_autofree char *key = NULL;
  g_autofree char *value = NULL;
  const char *refusal = NULL;

  while (refusal == NULL && smtp_parameter_next (&parameters, &key, &value)) {
    refusal = smtp_offers_dsn (self) ? read_one (key, value, wish)
                                     : "555 5.5.4 This parameter of RCPT is not known";
    g_clear_pointer (&key, g_free);
    g_clear_pointer (&value, g_free);
  }
  return refusal;
}

void
smtp_wish_clear (SmtpWish *wish)
{
  g_clear_pointer (&wish->notify, g_free);
  g_clear_pointer (&wish->orcpt, g_free);
}

static void
did_tell (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;

  if (!settlement_write_finish (result, &error))
    log_event (LOG_ERROR, "A receipt cannot be written", "error", error->message, NULL);
}

void
smtp_dsn_tell_delivered (SmtpSession *self, gint64 message, guint64 size)
{
  g_autoptr (QueueMail) mail = queue_mail_new ();

  for (guint i = 0; i < self->recipients->len; i++) {
    const SmtpRecipient *from = self->recipients->pdata[i];
    QueueRecipient *recipient;
    if (from->mailboxes->len == 0 || from->wish.notify == NULL
        || strstr (from->wish.notify, "SUCCESS") == NULL)
      continue;
    recipient = queue_mail_add (mail, 0, from->address);
    recipient->notify = g_strdup (from->wish.notify);
    recipient->orcpt = g_strdup (from->wish.orcpt);
    recipient->created = g_get_real_time () / G_USEC_PER_SEC;
    queue_recipient_settle (recipient, 250, "2.1.5", NULL, NULL);
  }
  if (mail->recipients->len == 0)
    return;
  mail->message = message;
  mail->size = size;
  mail->account = self->account->id;
  mail->sender = g_strdup (self->sender);
  mail->envid = g_strdup (self->envid);
  settlement_write_async (self->service->store, self->service->hostname, self->service->schedule,
                          g_steal_pointer (&mail), did_tell, NULL);
}

/* One mail transaction: MAIL, RCPT, DATA, pipelined where the server takes it (RFC 2920). */
#include "queue/smtp-client-private.h"
#include <string.h>

#define COMMAND_SECONDS 300 /* RFC 5321 §4.5.3.2.2 and .3 */
#define DATA_SECONDS 120 /* §4.5.3.2.4 */

static QueueRecipient *
recipient_at (SmtpClient *self, guint number)
{
  return self->mail->recipients->pdata[number];
}

static void
give_back (SmtpClient *self)
{
  self->events->sent (self, g_steal_pointer (&self->mail), self->data);
}

static void
did_reset (SmtpClient *self)
{
  self->expect = NULL;
  self->events->ready (self, self->data);
}

/* The transaction ended before the message: nothing of it may stay behind. */
static void
end_early (SmtpClient *self)
{
  give_back (self);
  if (self->closed || self->reason)
    return;
  channel_print (self->channel, "RSET\r\n");
  smtp_client_await (self, did_reset, COMMAND_SECONDS);
}

void
smtp_client_lose_mail (SmtpClient *self)
{
  queue_mail_settle (self->mail, 400, "4.4.2", self->reason, self->host);
  give_back (self);
}

static void
settle_by_reply (SmtpClient *self, QueueRecipient *recipient, guint code)
{
  g_autofree char *text = smtp_reply_print (self->reply);

  if (recipient)
    queue_recipient_settle (recipient, code, self->reply->status, text, self->host);
  else
    queue_mail_settle (self->mail, code, self->reply->status, text, self->host);
}

/* A reply of a kind that has no meaning here (RFC 5321 §4.3.2) is tried again later. */
static guint
refusal_code (SmtpClient *self)
{
  const guint kind = smtp_reply_kind (self->reply);

  return kind == 4 || kind == 5 ? self->reply->code : 451;
}

void
smtp_client_finished (SmtpClient *self)
{
  const gboolean taken = smtp_reply_kind (self->reply) == 2;

  settle_by_reply (self, NULL, taken ? self->reply->code : refusal_code (self));
  for (guint i = 0; i < self->mail->recipients->len; i++)
    recipient_at (self, i)->told_dsn = (self->extensions & SMTP_EXTENSION_DSN) != 0;
  self->expect = NULL;
  give_back (self);
  if (!self->closed && !self->reason)
    self->events->ready (self, self->data);
}

static void
did_cancel_data (SmtpClient *self)
{
  end_early (self);
}

static void
answered_data (SmtpClient *self)
{
  if (self->reply->code != 354) {
    settle_by_reply (self, NULL, refusal_code (self));
    end_early (self);
  } else if (self->accepted == 0) { /* RFC 2920 §3.1: nobody is left, send nothing */
    channel_print (self->channel, ".\r\n");
    smtp_client_await (self, did_cancel_data, COMMAND_SECONDS);
  } else
    smtp_client_stream (self);
}

static void
answered_mail (SmtpClient *self)
{
  if (smtp_reply_kind (self->reply) != 2)
    settle_by_reply (self, NULL, refusal_code (self));
}

/* 552 for "too many recipients" is an old way to say 452 (RFC 5321 §4.5.3.1.10). */
static void
answered_recipient (SmtpClient *self, QueueRecipient *recipient)
{
  const guint code = refusal_code (self);

  if (recipient->outcome != QUEUE_UNTRIED)
    return; /* MAIL was refused */
  if (smtp_reply_kind (self->reply) == 2)
    self->accepted++;
  else
    settle_by_reply (self, recipient, code == 552 && self->accepted > 0 ? 452 : code);
}

static char *
wire_address (const char *address)
{
  const char *at = strrchr (address, '@');
  g_autofree char *domain = at ? g_hostname_to_ascii (at + 1) : NULL;

  return domain ? g_strdup_printf ("%.*s@%s", (int)(at - address), address, domain)
                : g_strdup (address);
}

static void
ask_mail (SmtpClient *self)
{
  const QueueMail *mail = self->mail;
  g_autoptr (GString) line = g_string_new (NULL);
  g_autofree char *sender = wire_address (mail->sender);

  g_string_append_printf (line, "MAIL FROM:<%s>", sender);
  if (self->extensions & SMTP_EXTENSION_SIZE)
    g_string_append_printf (line, " SIZE=%" G_GUINT64_FORMAT, self->size);
  if (mail->eight_bit && !self->converted)
    g_string_append (line, " BODY=8BITMIME");
  if (mail->utf8)
    g_string_append (line, " SMTPUTF8");
  if (self->requires_tls)
    g_string_append (line, " REQUIRETLS");
  if ((self->extensions & SMTP_EXTENSION_DSN) && mail->ret)
    g_string_append_printf (line, " RET=%s", mail->ret);
  if ((self->extensions & SMTP_EXTENSION_DSN) && mail->envid)
    g_string_append_printf (line, " ENVID=%s", mail->envid);
  channel_print (self->channel, "%s\r\n", line->str);
}

static void
ask_recipient (SmtpClient *self, const QueueRecipient *recipient)
{
  g_autofree char *address = wire_address (recipient->address);
  const gboolean tells = (self->extensions & SMTP_EXTENSION_DSN) != 0;

  channel_print (self->channel, "RCPT TO:<%s>%s%s%s%s\r\n", address,
                 tells && recipient->notify ? " NOTIFY=" : "",
                 tells && recipient->notify ? recipient->notify : "",
                 tells && recipient->orcpt ? " ORCPT=" : "",
                 tells && recipient->orcpt ? recipient->orcpt : "");
}

static void
ask (SmtpClient *self)
{
  const guint command = self->asked++;

  if (command == 0)
    ask_mail (self);
  else if (command <= self->mail->recipients->len)
    ask_recipient (self, recipient_at (self, command - 1));
  else
    channel_print (self->channel, "DATA\r\n");
}

/* Without pipelining DATA is not even asked when nobody is left. */
static gboolean
is_over (SmtpClient *self)
{
  return self->asked == self->answered && self->accepted == 0
      && (recipient_at (self, self->mail->recipients->len - 1)->outcome != QUEUE_UNTRIED);
}

static void
answered (SmtpClient *self)
{
  const guint command = self->answered++;
  const guint last = self->mail->recipients->len + 1;

  if (self->reply->code == 421) { /* it goes away, whatever else was asked */
    g_autofree char *text = smtp_reply_print (self->reply);
    smtp_client_fail (self, SMTP_END_LOST, text);
    return;
  }
  if (command == last) {
    answered_data (self);
    return;
  }
  if (command == 0)
    answered_mail (self);
  else
    answered_recipient (self, recipient_at (self, command - 1));
  if (is_over (self)) {
    end_early (self);
    return;
  }
  if (self->answered == last && smtp_client_sends_chunks (self)) {
    smtp_client_stream (self);
    return;
  }
  if (self->asked == self->answered)
    ask (self);
  smtp_client_await (self, answered, self->answered == last ? DATA_SECONDS : COMMAND_SECONDS);
}

/* What this server cannot take at all. */
static gboolean
refuse_unfit (SmtpClient *self)
{
  static const char *const reasons[]
      = { "The mail is bigger than this server takes",
          "The server does not take mail with addresses or headers in UTF-8" };
  const QueueMail *mail = self->mail;

  if (self->size_limit > 0 && self->size > self->size_limit)
    queue_mail_settle (self->mail, 552, "5.3.4", reasons[0], self->host);
  else if (mail->utf8 && !(self->extensions & SMTP_EXTENSION_SMTPUTF8))
    queue_mail_settle (self->mail, 553, "5.6.7", reasons[1], self->host);
  else
    return FALSE;
  return TRUE;
}

static void
ask_all (SmtpClient *self)
{
  const guint count = self->mail->recipients->len + (smtp_client_sends_chunks (self) ? 1 : 2);

  if (refuse_unfit (self)) {
    end_early (self);
    return;
  }
  ask (self);
  while ((self->extensions & SMTP_EXTENSION_PIPELINING) && self->asked < count)
    ask (self);
  smtp_client_await (self, answered, COMMAND_SECONDS);
}

void
smtp_client_did_convert (SmtpClient *self)
{
  if (self->reason) /* it ends, and the mail with it */
    return;
  if (self->converted == NULL) {
    queue_mail_settle (self->mail, 554, "5.6.3",
                       "The server takes only 7-bit mail, and this one cannot be made so",
                       self->host);
    end_early (self);
    return;
  }
  ask_all (self);
}

void
smtp_client_begin_mail (SmtpClient *self)
{
  const QueueMail *mail = self->mail;

  self->asked = self->answered = self->accepted = 0;
  self->offset = 0;
  self->size = mail->size;
  g_clear_pointer (&self->converted, g_bytes_unref);
  if (mail->eight_bit && !mail->utf8 && !(self->extensions & SMTP_EXTENSION_8BITMIME)) {
    self->expect = NULL;
    smtp_client_convert (self);
  } else
    ask_all (self);
}

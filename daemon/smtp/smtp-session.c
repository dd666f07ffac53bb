/* The life of an SMTP or LMTP connection: greeting, input, replies, end. */
#include "smtp/smtp-private.h"
#include "log.h"
#include "metrics.h"
#include "settings.h"
#include <stdarg.h>

static void
smtp_recipient_free (gpointer data)
{
  SmtpRecipient *recipient = data;

  g_free (recipient->address);
  g_array_unref (recipient->mailboxes);
  g_ptr_array_unref (recipient->remote);
  smtp_wish_clear (&recipient->wish);
  g_free (recipient);
}

SmtpSession *
smtp_session_ref (SmtpSession *self)
{
  g_atomic_ref_count_inc (&self->references);
  return self;
}

void
smtp_session_unref (SmtpSession *self)
{
  if (!g_atomic_ref_count_dec (&self->references))
    return;
  smtp_reset (self);
  g_clear_pointer (&self->recipients, g_ptr_array_unref);
  g_clear_pointer (&self->sign_on, sign_on_unref);
  g_clear_pointer (&self->account, account_free);
  g_clear_pointer (&self->listing, block_listing_free);
  g_free (self->helo);
  channel_unref (self->channel);
  g_free (self);
}

void
smtp_reset (SmtpSession *self)
{
  g_clear_pointer (&self->sender, g_free);
  g_clear_pointer (&self->ret, g_free);
  g_clear_pointer (&self->envid, g_free);
  g_clear_pointer (&self->future, g_free);
  self->released = 0;
  g_clear_pointer (&self->spool, spool_free);
  g_clear_pointer (&self->mail_id, g_free);
  g_clear_pointer (&self->message_id, g_free);
  g_ptr_array_set_size (self->recipients, 0);
  self->declared_size = self->hops = self->chunk_left = 0;
  self->refusal = NULL;
  self->dropped = 0;
  self->dots = (SmtpDots) { 0 };
  self->chunk_last = self->utf8 = self->binary = FALSE;
  self->requires_tls = self->waives_tls = FALSE;
  g_clear_pointer (&self->keys, g_ptr_array_unref);
  smtp_check_end (self);
}

void
smtp_reply (SmtpSession *self, const char *format, ...)
{
  va_list arguments;
  g_autofree char *text = NULL;

  va_start (arguments, format);
  text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  channel_print (self->channel, "%s\r\n", text);
}

gsize
smtp_end (SmtpSession *self, const char *why, gsize length)
{
  smtp_reply (self, "421 4.7.0 %s %s, closing", self->service->hostname, why);
  channel_close (self->channel);
  return length;
}

void
smtp_wrong (SmtpSession *self, const char *reply)
{
  smtp_reply (self, "%s", reply);
  if (++self->errors >= SMTP_ERRORS_MAX)
    smtp_end (self, "Too many errors", 0);
}

const char *
smtp_store_reply (SmtpSession *self, const GError *error)
{
  log_event (LOG_WARNING, "An SMTP client is sent away: look at the disk", "session",
             channel_id (self->channel), "error", error->message, NULL);
  if (g_error_matches (error, STORE_ERROR, STORE_ERROR_FULL)
      || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE))
    return "452 4.3.1 The disk of this server is full, try again later";
  return "451 4.3.0 This server cannot keep the mail now, try again later";
}

static gsize
did_receive (Channel *channel, const guint8 *bytes, gsize length, gpointer data)
{
  SmtpSession *self = data;

  return self->expect (self, bytes, length);
}

static void
did_secure (Channel *channel, gpointer data)
{
  SmtpSession *self = data;

  /* What was said in the clear is forgotten (RFC 3207 §4.2). */
  smtp_reset (self);
  g_clear_pointer (&self->account, account_free);
  g_clear_pointer (&self->helo, g_free);
}

static void
greet (SmtpSession *self)
{
  self->expect = smtp_expect_command;
  channel_set_idle_timeout (self->channel, setting_number (SETTING_IDLE_TIMEOUT_SMTP));
  if (self->service->kind == SMTP_SUBMISSION) /* until the login, see smtp-auth.c */
    channel_set_total_timeout (self->channel, setting_number (SETTING_LOGIN_TIMEOUT));
  smtp_reply (self, "220 %s %s Hauspost", self->service->hostname,
              self->service->kind == SMTP_LMTP ? "LMTP" : "ESMTP");
}

static void
did_time_out (Channel *channel, gpointer data)
{
  SmtpSession *self = data;

  if (self->expect == smtp_expect_silence) { /* it knows how to wait */
    greet (self);
    return;
  }
  smtp_reply (self, "421 4.4.2 %s Silent for too long, closing", self->service->hostname);
  channel_close (channel);
}

/* RFC 5321 §3.8: a server that goes away says 421. */
static void
will_stop (Channel *channel, gpointer data)
{
  SmtpSession *self = data;

  smtp_reply (self, "421 4.3.2 %s The server is stopping", self->service->hostname);
  channel_close (channel);
}

static void
did_close (Channel *channel, const GError *reason, gpointer data)
{
  g_autoptr (SmtpSession) self = data;

  self->closed = TRUE;
  smtp_defence_end (self);
  g_clear_pointer (&self->sign_on, sign_on_unref);
  smtp_reset (self);
  log_event (LOG_DEBUG, "SMTP session ended", "session", channel_id (channel), "address",
             channel_peer_text (channel), "error", reason ? reason->message : NULL, NULL);
}

static const ChannelEvents events = {
  .received = did_receive,
  .secured = did_secure,
  .timed_out = did_time_out,
  .closed = did_close,
  .stopping = will_stop,
};

void
smtp_accepted (Channel *channel, gpointer data)
{
  SmtpSession *self = g_new0 (SmtpSession, 1);

  g_atomic_ref_count_init (&self->references);
  self->channel = channel_ref (channel);
  self->service = data;
  self->recipients = g_ptr_array_new_with_free_func (smtp_recipient_free);
  channel_set_input_limit (channel, 65536);
  channel_set_events (channel, &events, self);
  if (!smtp_defence_begin (self))
    greet (self);
}

/* The life of a connection to another server. */
#include "queue/smtp-client-private.h"
#include <string.h>

#define GREETING_SECONDS 300 /* RFC 5321 §4.5.3.2.1 */
#define INPUT_LIMIT 65536

void
smtp_client_free (SmtpClient *self)
{
  g_clear_pointer (&self->ssl, SSL_free);
  g_clear_pointer (&self->mail, queue_mail_free);
  g_clear_pointer (&self->converted, g_bytes_unref);
  smtp_reply_free (self->reply);
  channel_unref (self->channel);
  g_free (self->hostname);
  g_free (self->host);
  g_free (self->user);
  g_free (self->password);
  g_free (self->reason);
  g_free (self);
}

void
smtp_client_await (SmtpClient *self, SmtpClientExpect expect, guint seconds)
{
  self->expect = expect;
  channel_set_idle_timeout (self->channel, seconds);
  channel_set_total_timeout (self->channel, seconds); /* a reply that comes byte by byte is none */
}

void
smtp_client_fail (SmtpClient *self, SmtpEnd end, const char *reason)
{
  if (self->reason == NULL) {
    self->end = end;
    self->reason = g_strdup (reason);
  }
  self->expect = NULL;
  channel_close (self->channel);
}

void
smtp_client_fail_by_reply (SmtpClient *self)
{
  g_autofree char *text = smtp_reply_print (self->reply);

  smtp_client_fail (self, smtp_reply_kind (self->reply) == 5 ? SMTP_END_REFUSED : SMTP_END_LOST,
                    text);
}

/* One whole reply. */
static void
take_reply (SmtpClient *self)
{
  SmtpClientExpect expect = self->expect;

  channel_set_total_timeout (self->channel, 0);
  if (expect == NULL) /* said without being asked: 421 before a close, mostly */
    smtp_client_fail_by_reply (self);
  else
    expect (self);
  smtp_reply_clear (self->reply);
}

static gsize
did_receive (Channel *channel, const guint8 *bytes, gsize length, gpointer data)
{
  SmtpClient *self = data;
  const gsize used = smtp_reply_read (self->reply, bytes, length);

  if (self->reason) /* it ends */
    return length;
  if (self->reply->state == SMTP_REPLY_BROKEN) {
    smtp_client_fail (self, SMTP_END_LOST, "The server does not speak SMTP");
    return length;
  }
  if (self->reply->state == SMTP_REPLY_WHOLE)
    take_reply (self);
  return used;
}

static void
did_drain (Channel *channel, gpointer data)
{
  smtp_client_did_drain (data);
}

static void
did_secure (Channel *channel, gpointer data)
{
  SmtpClient *self = data;

  if (self->tls == SMTP_TLS_FROM_START && self->extensions == 0)
    smtp_client_await (self, smtp_client_greeted, GREETING_SECONDS);
  else
    smtp_client_say_hello (self); /* what was said in the clear is forgotten (RFC 3207 §4.2) */
}

static void
did_time_out (Channel *channel, gpointer data)
{
  smtp_client_fail (data, SMTP_END_LOST, "The server did not answer in time");
  channel_abort (channel);
}

static gboolean
was_shaking (SmtpClient *self)
{
  return self->ssl == NULL && self->tls != SMTP_TLS_NEVER && !channel_is_secure (self->channel)
      && self->expect == smtp_client_say_hello;
}

static void
did_close (Channel *channel, const GError *reason, gpointer data)
{
  SmtpClient *self = data;

  self->closed = TRUE;
  if (self->reason == NULL) {
    self->end = self->is_leaving ? SMTP_END_QUIT
        : was_shaking (self)     ? SMTP_END_TLS
                                 : SMTP_END_LOST;
    self->reason = g_strdup (reason ? reason->message : "The server ended the connection");
  }
  if (self->mail)
    smtp_client_lose_mail (self);
  self->events->ended (self, self->end, self->reason, self->data);
  if (!self->reading) /* else the read job's answer frees it */
    smtp_client_free (self);
}

static const ChannelEvents events = {
  .received = did_receive,
  .drained = did_drain,
  .secured = did_secure,
  .timed_out = did_time_out,
  .closed = did_close,
};

/* NULL when TLS is not wanted or cannot be set up, which fails the connection. */
static void
prepare_tls (SmtpClient *self, const SmtpClientOptions *options)
{
  g_autoptr (GError) error = NULL;

  if (options->tls == SMTP_TLS_NEVER)
    return;
  self->ssl = tls_client_new (options->peer, options->host, options->next_hop,
                              options->associations, options->association_count, &error);
  if (self->ssl == NULL)
    smtp_client_fail (self, SMTP_END_TLS, error->message);
}

SmtpClient *
smtp_client_new (Channel *channel, const SmtpClientOptions *options,
                 const SmtpClientEvents *client_events, gpointer data)
{
  SmtpClient *self = g_new0 (SmtpClient, 1);

  self->channel = channel_ref (channel);
  self->store = options->store;
  self->hostname = g_strdup (options->hostname);
  self->host = g_strdup (options->host);
  self->user = g_strdup (options->user);
  self->password = g_strdup (options->password);
  self->tls = options->tls;
  self->requires_tls = options->requires_tls;
  self->events = client_events;
  self->data = data;
  self->reply = smtp_reply_new ();
  channel_set_input_limit (channel, INPUT_LIMIT);
  channel_set_events (channel, &events, self);
  prepare_tls (self, options);
  if (self->reason)
    return self;
  if (self->tls == SMTP_TLS_FROM_START) {
    self->expect = smtp_client_say_hello;
    channel_start_client_tls (channel, g_steal_pointer (&self->ssl));
  } else
    smtp_client_await (self, smtp_client_greeted, GREETING_SECONDS);
  return self;
}

void
smtp_client_send (SmtpClient *self, QueueMail *mail)
{
  g_assert (self->mail == NULL);
  self->mail = mail;
  smtp_client_begin_mail (self);
}

static void
said_goodbye (SmtpClient *self)
{
  channel_close (self->channel);
}

void
smtp_client_quit (SmtpClient *self)
{
  self->is_leaving = TRUE;
  channel_print (self->channel, "QUIT\r\n");
  smtp_client_await (self, said_goodbye, 5);
}

void
smtp_client_abort (SmtpClient *self, const char *reason)
{
  if (self->reason == NULL) {
    self->end = SMTP_END_LOST;
    self->reason = g_strdup (reason);
  }
  channel_abort (self->channel);
}

const char *
smtp_client_peer (SmtpClient *self)
{
  return channel_peer_text (self->channel);
}

const char *
smtp_client_protocol (SmtpClient *self)
{
  return channel_tls_protocol (self->channel);
}

/* Conversations with servers of others: smtp-client.c, its hello, its mail and its data. */
#include "queue/smtp-client.h"
#include "net/dial.h"
#include "smtp-peer.h"

static const struct {
  const char *path, *script;
  const char *message;
  const char *settled; /* "CODE-KIND STATUS" of each recipient */
  SmtpEnd end;
  gboolean logs_in, eight_bit, utf8, requires_tls;
} cases[] = {
  { "/smtp-client/pipelined",
    "> 220 Hello\n< EHLO me.example\n> 250-there\n> 250-PIPELINING\n> 250-8BITMIME\n> 250 SIZE "
    "1000\n"
    "< MAIL FROM:<anna@example.com> SIZE=15 BODY=8BITMIME\n< RCPT TO:<a@there.example>\n"
    "< RCPT TO:<b@there.example>\n< DATA\n> 250 ok\n> 250 ok\n> 550 5.1.1 Nobody\n> 354 go\n"
    "< A: b\n<\n< ..x\n< c\n< .\n> 250 2.6.0 Taken\n< QUIT\n> 221 bye\n",
    "A: b\r\n\r\n.x\r\nc\r\n", "1 2.6.0;3 5.1.1", SMTP_END_QUIT, FALSE, TRUE, FALSE },
  { "/smtp-client/chunk",
    "> 220 Hello\n< EHLO me.example\n> 250-there\n> 250-PIPELINING\n> 250 CHUNKING\n"
    "< MAIL FROM:<anna@example.com>\n< RCPT TO:<a@there.example>\n< RCPT TO:<b@there.example>\n"
    "> 250 ok\n> 250 ok\n> 250 ok\n< BDAT 11 LAST\n< A: b\n<\n< .x\n< c\n> 250 2.0.0 Taken\n"
    "< QUIT\n> 221 bye\n",
    "A: b\n\n.x\nc\n", "1 2.0.0;1 2.0.0", SMTP_END_QUIT, FALSE, FALSE, FALSE },
  { "/smtp-client/old-server",
    "> 220 Hello\n< EHLO me.example\n> 500 What?\n< HELO me.example\n> 250 there\n"
    "< MAIL FROM:<anna@example.com>\n> 250 ok\n< RCPT TO:<a@there.example>\n> 250 ok\n"
    "< RCPT TO:<b@there.example>\n> 450 4.2.1 Later\n< DATA\n> 354 go\n< A: b\n<\n< c\n< .\n"
    "> 250 Taken\n< QUIT\n> 221 bye\n",
    "A: b\r\n\r\nc", "1 2.0.0;2 4.2.1", SMTP_END_QUIT, FALSE, FALSE, FALSE },
  { "/smtp-client/nobody-left",
    "> 220 Hello\n< EHLO me.example\n> 250 PIPELINING\n< MAIL FROM:<anna@example.com>\n> 250 ok\n"
    "< RCPT TO:<a@there.example>\n> 550 5.1.1 No\n< RCPT TO:<b@there.example>\n> 550 5.1.1 No\n"
    "< RSET\n> 250 ok\n< QUIT\n> 221 bye\n",
    "A: b\r\n\r\n", "3 5.1.1;3 5.1.1", SMTP_END_QUIT, FALSE, FALSE, FALSE },
  { "/smtp-client/goes-away",
    "> 220 Hello\n< EHLO me.example\n> 250 there\n< MAIL FROM:<anna@example.com>\n> 421 Stopping\n",
    "A: b\r\n\r\n", "2 4.4.2;2 4.4.2", SMTP_END_LOST, FALSE, FALSE, FALSE },
  { "/smtp-client/refuses-us", "> 554 5.7.1 Not you\n", "A: b\r\n\r\n", "", SMTP_END_REFUSED, FALSE,
    FALSE, FALSE },
  { "/smtp-client/no-smtp", "> hello\n", "A: b\r\n\r\n", "", SMTP_END_LOST, FALSE, FALSE, FALSE },
  { "/smtp-client/too-big",
    "> 220 Hello\n< EHLO me.example\n> 250-there\n> 250 SIZE 5\n< RSET\n> 250 ok\n< QUIT\n> 221 "
    "bye\n",
    "A: b\r\n\r\nc", "3 5.3.4;3 5.3.4", SMTP_END_QUIT, FALSE, FALSE, FALSE },
  { "/smtp-client/no-utf8",
    "> 220 Hello\n< EHLO me.example\n> 250-there\n> 250 8BITMIME\n< RSET\n> 250 ok\n< QUIT\n> 221 "
    "bye\n",
    "A: b\r\n\r\nc", "3 5.6.7;3 5.6.7", SMTP_END_QUIT, FALSE, TRUE, TRUE },
  { "/smtp-client/plain",
    "> 220 Hello\n< EHLO me.example\n> 250-there\n> 250 AUTH LOGIN PLAIN\n"
    "< AUTH PLAIN AG9mZmljZQBzZWNyZXQ=\n> 535 5.7.8 No\n",
    "A: b\r\n\r\n", "", SMTP_END_REFUSED, TRUE, FALSE, FALSE },
  { "/smtp-client/login",
    "> 220 Hello\n< EHLO me.example\n> 250-there\n> 250 AUTH=LOGIN\n< AUTH LOGIN\n> 334 "
    "VXNlcm5hbWU6\n"
    "< b2ZmaWNl\n> 334 UGFzc3dvcmQ6\n< c2VjcmV0\n> 235 Welcome\n< MAIL FROM:<anna@example.com>\n"
    "> 450 4.7.1 Slow down\n< RSET\n> 250 ok\n< QUIT\n> 221 bye\n",
    "A: b\r\n\r\n", "2 4.7.1;2 4.7.1", SMTP_END_QUIT, TRUE, FALSE, FALSE },
  /* What it promises in the clear does not count (RFC 8689 §2). */
  { "/smtp-client/no-promise",
    "> 220 Hello\n< EHLO me.example\n> 250-there\n> 250 REQUIRETLS\n< QUIT\n> 221 bye\n",
    "A: b\r\n\r\n", "", SMTP_END_PROMISE, FALSE, FALSE, FALSE, TRUE },
  { "/smtp-client/no-login", "> 220 Hello\n< EHLO me.example\n> 250-there\n> 250 AUTH CRAM-MD5\n",
    "A: b\r\n\r\n", "", SMTP_END_REFUSED, TRUE, FALSE, FALSE },
};

typedef struct {
  guint number; /* of the case */
  IoThread *thread;
  SmtpPeer peer;
  GString *settled;
  gboolean was_sent;
  SmtpEnd end;
  gint is_over; /* atomic */
} Talk;

static QueueMail *
make_mail (guint number)
{
  QueueMail *mail = queue_mail_new ();

  mail->message = 1;
  mail->sender = g_strdup ("anna@example.com");
  mail->bytes = g_bytes_new (cases[number].message, strlen (cases[number].message));
  mail->size = g_bytes_get_size (mail->bytes);
  mail->eight_bit = cases[number].eight_bit;
  mail->utf8 = cases[number].utf8;
  queue_mail_add (mail, 1, "a@there.example");
  queue_mail_add (mail, 2, "b@there.example");
  return mail;
}

static void
did_become_ready (SmtpClient *client, gpointer data)
{
  Talk *self = data;

  if (self->was_sent)
    smtp_client_quit (client);
  else
    smtp_client_send (client, make_mail (self->number));
}

static void
did_send (SmtpClient *client, QueueMail *mail, gpointer data)
{
  Talk *self = data;

  self->was_sent = TRUE;
  for (guint i = 0; i < mail->recipients->len; i++) {
    const QueueRecipient *recipient = mail->recipients->pdata[i];
    g_string_append_printf (self->settled, "%s%d %s", i ? ";" : "", recipient->outcome,
                            recipient->status);
  }
  queue_mail_free (mail);
}

static void
did_end (SmtpClient *client, SmtpEnd end, const char *reason, gpointer data)
{
  Talk *self = data;

  g_test_message ("%s", reason);
  self->end = end;
  g_atomic_int_set (&self->is_over, 1);
}

static const SmtpClientEvents events = { did_become_ready, did_send, did_end };

static void
did_connect (Channel *channel, const GError *error, gpointer data)
{
  Talk *self = data;
  SmtpClientOptions options
      = { .hostname = "me.example", .host = "mx.there.example", .tls = SMTP_TLS_NEVER };

  g_assert_no_error (error);
  if (cases[self->number].logs_in) {
    options.user = "office";
    options.password = "secret";
  }
  options.requires_tls = cases[self->number].requires_tls;
  smtp_client_new (channel, &options, &events, self);
}

static void
start (gpointer data)
{
  Talk *self = data;
  g_autoptr (GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);

  dial_start (self->thread, loopback, self->peer.port, NULL, 10, did_connect, self);
}

static void
test_talk (gconstpointer data)
{
  g_autoptr (GString) settled = g_string_new (NULL);
  Talk self = { .number = GPOINTER_TO_UINT (data), .settled = settled };

  smtp_peer_start (&self.peer, cases[self.number].script);
  self.thread = io_thread_new ("client", NULL);
  io_thread_invoke (self.thread, start, &self);
  for (guint i = 0; i < 2000 && !g_atomic_int_get (&self.is_over); i++)
    g_usleep (5000);
  g_assert_cmpint (g_atomic_int_get (&self.is_over), ==, 1);
  io_thread_free (self.thread);
  smtp_peer_end (&self.peer);
  g_assert_cmpstr (settled->str, ==, cases[self.number].settled);
  g_assert_cmpint (self.end, ==, cases[self.number].end);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    g_test_add_data_func (cases[i].path, GUINT_TO_POINTER (i), test_talk);
  return g_test_run ();
}

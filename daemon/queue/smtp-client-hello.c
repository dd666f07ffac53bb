/* From the greeting to a connection that takes mail: EHLO, STARTTLS, AUTH. */
#include "queue/smtp-client-private.h"
#include <string.h>

#define HELLO_SECONDS 300

static void
become_ready (SmtpClient *self)
{
  self->expect = NULL;
  channel_set_idle_timeout (self->channel, HELLO_SECONDS);
  self->events->ready (self, self->data);
}

static void
authenticated (SmtpClient *self)
{
  if (smtp_reply_kind (self->reply) == 2)
    become_ready (self);
  else
    smtp_client_fail_by_reply (self);
}

/* PLAIN (RFC 4616): authorization identity, user, password. */
static void
authenticate (SmtpClient *self)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  g_autofree char *text = NULL;

  if (!channel_is_secure (self->channel) && !channel_peer_is_loopback (self->channel)) {
    smtp_client_fail (self, SMTP_END_TLS, "The password is not sent without TLS");
    return;
  }
  g_byte_array_append (bytes, (const guint8 *)"", 1);
  g_byte_array_append (bytes, (const guint8 *)self->user, strlen (self->user) + 1);
  g_byte_array_append (bytes, (const guint8 *)self->password, strlen (self->password));
  text = g_base64_encode (bytes->data, bytes->len);
  channel_print (self->channel, "AUTH PLAIN %s\r\n", text);
  smtp_client_await (self, authenticated, HELLO_SECONDS);
}

static void
secure_or_go_on (SmtpClient *self)
{
  if (smtp_reply_kind (self->reply) == 2) {
    self->expect = smtp_client_say_hello; /* until the handshake is done */
    self->extensions = 0;
    channel_start_client_tls (self->channel, g_steal_pointer (&self->ssl));
  } else if (self->tls == SMTP_TLS_MUST)
    smtp_client_fail (self, SMTP_END_TLS, "The server refuses STARTTLS");
  else
    become_ready (self);
}

static void
go_on (SmtpClient *self)
{
  const gboolean is_secure = channel_is_secure (self->channel);

  if (!is_secure && self->ssl && (self->extensions & SMTP_EXTENSION_STARTTLS)) {
    channel_print (self->channel, "STARTTLS\r\n");
    smtp_client_await (self, secure_or_go_on, HELLO_SECONDS);
  } else if (!is_secure && self->tls == SMTP_TLS_MUST)
    smtp_client_fail (self, SMTP_END_TLS, "The server does not offer STARTTLS");
  else if (self->user)
    authenticate (self);
  else
    become_ready (self);
}

static void
read_size (SmtpClient *self, const char *value)
{
  self->extensions |= SMTP_EXTENSION_SIZE;
  if (!g_ascii_string_to_unsigned (value, 10, 0, G_MAXINT64, &self->size_limit, NULL))
    self->size_limit = 0;
}

/* A line of the reply to EHLO, such as "SIZE 52428800". */
static void
read_extension (SmtpClient *self, char *line)
{
  static const struct {
    const char *name;
    SmtpExtension extension;
  } known[] = { { "PIPELINING", SMTP_EXTENSION_PIPELINING },
                { "8BITMIME", SMTP_EXTENSION_8BITMIME },
                { "SMTPUTF8", SMTP_EXTENSION_SMTPUTF8 },
                { "DSN", SMTP_EXTENSION_DSN },
                { "STARTTLS", SMTP_EXTENSION_STARTTLS } };
  char *value = line + strcspn (line, " ");

  if (*value)
    *value++ = '\0';
  if (g_ascii_strcasecmp (line, "SIZE") == 0)
    read_size (self, value);
  for (guint i = 0; i < G_N_ELEMENTS (known); i++)
    if (g_ascii_strcasecmp (line, known[i].name) == 0)
      self->extensions |= known[i].extension;
}

static void
said_old_hello (SmtpClient *self)
{
  if (smtp_reply_kind (self->reply) == 2)
    go_on (self);
  else
    smtp_client_fail_by_reply (self);
}

static void
said_hello (SmtpClient *self)
{
  g_auto (GStrv) lines = g_strsplit (self->reply->text->str, "\n", -1);

  if (smtp_reply_kind (self->reply) == 5) { /* RFC 5321 §3.2: an old server */
    channel_print (self->channel, "HELO %s\r\n", self->hostname);
    smtp_client_await (self, said_old_hello, HELLO_SECONDS);
    return;
  }
  if (smtp_reply_kind (self->reply) != 2) {
    smtp_client_fail_by_reply (self);
    return;
  }
  for (guint i = 1; lines[0] && lines[i]; i++)
    read_extension (self, lines[i]);
  go_on (self);
}

void
smtp_client_say_hello (SmtpClient *self)
{
  self->extensions = 0;
  channel_print (self->channel, "EHLO %s\r\n", self->hostname);
  smtp_client_await (self, said_hello, HELLO_SECONDS);
}

void
smtp_client_greeted (SmtpClient *self)
{
  if (self->reply->code == 220)
    smtp_client_say_hello (self);
  else
    smtp_client_fail_by_reply (self);
}

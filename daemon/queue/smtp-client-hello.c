/* From the greeting to a connection that takes mail: EHLO, STARTTLS, AUTH. */
#include "queue/smtp-client-private.h"
#include "log.h"
#include <openssl/crypto.h>
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
  if (smtp_reply_kind (self->reply) == 2) {
    become_ready (self);
    return;
  }
  log_event (LOG_WARNING, "The provider refuses the login of this server", "host", self->host,
             "user", self->user, "reply", self->reply->text->str, NULL);
  smtp_client_fail_by_reply (self);
}

/* One line; our own copies of it are wiped. */
static void
say_secret (SmtpClient *self, const char *command, const guint8 *bytes, gsize length,
            SmtpClientExpect expect)
{
  char *text = g_base64_encode (bytes, length);

  channel_print (self->channel, "%s%s\r\n", command, text);
  OPENSSL_cleanse (text, strlen (text));
  g_free (text);
  smtp_client_await (self, expect, HELLO_SECONDS);
}

/* PLAIN (RFC 4616): authorization identity, user, password. */
static void
say_plain (SmtpClient *self)
{
  const gsize user = strlen (self->user), password = strlen (self->password);
  const gsize length = user + password + 2;
  char *bytes = g_malloc0 (length);

  memcpy (bytes + 1, self->user, user);
  memcpy (bytes + user + 2, self->password, password);
  say_secret (self, "AUTH PLAIN ", (const guint8 *)bytes, length, authenticated);
  OPENSSL_cleanse (bytes, length);
  g_free (bytes);
}

static void
asked_for_password (SmtpClient *self)
{
  if (self->reply->code == 334)
    say_secret (self, "", (const guint8 *)self->password, strlen (self->password), authenticated);
  else
    authenticated (self);
}

static void
asked_for_user (SmtpClient *self)
{
  if (self->reply->code == 334)
    say_secret (self, "", (const guint8 *)self->user, strlen (self->user), asked_for_password);
  else
    authenticated (self);
}

static void
authenticate (SmtpClient *self)
{
  if (!channel_is_secure (self->channel) && !channel_peer_is_loopback (self->channel))
    smtp_client_fail (self, SMTP_END_TLS, "The password is not sent without TLS");
  else if (self->extensions & SMTP_EXTENSION_AUTH_PLAIN)
    say_plain (self);
  else if (self->extensions & SMTP_EXTENSION_AUTH_LOGIN) {
    channel_print (self->channel, "AUTH LOGIN\r\n");
    smtp_client_await (self, asked_for_user, HELLO_SECONDS);
  } else
    smtp_client_fail (self, SMTP_END_REFUSED,
                      "The server offers no login with a password (AUTH PLAIN or LOGIN)");
}

static void go_on (SmtpClient *self);

static void
secure_or_go_on (SmtpClient *self)
{
  if (smtp_reply_kind (self->reply) == 2) {
    self->expect = smtp_client_say_hello; /* until the handshake is done */
    self->extensions = 0;
    channel_set_total_timeout (self->channel, HELLO_SECONDS);
    channel_start_client_tls (self->channel, g_steal_pointer (&self->ssl));
  } else if (self->tls == SMTP_TLS_MUST)
    smtp_client_fail (self, SMTP_END_TLS, "The server refuses STARTTLS");
  else {
    self->extensions &= ~SMTP_EXTENSION_STARTTLS; /* it is not asked again */
    go_on (self);
  }
}

/* RFC 8689 §4.2.1: what was said before TLS does not count. */
static gboolean
lacks_promise (SmtpClient *self)
{
  if (!self->requires_tls
      || (channel_is_secure (self->channel) && (self->extensions & SMTP_EXTENSION_REQUIRETLS)))
    return FALSE;
  self->is_leaving = TRUE;
  channel_print (self->channel, "QUIT\r\n");
  smtp_client_fail (self, SMTP_END_PROMISE,
                    "The server does not promise to demand TLS further on (REQUIRETLS)");
  return TRUE;
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
  else if (lacks_promise (self))
    return;
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

/* "PLAIN LOGIN" */
static void
read_mechanisms (SmtpClient *self, const char *value)
{
  g_auto (GStrv) names = g_strsplit (value, " ", -1);

  for (guint i = 0; names[i]; i++)
    if (g_ascii_strcasecmp (names[i], "PLAIN") == 0)
      self->extensions |= SMTP_EXTENSION_AUTH_PLAIN;
    else if (g_ascii_strcasecmp (names[i], "LOGIN") == 0)
      self->extensions |= SMTP_EXTENSION_AUTH_LOGIN;
}

/* A line of the reply to EHLO, such as "SIZE 52428800". */
static void
read_extension (SmtpClient *self, char *line)
{
  static const struct {
    const char *name;
    SmtpExtension extension;
  } known[]
      = { { "PIPELINING", SMTP_EXTENSION_PIPELINING }, { "8BITMIME", SMTP_EXTENSION_8BITMIME },
          { "SMTPUTF8", SMTP_EXTENSION_SMTPUTF8 },     { "DSN", SMTP_EXTENSION_DSN },
          { "CHUNKING", SMTP_EXTENSION_CHUNKING },     { "STARTTLS", SMTP_EXTENSION_STARTTLS },
          { "REQUIRETLS", SMTP_EXTENSION_REQUIRETLS } };
  char *value = line + strcspn (line, " =" /* AUTH=PLAIN, of old servers */);

  if (*value)
    *value++ = '\0';
  if (g_ascii_strcasecmp (line, "SIZE") == 0)
    read_size (self, value);
  else if (g_ascii_strcasecmp (line, "AUTH") == 0)
    read_mechanisms (self, value);
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

/* Reads command lines and runs them from one table. */
#include "smtp/smtp-private.h"
#include "smtp/smtp-path.h"
#include "settings.h"
#include <openssl/crypto.h>
#include <string.h>

typedef enum {
  SMTP_NEEDS_HELO = 1,
  SMTP_NEEDS_MAIL = 2,
  SMTP_NEEDS_RCPT = 4,
  SMTP_NEEDS_NO_ARGUMENT = 8,
} SmtpNeeds;

static void
advertise (SmtpSession *self)
{
  const gboolean offers_tls = self->service->tls && !channel_is_secure (self->channel);
  const gboolean offers_auth = smtp_may_authenticate (self);
  g_autofree char *mechanisms = sign_on_mechanisms (self->channel);
  g_autofree char *future = smtp_future_advertise (self);

  smtp_reply (self,
              "250-%s\r\n250-PIPELINING\r\n250-SIZE %" G_GINT64_FORMAT
              "\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250-CHUNKING\r\n250-BINARYMIME\r\n"
              "%s%s%s%s%s%s%s250-LIMITS RCPTMAX=%" G_GINT64_FORMAT "\r\n250 ENHANCEDSTATUSCODES",
              self->service->hostname, setting_number (SETTING_SMTP_MAX_MESSAGE_SIZE),
              smtp_offers_dsn (self) ? "250-DSN\r\n" : "", future,
              smtp_offers_require_tls (self) ? "250-REQUIRETLS\r\n" : "",
              offers_tls ? "250-STARTTLS\r\n" : "", offers_auth ? "250-AUTH " : "",
              offers_auth ? mechanisms : "", offers_auth ? "\r\n" : "",
              setting_number (SETTING_SMTP_MAX_RECIPIENTS));
}

static void
greet (SmtpSession *self, const char *argument, gboolean extended)
{
  /* Whatever the client calls itself goes into a Received field: printable and short only. */
  const gsize length = strcspn (argument, " ");

  if (length == 0 || length > SMTP_DOMAIN_MAX) {
    smtp_wrong (self, "501 5.5.4 Say who you are: EHLO your.host.name");
    return;
  }
  smtp_reset (self);
  g_free (self->helo);
  self->helo = g_strndup (argument, length);
  for (char *at = self->helo; *at; at++)
    if (!g_ascii_isalnum (*at) && strchr (".-_:[]", *at) == NULL)
      *at = '?';
  channel_set_client (self->channel, self->helo);
  self->extended = extended;
  if (extended)
    advertise (self);
  else
    smtp_reply (self, "250 %s", self->service->hostname);
}

static void
smtp_helo (SmtpSession *self, const char *argument)
{
  if (self->service->kind == SMTP_LMTP)
    smtp_wrong (self, "500 5.5.1 This is LMTP: say LHLO");
  else
    greet (self, argument, FALSE);
}

static void
smtp_ehlo (SmtpSession *self, const char *argument)
{
  if (self->service->kind == SMTP_LMTP)
    smtp_wrong (self, "500 5.5.1 This is LMTP: say LHLO");
  else
    greet (self, argument, TRUE);
}

static void
smtp_lhlo (SmtpSession *self, const char *argument)
{
  if (self->service->kind != SMTP_LMTP)
    smtp_wrong (self, "500 5.5.1 This is SMTP: say EHLO");
  else
    greet (self, argument, TRUE);
}

static void
smtp_starttls (SmtpSession *self, const char *argument)
{
  if (self->service->tls == NULL || channel_is_secure (self->channel)) {
    smtp_wrong (self, "503 5.5.1 TLS is not to be had here or in use already");
    return;
  }
  smtp_reply (self, "220 2.0.0 Ready for TLS");
  channel_start_tls (self->channel, self->service->tls);
}

static void
smtp_rset (SmtpSession *self, const char *argument)
{
  smtp_reset (self);
  smtp_reply (self, "250 2.0.0 Forgotten");
}

static void
smtp_noop (SmtpSession *self, const char *argument)
{
  smtp_reply (self, "250 2.0.0 OK");
}

static void
smtp_vrfy (SmtpSession *self, const char *argument)
{
  smtp_reply (self, "252 2.5.0 Send a mail, then you will know");
}

/* Who is behind an alias is nobody's business. */
static void
smtp_expn (SmtpSession *self, const char *argument)
{
  smtp_wrong (self, "502 5.5.1 Lists are not shown here");
}

static void
smtp_help (SmtpSession *self, const char *argument)
{
  smtp_reply (self, "214 2.0.0 See RFC 5321");
}

static void
smtp_quit (SmtpSession *self, const char *argument)
{
  smtp_reply (self, "221 2.0.0 %s Goodbye", self->service->hostname);
  channel_close (self->channel);
}

/* To add a command, add a line here and a handler above or in a file of its own. */
static const struct {
  const char *name;
  guint needs;
  void (*run) (SmtpSession *self, const char *argument);
} commands[] = {
  { "EHLO", 0, smtp_ehlo },
  { "HELO", 0, smtp_helo },
  { "LHLO", 0, smtp_lhlo },
  { "STARTTLS", SMTP_NEEDS_NO_ARGUMENT, smtp_starttls },
  { "AUTH", SMTP_NEEDS_HELO, smtp_auth },
  { "MAIL", SMTP_NEEDS_HELO, smtp_mail },
  { "RCPT", SMTP_NEEDS_HELO | SMTP_NEEDS_MAIL, smtp_rcpt },
  { "DATA", SMTP_NEEDS_RCPT | SMTP_NEEDS_NO_ARGUMENT, smtp_data },
  { "BDAT", 0, smtp_bdat }, /* the chunk must be read whatever is missing */
  { "RSET", SMTP_NEEDS_NO_ARGUMENT, smtp_rset },
  { "NOOP", 0, smtp_noop },
  { "VRFY", 0, smtp_vrfy },
  { "EXPN", 0, smtp_expn },
  { "HELP", 0, smtp_help },
  { "QUIT", SMTP_NEEDS_NO_ARGUMENT, smtp_quit },
};

static const char *
find_obstacle (SmtpSession *self, guint needs, const char *argument)
{
  if ((needs & SMTP_NEEDS_HELO) && self->helo == NULL)
    return "503 5.5.1 Say EHLO first";
  if ((needs & (SMTP_NEEDS_MAIL | SMTP_NEEDS_RCPT)) && self->sender == NULL)
    return "503 5.5.1 Say MAIL first";
  if ((needs & SMTP_NEEDS_RCPT) && self->recipients->len == 0)
    return "503 5.5.1 No recipient was accepted";
  if ((needs & SMTP_NEEDS_NO_ARGUMENT) && *argument)
    return "501 5.5.4 This command takes no argument";
  return NULL;
}

static void
run (SmtpSession *self, char *line)
{
  char *argument = line + strcspn (line, " ");

  if (*argument)
    *argument++ = '\0';
  g_strstrip (argument);
  for (guint i = 0; i < G_N_ELEMENTS (commands); i++) {
    if (g_ascii_strcasecmp (line, commands[i].name) != 0)
      continue;
    const char *obstacle = find_obstacle (self, commands[i].needs, argument);
    /* Between BDAT chunks only BDAT, RSET, NOOP, QUIT and a new greeting make sense (RFC 3030
     * §4.1). */
    if (obstacle == NULL && self->spool
        && (commands[i].run == smtp_data || commands[i].run == smtp_rcpt))
      obstacle = "503 5.5.1 A BDAT transfer is under way";
    if (obstacle)
      smtp_wrong (self, obstacle);
    else
      commands[i].run (self, argument);
    return;
  }
  smtp_wrong (self, "500 5.5.1 There is no such command");
}

gsize
smtp_expect_command (SmtpSession *self, const guint8 *bytes, gsize length)
{
  const gboolean is_auth
      = length >= 5 && g_ascii_strncasecmp ((const char *)bytes, "AUTH ", 5) == 0;
  const gsize most = is_auth ? SMTP_LINE_MAX : SMTP_COMMAND_MAX;
  const guint8 *end = memchr (bytes, '\n', MIN (length, most));
  const gsize line_length = end ? (gsize)(end - bytes) : 0;
  char line[SMTP_LINE_MAX];

  if (end == NULL)
    return length < most ? 0 : smtp_end (self, "The line is too long", length);
  /* Only CRLF ends a line (RFC 5321 §2.3.8). */
  if (line_length == 0 || end[-1] != '\r' || memchr (bytes, '\r', line_length - 1))
    return smtp_end (self, "Lines end in CR LF and hold neither of them", length);
  if (memchr (bytes, '\0', line_length)) {
    smtp_wrong (self, "500 5.5.2 A command holds no NUL");
    return line_length + 1;
  }
  memcpy (line, bytes, line_length - 1);
  line[line_length - 1] = '\0';
  run (self, line);
  if (is_auth)
    OPENSSL_cleanse (line, line_length);
  return line_length + 1;
}

/* AUTH (RFC 4954): on submission only, under TLS or where the setting allows passwords without. */
#include "smtp/smtp-private.h"
#include "settings.h"
#include <string.h>

static gboolean
password_is_safe (SmtpSession *self)
{
  const PlaintextPasswords allowed = setting_number (SETTING_PLAINTEXT_PASSWORDS);

  return channel_is_secure (self->channel) || allowed == PLAINTEXT_ALWAYS
      || (allowed == PLAINTEXT_LOOPBACK && channel_peer_is_loopback (self->channel));
}

gboolean
smtp_may_authenticate (SmtpSession *self)
{
  return self->service->kind == SMTP_SUBMISSION && self->account == NULL && password_is_safe (self);
}

static void
refuse (SmtpSession *self, const GError *error)
{
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_BUSY)) {
    smtp_reply (self, "454 4.7.0 Too many logins at once, try again later");
    return;
  }
  if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED)) {
    smtp_reply (self, "454 4.7.0 This server cannot look up users now, try again later");
    return;
  }
  smtp_reply (self, "535 5.7.8 The user name or the password is wrong");
  if (++self->failed_logins < SMTP_LOGINS_MAX)
    return;
  smtp_end (self, "Too many failed logins", 0);
}

static void
did_authenticate (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (SmtpSession) self = data;
  g_autoptr (GError) error = NULL;
  Account *account = authenticate_finish (result, &error);

  if (self->closed) {
    g_clear_pointer (&account, account_free);
    return;
  }
  if (account == NULL) {
    refuse (self, error);
  } else if (!channel_claim_user (self->channel, account->address)) {
    account_free (account);
    smtp_end (self, "This user has too many connections", 0);
  } else {
    self->account = account;
    channel_set_total_timeout (self->channel, 0);
    smtp_reply (self, "235 2.7.0 Welcome");
  }
  channel_resume (self->channel);
}

/* One step of the exchange; RESPONSE is base64 or NULL. */
static void
step (SmtpSession *self, const char *response, gsize length)
{
  const char *challenge = NULL;

  switch (sasl_step (self->sasl, response, length, &challenge)) {
  case SASL_CONTINUE:
    self->expect = smtp_expect_auth;
    smtp_reply (self, "334 %s", challenge);
    return;
  case SASL_MALFORMED:
    smtp_wrong (self, "501 5.5.2 That is not what this mechanism expects");
    break;
  case SASL_CREDENTIALS:
    channel_pause (self->channel);
    authenticate_async (self->service->authenticator, sasl_user (self->sasl),
                        sasl_password (self->sasl), "smtp", channel_id (self->channel),
                        channel_peer_text (self->channel), did_authenticate,
                        smtp_session_ref (self));
    break;
  }
  g_clear_pointer (&self->sasl, sasl_free);
  self->expect = smtp_expect_command;
}

gsize
smtp_expect_auth (SmtpSession *self, const guint8 *bytes, gsize length)
{
  const guint8 *end = memchr (bytes, '\n', MIN (length, SMTP_LINE_MAX));
  const gsize line_length = end ? (gsize)(end - bytes) : 0;

  if (end == NULL)
    return length < SMTP_LINE_MAX ? 0 : smtp_end (self, "The line is too long", length);
  if (line_length == 0 || end[-1] != '\r')
    return smtp_end (self, "Lines end in CR LF", length);
  if (line_length == 2 && *bytes == '*') {
    g_clear_pointer (&self->sasl, sasl_free);
    self->expect = smtp_expect_command;
    smtp_wrong (self, "501 5.7.0 The login is cancelled");
  } else {
    step (self, (const char *)bytes, line_length - 1);
  }
  return line_length + 1;
}

void
smtp_auth (SmtpSession *self, const char *argument)
{
  const gsize length = strcspn (argument, " ");
  g_autofree char *mechanism = g_strndup (argument, length);
  const char *response = argument[length] ? argument + length + 1 : NULL;

  if (self->service->kind != SMTP_SUBMISSION)
    smtp_wrong (self, "503 5.5.1 Nobody signs on here; use the submission port");
  else if (self->account || self->sender)
    smtp_wrong (self, "503 5.5.1 It is too late to sign on");
  else if (!password_is_safe (self))
    smtp_wrong (self, "538 5.7.11 Say STARTTLS first: a password must not travel in the clear");
  else if ((self->sasl = sasl_new (mechanism)) == NULL)
    smtp_wrong (self, "504 5.5.4 This mechanism is not known");
  else
    step (self, response, response ? strlen (response) : 0);
}

/* AUTH (RFC 4954): on submission only, under TLS or where the setting allows passwords without. */
#include "smtp/smtp-private.h"
#include <string.h>

gboolean
smtp_may_authenticate (SmtpSession *self)
{
  return self->service->kind == SMTP_SUBMISSION && self->account == NULL
      && sign_on_is_safe (self->channel);
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
accept (SmtpSession *self, Account *account)
{
  if (!channel_claim_user (self->channel, account->address)) {
    account_free (account);
    smtp_end (self, "This user has too many connections", 0);
    return;
  }
  self->account = account;
  channel_set_total_timeout (self->channel, 0);
  smtp_reply (self, "235 2.7.0 Welcome");
}

static void
did_step (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (SmtpSession) self = data;
  g_autoptr (Account) account = NULL;
  g_autoptr (GError) error = NULL;
  const char *challenge = "";
  const SignOnStep step = sign_on_step_finish (result, &challenge, &account, &error);

  if (self->closed)
    return;
  if (step == SIGN_ON_CHALLENGE) {
    self->expect = smtp_expect_auth;
    smtp_reply (self, "334 %s", challenge);
    channel_resume (self->channel);
    return;
  }
  g_clear_pointer (&self->sign_on, sign_on_unref);
  self->expect = smtp_expect_command;
  if (step == SIGN_ON_MALFORMED)
    smtp_wrong (self, "501 5.5.2 That is not what this mechanism expects");
  else if (step == SIGN_ON_DONE)
    accept (self, g_steal_pointer (&account));
  else
    refuse (self, error);
  channel_resume (self->channel);
}

/* One step of the exchange; RESPONSE is base64 or NULL. */
static void
step (SmtpSession *self, const char *response, gsize length)
{
  channel_pause (self->channel);
  sign_on_step_async (self->sign_on, response, length, did_step, smtp_session_ref (self));
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
    g_clear_pointer (&self->sign_on, sign_on_unref);
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
  else if (!sign_on_is_safe (self->channel))
    smtp_wrong (self, "538 5.7.11 Say STARTTLS first: a password must not travel in the clear");
  else if ((self->sign_on
            = sign_on_new (self->service->authenticator, self->channel, "smtp", mechanism))
           == NULL)
    smtp_wrong (self, "504 5.5.4 This mechanism is not known");
  else
    step (self, response, response ? strlen (response) : 0);
}

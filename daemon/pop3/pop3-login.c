/* Signing on: USER and PASS (RFC 1939 §7), AUTH (RFC 5034); then the maildrop is opened. */
#include "pop3/pop3-private.h"

#include "pop3/pop3-parser.h"
#include "settings.h"

#include <string.h>

static void
refuse (Pop3Session *self, const GError *error)
{
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_BUSY)) {
    pop3_fail (self, "[SYS/TEMP] Too many logins at once; try again later");
  } else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED)) {
    pop3_fail_temporarily (self, error);
  } else {
    pop3_fail (self, "[AUTH] The user name or the password is wrong");
    if (++self->failed_logins >= POP3_LOGINS_MAX)
      channel_close (self->channel);
  }
  pop3_resume (self);
}

static void
did_open (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (Pop3Session) self = data;
  g_autoptr (GError) error = NULL;
  const gboolean done = store_read_finish (self->service->store, result, &error);

  if (!self->open)
    return;
  if (!done) {
    pop3_fail_temporarily (self, error);
    channel_close (self->channel);
    return;
  }
  self->state = POP3_TRANSACTION;
  channel_set_total_timeout (self->channel, 0);
  channel_set_idle_timeout (self->channel, (guint)setting_number (SETTING_IDLE_TIMEOUT_POP3));
  pop3_ok (self, "%u messages (%" G_GUINT64_FORMAT " octets)", self->maildrop->live,
           self->maildrop->size);
  pop3_resume (self);
}

/* The right password: may the maildrop be opened now? */
static void
enter (Pop3Session *self, const Account *account)
{
  switch (pop3_door_enter (self->service->door, account->id, g_get_monotonic_time ())) {
  case POP3_DOOR_IN_USE:
    pop3_fail (self, "[IN-USE] Another session has this maildrop open");
    pop3_resume (self);
    return;
  case POP3_DOOR_TOO_SOON:
    pop3_fail (self, "[LOGIN-DELAY] Too soon after the last login");
    pop3_resume (self);
    return;
  case POP3_DOOR_OPEN:
    break;
  }
  self->is_inside = TRUE;
  self->maildrop = pop3_maildrop_new (account->id);
  self->user = g_strdup (account->address);
  if (!channel_claim_user (self->channel, account->address)) {
    pop3_fail (self, "[SYS/TEMP] This user has too many connections");
    channel_close (self->channel);
    return;
  }
  store_read_async (self->service->store, pop3_maildrop_read, self->maildrop, NULL, NULL, did_open,
                    pop3_session_ref (self));
}

static void
did_authenticate (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (Pop3Session) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (Account) account = authenticate_finish (result, &error);

  if (!self->open)
    return;
  if (account)
    enter (self, account);
  else
    refuse (self, error);
}

static void
log_in (Pop3Session *self, const char *user, const char *password)
{
  pop3_pause (self);
  authenticate_async (self->service->authenticator, user, password, "pop3",
                      channel_id (self->channel), channel_peer_text (self->channel),
                      did_authenticate, pop3_session_ref (self));
}

static gboolean
require_safety (Pop3Session *self)
{
  if (sign_on_is_safe (self->channel))
    return TRUE;
  pop3_wrong (self, "Say STLS first: a password must not travel in the clear");
  return FALSE;
}

/* RFC 6856 §2.2: a name or a password that is not UTF-8 is none. */
static gboolean
is_credential (const char *text)
{
  return *text != '\0' && g_utf8_validate (text, -1, NULL);
}

void
pop3_user (Pop3Session *self, const char *argument)
{
  if (!require_safety (self))
    return;
  if (!is_credential (argument)) {
    pop3_wrong (self, "Say USER and your address");
    return;
  }
  g_free (self->login);
  self->login = g_strstrip (g_strdup (argument));
  pop3_ok (self, "Now the password"); /* whoever that is: names are not told */
}

/* The password is all that follows, blanks too. */
void
pop3_pass (Pop3Session *self, const char *argument)
{
  g_autofree char *login = g_steal_pointer (&self->login);

  if (!require_safety (self))
    return;
  if (login == NULL)
    pop3_wrong (self, "Say USER first");
  else if (!is_credential (argument))
    pop3_wrong (self, "Say PASS and your password");
  else
    log_in (self, login, argument);
}

static gsize expect_response (Pop3Session *self, const guint8 *bytes, gsize length);

static void
end_exchange (Pop3Session *self)
{
  g_clear_pointer (&self->sign_on, sign_on_unref);
  self->expect = pop3_expect_command;
}

static void
did_step (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (Pop3Session) self = data;
  g_autoptr (Account) account = NULL;
  g_autoptr (GError) error = NULL;
  const char *challenge = "";
  const SignOnStep step = sign_on_step_finish (result, &challenge, &account, &error);

  if (!self->open)
    return;
  if (step == SIGN_ON_CHALLENGE) {
    self->expect = expect_response;
    channel_print (self->channel, "+ %s\r\n", challenge);
    pop3_resume (self);
    return;
  }
  end_exchange (self);
  if (step == SIGN_ON_DONE) {
    enter (self, account);
  } else if (step == SIGN_ON_REFUSED) {
    refuse (self, error);
  } else {
    pop3_wrong (self, "That is not what this mechanism expects");
    pop3_resume (self);
  }
}

/* One step of the exchange; RESPONSE is base64 or NULL. */
static void
step (Pop3Session *self, const char *response, gsize length)
{
  pop3_pause (self);
  sign_on_step_async (self->sign_on, response, length, did_step, pop3_session_ref (self));
}

static gsize
expect_response (Pop3Session *self, const guint8 *bytes, gsize length)
{
  const guint8 *end = memchr (bytes, '\n', MIN (length, POP3_AUTH_LINE_MAX));
  gsize line = end ? (gsize)(end - bytes) : 0;

  if (end == NULL && length < POP3_AUTH_LINE_MAX)
    return 0;
  if (end == NULL) {
    pop3_fail (self, "The line is too long");
    channel_close (self->channel);
    return length;
  }
  if (line > 0 && bytes[line - 1] == '\r')
    line--;
  if (line == 1 && bytes[0] == '*') {
    end_exchange (self);
    pop3_wrong (self, "The login is cancelled");
  } else {
    step (self, (const char *)bytes, line);
  }
  return (gsize)(end - bytes) + 1;
}

/* A bare AUTH lists the mechanisms: Outlook asks so. */
static void
list_mechanisms (Pop3Session *self)
{
  g_autofree char *offered = sign_on_mechanisms (self->channel);
  g_auto (GStrv) mechanisms = g_strsplit (offered, " ", -1);
  g_autofree char *lines = g_strjoinv ("\r\n", mechanisms);

  if (sign_on_is_safe (self->channel))
    channel_print (self->channel, "+OK The mechanisms follow\r\n%s\r\n.\r\n", lines);
  else
    channel_print (self->channel, "+OK No mechanism without TLS\r\n.\r\n");
}

void
pop3_auth (Pop3Session *self, const char *argument)
{
  const gsize length = strcspn (argument, " ");
  g_autofree char *mechanism = g_strndup (argument, length);
  const char *response = argument[length] ? argument + length + 1 : NULL;

  if (*mechanism == '\0') {
    list_mechanisms (self);
    return;
  }
  if (!require_safety (self))
    return;
  self->sign_on = sign_on_new (self->service->authenticator, self->channel, "pop3", mechanism);
  if (self->sign_on == NULL)
    pop3_wrong (self, "This mechanism is not known");
  else
    step (self, response, response ? strlen (response) : 0);
}

/* AUTHENTICATE (RFC 9051 §6.2.2), with an initial response (RFC 4959). */
#include "imap/imap-commands.h"

#include <string.h>

#include "imap/imap-login.h"

static gsize expect_response (ImapSession *self, const guint8 *bytes, gsize length);

static void
end_exchange (ImapSession *self)
{
  g_clear_pointer (&self->sign_on, sign_on_unref);
  imap_session_expect (self, NULL);
}

static void
did_step (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (ImapSession) self = data;
  g_autoptr (Account) account = NULL;
  g_autoptr (GError) error = NULL;
  const char *challenge = "";
  const SignOnStep step = sign_on_step_finish (result, &challenge, &account, &error);

  if (!self->open)
    return;
  if (step == SIGN_ON_CHALLENGE) {
    channel_print (self->channel, "+ %s\r\n", challenge);
    imap_session_expect (self, expect_response);
    imap_session_resume (self);
    return;
  }
  end_exchange (self);
  if (step == SIGN_ON_MALFORMED)
    imap_session_finish (self, IMAP_BAD, "Malformed response");
  else
    imap_logged_in (self, account, error);
}

/* The input is paused until the step is done. */
static void
step (ImapSession *self, const char *response, gsize length)
{
  sign_on_step_async (self->sign_on, response, length, did_step, imap_session_ref (self));
}

/* One line; it stays in the channel's bounded buffer until it is whole. */
static gsize
expect_response (ImapSession *self, const guint8 *bytes, gsize length)
{
  const guint8 *end = memchr (bytes, '\n', length);
  gsize line;

  if (!end)
    return 0;
  line = (gsize)(end - bytes);
  if (line > 0 && bytes[line - 1] == '\r')
    line--;
  imap_session_pause (self);
  if (line == 1 && bytes[0] == '*') {
    end_exchange (self);
    imap_session_finish (self, IMAP_BAD, "Cancelled");
  } else {
    step (self, (const char *)bytes, line);
  }
  return (gsize)(end - bytes) + 1;
}

void
imap_cmd_authenticate (ImapSession *self, ImapParser *arguments)
{
  g_autofree char *mechanism = imap_parser_space (arguments) ? imap_parser_atom (arguments) : NULL;
  gboolean has_initial = mechanism && imap_parser_space (arguments);
  const char *initial = (const char *)arguments->bytes + arguments->position;
  gsize length = arguments->length - arguments->position;

  if (!mechanism || has_initial != (length > 0)) {
    imap_session_refuse (self);
    return;
  }
  if (!imap_session_may_log_in (self)) {
    imap_session_finish (self, IMAP_NO, "[PRIVACYREQUIRED] Passwords need TLS: use STARTTLS");
    return;
  }
  self->sign_on = sign_on_new (self->service->authenticator, self->channel, "imap", mechanism);
  if (!self->sign_on)
    imap_session_finish (self, IMAP_NO, "There is no such mechanism");
  else
    step (self, has_initial ? initial : NULL, length);
}

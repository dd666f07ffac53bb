/* Logging in: a verified password makes a session somebody's. */
#include "imap/imap-login.h"

#include "metrics.h"

#define REFUSED_MAX 5 /* wrong passwords before the connection ends */

static void
refuse (ImapSession *self, const GError *error)
{
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED)) {
    imap_session_finish (self, IMAP_NO, "[AUTHENTICATIONFAILED] User name or password is wrong");
    if (++self->refused_logins >= REFUSED_MAX)
      imap_session_bye (self, "Too many failed logins");
  } else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_BUSY)) {
    imap_session_finish (self, IMAP_NO, "[LIMIT] Too many failed logins; try again later");
  } else {
    imap_session_fail (self, error);
  }
}

static void
accept (ImapSession *self, const Account *account)
{
  g_autoptr (GString) capabilities = g_string_new (NULL);

  if (!channel_claim_user (self->channel, account->address)) {
    imap_session_finish (self, IMAP_NO, "[LIMIT] Too many connections of this user");
    return;
  }
  self->account = account->id;
  self->user = g_strdup (account->address);
  self->hidden = g_strsplit (account->hidden, " ", -1);
  self->state = IMAP_AUTHENTICATED;
  channel_set_total_timeout (self->channel, 0);
  imap_session_set_idle_timeout (self);
  imap_capabilities_print (self, capabilities);
  imap_session_finish (self, IMAP_OK, "[CAPABILITY %s] Logged in", capabilities->str);
}

void
imap_logged_in (ImapSession *self, const Account *account, const GError *error)
{
  if (account)
    accept (self, account);
  else
    refuse (self, error);
}

static void
did_authenticate (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (ImapSession) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (Account) account = authenticate_finish (result, &error);

  if (self->open)
    imap_logged_in (self, account, error);
}

void
imap_log_in (ImapSession *self, const char *user, const char *password)
{
  authenticate_async (self->service->authenticator, user, password, "imap",
                      channel_id (self->channel), channel_peer_text (self->channel),
                      did_authenticate, imap_session_ref (self));
}

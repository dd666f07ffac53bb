/* UNAUTHENTICATE (RFC 8437): the connection stays, everything about its user goes. */
#include "imap/imap-commands.h"

#include "imap/imap-notify.h"
#include "settings.h"

gboolean
imap_session_may_unauthenticate (const ImapSession *self)
{
  return setting_number (SETTING_IMAP_UNAUTHENTICATE) != 0;
}

void
imap_cmd_unauthenticate (ImapSession *self, ImapParser *arguments)
{
  if (!imap_session_may_unauthenticate (self)) {
    imap_session_finish (self, IMAP_BAD, "It is switched off");
    return;
  }
  /* Where the compressed stream ends cannot be told from what was sent behind it: then the
   * connection ends, as RFC 8437 §3 allows. */
  if (channel_is_deflated (self->channel)) {
    imap_session_bye (self, "A compressed connection cannot be used again");
    return;
  }
  imap_session_deselect (self);
  self->state = IMAP_NOT_AUTHENTICATED;
  self->enabled = 0;
  imap_notify_replace (self, NULL);
  self->account = 0;
  g_clear_pointer (&self->user, g_free);
  g_clear_pointer (&self->hidden, g_strfreev);
  channel_release_user (self->channel);
  imap_session_await_login (self);
  imap_session_finish_at_once (self, IMAP_OK, "Nobody is logged in");
}

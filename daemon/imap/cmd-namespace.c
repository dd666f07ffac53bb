/* NAMESPACE (RFC 9051 §6.3.10): one's own mailboxes, those of other users, and those of roles. */
#include "imap/imap-commands.h"

#include "accounts/place.h"

void
imap_cmd_namespace (ImapSession *self, ImapParser *arguments)
{
  channel_print (self->channel,
                 "* NAMESPACE ((\"\" \"/\")) ((\"" PLACE_USERS "\" \"/\")) ((\"" PLACE_ROLES
                 "\" \"/\"))\r\n");
  imap_session_finish (self, IMAP_OK, "Done");
}

/* NAMESPACE (RFC 9051 §6.3.10): one personal namespace, no others. */
#include "imap/imap-commands.h"

void
imap_cmd_namespace (ImapSession *self, ImapParser *arguments)
{
  channel_print (self->channel, "* NAMESPACE ((\"\" \"/\")) NIL NIL\r\n");
  imap_session_finish (self, IMAP_OK, "Done");
}

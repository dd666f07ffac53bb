/* LOGOUT (RFC 9051 §6.1.3). */
#include "imap/imap-commands.h"

void
imap_cmd_logout (ImapSession *self, ImapParser *arguments)
{
  channel_print (self->channel, "* BYE See you\r\n%s OK Logged out\r\n", self->running.tag);
  channel_close (self->channel);
}

/* REPLACE (RFC 8508): APPEND and the removal of a message as one. */
#include "imap/imap-commands.h"

#include "imap/imap-append.h"

void
imap_cmd_replace (ImapSession *self, ImapParser *arguments)
{
  imap_append_run (self, arguments, TRUE);
}

/* NOOP and CHECK: they only bring the news. */
#include "imap/imap-commands.h"

void
imap_cmd_noop (ImapSession *self, ImapParser *arguments)
{
  imap_session_finish (self, IMAP_OK, "Done");
}

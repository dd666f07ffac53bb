/* APPEND (RFC 9051 §6.3.12). With a message's literal the session goes to imap_append_begin; here
 * comes what has none: all parts by URL, or something malformed. */
#include "imap/imap-commands.h"

#include "imap/imap-append.h"

void
imap_cmd_append (ImapSession *self, ImapParser *arguments)
{
  imap_append_run (self, arguments, FALSE);
}

/* COMPRESS (RFC 4978). */
#include "imap/imap-commands.h"

void
imap_cmd_compress (ImapSession *self, ImapParser *arguments)
{
  gboolean deflate = imap_parser_space (arguments) && imap_parser_word (arguments, "DEFLATE");

  if (!deflate || !imap_parser_at_end (arguments)) {
    imap_session_refuse (self);
    return;
  }
  if (channel_is_deflated (self->channel)) {
    imap_session_finish (self, IMAP_NO, "[COMPRESSIONACTIVE] DEFLATE is active already");
    return;
  }
  imap_session_finish_at_once (self, IMAP_OK, "DEFLATE active");
  channel_start_deflate (self->channel);
}

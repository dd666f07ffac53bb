/* STARTTLS (RFC 9051 §6.2.1). */
#include "imap/imap-commands.h"

void
imap_cmd_starttls (ImapSession *self, ImapParser *arguments)
{
  if (!self->service->tls || channel_is_secure (self->channel)) {
    imap_session_finish (self, IMAP_BAD, "TLS is already on, or there is none");
    return;
  }
  imap_session_finish (self, IMAP_OK, "Begin TLS");
  /* The channel sends that answer in the clear and drops what came after the command. */
  channel_start_tls (self->channel, self->service->tls);
}

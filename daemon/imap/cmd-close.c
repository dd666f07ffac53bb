/* CLOSE and UNSELECT (RFC 9051 §6.4.1, §6.4.2). */
#include "imap/imap-commands.h"

#include "imap/imap-write.h"

void
imap_cmd_unselect (ImapSession *self, ImapParser *arguments)
{
  imap_session_deselect (self);
  imap_session_finish (self, IMAP_OK, "Closed");
}

static void
did_expunge (ImapSession *self, const ImapWritten *written, const GError *error, gpointer data)
{
  /* The mailbox is left all the same; what was not removed is still marked \Deleted. Who has just
   * lost the right to expunge closes without it, as RFC 4314 §4 has it. */
  imap_session_deselect (self);
  if (error && !g_error_matches (error, STORE_ERROR, STORE_ERROR_DENIED))
    imap_session_fail (self, error);
  else
    imap_session_finish (self, IMAP_OK, "Closed");
}

void
imap_cmd_close (ImapSession *self, ImapParser *arguments)
{
  if (self->selected->read_only || !(self->selected->rights & RIGHT_EXPUNGE))
    imap_cmd_unselect (self, arguments);
  else
    imap_write_expunge (self, NULL, did_expunge, NULL);
}

/* EXPUNGE (RFC 9051 §6.4.3) and UID EXPUNGE (RFC 4315). The news at the end announces it. */
#include "imap/imap-commands.h"

#include "imap/imap-write.h"

static void
did_expunge (ImapSession *self, const ImapWritten *written, const GError *error, gpointer data)
{
  if (error)
    imap_session_fail (self, error);
  else
    imap_session_finish (self, IMAP_OK, "Expunged");
}

void
imap_cmd_expunge (ImapSession *self, ImapParser *arguments)
{
  g_autoptr (GArray) runs = NULL;

  if (self->running.by_uid) {
    runs = imap_take_runs (self, arguments);
    if (!runs)
      return;
  }
  if (!imap_parser_at_end (arguments))
    imap_session_refuse (self);
  else if (self->selected->read_only)
    imap_session_finish (self, IMAP_NO, "[READ-ONLY] The mailbox was opened with EXAMINE");
  else
    imap_write_expunge (self, runs ? imap_runs_uids (runs) : NULL, did_expunge, NULL);
}

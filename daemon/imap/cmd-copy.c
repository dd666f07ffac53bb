/* COPY (RFC 9051 §6.4.7) and MOVE (§6.4.8, RFC 6851). */
#include "imap/imap-commands.h"

#include "imap/imap-set.h"
#include "imap/imap-write.h"

static char *
print_copyuid (const ImapWritten *written)
{
  GString *out = g_string_new (NULL);

  g_string_append_printf (out, "[COPYUID %u ", written->target_validity);
  imap_set_print (out, written->source_uids);
  g_string_append_c (out, ' ');
  imap_set_print (out, written->target_uids);
  g_string_append_c (out, ']');
  return g_string_free (out, FALSE);
}

static void
fail (ImapSession *self, const GError *error)
{
  if (g_error_matches (error, STORE_ERROR, STORE_ERROR_NOT_FOUND))
    imap_session_finish (self, IMAP_NO, "[TRYCREATE] There is no such mailbox");
  else
    imap_session_fail (self, error);
}

static void
did_copy (ImapSession *self, const ImapWritten *written, const GError *error, gpointer data)
{
  g_autofree char *copyuid = NULL;

  if (error) {
    fail (self, error);
    return;
  }
  if (written->source_uids->len == 0) {
    imap_session_finish (self, IMAP_OK, "No messages copied");
    return;
  }
  copyuid = print_copyuid (written);
  imap_session_finish (self, IMAP_OK, "%s Copied", copyuid);
}

/* COPYUID comes untagged, before the EXPUNGEs that the news bring (RFC 6851 §4.3). */
static void
did_move (ImapSession *self, const ImapWritten *written, const GError *error, gpointer data)
{
  g_autofree char *copyuid = NULL;

  if (error) {
    fail (self, error);
    return;
  }
  if (written->source_uids->len > 0) {
    g_autoptr (GString) line = g_string_new ("* OK ");
    copyuid = print_copyuid (written);
    g_string_append_printf (line, "%s Moved\r\n", copyuid);
    channel_write (self->channel, line->str, line->len);
  }
  imap_session_finish (self, IMAP_OK, "Done");
}

static void
copy (ImapSession *self, ImapParser *arguments, gboolean move)
{
  g_autoptr (GArray) runs = imap_take_runs (self, arguments);
  g_autofree char *target = runs ? imap_take_mailbox (self, arguments, TRUE) : NULL;

  if (!target)
    return;
  if (move && self->selected->read_only)
    imap_session_finish (self, IMAP_NO, "[READ-ONLY] The mailbox was opened with EXAMINE");
  else
    imap_write_copy (self, imap_runs_uids (runs), target, move, move ? did_move : did_copy, NULL);
}

void
imap_cmd_copy (ImapSession *self, ImapParser *arguments)
{
  copy (self, arguments, FALSE);
}

void
imap_cmd_move (ImapSession *self, ImapParser *arguments)
{
  copy (self, arguments, TRUE);
}

/* SEARCH (RFC 9051 §6.4.4; the answer is RFC 3501's). */
#include "imap/imap-commands.h"

#include "imap/imap-find.h"
#include "imap/imap-print.h"

typedef struct {
  gboolean by_uid;
} Searching;

static void
print_found (ImapSession *session, const ImapFound *found, guint count, gpointer data)
{
  const Searching *self = data;
  g_autoptr (GString) out = g_string_new (NULL);

  for (guint i = 0; i < count; i++) {
    g_string_append_c (out, ' ');
    imap_print_number (out, self->by_uid ? found[i].uid : found[i].number);
  }
  channel_write (session->channel, out->str, out->len);
}

static void
did_search (ImapSession *session, const GError *error, gboolean damaged, gpointer data)
{
  g_free (data);
  if (!session->open)
    return;
  channel_print (session->channel, "\r\n");
  if (error)
    imap_session_fail (session, error);
  else
    imap_session_finish (session, IMAP_OK, "Searched%s",
                         damaged ? ", but some messages cannot be read" : "");
}

void
imap_cmd_search (ImapSession *self, ImapParser *arguments)
{
  static const ImapFindFuncs funcs = { print_found, did_search };
  ImapKey *program = imap_take_program (self, arguments, FALSE);
  Searching *searching;

  if (!program)
    return;
  searching = g_new0 (Searching, 1);
  searching->by_uid = self->running.by_uid;
  channel_print (self->channel, "* SEARCH");
  imap_find (self, program, &funcs, searching);
}

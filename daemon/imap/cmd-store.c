/* STORE (RFC 9051 §6.4.6). */
#include "imap/imap-commands.h"

#include "imap/imap-fetch.h"
#include "imap/imap-print.h"
#include "imap/imap-write.h"

static const struct {
  const char *word;
  FlagsChange change;
  gboolean silent;
} kinds[] = {
  { "+FLAGS.SILENT", FLAGS_ADD, TRUE },    { "+FLAGS", FLAGS_ADD, FALSE },
  { "-FLAGS.SILENT", FLAGS_REMOVE, TRUE }, { "-FLAGS", FLAGS_REMOVE, FALSE },
  { "FLAGS.SILENT", FLAGS_REPLACE, TRUE }, { "FLAGS", FLAGS_REPLACE, FALSE },
};

gboolean
imap_take_flag (ImapParser *parser, gpointer data)
{
  ImapFlagsChange *change = data;
  g_autofree char *name = imap_parser_flag (parser);
  guint64 bit = name ? imap_flag_bit (name) : 0;

  if (!name || change->keywords->len > KEYWORDS_MAX)
    return FALSE;
  /* \Recent, and system flags that are not ours, cannot be set: they are passed over, as clients
   * that send back all they were told expect. */
  if (bit != 0)
    change->flags |= bit;
  else if (imap_keyword_is_valid (name))
    g_ptr_array_add (change->keywords, g_steal_pointer (&name));
  return TRUE;
}

static gboolean
take_flags (ImapParser *arguments, ImapFlagsChange *change)
{
  if (imap_parser_peek (arguments) == '(')
    return imap_parser_list (arguments, imap_take_flag, change);
  do {
    if (!imap_take_flag (arguments, change))
      return FALSE;
  } while (imap_parser_space (arguments));
  return TRUE;
}

static ImapFlagsChange *
take_change (ImapParser *arguments, gboolean *silent)
{
  g_autoptr (ImapFlagsChange) change = g_new0 (ImapFlagsChange, 1);

  change->keywords = g_ptr_array_new_with_free_func (g_free);
  if (!imap_parser_space (arguments))
    return NULL;
  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++) {
    if (!imap_parser_word (arguments, kinds[i].word))
      continue;
    change->change = kinds[i].change;
    *silent = kinds[i].silent;
    return imap_parser_space (arguments) && take_flags (arguments, change)
            && imap_parser_at_end (arguments)
        ? g_steal_pointer (&change)
        : NULL;
  }
  return NULL;
}

static void
did_answer (ImapSession *self, const ImapFetched *fetched, gpointer data)
{
  if (self->open)
    imap_session_finish (self, IMAP_OK, "Stored");
}

/* RUNS: to be answered with their flags; NULL: silent. */
static void
did_store (ImapSession *self, const ImapWritten *written, const GError *error, gpointer data)
{
  g_autoptr (GArray) runs = data;
  guint what = IMAP_ITEM_FLAGS | (self->running.by_uid ? IMAP_ITEM_UID : 0);

  if (error)
    imap_session_fail (self, error);
  else if (runs && self->open)
    imap_fetch (self, g_steal_pointer (&runs), imap_items_new (what), did_answer, NULL);
  else
    imap_session_finish (self, IMAP_OK, "Stored");
}

void
imap_cmd_store (ImapSession *self, ImapParser *arguments)
{
  g_autoptr (GArray) runs = imap_take_runs (self, arguments);
  g_autoptr (ImapFlagsChange) change = NULL;
  gboolean silent = FALSE;

  if (!runs)
    return;
  change = take_change (arguments, &silent);
  if (!change) {
    imap_session_refuse (self);
  } else if (self->selected->read_only) {
    imap_session_finish (self, IMAP_NO, "[READ-ONLY] The mailbox was opened with EXAMINE");
  } else {
    GArray *uids = imap_runs_uids (runs);
    imap_write_flags (self, uids, g_steal_pointer (&change), did_store,
                      silent ? NULL : g_steal_pointer (&runs));
  }
}

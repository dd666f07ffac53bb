/* FETCH (RFC 9051 §6.4.5). Bodies that were sent become \Seen afterwards, and the news say so. */
#include "imap/imap-commands.h"

#include "imap/imap-changes.h"
#include "imap/imap-return.h"
#include "imap/imap-write.h"

/* What went wrong with some messages, for the tagged answer. */
enum { FAILED = 1, UNKNOWN_ENCODING = 2 };

static void
finish (ImapSession *self, int problems)
{
  if (problems & FAILED)
    imap_session_finish (self, IMAP_NO, "[UNAVAILABLE] Some messages cannot be read");
  else if (problems & UNKNOWN_ENCODING)
    imap_session_finish (self, IMAP_NO, "[UNKNOWN-CTE] Some parts cannot be decoded");
  else
    imap_session_finish (self, IMAP_OK, "Fetched");
}

static void
did_mark_seen (ImapSession *self, const ImapWritten *written, const GError *error, gpointer data)
{
  /* A full disk keeps nobody from reading: the flag is lost, the answer is not. */
  g_clear_pointer (&self->running.own_modseqs, g_array_unref);
  finish (self, GPOINTER_TO_INT (data));
}

/* RFC 6858 §3.2. */
static void
tell_downgraded (ImapSession *self, const GArray *uids)
{
  g_autoptr (GString) out = NULL;

  if (uids->len == 0)
    return;
  out = g_string_new ("* OK [DOWNGRADED ");
  imap_set_print_ranges (out, uids);
  g_string_append (out, "] Headers in UTF-8 are shown in ASCII\r\n");
  channel_write (self->channel, out->str, out->len);
}

static void
did_fetch (ImapSession *self, const ImapFetched *fetched, gpointer data)
{
  int problems
      = (fetched->failed ? FAILED : 0) | (fetched->unknown_encoding ? UNKNOWN_ENCODING : 0);
  ImapFlagsChange *change;

  if (!self->open)
    return;
  tell_downgraded (self, fetched->downgraded);
  if (fetched->unseen->len == 0 || self->selected->read_only) {
    finish (self, problems);
    return;
  }
  change = imap_flags_change_new ();
  change->change = FLAGS_ADD;
  change->flags = FLAG_SEEN;
  imap_write_flags (self, g_array_copy ((GArray *)fetched->unseen), change, did_mark_seen,
                    GINT_TO_POINTER (problems));
}

/* What may stand behind the items, in parentheses. */
typedef struct {
  gboolean changed; /* CHANGEDSINCE */
  guint64 modseq;
  gboolean vanished;
  gboolean partly; /* PARTIAL (RFC 9394 §3.3) */
  ImapPartial partial;
} Modifiers;

static gboolean
take_modifier (ImapParser *parser, gpointer data)
{
  Modifiers *self = data;

  if (imap_parser_word (parser, "VANISHED")) {
    self->vanished = TRUE;
    return TRUE;
  }
  if (imap_parser_word (parser, "PARTIAL")) {
    gboolean first = !self->partly;
    self->partly = TRUE;
    return first && imap_parser_space (parser) && imap_partial_parse (parser, &self->partial);
  }
  self->changed = imap_parser_word (parser, "CHANGEDSINCE") && imap_parser_space (parser)
      && imap_parser_number64 (parser, &self->modseq);
  return self->changed;
}

/* VANISHED needs CHANGEDSINCE, UID FETCH, and QRESYNC (RFC 7162 §3.2.6). */
static gboolean
take_modifiers (ImapSession *self, ImapParser *arguments, Modifiers *modifiers)
{
  if (imap_parser_space (arguments)
      && (imap_parser_peek (arguments) != '('
          || !imap_parser_list (arguments, take_modifier, modifiers)))
    return FALSE;
  return imap_parser_at_end (arguments) && (!modifiers->partly || self->running.by_uid)
      && (!modifiers->vanished
          || (modifiers->changed && self->running.by_uid && self->enabled & IMAP_ENABLED_QRESYNC));
}

static GArray *
cut_runs (const ImapSession *self, const ImapPartial *partial, const GArray *runs)
{
  g_autoptr (GArray) uids = imap_runs_uids (runs);
  g_autoptr (GArray) part = imap_partial_cut (partial, uids);

  return imap_sequence_select (self->selected->sequence, part, TRUE);
}

void
imap_cmd_fetch (ImapSession *self, ImapParser *arguments)
{
  g_autoptr (GArray) set = NULL;
  g_autoptr (GArray) runs = imap_take_set (self, arguments, &set);
  g_autoptr (ImapItems) items = NULL;
  Modifiers modifiers = { 0 };

  if (!runs)
    return;
  items = imap_parser_space (arguments) ? imap_items_parse (arguments) : NULL;
  if (!items || !take_modifiers (self, arguments, &modifiers)) {
    imap_session_refuse (self);
    return;
  }
  if (self->running.by_uid)
    items->what |= imap_session_uid_item (self);
  if (modifiers.changed)
    items->what |= IMAP_ITEM_MODSEQ;
  if (items->what & IMAP_ITEM_MODSEQ)
    imap_session_enable (self, IMAP_ENABLED_CONDSTORE);
  if (modifiers.partly) {
    GArray *part = cut_runs (self, &modifiers.partial, runs);
    g_array_unref (runs);
    runs = part;
  }
  if (modifiers.changed)
    imap_fetch_changes (self, g_steal_pointer (&runs), modifiers.modseq,
                        modifiers.vanished ? g_steal_pointer (&set) : NULL,
                        g_steal_pointer (&items), did_fetch, NULL);
  else
    imap_fetch (self, g_steal_pointer (&runs), g_steal_pointer (&items), did_fetch, NULL);
}

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

/* "(UNCHANGEDSINCE" SP mod-sequence ")" (RFC 7162 §3.1.3), if it is there. */
static gboolean
take_condition (ImapParser *arguments, ImapFlagsChange *change)
{
  if (imap_parser_peek (arguments) != '(')
    return TRUE;
  change->conditional = imap_parser_take (arguments, '(')
      && imap_parser_word (arguments, "UNCHANGEDSINCE") && imap_parser_space (arguments)
      && imap_parser_number64 (arguments, &change->unchanged_since)
      && imap_parser_take (arguments, ')') && imap_parser_space (arguments);
  return change->conditional;
}

static ImapFlagsChange *
take_change (ImapParser *arguments, gboolean *silent)
{
  g_autoptr (ImapFlagsChange) change = imap_flags_change_new ();

  if (!imap_parser_space (arguments) || !take_condition (arguments, change))
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

/* What is told of a STORE: all flags; or, when it is silent, the new MODSEQs to a client that keeps
 * them, and the flags of messages that were left alone. */
typedef struct {
  gboolean silent;
  GArray *uids; /* UidRange: of the command */
  GArray *modified; /* the same: left alone */
} Storing;

static void
storing_free (Storing *self)
{
  g_array_unref (self->uids);
  g_clear_pointer (&self->modified, g_array_unref);
  g_free (self);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Storing, storing_free)

static GArray *
runs_of (ImapSession *self, const GArray *uids)
{
  return imap_sequence_select (self->selected->sequence, uids, TRUE);
}

static void
print_set (ImapSession *self, GString *out, const GArray *uids)
{
  g_autoptr (GArray) runs = NULL;
  g_autoptr (GArray) numbers = NULL;

  if (self->running.by_uid) {
    imap_set_print_ranges (out, uids);
    return;
  }
  runs = runs_of (self, uids);
  numbers = g_array_new (FALSE, FALSE, sizeof (UidRange));
  for (guint i = 0; i < runs->len; i++) {
    const ImapRun *run = &g_array_index (runs, ImapRun, i);
    UidRange range = { run->number, run->number + (run->last - run->first) };
    g_array_append_val (numbers, range);
  }
  imap_set_print_ranges (out, numbers);
}

static void
did_answer (ImapSession *session, const ImapFetched *fetched, gpointer data)
{
  g_autoptr (Storing) self = data;
  g_autoptr (GString) modified = NULL;

  if (!session->open)
    return;
  if (self->modified->len == 0) {
    imap_session_finish (session, IMAP_OK, "Stored");
    return;
  }
  modified = g_string_new (NULL);
  print_set (session, modified, self->modified);
  imap_session_finish (session, IMAP_OK, "[MODIFIED %s] Some had changed", modified->str);
}

static void
tell_flags (ImapSession *session, const GArray *uids, guint what, ImapFetchDone done, Storing *self)
{
  guint modseq = imap_session_modseq_item (session);
  guint uid = session->running.by_uid || modseq ? imap_session_uid_item (session) : 0;

  imap_fetch (session, runs_of (session, uids), imap_items_new (what | modseq | uid), done, self);
}

static void
did_tell_modified (ImapSession *session, const ImapFetched *fetched, gpointer data)
{
  Storing *self = data;
  g_autoptr (GArray) stored = imap_set_subtract (self->uids, self->modified);

  if (session->open && imap_session_modseq_item (session))
    tell_flags (session, stored, 0, did_answer, self);
  else
    did_answer (session, fetched, self);
}

static void
did_store (ImapSession *session, const ImapWritten *written, const GError *error, gpointer data)
{
  Storing *self = data;

  self->modified = imap_set_of_uids (written->modified);
  if (!error && session->open && self->silent) {
    tell_flags (session, self->modified, IMAP_ITEM_FLAGS, did_tell_modified, self);
    return;
  }
  if (!error && session->open) {
    tell_flags (session, self->uids, IMAP_ITEM_FLAGS, did_answer, self);
    return;
  }
  storing_free (self);
  if (error)
    imap_session_fail (session, error);
  else
    imap_session_finish (session, IMAP_OK, "Stored");
}

static void
store (ImapSession *self, const GArray *runs, ImapFlagsChange *change, gboolean silent)
{
  Storing *storing = g_new0 (Storing, 1);

  if (change->conditional)
    imap_session_enable (self, IMAP_ENABLED_CONDSTORE);
  storing->silent = silent;
  storing->uids = imap_runs_uids (runs);
  imap_write_flags (self, imap_runs_uids (runs), change, did_store, storing);
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
  if (!change)
    imap_session_refuse (self);
  else if (self->selected->read_only)
    imap_session_finish (self, IMAP_NO, "[READ-ONLY] The mailbox was opened with EXAMINE");
  else
    store (self, runs, g_steal_pointer (&change), silent);
}

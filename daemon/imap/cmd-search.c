/* SEARCH (RFC 9051 §6.4.4, RFC 3501 §6.4.4) with return options (RFC 4731, 5182, 6203, 9394). */
#include "imap/imap-commands.h"

#include "imap/imap-find.h"
#include "imap/imap-print.h"
#include "imap/imap-return.h"

typedef struct {
  gboolean by_uid;
  gboolean extended; /* the answer is ESEARCH */
  gboolean with_modseq;
  ImapReturn wanted;
  ImapResults results;
} Searching;

static void
searching_free (Searching *self)
{
  imap_results_clear (&self->results);
  g_free (self);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Searching, searching_free)

static void
take_found (ImapSession *session, const ImapFound *found, guint count, gpointer data)
{
  Searching *self = data;

  for (guint i = 0; i < count; i++)
    imap_results_add (&self->results, self->by_uid ? found[i].uid : found[i].number, found[i].uid,
                      found[i].modseq, found[i].score);
}

static void
print_plain (const Searching *self, GString *out)
{
  const GArray *numbers = self->results.numbers;

  g_string_append (out, "* SEARCH");
  for (guint i = 0; i < numbers->len; i++) {
    const UidRange *range = &g_array_index (numbers, UidRange, i);
    for (guint32 number = range->first;; number++) {
      g_string_append_c (out, ' ');
      imap_print_number (out, number);
      if (number == range->last)
        break;
    }
  }
  if (self->with_modseq && numbers->len > 0)
    g_string_append_printf (out, " (MODSEQ %" G_GUINT64_FORMAT ")", self->results.highest_modseq);
  g_string_append (out, "\r\n");
}

static void
did_search (ImapSession *session, const GError *error, gboolean damaged, gpointer data)
{
  g_autoptr (Searching) self = data;
  g_autoptr (GString) out = NULL;

  if (!session->open)
    return;
  if (error) {
    imap_session_fail (session, error);
    return;
  }
  out = g_string_new (NULL);
  if (self->extended)
    imap_return_print (&self->wanted, &self->results, session->running.tag, self->by_uid,
                       self->with_modseq, out);
  else
    print_plain (self, out);
  if (self->wanted.options & IMAP_RETURN_SAVE)
    imap_session_save (session, imap_return_saved (&self->wanted, &self->results));
  channel_write (session->channel, out->str, out->len);
  imap_session_finish (session, IMAP_OK, "Searched%s",
                       damaged ? ", but some messages cannot be read" : "");
}

/* [SP "RETURN" SP "(" … ")"]. IMAP4rev2 answers as if it were there (RFC 9051 §6.4.4). */
static gboolean
take_return (ImapSession *session, ImapParser *arguments, Searching *self)
{
  ImapParser ahead = *arguments;

  self->extended = (session->enabled & IMAP_ENABLED_REV2) != 0;
  self->wanted.options = IMAP_RETURN_ALL;
  if (!imap_parser_space (&ahead) || !imap_parser_word (&ahead, "RETURN"))
    return TRUE;
  *arguments = ahead;
  self->extended = TRUE;
  return imap_parser_space (arguments) && imap_return_parse (arguments, &self->wanted);
}

void
imap_cmd_search (ImapSession *self, ImapParser *arguments)
{
  static const ImapFindFuncs funcs = { take_found, did_search };
  g_autoptr (Searching) searching = g_new0 (Searching, 1);
  ImapKey *program;
  guint flags = 0;

  searching->by_uid = self->running.by_uid;
  imap_results_init (&searching->results);
  if (!take_return (self, arguments, searching)) {
    imap_session_refuse (self);
    return;
  }
  if (searching->wanted.options & IMAP_RETURN_RELEVANCY)
    flags |= IMAP_PROGRAM_FUZZY;
  if (searching->wanted.options & IMAP_RETURN_SAVE)
    flags |= IMAP_PROGRAM_SAVES;
  program = imap_take_program (self, arguments, flags);
  if (!program)
    return;
  searching->with_modseq = imap_key_contains (program, IMAP_KEY_MODSEQ);
  /* A search that fails leaves nothing saved (RFC 5182 §2.1). */
  if (searching->wanted.options & IMAP_RETURN_SAVE)
    imap_session_save (self, NULL);
  imap_find (self, program, &funcs, g_steal_pointer (&searching));
}

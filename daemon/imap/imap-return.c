/* What an extended SEARCH returns. */
#include "imap/imap-return.h"

#include "imap/imap-print.h"

#define WHOLE (IMAP_RETURN_ALL | IMAP_RETURN_COUNT)
#define SOME (IMAP_RETURN_MIN | IMAP_RETURN_MAX | IMAP_RETURN_PARTIAL)

static const struct {
  const char *word;
  ImapReturnOption option;
} options[] = {
  { "MIN", IMAP_RETURN_MIN },
  { "MAX", IMAP_RETURN_MAX },
  { "ALL", IMAP_RETURN_ALL },
  { "COUNT", IMAP_RETURN_COUNT },
  { "SAVE", IMAP_RETURN_SAVE },
  { "PARTIAL", IMAP_RETURN_PARTIAL },
  { "RELEVANCY", IMAP_RETURN_RELEVANCY },
};

static gboolean
take_place (ImapParser *parser, gboolean from_end, gint64 *place)
{
  guint32 number;

  if ((from_end && !imap_parser_take (parser, '-')) || !imap_parser_number (parser, &number)
      || number == 0)
    return FALSE;
  *place = from_end ? -(gint64)number : number;
  return TRUE;
}

gboolean
imap_partial_parse (ImapParser *parser, ImapPartial *partial)
{
  gboolean from_end = imap_parser_peek (parser) == '-';

  return take_place (parser, from_end, &partial->first) && imap_parser_take (parser, ':')
      && take_place (parser, from_end, &partial->last);
}

/* The places SKIP+1 … SKIP+COUNT. */
static GArray *
slice (const GArray *resolved, guint64 skip, guint64 count)
{
  GArray *part = g_array_new (FALSE, FALSE, sizeof (UidRange));

  for (guint i = 0; i < resolved->len && count > 0; i++) {
    UidRange range = g_array_index (resolved, UidRange, i);
    guint64 length = (guint64)range.last - range.first + 1;
    guint64 passed = MIN (skip, length), taken = MIN (count, length - passed);
    skip -= passed;
    count -= taken;
    if (taken == 0)
      continue;
    range.first += (guint32)passed;
    range.last = range.first + (guint32)(taken - 1);
    g_array_append_val (part, range);
  }
  return part;
}

/* *SKIP places lie before the part, *COUNT in it. */
static void
measure (const ImapPartial *partial, gint64 total, guint64 *skip, guint64 *count)
{
  gint64 first = MIN (partial->first, partial->last), last = MAX (partial->first, partial->last);

  if (first < 0) {
    first = MAX (total + 1 + first, 1);
    last = total + 1 + last;
  }
  last = MIN (last, total);
  *count = last < first ? 0 : (guint64)(last - first + 1);
  *skip = *count > 0 ? (guint64)(first - 1) : 0;
}

GArray *
imap_partial_cut (const ImapPartial *partial, const GArray *resolved)
{
  guint64 skip, count;

  measure (partial, (gint64)imap_set_count (resolved), &skip, &count);
  return slice (resolved, skip, count);
}

static gboolean
take_option (ImapParser *parser, gpointer data)
{
  ImapReturn *wanted = data;

  for (gsize i = 0; i < G_N_ELEMENTS (options); i++) {
    if (!imap_parser_word (parser, options[i].word))
      continue;
    if (options[i].option == IMAP_RETURN_PARTIAL
        && (wanted->options & IMAP_RETURN_PARTIAL || !imap_parser_space (parser)
            || !imap_partial_parse (parser, &wanted->partial)))
      return FALSE;
    wanted->options |= options[i].option;
    return TRUE;
  }
  return FALSE;
}

/* PARTIAL and ALL exclude each other (RFC 9394 §3.1). */
gboolean
imap_return_parse (ImapParser *parser, ImapReturn *wanted)
{
  const guint both = IMAP_RETURN_PARTIAL | IMAP_RETURN_ALL;

  *wanted = (ImapReturn) { 0 };
  if (!imap_parser_list (parser, take_option, wanted))
    return FALSE;
  if (wanted->options == 0)
    wanted->options = IMAP_RETURN_ALL;
  return (wanted->options & both) != both;
}

void
imap_results_init (ImapResults *self)
{
  *self = (ImapResults) { 0 };
  self->numbers = g_array_new (FALSE, FALSE, sizeof (UidRange));
  self->uids = g_array_new (FALSE, FALSE, sizeof (UidRange));
  self->scores = g_byte_array_new ();
}

void
imap_results_clear (ImapResults *self)
{
  g_clear_pointer (&self->numbers, g_array_unref);
  g_clear_pointer (&self->uids, g_array_unref);
  g_clear_pointer (&self->scores, g_byte_array_unref);
}

void
imap_results_add (ImapResults *self, guint32 number, guint32 uid, guint64 modseq, guint score)
{
  guint8 byte = (guint8)score;

  if (self->numbers->len == 0)
    self->first_modseq = modseq;
  self->last_modseq = modseq;
  self->highest_modseq = MAX (self->highest_modseq, modseq);
  imap_set_add (self->numbers, number);
  imap_set_add (self->uids, uid);
  g_byte_array_append (self->scores, &byte, 1);
}

static guint32
first_of (const GArray *set)
{
  return g_array_index (set, UidRange, 0).first;
}

static guint32
last_of (const GArray *set)
{
  return g_array_index (set, UidRange, set->len - 1).last;
}

static void
print_number (GString *out, const char *name, guint64 number)
{
  g_string_append (out, name);
  imap_print_number (out, number);
}

static void
print_partial (const ImapReturn *wanted, const ImapResults *results, GString *out)
{
  g_autoptr (GArray) part = imap_partial_cut (&wanted->partial, results->numbers);

  g_string_append_printf (out, " PARTIAL (%" G_GINT64_FORMAT ":%" G_GINT64_FORMAT " ",
                          wanted->partial.first, wanted->partial.last);
  if (part->len > 0)
    imap_set_print_ranges (out, part);
  else
    g_string_append (out, "NIL");
  g_string_append_c (out, ')');
}

void
imap_scores_print (const guint8 *scores, gsize count, GString *out)
{
  g_string_append (out, " RELEVANCY (");
  for (gsize i = 0; i < count; i++) {
    if (i > 0)
      g_string_append_c (out, ' ');
    imap_print_number (out, scores[i]);
  }
  g_string_append_c (out, ')');
}

/* Of those that PARTIAL names, else of all. */
static void
print_scores (const ImapReturn *wanted, const ImapResults *results, GString *out)
{
  guint64 skip = 0, count = results->scores->len;

  if (wanted->options & IMAP_RETURN_PARTIAL)
    measure (&wanted->partial, (gint64)count, &skip, &count);
  imap_scores_print (results->scores->data + skip, count, out);
}

/* Of the messages that are named, when it is only the first or the last (RFC 4731 §3.2). */
static guint64
modseq_of (const ImapReturn *wanted, const ImapResults *results)
{
  switch (wanted->options & ~(guint)(IMAP_RETURN_SAVE | IMAP_RETURN_RELEVANCY)) {
  case IMAP_RETURN_MIN:
    return results->first_modseq;
  case IMAP_RETURN_MAX:
    return results->last_modseq;
  case IMAP_RETURN_MIN | IMAP_RETURN_MAX:
    return MAX (results->first_modseq, results->last_modseq);
  default:
    return results->highest_modseq;
  }
}

void
imap_return_print (const ImapReturn *wanted, const ImapResults *results, const char *tag,
                   gboolean by_uid, gboolean with_modseq, GString *out)
{
  const GArray *numbers = results->numbers;

  if (wanted->options == IMAP_RETURN_SAVE)
    return;
  g_string_append_printf (out, "* ESEARCH (TAG \"%s\")%s", tag, by_uid ? " UID" : "");
  if (wanted->options & IMAP_RETURN_MIN && numbers->len > 0)
    print_number (out, " MIN ", first_of (numbers));
  if (wanted->options & IMAP_RETURN_MAX && numbers->len > 0)
    print_number (out, " MAX ", last_of (numbers));
  if (wanted->options & IMAP_RETURN_ALL && numbers->len > 0) {
    g_string_append (out, " ALL ");
    imap_set_print_ranges (out, numbers);
  }
  if (wanted->options & IMAP_RETURN_PARTIAL)
    print_partial (wanted, results, out);
  if (wanted->options & IMAP_RETURN_COUNT)
    print_number (out, " COUNT ", imap_set_count (numbers));
  if (wanted->options & IMAP_RETURN_RELEVANCY)
    print_scores (wanted, results, out);
  if (with_modseq && numbers->len > 0)
    print_number (out, " MODSEQ ", modseq_of (wanted, results));
  g_string_append (out, "\r\n");
}

GArray *
imap_return_saved (const ImapReturn *wanted, const ImapResults *results)
{
  g_autoptr (GArray) chosen = NULL;
  UidRange single;

  if (results->uids->len == 0 || wanted->options & WHOLE || !(wanted->options & SOME))
    return g_array_ref (results->uids);
  chosen = wanted->options & IMAP_RETURN_PARTIAL
      ? imap_partial_cut (&wanted->partial, results->uids)
      : g_array_new (FALSE, FALSE, sizeof (UidRange));
  if (wanted->options & IMAP_RETURN_MIN) {
    single.first = single.last = first_of (results->uids);
    g_array_append_val (chosen, single);
  }
  if (wanted->options & IMAP_RETURN_MAX) {
    single.first = single.last = last_of (results->uids);
    g_array_append_val (chosen, single);
  }
  return imap_set_resolve (chosen, 0);
}

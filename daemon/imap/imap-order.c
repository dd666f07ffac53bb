/* Sorts messages by the criteria of SORT. */
#include "imap/imap-order.h"

#include <stdlib.h>
#include <string.h>

static const struct {
  const char *word;
  ImapOrderKind kind;
  SortTextKind text;
} words[] = {
  { "ARRIVAL", IMAP_ORDER_ARRIVAL },
  { "CC", IMAP_ORDER_TEXT, SORT_TEXT_CC },
  { "DATE", IMAP_ORDER_DATE },
  { "DISPLAYFROM", IMAP_ORDER_TEXT, SORT_TEXT_DISPLAY_FROM },
  { "DISPLAYTO", IMAP_ORDER_TEXT, SORT_TEXT_DISPLAY_TO },
  { "FROM", IMAP_ORDER_TEXT, SORT_TEXT_FROM },
  { "RELEVANCY", IMAP_ORDER_RELEVANCY },
  { "SIZE", IMAP_ORDER_SIZE },
  { "SUBJECT", IMAP_ORDER_TEXT, SORT_TEXT_SUBJECT },
  { "TO", IMAP_ORDER_TEXT, SORT_TEXT_TO },
};

/* One message under one criterion. PREFIX decides mostly: a number, or the first eight bytes of a
 * text, padded with zeros (which no text holds). */
typedef struct {
  guint64 prefix;
  gsize offset; /* of the whole text in `texts` */
  gsize length;
} Item;

struct _ImapOrder {
  GArray *criteria;
  guint count;
  Item **items; /* of each criterion; made by the first message, in the thread that adds it */
  GByteArray *texts;
};

static gboolean
read_criterion (ImapParser *parser, gpointer data)
{
  GArray *criteria = data;
  ImapCriterion criterion = { .reverse = imap_parser_word (parser, "REVERSE") };

  if ((criterion.reverse && !imap_parser_space (parser)) || criteria->len == IMAP_CRITERIA_MAX)
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    if (imap_parser_word (parser, words[i].word)) {
      criterion.kind = words[i].kind;
      criterion.text = words[i].text;
      g_array_append_val (criteria, criterion);
      return TRUE;
    }
  return FALSE;
}

GArray *
imap_order_parse (ImapParser *parser)
{
  g_autoptr (GArray) criteria = g_array_new (FALSE, FALSE, sizeof (ImapCriterion));

  if (!imap_parser_list (parser, read_criterion, criteria) || criteria->len == 0)
    return NULL;
  return g_steal_pointer (&criteria);
}

gboolean
imap_order_contains (const GArray *criteria, ImapOrderKind kind)
{
  for (guint i = 0; i < criteria->len; i++)
    if (g_array_index (criteria, ImapCriterion, i).kind == kind)
      return TRUE;
  return FALSE;
}

gboolean
imap_order_is_plain (const GArray *criteria)
{
  return !imap_order_contains (criteria, IMAP_ORDER_TEXT)
      && !imap_order_contains (criteria, IMAP_ORDER_DATE);
}

ImapOrder *
imap_order_new (const GArray *criteria, guint count)
{
  ImapOrder *self = g_new0 (ImapOrder, 1);

  self->criteria = g_array_copy ((GArray *)criteria);
  self->count = count;
  self->items = g_new0 (Item *, criteria->len);
  self->texts = g_byte_array_new ();
  return self;
}

void
imap_order_free (ImapOrder *self)
{
  for (guint i = 0; i < self->criteria->len; i++)
    g_free (self->items[i]);
  g_free (self->items);
  g_array_unref (self->criteria);
  g_byte_array_unref (self->texts);
  g_free (self);
}

static guint64
prefix_of (const SortText *text)
{
  guint8 bytes[8] = { 0 };
  guint64 prefix;

  memcpy (bytes, text->text, MIN (text->length, sizeof bytes));
  memcpy (&prefix, bytes, sizeof prefix);
  return GUINT64_FROM_BE (prefix);
}

/* So that negative numbers come first. */
static guint64
unsigned_of (gint64 number)
{
  return (guint64)number ^ G_GUINT64_CONSTANT (1) << 63;
}

void
imap_order_add (ImapOrder *self, guint index, const ImapFound *found, const SortKeys *keys)
{
  for (guint i = 0; i < self->criteria->len; i++) {
    const ImapCriterion *criterion = &g_array_index (self->criteria, ImapCriterion, i);
    const SortText *text;
    Item *item;

    if (!self->items[i])
      self->items[i] = g_new0 (Item, self->count);
    item = &self->items[i][index];
    switch (criterion->kind) {
    case IMAP_ORDER_ARRIVAL:
      item->prefix = unsigned_of (found->date);
      break;
    case IMAP_ORDER_DATE: /* without a date it is INTERNALDATE (RFC 5256 §2.2) */
      item->prefix = unsigned_of (keys->has_date ? keys->sent : found->date);
      break;
    case IMAP_ORDER_SIZE:
      item->prefix = found->size;
      break;
    case IMAP_ORDER_RELEVANCY:
      item->prefix = 100 - found->score;
      break;
    case IMAP_ORDER_TEXT:
      text = &keys->texts[criterion->text];
      *item = (Item) { prefix_of (text), self->texts->len, text->length };
      if (text->length > sizeof item->prefix)
        g_byte_array_append (self->texts, (const guint8 *)text->text, (guint)text->length);
      break;
    }
  }
}

/* A message and the eight bytes that are compared now. */
typedef struct {
  guint64 word;
  guint32 index;
} Ranked;

/* Neighbours that are still equal: what comes next is what lies OFFSET bytes into a CRITERION. */
typedef struct {
  guint first, count;
  guint criterion;
  gsize offset;
} Equals;

static guint64
word_at (const ImapOrder *self, const Item *item, gsize offset)
{
  SortText rest;

  if (offset == 0)
    return item->prefix;
  if (offset >= item->length)
    return 0;
  rest = (SortText) { (const char *)self->texts->data + item->offset + offset,
                      item->length - offset };
  return prefix_of (&rest);
}

static void
load_words (const ImapOrder *self, const Equals *equals, Ranked *ranked)
{
  const Item *items = self->items[equals->criterion];
  guint64 turn
      = g_array_index (self->criteria, ImapCriterion, equals->criterion).reverse ? G_MAXUINT64 : 0;

  for (guint i = 0; i < equals->count; i++)
    ranked[i].word = word_at (self, &items[ranked[i].index], equals->offset) ^ turn;
}

static int
compare (gconstpointer a, gconstpointer b)
{
  const Ranked *one = a, *other = b;

  if (one->word != other->word)
    return one->word < other->word ? -1 : 1;
  return one->index < other->index ? -1 : one->index > other->index;
}

/* A text goes on behind eight bytes none of which is padding. FALSE: all criteria are through. */
static gboolean
go_on (const ImapOrder *self, Equals *equals, guint64 word)
{
  const ImapCriterion *criterion
      = &g_array_index (self->criteria, ImapCriterion, equals->criterion);

  if (criterion->reverse)
    word = ~word;
  if (criterion->kind == IMAP_ORDER_TEXT && (word & 0xff) != 0) {
    equals->offset += sizeof word;
    return TRUE;
  }
  equals->criterion++;
  equals->offset = 0;
  return equals->criterion < self->criteria->len;
}

static void
split (const ImapOrder *self, const Equals *equals, const Ranked *ranked, GArray *open)
{
  for (guint i = 0, end; i < equals->count; i = end) {
    Equals rest = *equals;
    for (end = i + 1; end < equals->count && ranked[end].word == ranked[i].word; end++)
      ;
    rest.first += i;
    rest.count = end - i;
    if (rest.count > 1 && go_on (self, &rest, ranked[i].word))
      g_array_append_val (open, rest);
  }
}

/* Eight bytes at a time, side by side in memory: most comparisons never see a text. */
GArray *
imap_order_run (const ImapOrder *self)
{
  GArray *order = g_array_sized_new (FALSE, FALSE, sizeof (guint32), self->count);
  g_autofree Ranked *ranked = g_new (Ranked, MAX (self->count, 1));
  g_autoptr (GArray) open = g_array_new (FALSE, FALSE, sizeof (Equals));
  Equals all = { 0, self->count, 0, 0 };

  for (guint32 i = 0; i < self->count; i++)
    ranked[i].index = i;
  g_array_append_val (open, all);
  while (open->len > 0) {
    Equals equals = g_array_index (open, Equals, open->len - 1);
    Ranked *part = ranked + equals.first;
    g_array_set_size (open, open->len - 1);
    load_words (self, &equals, part);
    qsort (part, equals.count, sizeof *part, compare);
    split (self, &equals, part, open);
  }
  for (guint32 i = 0; i < self->count; i++)
    g_array_append_val (order, ranked[i].index);
  return order;
}

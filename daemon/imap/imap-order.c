/* Sorts messages by the criteria of SORT. */
#include "imap/imap-order.h"

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
  Item **items; /* of each criterion */
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
  self->items = g_new (Item *, criteria->len);
  for (guint i = 0; i < criteria->len; i++)
    self->items[i] = g_new0 (Item, count);
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
    Item *item = &self->items[i][index];
    const SortText *text;

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

static int
compare_texts (const ImapOrder *self, const Item *a, const Item *b)
{
  const guint8 *texts = self->texts->data;
  int order;

  if (MIN (a->length, b->length) <= sizeof a->prefix)
    return a->length < b->length ? -1 : a->length > b->length;
  order = memcmp (texts + a->offset, texts + b->offset, MIN (a->length, b->length));
  return order != 0 ? order : a->length < b->length ? -1 : a->length > b->length;
}

static int
compare (gconstpointer a, gconstpointer b, gpointer data)
{
  const ImapOrder *self = data;
  guint32 left = *(const guint32 *)a, right = *(const guint32 *)b;

  for (guint i = 0; i < self->criteria->len; i++) {
    const Item *one = &self->items[i][left], *other = &self->items[i][right];
    int order = one->prefix < other->prefix ? -1
        : one->prefix > other->prefix       ? 1
                                            : compare_texts (self, one, other);
    if (order != 0)
      return g_array_index (self->criteria, ImapCriterion, i).reverse ? -order : order;
  }
  return left < right ? -1 : left > right;
}

GArray *
imap_order_run (const ImapOrder *self)
{
  GArray *order = g_array_sized_new (FALSE, FALSE, sizeof (guint32), self->count);

  for (guint32 i = 0; i < self->count; i++)
    g_array_append_val (order, i);
  g_array_sort_with_data (order, compare, (gpointer)self);
  return order;
}

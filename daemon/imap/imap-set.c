/* sequence-set: parsing, ordering, printing. */
#include "imap/imap-set.h"

#include "imap/imap-print.h"

static gboolean
parse_number (ImapParser *parser, guint32 *number)
{
  if (imap_parser_take (parser, '*')) {
    *number = IMAP_SET_STAR;
    return TRUE;
  }
  return imap_parser_number (parser, number) && *number > 0;
}

GArray *
imap_set_parse (ImapParser *parser)
{
  g_autoptr (GArray) set = g_array_new (FALSE, FALSE, sizeof (UidRange));
  gsize start = parser->position;

  do {
    UidRange range;
    gboolean good = parse_number (parser, &range.first);
    range.last = range.first;
    if (good && imap_parser_take (parser, ':'))
      good = parse_number (parser, &range.last);
    if (!good) {
      parser->position = start;
      return NULL;
    }
    g_array_append_val (set, range);
  } while (imap_parser_take (parser, ','));
  return g_steal_pointer (&set);
}

static int
compare_ranges (gconstpointer a, gconstpointer b)
{
  const UidRange *left = a, *right = b;

  return left->first < right->first ? -1 : left->first > right->first;
}

static GArray *
merge (GArray *sorted)
{
  GArray *merged = g_array_sized_new (FALSE, FALSE, sizeof (UidRange), sorted->len);

  for (guint i = 0; i < sorted->len; i++) {
    UidRange range = g_array_index (sorted, UidRange, i);
    UidRange *last = merged->len ? &g_array_index (merged, UidRange, merged->len - 1) : NULL;
    if (last && (last->last == G_MAXUINT32 || range.first <= last->last + 1))
      last->last = MAX (last->last, range.last);
    else
      g_array_append_val (merged, range);
  }
  return merged;
}

GArray *
imap_set_resolve (const GArray *set, guint32 star)
{
  g_autoptr (GArray) ranges = g_array_sized_new (FALSE, FALSE, sizeof (UidRange), set->len);

  for (guint i = 0; i < set->len; i++) {
    UidRange range = g_array_index (set, UidRange, i);
    if (star == 0 && (range.first == IMAP_SET_STAR || range.last == IMAP_SET_STAR))
      continue;
    range.first = range.first == IMAP_SET_STAR ? star : range.first;
    range.last = range.last == IMAP_SET_STAR ? star : range.last;
    if (range.first > range.last)
      range = (UidRange) { range.last, range.first };
    g_array_append_val (ranges, range);
  }
  g_array_sort (ranges, compare_ranges);
  return merge (ranges);
}

gboolean
imap_set_contains (const GArray *resolved, guint32 number)
{
  guint low = 0, high = resolved->len;

  while (low < high) {
    guint middle = low + (high - low) / 2;
    const UidRange *range = &g_array_index (resolved, UidRange, middle);
    if (number < range->first)
      high = middle;
    else if (number > range->last)
      low = middle + 1;
    else
      return TRUE;
  }
  return FALSE;
}

void
imap_set_add (GArray *ranges, guint32 number)
{
  UidRange *last = ranges->len ? &g_array_index (ranges, UidRange, ranges->len - 1) : NULL;
  UidRange range = { number, number };

  if (last && last->last + 1 == number)
    last->last = number;
  else
    g_array_append_val (ranges, range);
}

static int
compare_uids (gconstpointer a, gconstpointer b)
{
  guint32 left = *(const guint32 *)a, right = *(const guint32 *)b;

  return left < right ? -1 : left > right;
}

GArray *
imap_set_of_uids (GArray *uids)
{
  GArray *ranges = g_array_new (FALSE, FALSE, sizeof (UidRange));

  g_array_sort (uids, compare_uids);
  for (guint i = 0; i < uids->len; i++) {
    guint32 uid = g_array_index (uids, guint32, i);
    if (i == 0 || uid != g_array_index (uids, guint32, i - 1))
      imap_set_add (ranges, uid);
  }
  return ranges;
}

void
imap_set_print (GString *out, const GArray *numbers)
{
  for (guint i = 0; i < numbers->len;) {
    guint32 first = g_array_index (numbers, guint32, i), last = first;
    while (++i < numbers->len && g_array_index (numbers, guint32, i) == last + 1)
      last++;
    imap_print_number (out, first);
    if (last > first) {
      g_string_append_c (out, ':');
      imap_print_number (out, last);
    }
    if (i < numbers->len)
      g_string_append_c (out, ',');
  }
}

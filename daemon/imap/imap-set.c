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

GArray *
imap_set_intersect (const GArray *left, const GArray *right)
{
  GArray *both = g_array_new (FALSE, FALSE, sizeof (UidRange));
  guint i = 0, j = 0;

  while (i < left->len && j < right->len) {
    const UidRange *a = &g_array_index (left, UidRange, i);
    const UidRange *b = &g_array_index (right, UidRange, j);
    UidRange common = { MAX (a->first, b->first), MIN (a->last, b->last) };
    if (common.first <= common.last)
      g_array_append_val (both, common);
    if (a->last < b->last)
      i++;
    else
      j++;
  }
  return both;
}

/* The gaps between the ranges of WHAT are what is left. */
GArray *
imap_set_subtract (const GArray *from, const GArray *what)
{
  g_autoptr (GArray) gaps = g_array_new (FALSE, FALSE, sizeof (UidRange));
  UidRange gap = { 0, 0 };

  for (guint i = 0; i < what->len; i++) {
    const UidRange *hole = &g_array_index (what, UidRange, i);
    if (hole->first > gap.first) {
      gap.last = hole->first - 1;
      g_array_append_val (gaps, gap);
    }
    if (hole->last == G_MAXUINT32)
      return imap_set_intersect (from, gaps);
    gap.first = hole->last + 1;
  }
  gap.last = G_MAXUINT32;
  g_array_append_val (gaps, gap);
  return imap_set_intersect (from, gaps);
}

guint64
imap_set_count (const GArray *resolved)
{
  guint64 count = 0;

  for (guint i = 0; i < resolved->len; i++) {
    const UidRange *range = &g_array_index (resolved, UidRange, i);
    count += (guint64)range->last - range->first + 1;
  }
  return count;
}

void
imap_set_print_ranges (GString *out, const GArray *resolved)
{
  for (guint i = 0; i < resolved->len; i++) {
    const UidRange *range = &g_array_index (resolved, UidRange, i);
    if (i > 0)
      g_string_append_c (out, ',');
    imap_print_number (out, range->first);
    if (range->last > range->first) {
      g_string_append_c (out, ':');
      imap_print_number (out, range->last);
    }
  }
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

#include "imap/imap-set.h"

#include <string.h>

static const struct {
  const char *path, *input;
  guint32 star;
  const char *resolved; /* NULL: malformed */
} sets[] = {
  { "/imap-set/one", "7", 10, "7:7" },
  { "/imap-set/range", "2:4", 10, "2:4" },
  { "/imap-set/reversed", "4:2", 10, "2:4" },
  { "/imap-set/star", "*", 10, "10:10" },
  { "/imap-set/to-star", "8:*", 10, "8:10" },
  { "/imap-set/beyond-star", "15:*", 10, "10:15" },
  { "/imap-set/star-of-nothing", "1:*", 0, "" },
  { "/imap-set/list", "5,1:2,9", 10, "1:2 5:5 9:9" },
  { "/imap-set/merge", "1:3,2:5,6,8", 10, "1:6 8:8" },
  { "/imap-set/twice", "3,3,3", 10, "3:3" },
  { "/imap-set/last-uid", "4294967294:4294967295,1", 10, "1:1 10:4294967294" },
  { "/imap-set/zero", "0", 10, NULL },
  { "/imap-set/zero-in-range", "0:3", 10, NULL },
  { "/imap-set/empty", "", 10, NULL },
  { "/imap-set/comma-at-end", "1,", 10, NULL },
  { "/imap-set/open-range", "1:", 10, NULL },
  { "/imap-set/too-great", "4294967296", 10, NULL },
};

static char *
show (const GArray *ranges)
{
  g_autoptr (GString) out = g_string_new (NULL);

  for (guint i = 0; i < ranges->len; i++) {
    const UidRange *range = &g_array_index (ranges, UidRange, i);
    g_string_append_printf (out, "%s%u:%u", i ? " " : "", range->first, range->last);
  }
  return g_string_free (g_steal_pointer (&out), FALSE);
}

static void
test_set (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  ImapParser parser = imap_parser (sets[i].input, strlen (sets[i].input));
  g_autoptr (GArray) set = imap_set_parse (&parser);
  g_autoptr (GArray) resolved = NULL;
  g_autofree char *text = NULL;

  if (!sets[i].resolved) {
    g_assert_null (set);
    g_assert_cmpuint (parser.position, ==, 0);
    return;
  }
  g_assert_nonnull (set);
  g_assert_true (imap_parser_at_end (&parser));
  resolved = imap_set_resolve (set, sets[i].star);
  text = show (resolved);
  g_assert_cmpstr (text, ==, sets[i].resolved);
}

static void
test_contains (void)
{
  g_autoptr (GArray) ranges = g_array_new (FALSE, FALSE, sizeof (UidRange));
  static const guint32 in[] = { 2, 3, 4, 9, 20, 21 }, out[] = { 1, 5, 8, 10, 19, 22 };

  for (gsize i = 0; i < G_N_ELEMENTS (in); i++)
    imap_set_add (ranges, in[i]);
  g_assert_cmpuint (ranges->len, ==, 3);
  for (gsize i = 0; i < G_N_ELEMENTS (in); i++)
    g_assert_true (imap_set_contains (ranges, in[i]));
  for (gsize i = 0; i < G_N_ELEMENTS (out); i++)
    g_assert_false (imap_set_contains (ranges, out[i]));
}

static void
test_print (void)
{
  static const guint32 numbers[] = { 4, 5, 6, 9, 3, 4, 12 };
  g_autoptr (GArray) array = g_array_new (FALSE, FALSE, sizeof (guint32));
  g_autoptr (GString) out = g_string_new (NULL);

  g_array_append_vals (array, numbers, G_N_ELEMENTS (numbers));
  imap_set_print (out, array);
  g_assert_cmpstr (out->str, ==, "4:6,9,3:4,12");
}

static const struct {
  const char *left, *right, *both, *rest;
} pairs[] = {
  { "1:5,9", "3:9", "3:5 9:9", "1:2" },
  { "1:10", "2,4:5", "2:2 4:5", "1:1 3:3 6:10" },
  { "3:4", "7", "", "3:4" },
  { "3:4", "1:9", "3:4", "" },
  { "5:4294967294", "1:4294967294", "5:4294967294", "" },
};

static GArray *
resolve (const char *text)
{
  ImapParser parser = imap_parser (text, strlen (text));
  g_autoptr (GArray) set = imap_set_parse (&parser);

  return imap_set_resolve (set, 0);
}

static void
test_algebra (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (pairs); i++) {
    g_autoptr (GArray) left = resolve (pairs[i].left);
    g_autoptr (GArray) right = resolve (pairs[i].right);
    g_autoptr (GArray) both = imap_set_intersect (left, right);
    g_autoptr (GArray) rest = imap_set_subtract (left, right);
    g_autofree char *shown = show (both);
    g_autofree char *shown_rest = show (rest);
    g_assert_cmpstr (shown, ==, pairs[i].both);
    g_assert_cmpstr (shown_rest, ==, pairs[i].rest);
    g_assert_cmpuint (imap_set_count (both) + imap_set_count (rest), ==, imap_set_count (left));
  }
}

static void
test_print_ranges (void)
{
  g_autoptr (GArray) set = resolve ("9,4:6,1");
  g_autoptr (GString) out = g_string_new (NULL);

  imap_set_print_ranges (out, set);
  g_assert_cmpstr (out->str, ==, "1,4:6,9");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (sets); i++)
    g_test_add_data_func (sets[i].path, GSIZE_TO_POINTER (i), test_set);
  g_test_add_func ("/imap-set/contains", test_contains);
  g_test_add_func ("/imap-set/print", test_print);
  g_test_add_func ("/imap-set/algebra", test_algebra);
  g_test_add_func ("/imap-set/print-ranges", test_print_ranges);
  return g_test_run ();
}

/* Grams: whatever a text holds, the grams of the text hold its grams. */
#include "store/search-grams.h"
#include <string.h>

static gboolean
may_hold (const char *text, const char *word)
{
  g_autoptr (Grams) grams = grams_new ();
  g_autoptr (GArray) wanted = grams_of_word (word);
  g_autoptr (GHashTable) held = g_hash_table_new (NULL, NULL);

  grams_add (grams, text, strlen (text));
  g_autoptr (GByteArray) printed = grams_print (grams);
  GramReader reader = { printed->data, printed->data + printed->len, 0 };
  while (gram_reader_next (&reader))
    g_hash_table_add (held, GUINT_TO_POINTER (reader.gram));
  for (guint i = 0; i < wanted->len; i++)
    if (!g_hash_table_contains (held, GUINT_TO_POINTER (g_array_index (wanted, guint32, i))))
      return FALSE;
  return TRUE;
}

static const struct {
  const char *text, *word;
  gboolean may;
} cases[] = {
  { "the quick brown fox", "quick", TRUE },
  { "the quick brown fox", "k br", TRUE },
  { "the quick brown fox", "fox", TRUE },
  { "the quick brown fox", "quack", FALSE },
  { "the quick brown fox", "dog", FALSE },
  { "the quick brown fox", "zz", TRUE }, /* too short to tell */
  { "", "word", FALSE },
  { "gr\303\274\303\237e", "\303\274\303\237", TRUE },
};

static void
test_cases (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpint (may_hold (cases[i].text, cases[i].word), ==, cases[i].may);
}

/* Every part of a random text. */
static void
test_all_parts (void)
{
  char text[200];

  for (guint i = 0; i < sizeof text - 1; i++)
    text[i] = (char)g_random_int_range (1, 256);
  text[sizeof text - 1] = '\0';
  for (gsize from = 0; from < 199; from += 7)
    for (gsize length = 1; from + length < 199; length += 5) {
      g_autofree char *part = g_strndup (text + from, length);
      g_assert_true (may_hold (text, part));
    }
}

static void
test_damaged (void)
{
  static const guint8 endless[] = { 0x80, 0x80 }, far[] = { 0xff, 0xff, 0xff, 0x7f };
  GramReader one = { endless, endless + 2, 0 }, other = { far, far + 4, 0 };

  g_assert_false (gram_reader_next (&one));
  g_assert_false (gram_reader_next (&other));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/search-grams/cases", test_cases);
  g_test_add_func ("/search-grams/all-parts", test_all_parts);
  g_test_add_func ("/search-grams/damaged", test_damaged);
  return g_test_run ();
}

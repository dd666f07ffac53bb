/* Fuzzy matching of words. */
#include "mail/fuzzy.h"
#include "mail/encoding.h"
#include <string.h>

/* By how well they are found: texts of one group score alike, and less than those of the group
 * before. */
enum { WHOLE, BEGIN, LONGER, MISTAKE, NOTHING };

static const struct {
  const char *query, *text;
  int found;
} cases[] = {
  { "hello", "Hello, world", WHOLE },
  { "WORLD hello", "Hello, world", WHOLE },
  { "hello moon", "Hello, world", NOTHING },
  { "anna@example.org", "Anna Example <anna@example.org>", WHOLE },
  /* Marks and "\303\237". */
  { "strasse", "Die Stra\303\237e", WHOLE },
  { "Stra\303\237e", "STRASSE", WHOLE },
  { "muller", "M\303\274ller", WHOLE },
  { "m\303\274ller", "Muller", WHOLE },
  { "kase", "K\303\244se", WHOLE },
  /* Beginnings and other endings. */
  { "invoice", "two invoices", BEGIN },
  { "rech", "Rechnungsnummer", LONGER },
  { "rechnungen", "Rechnung", LONGER },
  { "in", "invoice", NOTHING },
  { "invoices", "in", NOTHING },
  { "apple", "pineapple", NOTHING },
  /* One mistake. */
  { "helo", "hello", MISTAKE },
  { "helo", "help", MISTAKE },
  { "invioce", "invoice", MISTAKE },
  { "invoce", "invoice", MISTAKE },
  { "inwoice", "invoice", MISTAKE },
  { "xnvoice", "invoice", MISTAKE },
  { "invoicx", "invoice", MISTAKE },
  { "xnvoicx", "invoice", NOTHING },
  { "cat", "car", NOTHING },
  { "2024", "2025", NOTHING },
  { "20245", "2024", NOTHING },
  /* Scripts without blanks. */
  { "\346\227\245\346\234\254", "\346\227\245\346\234\254\350\252\236", WHOLE },
  { "\350\252\236", "\346\227\245\346\234\254\350\252\236", WHOLE },
  { "\351\233\250", "\346\227\245\346\234\254\350\252\236", NOTHING },
  /* Cyrillic letters have case, and no marks but in "\320\271". */
  { "\320\277\320\240\320\230\320\262\320\265\321\202",
    "\320\237\321\200\320\270\320\262\320\265\321\202", WHOLE },
};

static guint
score (const char *query, const char *text, guint weight)
{
  g_autoptr (FuzzyQuery) wanted = fuzzy_query_new (query);
  g_autofree char *folded = text_fold (text);
  FuzzyTally tally = { wanted };

  fuzzy_tally_add (&tally, folded, weight);
  return fuzzy_tally_score (&tally);
}

/* What the index is asked for is there: a run of the bare text. */
static void
assert_pieces (const char *query, const char *text)
{
  g_autoptr (FuzzyQuery) wanted = fuzzy_query_new (query);
  g_autofree char *folded = text_fold (text), *bare = fuzzy_without_marks (folded);
  const char *in = bare ? bare : folded;

  for (guint i = 0; i < wanted->count; i++)
    g_assert_true (strstr (in, wanted->words[i].head)
                   || (wanted->words[i].tail && strstr (in, wanted->words[i].tail)));
}

static void
test_cases (void)
{
  guint lowest[] = { 100, 70, 45, 30, 0 }, highest[] = { 100, 80, 55, 45, 0 };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    guint found = score (cases[i].query, cases[i].text, 100);

    g_test_message ("%s: %u", cases[i].query, found);
    g_assert_cmpuint (found, >=, lowest[cases[i].found]);
    g_assert_cmpuint (found, <=, highest[cases[i].found]);
    if (found > 0)
      assert_pieces (cases[i].query, cases[i].text);
  }
}

static void
test_scores (void)
{
  g_assert_cmpuint (score ("helo", "hello", 40), ==, 1);
  g_assert_cmpuint (score ("hello", "hello", 60), <, score ("hello", "hello hello", 60));
  g_assert_cmpuint (score ("hello", "hello", 60), <, score ("hello", "hello", 80));
  g_assert_null (fuzzy_query_new (""));
  g_assert_null (fuzzy_query_new (" !\302\240-"));
}

/* More words than count, words longer than count, and a text of one word without end. */
static void
test_bounds (void)
{
  g_autoptr (GString) words = g_string_new (NULL);
  g_autofree char *letters = g_strnfill (1000000, 'a');
  g_autoptr (FuzzyQuery) query = NULL, wide = NULL;

  for (guint i = 0; i < 1000; i++)
    g_string_append_printf (words, "w%u ", i);
  query = fuzzy_query_new (words->str);
  g_assert_cmpuint (query->count, ==, FUZZY_WORDS_MAX);
  wide = fuzzy_query_new (letters);
  g_assert_cmpuint (wide->count, ==, 1);
  g_assert_cmpuint (wide->words[0].length, ==, FUZZY_LETTERS_MAX);
  g_assert_cmpuint (score (letters, letters, 100), ==, 100);
  g_assert_cmpuint (score ("b", letters, 100), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/fuzzy/cases", test_cases);
  g_test_add_func ("/fuzzy/scores", test_scores);
  g_test_add_func ("/fuzzy/bounds", test_bounds);
  return g_test_run ();
}

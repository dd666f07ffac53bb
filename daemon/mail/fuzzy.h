/* Fuzzy matching of words, for SEARCH's FUZZY key (RFC 6203). All words of what is looked for must
 * be there, in any order, without regard to case and marks ("ß" is "ss"). A word is found in
 * itself, in one that begins with it, in its own beginning (another ending), and, from four letters
 * on, in one with a single mistake whose beginning or end is right. Scripts that are
 * written without blanks have words of one character. Pure; what it costs is bounded. */
#pragma once
#include <glib.h>

#define FUZZY_WORDS_MAX 16 /* of what is looked for; the rest is not */
#define FUZZY_LETTERS_MAX 64 /* of a word that count */

typedef struct {
  gunichar letters[FUZZY_LETTERS_MAX];
  guint length;
  /* Every text that matches holds one of them (text_fold'ed, without marks). TAIL may be NULL. */
  char *head, *tail;
} FuzzyWord;

typedef struct {
  FuzzyWord words[FUZZY_WORDS_MAX];
  guint count;
} FuzzyQuery;

/* NULL: there is no word in it. */
FuzzyQuery *fuzzy_query_new (const char *utf8);
void fuzzy_query_free (FuzzyQuery *query);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FuzzyQuery, fuzzy_query_free)

/* What of a query was seen in a message so far. */
typedef struct {
  const FuzzyQuery *query;
  guint best[FUZZY_WORDS_MAX], count[FUZZY_WORDS_MAX];
} FuzzyTally;

/* FOLDED: text_fold'ed. WEIGHT: what a whole word is worth there, up to 100. */
void fuzzy_tally_add (FuzzyTally *tally, const char *folded, guint weight);
/* 1 to 100; 0: some word was not seen. */
guint fuzzy_tally_score (const FuzzyTally *tally);

/* Removes marks (accents) from what is text_fold'ed. NULL: it has none. */
char *fuzzy_without_marks (const char *folded);

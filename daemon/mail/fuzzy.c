/* Fuzzy matching of words. */
#include "mail/fuzzy.h"
#include "mail/encoding.h"
#include <string.h>

/* How well a word is found, in hundredths. */
enum { SAME = 100, BEGINS = 80, BEGINS_LONGER_WORD = 60, OTHER_ENDING = 60, ONE_MISTAKE = 50 };

#define PIECE_MIN 3 /* letters; the index knows runs of three bytes */
#define MISTAKE_MIN 4 /* letters */
#define ENDING_MAX 3
#define OFTEN_MAX 5 /* a word that is there 2^5 times is worth no more */
#define OFTEN_WORTH 4
#define LOWEST 20 /* nothing that is found is worth less: ONE_MISTAKE where the weight is 40 */

typedef struct {
  gunichar letters[FUZZY_LETTERS_MAX];
  guint length;
} Word;

static gboolean
stands_alone (gunichar c)
{
  switch (g_unichar_get_script (c)) {
  case G_UNICODE_SCRIPT_HAN:
  case G_UNICODE_SCRIPT_HIRAGANA:
  case G_UNICODE_SCRIPT_KATAKANA:
  case G_UNICODE_SCRIPT_THAI:
  case G_UNICODE_SCRIPT_LAO:
  case G_UNICODE_SCRIPT_KHMER:
  case G_UNICODE_SCRIPT_MYANMAR:
    return TRUE;
  default:
    return FALSE;
  }
}

/* The next word of a folded text, cut where it is too long. FALSE: there is none. */
static gboolean
next_word (const char **text, Word *word)
{
  word->length = 0;
  for (; **text != '\0'; *text = g_utf8_next_char (*text)) {
    gunichar c = g_utf8_get_char (*text);
    gboolean alone = c >= 0x80 && stands_alone (c);
    if (c >= 0x80 && g_unichar_ismark (c))
      continue;
    if (word->length > 0 && (alone || !g_unichar_isalnum (c)))
      return TRUE;
    if (!g_unichar_isalnum (c))
      continue;
    if (word->length < FUZZY_LETTERS_MAX)
      word->letters[word->length++] = c;
    if (!alone)
      continue;
    *text = g_utf8_next_char (*text);
    return TRUE;
  }
  return word->length > 0;
}

/* Nearly a half: two letters in the middle may have changed places. */
static guint
piece_length (guint length)
{
  return MAX (PIECE_MIN, (length - 1) / 2);
}

static guint
head_length (guint length)
{
  return MIN (length, piece_length (length));
}

static void
add_word (FuzzyQuery *self, const Word *word)
{
  FuzzyWord *added = &self->words[self->count++];
  guint tail = piece_length (word->length);

  memcpy (added->letters, word->letters, sizeof added->letters);
  added->length = word->length;
  added->head = g_ucs4_to_utf8 (word->letters, head_length (word->length), NULL, NULL, NULL);
  if (word->length >= MISTAKE_MIN)
    added->tail = g_ucs4_to_utf8 (word->letters + word->length - tail, tail, NULL, NULL, NULL);
}

FuzzyQuery *
fuzzy_query_new (const char *utf8)
{
  g_autofree char *folded = text_fold (utf8);
  g_autoptr (FuzzyQuery) self = g_new0 (FuzzyQuery, 1);
  const char *next = folded;
  Word word;

  while (self->count < FUZZY_WORDS_MAX && next_word (&next, &word))
    add_word (self, &word);
  return self->count > 0 ? g_steal_pointer (&self) : NULL;
}

void
fuzzy_query_free (FuzzyQuery *self)
{
  for (guint i = 0; i < self->count; i++) {
    g_free (self->words[i].head);
    g_free (self->words[i].tail);
  }
  g_free (self);
}

static guint
common_head (const FuzzyWord *wanted, const Word *word)
{
  guint common = 0;

  while (common < MIN (wanted->length, word->length)
         && wanted->letters[common] == word->letters[common])
    common++;
  return common;
}

static guint
common_tail (const FuzzyWord *wanted, const Word *word)
{
  guint common = 0;

  while (common < MIN (wanted->length, word->length)
         && wanted->letters[wanted->length - 1 - common]
             == word->letters[word->length - 1 - common])
    common++;
  return common;
}

static gboolean
has_digit (const FuzzyWord *wanted)
{
  for (guint i = 0; i < wanted->length; i++)
    if (g_unichar_isdigit (wanted->letters[i]))
      return TRUE;
  return FALSE;
}

/* One letter too many, too few, wrong, or two changed places; and its beginning or its end is
 * right. */
static gboolean
has_one_mistake (const FuzzyWord *wanted, const Word *word, guint head)
{
  guint length = wanted->length, tail = common_tail (wanted, word);

  if (length < MISTAKE_MIN || MAX (length, word->length) - MIN (length, word->length) > 1
      || (head < head_length (length) && tail < piece_length (length)) || has_digit (wanted))
    return FALSE;
  if (head + tail >= MAX (length, word->length) - 1)
    return TRUE;
  return length == word->length && head + tail == length - 2
      && wanted->letters[head] == word->letters[head + 1]
      && wanted->letters[head + 1] == word->letters[head];
}

static guint
compare (const FuzzyWord *wanted, const Word *word)
{
  guint head;

  /* Most words share neither end. */
  if (wanted->letters[0] != word->letters[0]
      && wanted->letters[wanted->length - 1] != word->letters[word->length - 1])
    return 0;
  head = common_head (wanted, word);
  if (head == wanted->length && head == word->length)
    return SAME;
  if (head == wanted->length && head >= PIECE_MIN)
    return word->length - head <= ENDING_MAX ? BEGINS : BEGINS_LONGER_WORD;
  if (head == word->length && head >= MAX (PIECE_MIN + 1, head_length (wanted->length))
      && wanted->length - head <= ENDING_MAX && !has_digit (wanted))
    return OTHER_ENDING;
  return has_one_mistake (wanted, word, head) ? ONE_MISTAKE : 0;
}

void
fuzzy_tally_add (FuzzyTally *self, const char *folded, guint weight)
{
  const char *next = folded;
  Word word;

  while (next_word (&next, &word))
    for (guint i = 0; i < self->query->count; i++) {
      guint found = compare (&self->query->words[i], &word);
      if (found == 0)
        continue;
      self->best[i] = MAX (self->best[i], found * weight / 100);
      self->count[i]++;
    }
}

guint
fuzzy_tally_score (const FuzzyTally *self)
{
  guint sum = 0, mean;

  for (guint i = 0; i < self->query->count; i++) {
    guint often = self->count[i] > 0 ? g_bit_storage (self->count[i]) - 1 : 0;
    if (self->best[i] == 0)
      return 0;
    sum += MIN (100, self->best[i] + OFTEN_WORTH * MIN (often, OFTEN_MAX));
  }
  mean = sum / self->query->count;
  return mean > LOWEST ? 1 + (mean - LOWEST) * 99 / (100 - LOWEST) : 1;
}

char *
fuzzy_without_marks (const char *folded)
{
  g_autoptr (GString) out = g_string_new (NULL);
  gboolean changed = FALSE;

  for (const char *next = folded; *next != '\0'; next = g_utf8_next_char (next)) {
    gunichar c = g_utf8_get_char (next);
    if (c < 0x80)
      g_string_append_c (out, *next);
    else if (g_unichar_ismark (c))
      changed = TRUE;
    else
      g_string_append_unichar (out, c);
  }
  return changed ? g_string_free (g_steal_pointer (&out), FALSE) : NULL;
}

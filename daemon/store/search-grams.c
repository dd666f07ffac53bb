/* Which runs of three and four bytes a text holds. */
#include "store/search-grams.h"

#include <string.h>

#define WORDS (GRAM_COUNT / 64)
#define WORD_GRAMS_MAX 16 /* more of them hardly tell more */

struct _Grams {
  guint64 bits[WORDS];
};

static guint32
hash (guint32 run)
{
  return (guint32)(run * 0x9e3779b1u) >> (32 - GRAM_BITS);
}

/* Runs of three have their length in the place of the fourth byte. */
static guint32
three (const guint8 *text)
{
  return hash ((guint32)text[0] | (guint32)text[1] << 8 | (guint32)text[2] << 16);
}

static guint32
four (const guint8 *text)
{
  return hash ((guint32)text[0] | (guint32)text[1] << 8 | (guint32)text[2] << 16
               | (guint32)text[3] << 24);
}

Grams *
grams_new (void)
{
  return g_new0 (Grams, 1);
}

void
grams_free (Grams *self)
{
  g_free (self);
}

void
grams_clear (Grams *self)
{
  memset (self, 0, sizeof *self);
}

static void
set (Grams *self, guint32 gram)
{
  self->bits[gram / 64] |= G_GUINT64_CONSTANT (1) << (gram % 64);
}

void
grams_add (Grams *self, const char *text, gsize length)
{
  const guint8 *bytes = (const guint8 *)text;

  for (gsize i = 0; i + 3 <= length; i++) {
    set (self, three (bytes + i));
    if (i + 4 <= length)
      set (self, four (bytes + i));
  }
}

void
number_put (GByteArray *out, guint64 number)
{
  guint8 bytes[10];
  guint count = 0;

  for (; number >= 0x80; number >>= 7)
    bytes[count++] = (guint8)(number | 0x80);
  bytes[count++] = (guint8)number;
  g_byte_array_append (out, bytes, count);
}

gboolean
number_get (const guint8 **next, const guint8 *end, guint64 *number)
{
  *number = 0;
  for (guint shift = 0; shift < 64 && *next < end; shift += 7) {
    guint8 byte = *(*next)++;
    *number |= (guint64)(byte & 0x7f) << shift;
    if (byte < 0x80)
      return TRUE;
  }
  return FALSE;
}

GByteArray *
grams_print (const Grams *self)
{
  GByteArray *out = g_byte_array_sized_new (4096);
  guint32 last = 0;

  for (guint32 i = 0; i < WORDS; i++)
    for (guint64 word = self->bits[i]; word != 0; word &= word - 1) {
      guint32 gram = i * 64 + (guint32)__builtin_ctzll (word);
      number_put (out, gram - last);
      last = gram;
    }
  return out;
}

gboolean
gram_reader_next (GramReader *reader)
{
  guint64 step;

  if (!number_get (&reader->next, reader->end, &step) || step >= GRAM_COUNT - reader->gram)
    return FALSE;
  reader->gram += (guint32)step;
  return TRUE;
}

static int
compare_grams (gconstpointer a, gconstpointer b)
{
  const guint32 *left = a, *right = b;

  return *left < *right ? -1 : *left > *right;
}

GArray *
grams_of_word (const char *word)
{
  GArray *grams = g_array_new (FALSE, FALSE, sizeof (guint32));
  gsize length = strlen (word), count = length >= 4 ? length - 3 : 0;
  gsize step = MAX (1, count / WORD_GRAMS_MAX);

  for (gsize i = 0; i < count && grams->len < WORD_GRAMS_MAX; i += step) {
    guint32 gram = four ((const guint8 *)word + i);
    g_array_append_val (grams, gram);
  }
  if (length == 3) {
    guint32 gram = three ((const guint8 *)word);
    g_array_append_val (grams, gram);
  }
  g_array_sort (grams, compare_grams);
  return grams;
}

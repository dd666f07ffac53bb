/* Which runs of three and four bytes a text holds, as numbers below GRAM_COUNT: a text that holds a
 * word holds all runs of the word. Hashing makes a few more texts look as if; they are looked at.
 * Pure. */
#pragma once
#include <glib.h>

#define GRAM_BITS 18
#define GRAM_COUNT (1u << GRAM_BITS)

/* The runs of one message. */
typedef struct _Grams Grams;
Grams *grams_new (void);
void grams_free (Grams *grams);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Grams, grams_free)
void grams_clear (Grams *grams);
/* TEXT: folded, any bytes. */
void grams_add (Grams *grams, const char *text, gsize length);
/* Ascending, as differences in LEB128. */
GByteArray *grams_print (const Grams *grams);

/* The runs that tell most of WORD, ascending: GArray of guint32. Empty: it is too short, anything
 * may hold it. */
GArray *grams_of_word (const char *word);

/* Reads what was printed. */
typedef struct {
  const guint8 *next, *end;
  guint32 gram; /* the current one */
} GramReader;
/* FALSE: the end (or what is left is damaged). */
gboolean gram_reader_next (GramReader *reader);

/* LEB128, shared by what keeps numbers in blobs. */
void number_put (GByteArray *out, guint64 number);
gboolean number_get (const guint8 **next, const guint8 *end, guint64 *number);

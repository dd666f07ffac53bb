/* How well a message matches SEARCH's FUZZY key. */
#include "mail/message-fuzzy.h"
#include "mail/encoding.h"
#include "mail/header.h"
#include "mail/message-text.h"
#include <string.h>

#define OTHER_FIELD_WEIGHT 40
#define BODY_WEIGHT                                                                                \
  80 /* where only the body is looked at: words that come often make up for it                     \
      */
#define TEXT_BODY_WEIGHT 60

/* Of TEXT. */
static const struct {
  const char *field;
  guint weight;
} weights[] = {
  { "Subject", 100 }, { "From", 80 }, { "To", 80 }, { "Cc", 80 }, { "Bcc", 80 }, { "Reply-To", 60 },
};

typedef struct {
  FuzzyTally *tally;
  guint weight;
} Counting;

static gboolean
count (const char *folded, gpointer data)
{
  const Counting *self = data;

  fuzzy_tally_add (self->tally, folded, self->weight);
  return TRUE;
}

static gboolean
is_named (const guint8 *header, const HeaderField *field, const char *name)
{
  return strlen (name) == field->name.length
      && g_ascii_strncasecmp (name, (const char *)header + field->name.offset, field->name.length)
      == 0;
}

static guint
weight_of (const guint8 *header, const HeaderField *field)
{
  for (guint i = 0; i < G_N_ELEMENTS (weights); i++)
    if (is_named (header, field, weights[i].field))
      return weights[i].weight;
  return OTHER_FIELD_WEIGHT;
}

/* NAME NULL: all fields. */
static void
count_fields (FuzzyTally *tally, const guint8 *header, gsize length, const char *name)
{
  gsize position = 0;
  HeaderField field;

  while (header_next (header, length, &position, &field)) {
    if (name && !is_named (header, &field, name))
      continue;
    g_autofree char *value = header_unfold (header, &field);
    g_autofree char *decoded = encoded_words_decode (value);
    g_autofree char *folded = text_fold (decoded);
    fuzzy_tally_add (tally, folded, name ? FUZZY_FIELD_WEIGHT : weight_of (header, &field));
  }
}

guint
message_fuzzy_score (const guint8 *message, gsize length, FuzzyPlace place, const char *field,
                     const FuzzyQuery *query)
{
  FuzzyTally tally = { query };
  Counting counting = { &tally, place == FUZZY_IN_BODY ? BODY_WEIGHT : TEXT_BODY_WEIGHT };

  if (place != FUZZY_IN_BODY)
    count_fields (&tally, message, length, place == FUZZY_IN_FIELD ? field : NULL);
  if (place != FUZZY_IN_FIELD)
    message_text_body (message, length, text_fold, count, &counting);
  return fuzzy_tally_score (&tally);
}

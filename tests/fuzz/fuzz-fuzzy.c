#include "mail/message-fuzzy.h"
#include "mail/encoding.h"
#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

/* A line is looked for in the rest, as a text and as a message. What matches holds a piece that the
 * index is asked for. */
int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  const uint8_t *end = size > 0 ? memchr (data, '\n', size) : NULL;
  g_autofree char *line = end ? charset_to_utf8 ("utf-8", data, (gsize)(end - data)) : NULL;
  g_autoptr (FuzzyQuery) query = line ? fuzzy_query_new (line) : NULL;

  if (!query)
    return 0;
  gsize length = size - (gsize)(end + 1 - data);
  g_autofree char *text = charset_to_utf8 ("utf-8", end + 1, length);
  g_autofree char *folded = text_fold (text), *bare = fuzzy_without_marks (folded);
  FuzzyTally tally = { query };
  fuzzy_tally_add (&tally, folded, 100);
  g_assert_cmpuint (fuzzy_tally_score (&tally), <=, 100);
  for (guint i = 0; i < query->count; i++)
    g_assert_true (
        tally.best[i] == 0 || strstr (bare ? bare : folded, query->words[i].head)
        || (query->words[i].tail && strstr (bare ? bare : folded, query->words[i].tail)));
  for (guint place = FUZZY_IN_FIELD; place <= FUZZY_IN_TEXT; place++)
    g_assert_cmpuint (message_fuzzy_score (end + 1, length, place, "Subject", query), <=, 100);
  return 0;
}

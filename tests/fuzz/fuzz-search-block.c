#include "store/search-block.h"
#include <stdint.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

/* Any bytes read as a page, a list of messages or grams are refused or stay in bounds. */
int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (GArray) indexes = g_array_new (FALSE, FALSE, sizeof (guint32));
  g_autoptr (GArray) docs = search_block_docs (data, size);
  GramReader reader = { data, data + size, 0 };

  search_block_find (data, size, size > 0 ? data[0] : 0, indexes);
  while (gram_reader_next (&reader))
    g_assert_cmpuint (reader.gram, <, GRAM_COUNT);
  return 0;
}

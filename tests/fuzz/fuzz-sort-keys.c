#include "mail/sort-keys.h"
#include "mail/base-subject.h"
#include "mail/encoding.h"
#include "mail/message-id.h"
#include <stdint.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

/* Any header gives keys that can be read; any bytes read as keys are refused or stay in bounds. */
int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (GBytes) made = sort_keys_new (data, size);
  g_autofree char *text = g_strndup ((const char *)data, size);
  gboolean whole;
  g_autofree char *decoded = encoded_words_decode_whole (text, &whole);
  g_autofree char *base = base_subject (decoded, NULL);
  gsize length;
  const guint8 *bytes = g_bytes_get_data (made, &length);
  SortKeys keys;

  g_assert_true (sort_keys_read (bytes, length, &keys));
  g_assert_true (g_utf8_validate (base, -1, NULL));
  if (sort_keys_read (data, size, &keys))
    for (guint i = 0; i < keys.references; i++)
      sort_keys_reference (&keys, i);
  return 0;
}

#include "mail/header.h"
#include <stdint.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  gsize position = 0, before = 0;
  HeaderField field;

  while (header_next (data, size, &position, &field)) {
    g_autofree char *value = header_unfold (data, &field);

    g_assert_true (position > before && position <= size);
    before = position;
  }
  g_assert_true (position <= size);
  return 0;
}

#include "mail/header.h"
#include "mail/surrogate.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  HeaderField field;
  gsize position = 0;

  while (header_next (data, size, &position, &field))
    continue;
  g_autoptr (GByteArray) surrogate = header_surrogate (data, position);
  for (guint i = 0; surrogate && i < surrogate->len; i++)
    g_assert_cmpuint (surrogate->data[i], <, 0x80);
  return 0;
}

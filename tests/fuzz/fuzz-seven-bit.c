/* Whatever the message: what comes out has 7 bits, and nothing is left to encode. */
#include "mail/seven-bit.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GBytes) encoded = seven_bit_encode (data, size);
  gsize length = 0;
  const guint8 *bytes = encoded ? g_bytes_get_data (encoded, &length) : NULL;

  for (gsize i = 0; i < length; i++)
    g_assert_cmpuint (bytes[i], <, 0x80);
  return 0;
}

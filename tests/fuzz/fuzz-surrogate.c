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

  g_autoptr (MimePart) root = mime_parse (data, size);
  g_autoptr (GArray) pieces = message_surrogate (data, size, root);
  g_autoptr (GBytes) whole = surrogate_join (pieces, data);
  g_assert_cmpuint (g_bytes_get_size (whole), ==, surrogate_length (pieces));
  if (!message_needs_surrogate (data, root))
    g_assert_cmpmem (g_bytes_get_data (whole, NULL), g_bytes_get_size (whole), data, size);
  return 0;
}

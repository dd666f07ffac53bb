/* Writes and reads packed numbers and bytes. */
#include "mail/packed.h"

void
packed_put_number (GByteArray *out, guint64 number)
{
  guint8 bytes[10];
  guint count = 0;

  for (; number >= 0x80; number >>= 7)
    bytes[count++] = (guint8)(number | 0x80);
  bytes[count++] = (guint8)number;
  g_byte_array_append (out, bytes, count);
}

void
packed_put_signed (GByteArray *out, gint64 number)
{
  packed_put_number (out, (guint64)number << 1 ^ (guint64)(number >> 63));
}

void
packed_put_bytes (GByteArray *out, gconstpointer bytes, gsize length)
{
  packed_put_number (out, length);
  g_byte_array_append (out, bytes, (guint)length);
}

guint64
packed_get_number (PackedReader *reader)
{
  guint64 number = 0;

  for (guint shift = 0; shift < 64 && reader->next < reader->end; shift += 7) {
    guint8 byte = *reader->next++;

    number |= (guint64)(byte & 0x7f) << shift;
    if (byte < 0x80)
      return number;
  }
  reader->is_damaged = TRUE;
  return 0;
}

gint64
packed_get_signed (PackedReader *reader)
{
  guint64 number = packed_get_number (reader);

  return (gint64)(number >> 1 ^ (~(number & 1) + 1));
}

const guint8 *
packed_get_bytes (PackedReader *reader, guint64 size)
{
  const guint8 *bytes = reader->next;

  if (size > (guint64)(reader->end - reader->next)) {
    reader->is_damaged = TRUE;
    return NULL;
  }
  reader->next += size;
  return bytes;
}

/* Undoes the content transfer encodings of RFC 2045 §6, as tolerant as §6.7 and §6.8 ask for. */
#include "mail/encoding.h"
#include <string.h>

static int
base64_value (guint8 byte)
{
  if (byte >= 'A' && byte <= 'Z')
    return byte - 'A';
  if (byte >= 'a' && byte <= 'z')
    return byte - 'a' + 26;
  if (byte >= '0' && byte <= '9')
    return byte - '0' + 52;
  return byte == '+' ? 62 : byte == '/' ? 63 : -1;
}

/* Bytes outside the alphabet are passed over (RFC 2045 §6.8). Padding ends a quantum, not the text:
 * some programs concatenate encoded pieces. */
static void
decode_base64 (GByteArray *out, const guint8 *bytes, gsize length)
{
  guint32 bits = 0;
  guint count = 0;
  guint8 *next;

  g_byte_array_set_size (out, (guint)(length / 4 * 3 + 3));
  next = out->data;
  for (gsize i = 0; i < length; i++) {
    int value = base64_value (bytes[i]);

    if (bytes[i] == '=')
      count = 0;
    if (value < 0)
      continue;
    bits = bits << 6 | (guint32)value;
    count += 6;
    if (count >= 8 && count < 30) {
      count -= 8;
      *next++ = (guint8)(bits >> count);
    }
  }
  g_byte_array_set_size (out, (guint)(next - out->data));
}

static int
hex_pair (const guint8 *bytes)
{
  int high = g_ascii_xdigit_value ((char)bytes[0]), low = g_ascii_xdigit_value ((char)bytes[1]);

  return high < 0 || low < 0 ? -1 : high * 16 + low;
}

/* The line end behind POSITION, blanks before it included; 0: other bytes come first. */
static gsize
blank_line_rest (const guint8 *bytes, gsize length, gsize position)
{
  gsize i = position;

  while (i < length && (bytes[i] == ' ' || bytes[i] == '\t' || bytes[i] == '\r'))
    i++;
  if (i < length && bytes[i] == '\n')
    return i + 1 - position;
  return i == length ? i - position : 0;
}

/* Blanks at a line's end were added on the way and go (RFC 2045 §6.7 rule 3). */
static void
trim_line (GByteArray *out, guint line_start)
{
  guint size = out->len;

  while (size > line_start && (out->data[size - 1] == ' ' || out->data[size - 1] == '\t'))
    size--;
  g_byte_array_set_size (out, size);
}

static void
decode_quoted_printable (GByteArray *out, const guint8 *bytes, gsize length)
{
  guint kept = 0; /* up to here nothing may be trimmed: encoded blanks stay */

  for (gsize i = 0; i < length; i++) {
    guint8 byte = bytes[i];

    if (byte == '=') {
      int value = length - i > 2 ? hex_pair (bytes + i + 1) : -1;
      gsize soft = value < 0 ? blank_line_rest (bytes, length, i + 1) : 0;

      if (value >= 0) {
        byte = (guint8)value;
        g_byte_array_append (out, &byte, 1);
        kept = out->len;
        i += 2;
        continue;
      }
      if (soft > 0 || i + 1 == length) {
        i += soft;
        kept = out->len;
        continue;
      }
    } else if (byte == '\n' || (byte == '\r' && i + 1 < length && bytes[i + 1] == '\n')) {
      if (byte == '\r' || out->len == 0 || out->data[out->len - 1] != '\r')
        trim_line (out, kept);
      kept = out->len;
    }
    g_byte_array_append (out, &byte, 1);
  }
}

GByteArray *
encoding_decode (const char *encoding, const guint8 *bytes, gsize length)
{
  GByteArray *out = g_byte_array_new ();

  length = MIN (length, G_MAXUINT / 2); /* a GByteArray counts in guint */
  if (encoding != NULL && g_ascii_strcasecmp (encoding, "base64") == 0)
    decode_base64 (out, bytes, length);
  else if (encoding != NULL && g_ascii_strcasecmp (encoding, "quoted-printable") == 0)
    decode_quoted_printable (out, bytes, length);
  else
    g_byte_array_append (out, bytes, (guint)length);
  return out;
}

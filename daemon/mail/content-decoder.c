/* Undoes content transfer encodings piece by piece, as tolerant as RFC 2045 §6.7 and §6.8 ask for.
 */
#include "mail/content-decoder.h"
#include <string.h>

/* A line of quoted-printable that is longer is decoded in pieces. */
#define LINE_MAX_BYTES (64 * 1024)

typedef enum { IDENTITY, BASE64, QUOTED_PRINTABLE } Kind;

static const struct {
  const char *name;
  Kind kind;
} encodings[] = {
  { "7bit", IDENTITY },
  { "8bit", IDENTITY },
  { "binary", IDENTITY },
  { "base64", BASE64 },
  { "quoted-printable", QUOTED_PRINTABLE },
};

struct _ContentDecoder {
  Kind kind;
  guint32 bits; /* of a quantum of Base64 that is not complete */
  guint count;
  GByteArray *rest; /* of a line of quoted-printable that has not ended */
};

ContentDecoder *
content_decoder_new (const char *encoding)
{
  for (gsize i = 0; i < G_N_ELEMENTS (encodings); i++)
    if (!encoding || g_ascii_strcasecmp (encoding, encodings[i].name) == 0) {
      ContentDecoder *self = g_new0 (ContentDecoder, 1);
      self->kind = encodings[i].kind;
      self->rest = g_byte_array_new ();
      return self;
    }
  return NULL;
}

void
content_decoder_free (ContentDecoder *decoder)
{
  g_byte_array_unref (decoder->rest);
  g_free (decoder);
}

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
decode_base64 (ContentDecoder *self, GByteArray *out, const guint8 *bytes, gsize length)
{
  guint32 bits = self->bits;
  guint count = self->count, start = out->len;
  guint8 *next;

  g_byte_array_set_size (out, start + (guint)(length / 4 * 3 + 4));
  next = out->data + start;
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
  self->bits = bits;
  self->count = count;
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
  guint kept = out->len; /* up to here nothing may be trimmed: encoded blanks stay */

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

/* How much can be decoded before more comes: whole lines, or of an endless one all but what could
 * be the beginning of "=41" or of blanks at a line's end. */
static gsize
complete (const guint8 *bytes, gsize length)
{
  gsize end = length;

  while (end > 0 && bytes[end - 1] != '\n')
    end--;
  if (end > 0 || length <= LINE_MAX_BYTES)
    return end;
  end = length - 3;
  while (end > LINE_MAX_BYTES / 2 && strchr ("= \t\r", bytes[end - 1] ? bytes[end - 1] : 'x'))
    end--;
  for (gsize i = end; i > end - 2; i--)
    if (bytes[i - 1] == '=')
      return i - 1;
  return end;
}

static void
feed_lines (ContentDecoder *self, const guint8 *bytes, gsize length, gboolean last, GByteArray *out)
{
  gsize ready;

  g_byte_array_append (self->rest, bytes, (guint)length);
  ready = last ? self->rest->len : complete (self->rest->data, self->rest->len);
  decode_quoted_printable (out, self->rest->data, ready);
  if (ready > 0)
    g_byte_array_remove_range (self->rest, 0, (guint)ready);
}

void
content_decoder_feed (ContentDecoder *decoder, const guint8 *bytes, gsize length, gboolean last,
                      GByteArray *out)
{
  switch (decoder->kind) {
  case IDENTITY:
    g_byte_array_append (out, bytes, (guint)length);
    break;
  case BASE64:
    decode_base64 (decoder, out, bytes, length);
    break;
  case QUOTED_PRINTABLE:
    if (last && decoder->rest->len == 0) /* the usual case: all of it at once */
      decode_quoted_printable (out, bytes, length);
    else
      feed_lines (decoder, bytes, length, last, out);
    break;
  }
}

/* Undoes the content transfer encodings of RFC 2045 §6 in one go. */
#include "mail/encoding.h"
#include "mail/content-decoder.h"

GByteArray *
encoding_decode (const char *encoding, const guint8 *bytes, gsize length)
{
  g_autoptr (ContentDecoder) decoder = content_decoder_new (encoding);
  GByteArray *out = g_byte_array_new ();

  length = MIN (length, G_MAXUINT / 2); /* a GByteArray counts in guint */
  if (decoder)
    content_decoder_feed (decoder, bytes, length, TRUE, out);
  else
    g_byte_array_append (out, bytes, (guint)length);
  return out;
}

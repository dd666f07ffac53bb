#include "mail/binary-body.h"
#include "mail/content-decoder.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  static const char *const encodings[] = { "base64", "quoted-printable", "binary" };
  g_autoptr (GBytes) encoded = binary_body_encode (data, size, size % 2);

  for (guint i = 0; i < G_N_ELEMENTS (encodings); i++) {
    g_autoptr (ContentDecoder) decoder = content_decoder_new (encodings[i]);
    g_autoptr (GByteArray) out = g_byte_array_new ();
    for (gsize at = 0; at < size; at += 7)
      content_decoder_feed (decoder, data + at, MIN (7, size - at), at + 7 >= size, out);
    g_assert_cmpuint (out->len, <=, size + 1);
  }
  return 0;
}

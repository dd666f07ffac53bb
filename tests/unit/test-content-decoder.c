/* Decoding in pieces gives what decoding at once gives. */
#include "mail/content-decoder.h"
#include "mail/encoding.h"
#include <string.h>

static const struct {
  const char *encoding, *text, *decoded;
} cases[] = {
  { NULL, "a=41", "a=41" },
  { "8BIT", "a=41", "a=41" },
  { "Binary", "x", "x" },
  { "base64", "QUJD\r\nREVG", "ABCDEF" },
  { "BASE64", "QUI=QUI=", "ABAB" },
  { "base64", "Q!U!J!D", "ABC" },
  { "quoted-printable", "a=3Db=\r\nc  \r\nd=20 \r\n=e4=", "a=bc\r\nd \r\n\344" },
  { "quoted-printable", "=4", "=4" },
  { "quoted-printable", "no line end  ", "no line end  " },
};

static void
test_pieces (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    for (gsize size = 1; size <= strlen (cases[i].text); size++) {
      g_autoptr (ContentDecoder) decoder = content_decoder_new (cases[i].encoding);
      g_autoptr (GByteArray) out = g_byte_array_new ();
      gsize length = strlen (cases[i].text);
      for (gsize at = 0; at < length; at += size)
        content_decoder_feed (decoder, (const guint8 *)cases[i].text + at, MIN (size, length - at),
                              at + size >= length, out);
      g_assert_cmpmem (out->data, out->len, cases[i].decoded, strlen (cases[i].decoded));
    }
}

static void
test_unknown (void)
{
  g_assert_null (content_decoder_new ("x-uuencode"));
  g_assert_null (content_decoder_new (""));
}

/* An endless line is decoded in pieces that fit each other. */
static void
test_endless (void)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (ContentDecoder) decoder = content_decoder_new ("quoted-printable");
  g_autoptr (GByteArray) out = g_byte_array_new ();

  for (guint i = 0; i < 100000; i++)
    g_string_append (text, "=41b");
  for (gsize at = 0; at < text->len; at += 9999)
    content_decoder_feed (decoder, (const guint8 *)text->str + at, MIN (9999, text->len - at),
                          at + 9999 >= text->len, out);
  g_assert_cmpuint (out->len, ==, 200000);
  for (guint i = 0; i < out->len; i++)
    g_assert_cmpint (out->data[i], ==, i % 2 == 0 ? 'A' : 'b');
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/content-decoder/pieces", test_pieces);
  g_test_add_func ("/content-decoder/unknown", test_unknown);
  g_test_add_func ("/content-decoder/endless", test_endless);
  return g_test_run ();
}

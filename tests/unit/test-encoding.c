/* base64 and quoted-printable, as broken as they come. */
#include "mail/encoding.h"
#include <string.h>

static const struct {
  const char *encoding, *encoded, *decoded;
} cases[] = {
  { "base64", "aGVsbG8=", "hello" },
  { "BASE64", "aGVs\r\nbG8", "hello" },
  { "base64", "a*G-V s\tbG8=====", "hello" },
  { "base64", "aGVsbG8=aGVsbG8=", "hellohello" },
  { "base64", "a", "" },
  { "base64", "====", "" },
  { "base64", "", "" },
  { "quoted-printable", "a=3Db=c3=A9", "a=b\303\251" },
  { "quoted-printable", "soft=\r\nline=\nend=", "softlineend" },
  { "quoted-printable", "soft= \t\r\nx", "softx" },
  { "quoted-printable", "trail \t\r\nx \ny", "trail\r\nx\ny" },
  { "quoted-printable", "kept=20\r\nx", "kept \r\nx" },
  { "quoted-printable", "bad=ZZ=4", "bad=ZZ=4" },
  { "quoted-printable", "", "" },
  { "8bit", "as=20is", "as=20is" },
  { NULL, "as=20is", "as=20is" },
};

static void
test_decode (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    gsize length = strlen (cases[i].encoded);
    g_autofree guint8 *exact = g_memdup2 (cases[i].encoded, length);
    g_autoptr (GByteArray) bytes = encoding_decode (cases[i].encoding, exact, length);

    g_test_message ("%s", cases[i].encoded);
    g_assert_cmpmem (bytes->data, bytes->len, cases[i].decoded, strlen (cases[i].decoded));
  }
}

static void
test_round (void)
{
  guint8 bytes[256];

  for (guint i = 0; i < sizeof bytes; i++)
    bytes[i] = (guint8)(i * 7);
  for (guint length = 0; length <= sizeof bytes; length++) {
    g_autofree char *text = g_base64_encode (bytes, length);
    g_autoptr (GByteArray) back = encoding_decode ("base64", (const guint8 *)text, strlen (text));

    g_assert_cmpmem (back->data, back->len, bytes, length);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/encoding/decode", test_decode);
  g_test_add_func ("/encoding/round", test_round);
  return g_test_run ();
}

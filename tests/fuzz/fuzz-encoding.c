#include "mail/encoding.h"
#include "mail/parameter.h"
#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

static void
check_text (char *text)
{
  g_assert_true (g_utf8_validate (text, -1, NULL));
  g_free (text);
}

/* The first byte chooses what reads the rest. */
int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  static const char *const charsets[]
      = { "utf-8",  "iso-8859-1", "shift_jis",  "iso-2022-jp", "gb2312",
          "utf-16", "utf-7",      "hz-gb-2312", "big5" };
  g_autofree char *text = size > 0 ? g_strndup ((const char *)data + 1, size - 1) : g_strdup ("");
  g_autofree char *name = utf7_decode (text);
  g_autoptr (GPtrArray) parameters = NULL;

  if (size == 0)
    return 0;
  check_text (charset_to_utf8 (charsets[data[0] % G_N_ELEMENTS (charsets)], data + 1, size - 1));
  check_text (encoded_words_decode (text));
  check_text (text_fold (text));
  g_byte_array_unref (encoding_decode ("base64", data + 1, size - 1));
  g_byte_array_unref (encoding_decode ("quoted-printable", data + 1, size - 1));
  g_free (parameter_parse (text, &parameters));
  for (guint i = 0; i < parameters->len; i++)
    g_assert_true (g_utf8_validate (parameters->pdata[i], -1, NULL) || i % 2 == 0);
  if (name != NULL) { /* a name has one form */
    g_autofree char *again = utf7_encode (name);

    g_assert_cmpstr (again, ==, text);
  }
  return 0;
}

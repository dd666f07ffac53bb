#include "mail/html-text.h"
#include <string.h>

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree char *html = g_strndup ((const char *)data, size);
  g_autofree char *valid = g_utf8_make_valid (html, -1);
  g_autofree char *text = html_to_text (valid, 1000);

  g_assert_true (g_utf8_validate (text, -1, NULL));
  return 0;
}

/* What a request says of itself: the first byte chooses the field, the rest is its value. */
#include "accept-language.h"
#include "http/web-fields.h"
#include <string.h>

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

static void
read_form (const char *text, gsize length)
{
  g_autoptr (GHashTable) form = form_parse (text, length);

  if (form != NULL)
    g_assert_true (g_utf8_validate (field_text (form, "a"), -1, NULL));
}

static void
read_host (const char *text)
{
  g_autofree char *host = host_parse (text);

  g_assert_null (strpbrk (host, " \t\r\n/@\"<>&?#"));
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree char *text = size > 0 ? g_strndup ((const char *)data + 1, size - 1) : NULL;

  if (size == 0)
    return 0;
  switch (data[0] % 4) {
  case 0:
    read_form ((const char *)data + 1, size - 1);
    break;
  case 1:
    read_host (text);
    break;
  case 2: {
    g_autofree char *value = cookie_find (text, "a");
    g_assert_true (value == NULL || strchr (value, ';') == NULL);
    break;
  }
  default:
    g_assert_cmpint (accept_language (text, LANGUAGE_ENGLISH), <=, LANGUAGE_GERMAN);
  }
  return 0;
}

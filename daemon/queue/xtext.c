/* Reads "+HH". */
#include "queue/xtext.h"

static gboolean
is_hex (char c)
{
  return g_ascii_isdigit (c) || (c >= 'A' && c <= 'F');
}

gboolean
xtext_is_valid (const char *text)
{
  if (*text == '\0')
    return FALSE;
  for (; *text; text++)
    if (*text == '+') {
      if (!is_hex (text[1]) || !is_hex (text[2]))
        return FALSE;
      text += 2;
    } else if (!g_ascii_isgraph (*text) || *text == '=')
      return FALSE;
  return TRUE;
}

char *
xtext_decode (const char *text)
{
  GString *decoded = g_string_new (NULL);

  for (; *text; text++) {
    char c = *text;
    if (c == '+' && g_ascii_isxdigit (text[1]) && g_ascii_isxdigit (text[2])) {
      c = (char)(g_ascii_xdigit_value (text[1]) * 16 + g_ascii_xdigit_value (text[2]));
      text += 2;
    }
    g_string_append_c (decoded, g_ascii_isprint (c) ? c : '?');
  }
  return g_string_free (decoded, FALSE);
}

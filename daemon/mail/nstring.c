/* Writes strings and numbers as IMAP sends them. */
#include "mail/nstring.h"
#include <string.h>

#define QUOTED_MAX 1000

static gboolean
is_plain (const char *text, gsize length)
{
  if (length > QUOTED_MAX)
    return FALSE;
  for (gsize i = 0; i < length; i++)
    if ((guchar)text[i] < 0x20 || (guchar)text[i] > 0x7e || text[i] == '"' || text[i] == '\\')
      return FALSE;
  return TRUE;
}

void
number_append (GString *out, guint64 number)
{
  char digits[20];
  gsize next = sizeof digits;

  do
    digits[--next] = (char)('0' + number % 10);
  while ((number /= 10) > 0);
  g_string_append_len (out, digits + next, (gssize)(sizeof digits - next));
}

void
nstring_append (GString *out, const char *text)
{
  gsize length = text != NULL ? strlen (text) : 0;

  if (text == NULL) {
    g_string_append_len (out, "NIL", 3);
    return;
  }
  if (is_plain (text, length)) {
    g_string_append_c (out, '"');
    g_string_append_len (out, text, (gssize)length);
    g_string_append_c (out, '"');
    return;
  }
  g_string_append_c (out, '{');
  number_append (out, length);
  g_string_append_len (out, "}\r\n", 3);
  g_string_append_len (out, text, (gssize)length);
}

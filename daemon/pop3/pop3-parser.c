/* Reads command lines. */
#include "pop3/pop3-parser.h"

#include <string.h>

gsize
pop3_line_find (const guint8 *bytes, gsize length, gboolean *too_long)
{
  const gboolean is_auth
      = length >= 5 && g_ascii_strncasecmp ((const char *)bytes, "AUTH ", 5) == 0;
  const gsize most = is_auth ? POP3_AUTH_LINE_MAX : POP3_LINE_MAX;
  const guint8 *end = memchr (bytes, '\n', MIN (length, most));

  *too_long = end == NULL && length >= most;
  return end ? (gsize)(end - bytes) + 1 : 0;
}

/* A bare LF ends a line too: old clients send it, and nothing but commands comes from a client. */
char *
pop3_line_text (const guint8 *bytes, gsize length)
{
  if (length > 0 && bytes[length - 1] == '\n')
    length--;
  if (length > 0 && bytes[length - 1] == '\r')
    length--;
  if (memchr (bytes, '\0', length) != NULL)
    return NULL;
  return g_strndup ((const char *)bytes, length);
}

char *
pop3_line_split (char *line)
{
  char *argument = line + strcspn (line, " ");

  if (*argument != '\0')
    *argument++ = '\0';
  return argument;
}

gboolean
pop3_numbers_parse (const char *text, guint least, guint most, guint64 *numbers, guint *count)
{
  g_autofree char *trimmed = g_strchomp (g_strdup (text));
  g_auto (GStrv) words = NULL;

  *count = 0;
  if (*trimmed == '\0')
    return least == 0;
  words = g_strsplit (trimmed, " ", (int)most + 1);
  *count = g_strv_length (words);
  if (*count < least || *count > most)
    return FALSE;
  for (guint i = 0; i < *count; i++)
    if (!g_ascii_string_to_unsigned (words[i], 10, 0, G_MAXUINT64, &numbers[i], NULL))
      return FALSE;
  return TRUE;
}

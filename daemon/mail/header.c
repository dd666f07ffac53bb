/* Finds the fields of a message's header section and unfolds their values. */
#include "mail/header.h"
#include <string.h>

/* The position behind the line that begins at POSITION. */
static gsize
line_end (const guint8 *bytes, gsize length, gsize position)
{
  const guint8 *feed = memchr (bytes + position, '\n', length - position);

  return feed != NULL ? (gsize)(feed - bytes) + 1 : length;
}

static gboolean
line_is_empty (const guint8 *bytes, gsize start, gsize end)
{
  if (end - start == 1)
    return bytes[start] == '\n';
  return end - start == 2 && bytes[start] == '\r' && bytes[start + 1] == '\n';
}

static gboolean
is_blank (guint8 byte)
{
  return byte == ' ' || byte == '\t';
}

/* The end of the field that begins at POSITION: its line and those that continue it. */
static gsize
field_end (const guint8 *bytes, gsize length, gsize position)
{
  gsize end = line_end (bytes, length, position);

  while (end < length && is_blank (bytes[end]))
    end = line_end (bytes, length, end);
  return end;
}

static gsize
without_line_end (const guint8 *bytes, gsize start, gsize end)
{
  if (end > start && bytes[end - 1] == '\n')
    end--;
  if (end > start && bytes[end - 1] == '\r')
    end--;
  return end;
}

/* FALSE when the lines from START to END are no field: no colon, or no ftext before it. Blanks
 * before the colon are the obsolete form (RFC 5322 §4.5). */
static gboolean
field_split (const guint8 *bytes, gsize start, gsize end, HeaderField *field)
{
  gsize colon = start, name_end;

  while (colon < end && bytes[colon] > ' ' && bytes[colon] < 127 && bytes[colon] != ':')
    colon++;
  name_end = colon;
  while (colon < end && is_blank (bytes[colon]))
    colon++;
  if (name_end == start || colon == end || bytes[colon] != ':')
    return FALSE;

  field->name = (ByteRange) { start, name_end - start };
  field->value.offset = colon + 1;
  field->value.length = without_line_end (bytes, colon + 1, end) - (colon + 1);
  field->whole = (ByteRange) { start, end - start };
  return TRUE;
}

/* Lines that are no field (an mbox "From " line, garbage) are passed over: a broken line must not
 * turn the fields behind it into body. */
gboolean
header_next (const guint8 *bytes, gsize length, gsize *position, HeaderField *field)
{
  while (*position < length) {
    gsize start = *position;
    gsize end = line_end (bytes, length, start);

    if (line_is_empty (bytes, start, end)) {
      *position = end;
      return FALSE;
    }
    if (end < length && is_blank (bytes[end]))
      end = field_end (bytes, length, start);
    *position = end;
    if (field_split (bytes, start, end, field))
      return TRUE;
  }
  return FALSE;
}

gboolean
header_find (const guint8 *bytes, gsize length, const char *name, HeaderField *field)
{
  gsize position = 0, name_length = strlen (name);

  while (header_next (bytes, length, &position, field))
    if (field->name.length == name_length
        && g_ascii_strncasecmp ((const char *)bytes + field->name.offset, name, name_length) == 0)
      return TRUE;
  return FALSE;
}

/* A CR or LF that remains in a value is no line end of a field; it becomes a blank, so that what we
 * print of a header can never begin a line of its own. */
char *
header_unfold (const guint8 *bytes, const HeaderField *field)
{
  gsize end = field->value.offset + field->value.length;
  GString *value = g_string_sized_new (field->value.length);

  for (gsize i = field->value.offset; i < end; i++) {
    guint8 byte = bytes[i];

    if (byte == '\n' || (byte == '\r' && i + 1 < end && bytes[i + 1] == '\n'))
      continue;
    if (byte == 0)
      g_string_append (value, "\357\277\275");
    else
      g_string_append_c (value, byte == '\r' ? ' ' : (char)byte);
  }
  return g_strstrip (g_string_free (value, FALSE));
}

const char *
header_skip_comments (const char *text)
{
  guint depth = 0;

  for (; *text != '\0'; text++) {
    if (*text == '(')
      depth++;
    else if (*text == ')' && depth > 0)
      depth--;
    else if (*text == '\\' && depth > 0 && text[1] != '\0')
      text++;
    else if (depth == 0 && !g_ascii_isspace (*text))
      break;
  }
  return text;
}

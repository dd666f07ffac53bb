/* Dot-stuffing, line by line. */
#include "pop3/pop3-dots.h"

#include <string.h>

void
pop3_dots_begin (Pop3Dots *self, guint64 lines)
{
  *self = (Pop3Dots) { .lines_left = lines };
}

static void
append (GByteArray *out, const char *text)
{
  g_byte_array_append (out, (const guint8 *)text, strlen (text));
}

/* A part of a line, without its LF. */
static void
write_part (Pop3Dots *self, const guint8 *bytes, gsize length, GByteArray *out)
{
  if (length == 0)
    return;
  if (self->column == 0 && bytes[0] == '.')
    append (out, ".");
  g_byte_array_append (out, bytes, length);
  self->column += length;
  self->after_cr = bytes[length - 1] == '\r';
}

/* The line end. A message that IMAP's APPEND brought may have bare LFs, which no POP3 client knows
 * (RFC 1939 §3). */
static void
end_line (Pop3Dots *self, GByteArray *out)
{
  const gboolean is_empty = self->column == (self->after_cr ? 1 : 0);

  append (out, self->after_cr ? "\n" : "\r\n");
  self->column = 0;
  self->after_cr = FALSE;
  if (self->in_body) {
    if (self->lines_left != G_MAXUINT64)
      self->lines_left--;
  } else
    self->in_body = is_empty;
}

gboolean
pop3_dots_write (Pop3Dots *self, const guint8 *bytes, gsize length, GByteArray *out)
{
  while (length > 0 && !(self->in_body && self->lines_left == 0)) {
    const guint8 *end = memchr (bytes, '\n', length);
    const gsize part = end ? (gsize)(end - bytes) : length;

    write_part (self, bytes, part, out);
    if (end == NULL)
      return TRUE;
    end_line (self, out);
    bytes += part + 1;
    length -= part + 1;
  }
  return !(self->in_body && self->lines_left == 0);
}

void
pop3_dots_end (Pop3Dots *self, GByteArray *out)
{
  if (self->column > 0)
    end_line (self, out);
  append (out, ".\r\n");
}

/* Copies a message piece by piece, some pieces in another encoding (RFC 2045 §6). */
#include "mail/rewriting.h"
#include <string.h>

#define LINE 54 /* bytes in a line of 72 characters */
#define QUOTED_LINE 75 /* and a "=" where the line goes on */

gboolean
rewriting_is_plain (const MimePart *part)
{
  static const char *const names[] = { "7bit", "8bit", "binary" };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    if (g_ascii_strcasecmp (part->encoding, names[i]) == 0)
      return TRUE;
  return FALSE;
}

void
rewriting_copy (Rewriting *self, gsize end)
{
  if (end > self->done)
    g_byte_array_append (self->out, self->message + self->done, (guint)(end - self->done));
  self->done = MAX (self->done, end);
}

void
rewriting_append (Rewriting *self, const char *text)
{
  g_byte_array_append (self->out, (const guint8 *)text, (guint)strlen (text));
}

void
rewriting_header (Rewriting *self, const MimePart *part, const char *encoding, const char *more)
{
  const guint8 *header = self->message + part->header.offset;
  gsize position = 0;
  HeaderField field;

  rewriting_copy (self, part->header.offset);
  while (header_next (header, part->header.length, &position, &field))
    if (field.name.length != strlen ("Content-Transfer-Encoding")
        || g_ascii_strncasecmp ((const char *)header + field.name.offset,
                                "Content-Transfer-Encoding", field.name.length)
            != 0)
      g_byte_array_append (self->out, header + field.whole.offset, (guint)field.whole.length);
  rewriting_append (self, "Content-Transfer-Encoding: ");
  rewriting_append (self, encoding);
  rewriting_append (self, "\r\n");
  rewriting_append (self, more);
  rewriting_append (self, "\r\n");
  self->done = part->header.offset + part->header.length;
}

static void
pass (Rewriting *self, const MimePart *part)
{
  self->done = part->body.offset + part->body.length;
}

void
rewriting_base64 (Rewriting *self, const MimePart *part)
{
  const guint8 *bytes = self->message + part->body.offset;

  rewriting_copy (self, part->body.offset);
  for (gsize at = 0; at < part->body.length; at += LINE) {
    g_autofree char *line = g_base64_encode (bytes + at, MIN (LINE, part->body.length - at));
    rewriting_append (self, line);
    rewriting_append (self, "\r\n");
  }
  pass (self, part);
}

/* Blanks at the end of a line would get lost on the way. */
static gboolean
is_printed_as_it_is (const guint8 *bytes, gsize at, gsize length)
{
  const gboolean ends_line = at + 1 == length || bytes[at + 1] == '\r' || bytes[at + 1] == '\n';

  if (bytes[at] == ' ' || bytes[at] == '\t')
    return !ends_line;
  return bytes[at] > ' ' && bytes[at] < 0x7f && bytes[at] != '=';
}

void
rewriting_quoted_printable (Rewriting *self, const MimePart *part)
{
  const guint8 *bytes = self->message + part->body.offset;
  const gsize length = part->body.length;
  guint column = 0;

  rewriting_copy (self, part->body.offset);
  for (gsize at = 0; at < length; at++) {
    const gboolean plain = is_printed_as_it_is (bytes, at, length);
    if (bytes[at] == '\r' && at + 1 < length && bytes[at + 1] == '\n') {
      rewriting_append (self, "\r\n");
      column = 0;
      at++;
      continue;
    }
    if (column + (plain ? 1 : 3) > QUOTED_LINE) {
      rewriting_append (self, "=\r\n");
      column = 0;
    }
    if (plain)
      g_byte_array_append (self->out, bytes + at, 1);
    else {
      char code[4];
      g_snprintf (code, sizeof code, "=%02X", bytes[at]);
      rewriting_append (self, code);
    }
    column += plain ? 1 : 3;
  }
  pass (self, part);
}

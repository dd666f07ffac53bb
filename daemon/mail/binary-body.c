/* Encodes bodies that hold NUL bytes. */
#include "mail/binary-body.h"
#include "mail/mime.h"
#include <string.h>

#define TEXT_LINE_MAX 998 /* RFC 5322 §2.1.1 */
#define LINE 54 /* bytes in a line of 72 characters */

typedef struct {
  const guint8 *message;
  GByteArray *out;
  gsize done; /* of MESSAGE */
  guint encoded; /* bodies */
  gboolean lines;
} Rewriting;

static void
copy_to (Rewriting *self, gsize end)
{
  if (end > self->done)
    g_byte_array_append (self->out, self->message + self->done, (guint)(end - self->done));
  self->done = MAX (self->done, end);
}

static void
append_text (GByteArray *out, const char *text)
{
  g_byte_array_append (out, (const guint8 *)text, (guint)strlen (text));
}

static void
append_base64 (GByteArray *out, const guint8 *bytes, gsize length)
{
  for (gsize at = 0; at < length; at += LINE) {
    g_autofree char *line = g_base64_encode (bytes + at, MIN (LINE, length - at));
    append_text (out, line);
    append_text (out, "\r\n");
  }
}

/* The fields but Content-Transfer-Encoding, then one that is true, then the empty line. */
static void
rewrite_header (Rewriting *self, const MimePart *part)
{
  const guint8 *header = self->message + part->header.offset;
  gsize position = 0;
  HeaderField field;

  copy_to (self, part->header.offset);
  while (header_next (header, part->header.length, &position, &field))
    if (field.name.length != strlen ("Content-Transfer-Encoding")
        || g_ascii_strncasecmp ((const char *)header + field.name.offset,
                                "Content-Transfer-Encoding", field.name.length)
            != 0)
      g_byte_array_append (self->out, header + field.whole.offset, (guint)field.whole.length);
  append_text (self->out, "Content-Transfer-Encoding: base64\r\n\r\n");
  self->done = part->header.offset + part->header.length;
}

/* Of a body that is encoded already a NUL is rubbish, and stays. */
static gboolean
is_plain (const MimePart *part)
{
  static const char *const names[] = { "7bit", "8bit", "binary" };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    if (g_ascii_strcasecmp (part->encoding, names[i]) == 0)
      return TRUE;
  return FALSE;
}

/* RFC 2045 §2.7, §2.8. */
static gboolean
is_lines (const guint8 *body, gsize length)
{
  gsize start = 0;

  for (gsize i = 0; i < length; i++) {
    if ((body[i] == '\r' && (i + 1 == length || body[i + 1] != '\n'))
        || (body[i] == '\n' && (i == 0 || body[i - 1] != '\r')) || i - start > TEXT_LINE_MAX)
      return FALSE;
    if (body[i] == '\n')
      start = i + 1;
  }
  return TRUE;
}

static gboolean
must_be_encoded (const Rewriting *self, const MimePart *part)
{
  const guint8 *body = self->message + part->body.offset;

  if (part->body.length == 0 || !is_plain (part))
    return FALSE;
  return memchr (body, 0, part->body.length)
      || (self->lines && g_ascii_strcasecmp (part->encoding, "binary") == 0
          && !is_lines (body, part->body.length));
}

/* Depth is bounded by mime_parse. */
static void
rewrite (Rewriting *self, const MimePart *part)
{
  const guint8 *body = self->message + part->body.offset;

  if (part->children) {
    for (guint i = 0; i < part->children->len; i++)
      rewrite (self, part->children->pdata[i]);
    return;
  }
  if (!must_be_encoded (self, part))
    return;
  rewrite_header (self, part);
  copy_to (self, part->body.offset);
  append_base64 (self->out, body, part->body.length);
  self->done = part->body.offset + part->body.length;
  self->encoded++;
}

GBytes *
binary_body_encode (const guint8 *message, gsize length, gboolean lines)
{
  g_autoptr (MimePart) root = NULL;
  g_autoptr (GByteArray) out = NULL;
  Rewriting self = { .message = message, .lines = lines };

  if (length == 0 || length > G_MAXUINT / 4 || (!lines && !memchr (message, 0, length)))
    return NULL;
  root = mime_parse (message, length);
  self.out = out = g_byte_array_sized_new ((guint)length);
  rewrite (&self, root);
  if (self.encoded == 0)
    return NULL;
  copy_to (&self, length);
  return g_byte_array_free_to_bytes (g_steal_pointer (&out));
}

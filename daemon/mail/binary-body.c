/* Encodes bodies that hold NUL bytes. */
#include "mail/binary-body.h"
#include "mail/rewriting.h"
#include <string.h>

#define TEXT_LINE_MAX 998 /* RFC 5322 §2.1.1 */

typedef struct {
  Rewriting rewriting;
  guint encoded; /* bodies */
  gboolean lines;
} BinaryBodies;

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

/* Of a body that is encoded already a NUL is rubbish, and stays. */
static gboolean
must_be_encoded (const BinaryBodies *self, const MimePart *part)
{
  const guint8 *body = self->rewriting.message + part->body.offset;

  if (part->body.length == 0 || !rewriting_is_plain (part))
    return FALSE;
  return memchr (body, 0, part->body.length)
      || (self->lines && g_ascii_strcasecmp (part->encoding, "binary") == 0
          && !is_lines (body, part->body.length));
}

/* Depth is bounded by mime_parse. */
static void
rewrite (BinaryBodies *self, const MimePart *part)
{
  if (part->children) {
    for (guint i = 0; i < part->children->len; i++)
      rewrite (self, part->children->pdata[i]);
    return;
  }
  if (!must_be_encoded (self, part))
    return;
  rewriting_header (&self->rewriting, part, "base64", "");
  rewriting_base64 (&self->rewriting, part);
  self->encoded++;
}

GBytes *
binary_body_encode (const guint8 *message, gsize length, gboolean lines)
{
  g_autoptr (MimePart) root = NULL;
  g_autoptr (GByteArray) out = NULL;
  BinaryBodies self = { .rewriting.message = message, .lines = lines };

  if (length == 0 || length > G_MAXUINT / 4 || (!lines && !memchr (message, 0, length)))
    return NULL;
  root = mime_parse (message, length);
  self.rewriting.out = out = g_byte_array_sized_new ((guint)length);
  rewrite (&self, root);
  if (self.encoded == 0)
    return NULL;
  rewriting_copy (&self.rewriting, length);
  return g_byte_array_free_to_bytes (g_steal_pointer (&out));
}

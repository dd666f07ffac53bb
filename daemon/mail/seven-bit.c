/* Encodes 8-bit bodies. */
#include "mail/seven-bit.h"
#include "mail/rewriting.h"
#include <string.h>

static gboolean
is_seven_bit (const guint8 *bytes, gsize length)
{
  for (gsize i = 0; i < length; i++)
    if (bytes[i] & 0x80)
      return FALSE;
  return TRUE;
}

static gboolean
has_field (const Rewriting *self, const MimePart *part, const char *name)
{
  HeaderField field;

  return header_find (self->message + part->header.offset, part->header.length, name, &field);
}

static void
rewrite_leaf (Rewriting *self, const MimePart *part, gboolean is_root)
{
  const guint8 *body = self->message + part->body.offset;
  const gboolean is_text = mime_part_is (part, "text", NULL);
  const gboolean needs_version = is_root && !has_field (self, part, "MIME-Version");
  const gboolean needs_type = !has_field (self, part, "Content-Type");
  g_autofree char *more = NULL;

  if (is_seven_bit (body, part->body.length) || !rewriting_is_plain (part)
      || mime_part_is (part, "multipart", NULL)
      || mime_part_is (part, "message", "rfc822")) /* too deep to be looked at (RFC 2046 §5.2.1) */
    return;
  more = g_strconcat (needs_version ? "MIME-Version: 1.0\r\n" : "",
                      needs_type ? "Content-Type: text/plain; charset=unknown-8bit\r\n" : "",
                      NULL); /* RFC 1428 §3 */
  rewriting_header (self, part, is_text ? "quoted-printable" : "base64", more);
  if (is_text)
    rewriting_quoted_printable (self, part);
  else
    rewriting_base64 (self, part);
}

/* Depth is bounded by mime_parse. */
static void
rewrite (Rewriting *self, const MimePart *part, gboolean is_root)
{
  if (part->children == NULL) {
    rewrite_leaf (self, part, is_root);
    return;
  }
  if (rewriting_is_plain (part) && g_ascii_strcasecmp (part->encoding, "7bit") != 0)
    rewriting_header (self, part, "7bit", "");
  for (guint i = 0; i < part->children->len; i++)
    rewrite (self, part->children->pdata[i], FALSE);
}

GBytes *
seven_bit_encode (const guint8 *message, gsize length)
{
  g_autoptr (MimePart) root = NULL;
  g_autoptr (GByteArray) out = NULL;
  Rewriting self = { .message = message };

  if (length > G_MAXUINT / 4)
    return NULL;
  root = mime_parse (message, length);
  self.out = out = g_byte_array_sized_new ((guint)length);
  rewrite (&self, root, TRUE);
  rewriting_copy (&self, length);
  if (!is_seven_bit (out->data, out->len))
    return NULL;
  return g_byte_array_free_to_bytes (g_steal_pointer (&out));
}

/* A whole message whose headers are ASCII: runs of the original, and new headers between them. */
#include "mail/surrogate.h"

#include <string.h>

static gboolean
is_ascii (const guint8 *bytes, gsize length)
{
  for (gsize i = 0; i < length; i++)
    if (bytes[i] >= 0x80)
      return FALSE;
  return TRUE;
}

/* One that is encoded is a leaf, which any client takes. */
static gboolean
is_global (const MimePart *part)
{
  return part->children && mime_part_is (part, "message", "global");
}

/* The tree's depth is bounded (MIME_DEPTH_MAX). */
gboolean
message_needs_surrogate (const guint8 *message, const MimePart *root)
{
  if (is_global (root) || !is_ascii (message + root->header.offset, root->header.length))
    return TRUE;
  for (guint i = 0; root->children && i < root->children->len; i++)
    if (message_needs_surrogate (message, root->children->pdata[i]))
      return TRUE;
  return FALSE;
}

static void
piece_clear (gpointer data)
{
  g_clear_pointer (&((SurrogatePiece *)data)->bytes, g_bytes_unref);
}

typedef struct {
  const guint8 *message;
  GArray *pieces;
  gsize done; /* of MESSAGE */
} Making;

static void
keep_to (Making *self, gsize end)
{
  SurrogatePiece piece = { self->done, end - self->done, NULL };

  if (end <= self->done)
    return;
  g_array_append_val (self->pieces, piece);
  self->done = end;
}

/* What is inside has become a message of the older kind. */
static void
name_rfc822 (GByteArray *header)
{
  static const char old[] = "message/global";
  HeaderField field;

  if (!header_find (header->data, header->len, "Content-Type", &field))
    return;
  for (gsize i = 0; i + sizeof old - 1 <= field.value.length; i++) {
    gsize at = field.value.offset + i;
    if (g_ascii_strncasecmp ((const char *)header->data + at, old, sizeof old - 1) != 0)
      continue;
    memcpy (header->data + at, "message/rfc822", sizeof old - 1);
    return;
  }
}

static void
replace_header (Making *self, const MimePart *part)
{
  const guint8 *bytes = self->message + part->header.offset;
  GByteArray *header = header_surrogate (bytes, part->header.length);
  SurrogatePiece piece = { 0 };

  if (!header && !is_global (part))
    return;
  if (!header) {
    header = g_byte_array_new ();
    g_byte_array_append (header, bytes, (guint)part->header.length);
  }
  if (is_global (part))
    name_rfc822 (header);
  keep_to (self, part->header.offset);
  piece.length = header->len;
  piece.bytes = g_byte_array_free_to_bytes (header);
  g_array_append_val (self->pieces, piece);
  self->done = part->header.offset + part->header.length;
}

static void
replace_headers (Making *self, const MimePart *part)
{
  replace_header (self, part);
  for (guint i = 0; part->children && i < part->children->len; i++)
    replace_headers (self, part->children->pdata[i]);
}

GArray *
message_surrogate (const guint8 *message, gsize length, const MimePart *root)
{
  Making self = { message, g_array_new (FALSE, FALSE, sizeof (SurrogatePiece)), 0 };

  g_array_set_clear_func (self.pieces, piece_clear);
  replace_headers (&self, root);
  keep_to (&self, length);
  return self.pieces;
}

gsize
surrogate_length (const GArray *pieces)
{
  gsize length = 0;

  for (guint i = 0; i < pieces->len; i++)
    length += g_array_index (pieces, SurrogatePiece, i).length;
  return length;
}

GBytes *
surrogate_join (const GArray *pieces, const guint8 *message)
{
  gsize length = surrogate_length (pieces), at = 0;
  guint8 *whole = g_malloc (length + 1);

  for (guint i = 0; i < pieces->len; i++) {
    const SurrogatePiece *piece = &g_array_index (pieces, SurrogatePiece, i);
    memcpy (whole + at,
            piece->bytes ? g_bytes_get_data (piece->bytes, NULL) : message + piece->offset,
            piece->length);
    at += piece->length;
  }
  return g_bytes_new_take (whole, length);
}

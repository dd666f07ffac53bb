/* Shows surrogates of messages that a client does not understand. */
#include "imap/imap-fetch-surrogate.h"

#include "imap/imap-set.h"
#include "mail/surrogate.h"

void
imap_fetch_drop_surrogate (ImapFetchBatch *self)
{
  g_clear_pointer (&self->surrogate, g_array_unref);
  g_clear_pointer (&self->surrogate_summary, g_bytes_unref);
}

static void
use_summary (ImapFetchBatch *self)
{
  g_clear_pointer (&self->summary, summary_free);
  g_clear_pointer (&self->summary_bytes, g_bytes_unref);
  self->summary_bytes = g_bytes_ref (self->surrogate_summary);
  self->summary = summary_open (self->summary_bytes);
}

/* Only the new headers are kept; bodies are read again when they are sent. */
static void
make_surrogate (ImapFetchBatch *self, GBytes *message)
{
  gsize length;
  const guint8 *bytes = g_bytes_get_data (message, &length);
  g_autoptr (MimePart) root = mime_parse (bytes, length);
  g_autoptr (GBytes) whole = NULL;

  self->surrogate = message_surrogate (bytes, length, root);
  whole = surrogate_join (self->surrogate, bytes);
  bytes = g_bytes_get_data (whole, &length);
  self->surrogate_summary = summary_new (bytes, length);
  imap_set_add (self->downgraded, self->entry.uid);
}

gboolean
imap_fetch_take_surrogate (ImapFetchBatch *self, StoreSnapshot *snapshot, GError **error)
{
  if (self->utf8 || self->surrogate || !summary_needs_surrogate (self->summary))
    return TRUE;
  g_autoptr (GBytes) message = message_read (snapshot, self->entry.message, 0, G_MAXUINT64, error);
  if (!message)
    return FALSE;
  make_surrogate (self, message);
  use_summary (self);
  if (!self->summary)
    g_set_error_literal (error, STORE_ERROR, STORE_ERROR_CORRUPT, "The message has no summary");
  return self->summary != NULL;
}

static gboolean
read_piece (ImapFetchBatch *self, StoreSnapshot *snapshot, const SurrogatePiece *piece, gsize skip,
            gsize length, GByteArray *out, GError **error)
{
  g_autoptr (GBytes) bytes = NULL;

  if (piece->bytes) {
    const guint8 *data = g_bytes_get_data (piece->bytes, NULL);
    g_byte_array_append (out, data + skip, (guint)length);
    return TRUE;
  }
  bytes = message_read (snapshot, self->entry.message, piece->offset + skip, length, error);
  if (!bytes)
    return FALSE;
  g_byte_array_append (out, g_bytes_get_data (bytes, NULL), (guint)g_bytes_get_size (bytes));
  return TRUE;
}

GBytes *
imap_fetch_read (ImapFetchBatch *self, StoreSnapshot *snapshot, guint64 offset, guint64 length,
                 GError **error)
{
  g_autoptr (GByteArray) out = NULL;

  if (!self->surrogate)
    return message_read (snapshot, self->entry.message, offset, length, error);
  out = g_byte_array_new ();
  for (guint i = 0; i < self->surrogate->len && length > 0; i++) {
    const SurrogatePiece *piece = &g_array_index (self->surrogate, SurrogatePiece, i);
    gsize taken;
    if (offset >= piece->length) {
      offset -= piece->length;
      continue;
    }
    taken = (gsize)MIN (length, piece->length - offset);
    if (!read_piece (self, snapshot, piece, (gsize)offset, taken, out, error))
      return NULL;
    offset = 0;
    length -= taken;
  }
  return g_byte_array_free_to_bytes (g_steal_pointer (&out));
}

guint64
imap_fetch_size (const ImapFetchBatch *self)
{
  return self->surrogate ? surrogate_length (self->surrogate) : self->entry.size;
}

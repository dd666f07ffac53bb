/* Finds an entry, reads its message piece by piece, and writes it as lines. */
#include "pop3/pop3-reading.h"

#include "mail/header.h"
#include "mail/surrogate.h"

#define PIECE_BYTES (64 * 1024)
#define HEADER_MAX (256 * 1024) /* what is beyond is no header any more */

Pop3Reading *
pop3_reading_new (gint64 mailbox, guint32 uid, guint64 lines, gboolean utf8)
{
  Pop3Reading *self = g_new0 (Pop3Reading, 1);

  self->mailbox = mailbox;
  self->uid = uid;
  self->utf8 = utf8;
  pop3_dots_begin (&self->dots, lines);
  return self;
}

void
pop3_reading_free (Pop3Reading *self)
{
  g_clear_pointer (&self->out, g_byte_array_unref);
  g_free (self);
}

static gboolean
take_entry (const Entry *entry, gpointer data)
{
  Pop3Reading *self = data;

  self->message = entry->message;
  self->size = entry->size;
  return FALSE;
}

/* Also an entry that somebody has expunged since the login: the numbers of a session stay good. */
static gboolean
find_message (Pop3Reading *self, StoreSnapshot *snapshot, GError **error)
{
  if (!mailbox_each (store_snapshot_database (snapshot), self->mailbox, self->uid, self->uid, TRUE,
                     take_entry, self, error))
    return FALSE;
  if (self->message != 0)
    return TRUE;
  g_set_error_literal (error, STORE_ERROR, STORE_ERROR_NOT_FOUND, "The message is gone");
  return FALSE;
}

static gsize
find_header_end (GBytes *bytes, gboolean *is_whole)
{
  HeaderField field;
  gsize length, position = 0;
  const guint8 *data = g_bytes_get_data (bytes, &length);

  while (header_next (data, length, &position, &field))
    continue;
  *is_whole = position < length;
  return position;
}

/* The header as an old client may see it, when it is not that already. */
static gboolean
write_surrogate (Pop3Reading *self, StoreSnapshot *snapshot, GError **error)
{
  for (guint64 length = PIECE_BYTES;; length = HEADER_MAX) {
    g_autoptr (GBytes) bytes = message_read (snapshot, self->message, 0, length, error);
    g_autoptr (GByteArray) surrogate = NULL;
    gboolean is_whole;
    gsize end;

    if (bytes == NULL)
      return FALSE;
    end = find_header_end (bytes, &is_whole);
    if (!is_whole && length < HEADER_MAX && length < self->size)
      continue;
    surrogate = header_surrogate (g_bytes_get_data (bytes, NULL), end);
    if (surrogate != NULL) {
      self->offset = end;
      self->done = !pop3_dots_write (&self->dots, surrogate->data, surrogate->len, self->out);
    }
    return TRUE;
  }
}

static gboolean
read_piece (Pop3Reading *self, StoreSnapshot *snapshot, GError **error)
{
  g_autoptr (GBytes) bytes
      = message_read (snapshot, self->message, self->offset, PIECE_BYTES, error);
  gsize length;
  const guint8 *data;

  if (bytes == NULL)
    return FALSE;
  data = g_bytes_get_data (bytes, &length);
  self->offset += length;
  self->done = !pop3_dots_write (&self->dots, data, length, self->out) || length < PIECE_BYTES;
  return TRUE;
}

gboolean
pop3_reading_run (StoreSnapshot *snapshot, gpointer data, GError **error)
{
  Pop3Reading *self = data;

  self->out = g_byte_array_sized_new (PIECE_BYTES + PIECE_BYTES / 8);
  if (!self->began && !find_message (self, snapshot, error))
    return FALSE;
  if (!self->began && !self->utf8 && !write_surrogate (self, snapshot, error))
    return FALSE;
  self->began = TRUE;
  if (!self->done && !read_piece (self, snapshot, error))
    return FALSE;
  if (self->done)
    pop3_dots_end (&self->dots, self->out);
  return TRUE;
}

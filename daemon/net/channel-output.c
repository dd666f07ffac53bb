/* The output queue of a channel. It holds no memory while it is empty. */
#include "net/channel-output.h"

enum {
  COPIED = 2048, /* below this a copy is cheaper than a piece of its own */
  PIECE = 16 * 1024, /* one TLS record holds as much */
};

void
channel_output_seal (ChannelOutput *self)
{
  if (self->tail != NULL)
    g_queue_push_tail (&self->pieces, g_byte_array_free_to_bytes (g_steal_pointer (&self->tail)));
}

void
channel_output_copy (ChannelOutput *self, const void *bytes, gsize length)
{
  const guint8 *rest = bytes;

  self->length += length;
  while (length > 0) {
    if (self->tail == NULL)
      self->tail = g_byte_array_new ();
    gsize part = MIN (length, PIECE - self->tail->len);
    g_byte_array_append (self->tail, rest, part);
    if (self->tail->len == PIECE)
      channel_output_seal (self);
    rest += part;
    length -= part;
  }
}

void
channel_output_add (ChannelOutput *self, GBytes *bytes)
{
  gsize length;
  const guint8 *start = g_bytes_get_data (bytes, &length);

  if (length < COPIED) {
    channel_output_copy (self, start, length);
    return;
  }
  channel_output_seal (self);
  g_queue_push_tail (&self->pieces, g_bytes_ref (bytes));
  self->length += length;
}

guint
channel_output_take (ChannelOutput *self, GBytes **pieces, guint count, gsize most)
{
  guint taken = 0;

  for (gsize length = 0; taken < count && length < most; taken++) {
    if (self->pieces.length == 0)
      channel_output_seal (self);
    if (self->pieces.length == 0)
      break;
    pieces[taken] = g_queue_pop_head (&self->pieces);
    length += g_bytes_get_size (pieces[taken]);
    self->length -= g_bytes_get_size (pieces[taken]);
  }
  return taken;
}

void
channel_output_clear (ChannelOutput *self)
{
  g_clear_pointer (&self->tail, g_byte_array_unref);
  g_queue_clear_full (&self->pieces, (GDestroyNotify)g_bytes_unref);
  self->length = 0;
}

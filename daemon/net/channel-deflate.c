/* The compressed layer of a channel. */
#include "net/channel-deflate.h"

#include <gio/gio.h>
#include <string.h>
#include <zlib.h>

enum {
  RAW = -15, /* zlib's word for DEFLATE without a header */
  WINDOW = 32 * 1024, /* how far back DEFLATE refers */
  LEVEL = 3, /* in an I/O thread: most of the gain for little time */
  CHUNK = 16 * 1024,
  /* zlib's data_type: between two blocks, no bit of the input is left over. */
  AT_BOUNDARY = 128,
  STATE = 10 * 1024, /* about what an inflater weighs besides its window */
};

struct _ChannelDeflate {
  z_stream *inflater; /* NULL while at rest */
  GBytes *history; /* what the client may refer to, while at rest */
  GByteArray *input; /* compressed, not used up; NULL: none */
  gsize used; /* of it */
  gboolean more; /* the inflater may have output without input */
  gboolean between_blocks;
};

static void
inflater_free (z_stream *stream)
{
  inflateEnd (stream);
  g_free (stream);
}

ChannelDeflate *
channel_deflate_new (void)
{
  return g_new0 (ChannelDeflate, 1);
}

void
channel_deflate_free (ChannelDeflate *self)
{
  g_clear_pointer (&self->inflater, inflater_free);
  g_clear_pointer (&self->history, g_bytes_unref);
  g_clear_pointer (&self->input, g_byte_array_unref);
  g_free (self);
}

static void
deflater_free (gpointer data)
{
  deflateEnd (data);
  g_free (data);
}

static GPrivate deflater_of_thread = G_PRIVATE_INIT (deflater_free);

static z_stream *
deflater (void)
{
  z_stream *stream = g_private_get (&deflater_of_thread);

  if (stream) {
    deflateReset (stream);
    return stream;
  }
  stream = g_new0 (z_stream, 1);
  if (deflateInit2 (stream, LEVEL, Z_DEFLATED, RAW, 8, Z_DEFAULT_STRATEGY) != Z_OK)
    g_error ("Out of memory");
  g_private_set (&deflater_of_thread, stream);
  return stream;
}

static void
pack_piece (z_stream *stream, GBytes *piece, int flush, ChannelOutput *packed)
{
  guint8 chunk[CHUNK];
  gsize length = 0;

  /* zlib does not write to its input; its interface is older than const. */
  stream->next_in = piece ? (Bytef *)g_bytes_get_data (piece, &length) : NULL;
  stream->avail_in = (uInt)length;
  do {
    stream->next_out = chunk;
    stream->avail_out = sizeof chunk;
    deflate (stream, flush);
    channel_output_copy (packed, chunk, sizeof chunk - stream->avail_out);
  } while (stream->avail_out == 0);
}

/* The full flush makes the bytes whole, and makes the next ones refer to nothing before. */
void
channel_deflate_pack (ChannelOutput *plain, ChannelOutput *packed, gsize most)
{
  z_stream *stream = NULL;

  for (gsize length = 0; length < most;) {
    GBytes *taken = NULL;
    if (channel_output_take (plain, &taken, 1, 1) == 0)
      break;
    g_autoptr (GBytes) piece = taken;
    length += g_bytes_get_size (piece);
    if (!stream)
      stream = deflater ();
    pack_piece (stream, piece, Z_NO_FLUSH, packed);
  }
  if (stream)
    pack_piece (stream, NULL, Z_FULL_FLUSH, packed);
}

void
channel_deflate_feed (ChannelDeflate *self, const guint8 *bytes, gsize length)
{
  g_assert (channel_deflate_is_hungry (self));
  self->input = g_byte_array_sized_new ((guint)length);
  g_byte_array_append (self->input, bytes, (guint)length);
  self->used = 0;
}

gboolean
channel_deflate_is_hungry (const ChannelDeflate *self)
{
  return self->input == NULL && !self->more;
}

static void
wake (ChannelDeflate *self)
{
  gsize length;
  const guint8 *history;

  if (self->inflater)
    return;
  self->inflater = g_new0 (z_stream, 1);
  if (inflateInit2 (self->inflater, RAW) != Z_OK)
    g_error ("Out of memory");
  if (!self->history)
    return;
  history = g_bytes_get_data (self->history, &length);
  inflateSetDictionary (self->inflater, history, (uInt)length);
  g_clear_pointer (&self->history, g_bytes_unref);
}

static void
note_state (ChannelDeflate *self, gsize fed)
{
  const z_stream *stream = self->inflater;

  self->used += fed - stream->avail_in;
  self->more = stream->avail_out == 0;
  self->between_blocks = stream->data_type == AT_BOUNDARY;
  if (self->input && self->used == self->input->len)
    g_clear_pointer (&self->input, g_byte_array_unref);
}

gssize
channel_deflate_unpack (ChannelDeflate *self, guint8 *bytes, gsize length, GError **error)
{
  gsize fed = self->input ? self->input->len - self->used : 0;
  z_stream *stream;
  int result;

  if (channel_deflate_is_hungry (self))
    return 0;
  wake (self);
  stream = self->inflater;
  stream->next_in = self->input ? self->input->data + self->used : NULL;
  stream->avail_in = (uInt)fed;
  stream->next_out = bytes;
  stream->avail_out = (uInt)length;
  result = inflate (stream, Z_SYNC_FLUSH);
  note_state (self, fed);
  if (result == Z_OK || result == Z_BUF_ERROR)
    return (gssize)(length - stream->avail_out);
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                       "What the client sends is not compressed as it said");
  return -1;
}

/* Only between two blocks can the stream go on with nothing but its history. */
gsize
channel_deflate_rest (ChannelDeflate *self)
{
  guint8 window[WINDOW];
  uInt length = sizeof window;

  if (self->inflater && self->between_blocks && channel_deflate_is_hungry (self)
      && inflateGetDictionary (self->inflater, window, &length) == Z_OK) {
    self->history = g_bytes_new (window, length);
    g_clear_pointer (&self->inflater, inflater_free);
  }
  return (self->inflater ? WINDOW + STATE : 0)
      + (self->history ? g_bytes_get_size (self->history) : 0)
      + (self->input ? self->input->len : 0);
}

/* The bytes of one socket_write on their way. */
#include "platform/windows/socket-output.h"

/* While a WSASend is under way its pages are locked in memory: a bounded number. */
#define SENT_AT_ONCE ((gsize)256 * 1024)

struct _SocketOutput {
  guint count, next; /* pieces; the first that is not sent whole */
  gsize offset; /* of it */
  GBytes *pieces[];
};

SocketOutput *
socket_output_new (GBytes *const *bytes, guint count)
{
  SocketOutput *self = g_malloc (sizeof *self + count * sizeof *bytes);

  *self = (SocketOutput) { .count = count };
  for (guint i = 0; i < count; i++)
    self->pieces[i] = g_bytes_ref (bytes[i]);
  socket_output_advance (self, 0);
  return self;
}

void
socket_output_free (SocketOutput *self)
{
  for (guint i = self->next; i < self->count; i++)
    g_bytes_unref (self->pieces[i]);
  g_free (self);
}

DWORD
socket_output_fill (SocketOutput *self, WSABUF *vectors)
{
  gsize room = SENT_AT_ONCE, offset = self->offset;
  guint count = 0;

  for (; self->next + count < self->count && room > 0; count++) {
    gsize length;
    const guint8 *bytes = g_bytes_get_data (self->pieces[self->next + count], &length);
    gsize used = MIN (length - offset, room);
    vectors[count] = (WSABUF) { .len = (ULONG)used, .buf = (char *)bytes + offset };
    room -= used;
    offset = 0;
  }
  return count;
}

void
socket_output_advance (SocketOutput *self, gsize count)
{
  self->offset += count;
  while (self->next < self->count && self->offset >= g_bytes_get_size (self->pieces[self->next])) {
    self->offset -= g_bytes_get_size (self->pieces[self->next]);
    g_bytes_unref (self->pieces[self->next++]);
  }
}

/* Connected sockets on Linux: edge-triggered, registered once for both directions. */
#include "platform/socket.h"
#include "platform/linux/reactor-events.h"
#include "platform/linux/socket-private.h"
#include <errno.h>
#include <sys/uio.h>
#include <unistd.h>

enum { WATCHED = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET };

/* A write that the kernel has not taken whole yet. */
typedef struct {
  guint count, next; /* pieces; the first that is not sent whole */
  gsize offset; /* of it */
  GBytes *pieces[];
} Write;

struct _Socket {
  ReactorWatch watch;
  ReactorTask task;
  Reactor *reactor;
  int fd;
  int write_errno;
  guint can_read : 1, can_write : 1;
  guint ended : 1; /* end or error seen: no edge will come any more, so can_read stays */
  guint connecting : 1, blocked : 1;
  SocketReadableFunc readable;
  gpointer readable_data;
  SocketWrittenFunc written;
  gpointer written_data;
  Write *write;
  SocketConnectedFunc connected;
  gpointer connected_data;
};

static void
write_free (Write *write)
{
  for (guint i = write->next; i < write->count; i++)
    g_bytes_unref (write->pieces[i]);
  g_free (write);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Write, write_free)

static void
set_socket_error (GError **error, const char *what, int code)
{
  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (code), "%s: %s", what, g_strerror (code));
}

static guint
fill_vectors (struct iovec *vectors, GBytes *const *pieces, guint count, gsize offset)
{
  for (guint i = 0; i < count; i++) {
    gsize length;
    const guint8 *bytes = g_bytes_get_data (pieces[i], &length);
    gsize skipped = i == 0 ? offset : 0;
    vectors[i] = (struct iovec) { (void *)(bytes + skipped), length - skipped };
  }
  return count;
}

/* Sends from piece *NEXT, byte *OFFSET on, and moves both. 0: all is sent; else errno. */
static int
send_pieces (int fd, GBytes *const *pieces, guint count, guint *next, gsize *offset)
{
  while (*next < count) {
    struct iovec vectors[SOCKET_PIECES];
    struct msghdr message = { .msg_iov = vectors };
    message.msg_iovlen = fill_vectors (vectors, pieces + *next, count - *next, *offset);
    ssize_t sent = sendmsg (fd, &message, MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR)
      continue;
    if (sent < 0)
      return errno;
    gsize moved = *offset + sent;
    while (*next < count && moved >= g_bytes_get_size (pieces[*next]))
      moved -= g_bytes_get_size (pieces[(*next)++]);
    *offset = moved;
  }
  return 0;
}

static void
continue_write (Socket *self)
{
  Write *write = self->write;
  guint first = write->next;
  int code = send_pieces (self->fd, write->pieces, write->count, &write->next, &write->offset);

  for (guint i = first; i < write->next; i++)
    g_bytes_unref (write->pieces[i]);
  if (code == EAGAIN) {
    self->can_write = FALSE;
    return;
  }
  self->write_errno = code;
  g_clear_pointer (&self->write, write_free);
}

static void
call_written (Socket *self)
{
  g_autoptr (GError) error = NULL;
  SocketWrittenFunc written = g_steal_pointer (&self->written);

  if (self->write_errno != 0)
    set_socket_error (&error, "Cannot write", self->write_errno);
  self->write_errno = 0;
  written (self, error, self->written_data);
}

static void
call_connected (Socket *self)
{
  g_autoptr (GError) error = NULL;
  SocketConnectedFunc connected = g_steal_pointer (&self->connected);
  int code = 0;
  socklen_t size = sizeof code;

  self->connecting = FALSE;
  if (getsockopt (self->fd, SOL_SOCKET, SO_ERROR, &code, &size) != 0)
    code = errno;
  if (code != 0)
    set_socket_error (&error, "Cannot connect", code);
  connected (self, error, self->connected_data);
}

/* One callback a run, because each may free the socket; what else is due waits in the list. */
static void
socket_run (ReactorTask *task)
{
  Socket *self = (Socket *)((guint8 *)task - G_STRUCT_OFFSET (Socket, task));

  if (self->connecting) {
    call_connected (self);
    return;
  }
  if (self->write != NULL && self->can_write)
    continue_write (self);

  gboolean wrote = self->written != NULL && self->write == NULL;
  gboolean has_input = self->readable != NULL && self->can_read;
  if (wrote && has_input)
    reactor_defer (self->reactor, &self->task);
  if (wrote) {
    call_written (self);
  } else if (has_input) {
    SocketReadableFunc readable = g_steal_pointer (&self->readable);
    readable (self, self->readable_data);
  }
}

static void
socket_ready (ReactorWatch *watch, guint32 events)
{
  Socket *self = (Socket *)watch;

  if (events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR))
    self->ended = TRUE;
  if ((events & EPOLLIN) || self->ended)
    self->can_read = TRUE;
  if (events & (EPOLLOUT | EPOLLHUP | EPOLLERR))
    self->can_write = TRUE;
  if ((self->connecting && self->can_write) || (self->readable != NULL && self->can_read)
      || (self->write != NULL && self->can_write))
    reactor_defer (self->reactor, &self->task);
}

void
socket_close_handle (SocketHandle handle)
{
  if (handle != SOCKET_HANDLE_NONE)
    close ((int)handle);
}

static Socket *
socket_new (Reactor *reactor, int fd, GError **error)
{
  Socket *self = g_new0 (Socket, 1);

  self->watch.ready = socket_ready;
  self->task.run = socket_run;
  self->reactor = reactor;
  self->fd = fd;
  if (reactor_add (reactor, fd, WATCHED, &self->watch, error))
    return self;
  close (fd);
  g_free (self);
  return NULL;
}

Socket *
socket_adopt (Reactor *reactor, SocketHandle handle, GError **error)
{
  Socket *self = socket_new (reactor, (int)handle, error);

  if (self != NULL)
    self->can_write = TRUE; /* a fresh socket has room; the first edge says so again */
  return self;
}

void
socket_free (Socket *self)
{
  reactor_forget (self->reactor, &self->task);
  reactor_remove (self->reactor, self->fd);
  close (self->fd);
  g_clear_pointer (&self->write, write_free);
  g_free (self);
}

void
socket_await_input (Socket *self, SocketReadableFunc readable, gpointer data)
{
  g_assert (self->readable == NULL);
  self->readable = readable;
  self->readable_data = data;
  if (self->can_read)
    reactor_defer (self->reactor, &self->task);
}

gssize
socket_read (Socket *self, guint8 *bytes, gsize length, GError **error)
{
  ssize_t count = -1;
  int code = EAGAIN;

  if (self->can_read) {
    do
      count = recv (self->fd, bytes, length, 0);
    while (count < 0 && errno == EINTR);
    code = errno;
  }
  self->blocked = count < 0 && code == EAGAIN;
  /* A short read has emptied the buffer (epoll(7)); a new edge comes with new data. */
  if (!self->ended && count < (ssize_t)length && (count > 0 || self->blocked))
    self->can_read = FALSE;
  if (count < 0 && error != NULL)
    set_socket_error (error, "Cannot read", code);
  return count;
}

gboolean
socket_would_block (Socket *self)
{
  return self->blocked;
}

void
socket_write (Socket *self, GBytes *const *bytes, guint count, SocketWrittenFunc written,
              gpointer data)
{
  guint next = 0;
  gsize offset = 0;
  int code = EAGAIN;

  g_assert (self->written == NULL && count <= SOCKET_PIECES);
  self->written = written;
  self->written_data = data;
  if (self->can_write)
    code = send_pieces (self->fd, bytes, count, &next, &offset);
  if (code != EAGAIN) {
    self->write_errno = code;
    reactor_defer (self->reactor, &self->task);
    return;
  }
  self->can_write = FALSE;
  self->write = g_malloc (sizeof (Write) + count * sizeof (GBytes *));
  *self->write = (Write) { .count = count, .next = next, .offset = offset };
  for (guint i = next; i < count; i++)
    self->write->pieces[i] = g_bytes_ref (bytes[i]);
}

void
socket_finish_output (Socket *self)
{
  g_assert (self->written == NULL);
  /* Fails when the peer is gone already: the next read tells it. */
  shutdown (self->fd, SHUT_WR);
}

void
socket_reset_on_free (Socket *self)
{
  struct linger linger = { .l_onoff = 1, .l_linger = 0 };

  /* Fails only for what is no TCP socket, and there a plain close is as good. */
  setsockopt (self->fd, SOL_SOCKET, SO_LINGER, &linger, sizeof linger);
}

static gboolean
start_connect (int fd, GInetAddress *address, guint16 port, GInetAddress *from, GError **error)
{
  struct sockaddr_storage native;
  socklen_t size;

  if (from != NULL) {
    size = socket_address_to_native (from, 0, &native);
    if (bind (fd, (struct sockaddr *)&native, size) != 0) {
      set_socket_error (error, "Cannot send from the local address", errno);
      return FALSE;
    }
  }
  size = socket_address_to_native (address, port, &native);
  if (connect (fd, (struct sockaddr *)&native, size) == 0 || errno == EINPROGRESS)
    return TRUE;
  set_socket_error (error, "Cannot connect", errno);
  return FALSE;
}

Socket *
socket_connect (Reactor *reactor, GInetAddress *address, guint16 port, GInetAddress *from,
                SocketConnectedFunc connected, gpointer data, GError **error)
{
  int fd
      = socket (g_inet_address_get_family (address), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

  if (fd < 0) {
    set_socket_error (error, "Cannot make a socket", errno);
    return NULL;
  }
  socket_tune (fd);
  if (!start_connect (fd, address, port, from, error)) {
    close (fd);
    return NULL;
  }
  Socket *self = socket_new (reactor, fd, error);
  if (self == NULL)
    return NULL;
  self->connecting = TRUE;
  self->connected = connected;
  self->connected_data = data;
  return self;
}

/* Connected sockets on Windows: a zero-byte WSARecv says that input waits, an overlapped WSASend
 * owns its bytes. A freed socket's memory lives on until both have come back. */
#include "platform/reactor-retry.h"
#include "platform/windows/reactor-events.h"
#include "platform/windows/socket-output.h"
#include "platform/windows/winsock.h"

struct _Socket {
  ReactorTask task;
  Reactor *reactor;
  ReactorRetry retry;
  SOCKET handle; /* INVALID_SOCKET: freed */
  ReactorOperation waiting; /* WSARecv */
  ReactorOperation sending; /* WSASend, or ConnectEx before */
  int read_code, write_code; /* Winsock's errors; that of reading stays */
  guint is_waiting : 1, is_sending : 1; /* the system holds the operation */
  guint skips_port : 1;
  guint can_read : 1, blocked : 1;
  SocketReadableFunc readable;
  gpointer readable_data;
  SocketWrittenFunc written;
  gpointer written_data;
  SocketOutput *output; /* what the system has not taken yet */
  SocketConnectedFunc connected;
  gpointer connected_data;
};

#define SOCKET_OF(member, pointer)                                                                 \
  ((Socket *)((guint8 *)(pointer)-G_STRUCT_OFFSET (Socket, member)))

static void
release_if_freed (Socket *self)
{
  if (self->handle != INVALID_SOCKET || self->is_waiting || self->is_sending)
    return;
  g_clear_pointer (&self->output, socket_output_free);
  g_free (self);
}

static int
result_code (Socket *self, ReactorOperation *operation)
{
  DWORD count, flags;

  if (!reactor_operation_failed (operation))
    return 0;
  if (WSAGetOverlappedResult (self->handle, &operation->overlapped, &count, FALSE, &flags))
    return 0;
  return WSAGetLastError ();
}

static void
did_wait (ReactorOperation *operation)
{
  Socket *self = SOCKET_OF (waiting, operation);

  self->is_waiting = FALSE;
  if (self->handle == INVALID_SOCKET) {
    release_if_freed (self);
    return;
  }
  self->read_code = result_code (self, operation);
  self->can_read = TRUE;
  reactor_defer (self->reactor, &self->task);
}

/* No byte is read, so an idle connection pins no buffer. */
static void
wait_for_input (Socket *self)
{
  WSABUF nothing = { 0, NULL };
  DWORD flags = 0;

  self->is_waiting = TRUE;
  int result = WSARecv (self->handle, &nothing, 1, NULL, &flags,
                        reactor_operation_new (&self->waiting), NULL);
  int code = reactor_operation_begun (self->reactor, &self->waiting,
                                      result == 0 ? 0 : WSAGetLastError (), self->skips_port);
  if (code == 0)
    return;
  self->is_waiting = FALSE;
  if (winsock_has_run_out (code)) {
    reactor_retry_later (&self->retry, self->reactor, &self->task);
    return;
  }
  self->read_code = code;
  self->can_read = TRUE;
  reactor_defer (self->reactor, &self->task);
}

static void
finish_write (Socket *self, int code)
{
  self->write_code = code;
  g_clear_pointer (&self->output, socket_output_free);
  reactor_defer (self->reactor, &self->task);
}

static void
did_send (ReactorOperation *operation)
{
  Socket *self = SOCKET_OF (sending, operation);

  self->is_sending = FALSE;
  if (self->handle == INVALID_SOCKET) {
    release_if_freed (self);
    return;
  }
  int code = result_code (self, operation);
  if (code != 0) {
    finish_write (self, code);
    return;
  }
  socket_output_advance (self->output, reactor_operation_count (operation));
  reactor_defer (self->reactor, &self->task);
}

static void
send_more (Socket *self)
{
  WSABUF vectors[SOCKET_PIECES];
  DWORD count = socket_output_fill (self->output, vectors);

  if (count == 0) {
    finish_write (self, 0);
    return;
  }
  self->is_sending = TRUE;
  int result = WSASend (self->handle, vectors, count, NULL, 0,
                        reactor_operation_new (&self->sending), NULL);
  int code = reactor_operation_begun (self->reactor, &self->sending,
                                      result == 0 ? 0 : WSAGetLastError (), self->skips_port);
  if (code == 0)
    return;
  self->is_sending = FALSE;
  if (winsock_has_run_out (code))
    reactor_retry_later (&self->retry, self->reactor, &self->task);
  else
    finish_write (self, code);
}

static void
call_written (Socket *self)
{
  g_autoptr (GError) error = NULL;
  SocketWrittenFunc written = g_steal_pointer (&self->written);

  if (self->write_code != 0)
    winsock_set_error (&error, "Cannot write", self->write_code);
  self->write_code = 0;
  written (self, error, self->written_data);
}

static void
call_connected (Socket *self)
{
  g_autoptr (GError) error = NULL;
  SocketConnectedFunc connected = g_steal_pointer (&self->connected);

  /* Before that, shutdown and getsockname do not know the connection. */
  if (self->write_code == 0
      && setsockopt (self->handle, SOL_SOCKET, SO_UPDATE_CONNECT_CONTEXT, NULL, 0) != 0)
    self->write_code = WSAGetLastError ();
  if (self->write_code != 0)
    winsock_set_error (&error, "Cannot connect", self->write_code);
  self->write_code = 0;
  connected (self, error, self->connected_data);
}

/* One callback a run, because each may free the socket; what else is due waits in the list. */
static void
socket_run (ReactorTask *task)
{
  Socket *self = SOCKET_OF (task, task);

  if (self->connected != NULL) {
    call_connected (self);
    return;
  }
  if (self->output != NULL && !self->is_sending)
    send_more (self);
  if (self->readable != NULL && !self->can_read && !self->is_waiting)
    wait_for_input (self);

  gboolean wrote = self->written != NULL && self->output == NULL;
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

void
socket_close_handle (SocketHandle handle)
{
  if (handle != SOCKET_HANDLE_NONE)
    closesocket ((SOCKET)handle);
}

static Socket *
socket_new (Reactor *reactor, SOCKET handle, GError **error)
{
  if (!winsock_tune (handle)) {
    winsock_set_error (error, "Cannot use a socket", WSAGetLastError ());
    closesocket (handle);
    return NULL;
  }
  if (!reactor_add (reactor, handle, error)) {
    closesocket (handle);
    return NULL;
  }
  Socket *self = g_new0 (Socket, 1);
  self->task.run = socket_run;
  self->reactor = reactor;
  self->handle = handle;
  self->waiting.done = did_wait;
  self->sending.done = did_send;
  self->skips_port = winsock_skip_port (handle);
  return self;
}

Socket *
socket_adopt (Reactor *reactor, SocketHandle handle, GError **error)
{
  return socket_new (reactor, (SOCKET)handle, error);
}

void
socket_free (Socket *self)
{
  SOCKET handle = self->handle;

  reactor_forget (self->reactor, &self->task);
  reactor_retry_cancel (&self->retry);
  self->handle = INVALID_SOCKET;
  if (self->is_waiting || self->is_sending)
    CancelIoEx ((HANDLE)handle, NULL);
  closesocket (handle);
  release_if_freed (self);
}

void
socket_await_input (Socket *self, SocketReadableFunc readable, gpointer data)
{
  g_assert (self->readable == NULL);
  self->readable = readable;
  self->readable_data = data;
  if (self->can_read)
    reactor_defer (self->reactor, &self->task);
  else if (!self->is_waiting)
    wait_for_input (self);
}

gssize
socket_read (Socket *self, guint8 *bytes, gsize length, GError **error)
{
  int count = -1, code = WSAEWOULDBLOCK;

  if (!self->is_waiting) {
    count = recv (self->handle, (char *)bytes, (int)MIN (length, G_MAXINT), 0);
    code = WSAGetLastError ();
  }
  if (count <= 0 && self->read_code != 0) { /* some systems tell an error only once */
    count = -1;
    code = self->read_code;
  }
  self->blocked = count < 0 && code == WSAEWOULDBLOCK;
  /* A short read has emptied the buffer, so that the next input is worth a wait. */
  if (self->blocked || (count > 0 && (gsize)count < length))
    self->can_read = FALSE;
  if (count < 0 && error != NULL)
    winsock_set_error (error, "Cannot read", code);
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
  g_assert (self->written == NULL && count <= SOCKET_PIECES);
  self->written = written;
  self->written_data = data;
  self->output = socket_output_new (bytes, count);
  send_more (self);
}

void
socket_finish_output (Socket *self)
{
  g_assert (self->written == NULL);
  /* Fails when the peer is gone already: the next read tells it. */
  shutdown (self->handle, SD_SEND);
}

void
socket_reset_on_free (Socket *self)
{
  struct linger linger = { .l_onoff = 1, .l_linger = 0 };

  /* Fails only for what is no TCP socket, and there a plain close is as good. */
  setsockopt (self->handle, SOL_SOCKET, SO_LINGER, (const char *)&linger, sizeof linger);
}

static void
did_connect (ReactorOperation *operation)
{
  Socket *self = SOCKET_OF (sending, operation);

  self->is_sending = FALSE;
  if (self->handle == INVALID_SOCKET) {
    release_if_freed (self);
    return;
  }
  operation->done = did_send;
  self->write_code = result_code (self, operation);
  reactor_defer (self->reactor, &self->task);
}

/* ConnectEx wants a bound socket. */
static gboolean
bind_near (SOCKET handle, int family, GInetAddress *from, GError **error)
{
  g_autoptr (GInetAddress) any = g_inet_address_new_any (family);
  struct sockaddr_storage native;
  int size = socket_address_to_native (from != NULL ? from : any, 0, &native);

  if (bind (handle, (struct sockaddr *)&native, size) == 0)
    return TRUE;
  winsock_set_error (error, "Cannot send from the local address", WSAGetLastError ());
  return FALSE;
}

static gboolean
begin_connect (Socket *self, GInetAddress *address, guint16 port, GError **error)
{
  struct sockaddr_storage native;
  int size = socket_address_to_native (address, port, &native);

  self->sending.done = did_connect;
  self->is_sending = TRUE;
  BOOL is_done
      = winsock_extensions ()->connect (self->handle, (struct sockaddr *)&native, size, NULL, 0,
                                        NULL, reactor_operation_new (&self->sending));
  int code = reactor_operation_begun (self->reactor, &self->sending,
                                      is_done ? 0 : WSAGetLastError (), self->skips_port);
  if (code == 0)
    return TRUE;
  self->is_sending = FALSE;
  winsock_set_error (error, "Cannot connect", code);
  return FALSE;
}

Socket *
socket_connect (Reactor *reactor, GInetAddress *address, guint16 port, GInetAddress *from,
                SocketConnectedFunc connected, gpointer data, GError **error)
{
  int family = g_inet_address_get_family (address);
  SOCKET handle = winsock_make_socket (family);

  if (handle == INVALID_SOCKET) {
    winsock_set_error (error, "Cannot make a socket", WSAGetLastError ());
    return NULL;
  }
  Socket *self = socket_new (reactor, handle, error);
  if (self == NULL)
    return NULL;
  if (bind_near (handle, family, from, error) && begin_connect (self, address, port, error)) {
    self->connected = connected;
    self->connected_data = data;
    return self;
  }
  socket_free (self);
  return NULL;
}

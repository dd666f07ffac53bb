/* Listening sockets on Windows: several AcceptEx are always under way. */
#include "platform/reactor-retry.h"
#include "platform/windows/reactor-events.h"
#include "platform/windows/winsock.h"

#ifndef SOMAXCONN_HINT /* mingw-w64 10 lacks it */
#define SOMAXCONN_HINT(count) (-(count))
#endif

enum {
  BACKLOG = 1024,
  ACCEPTS = 16, /* under way at once */
  ADDRESS_SIZE = sizeof (struct sockaddr_in6) + 16, /* as AcceptEx wants it */
};

typedef struct {
  ReactorOperation operation;
  SocketListener *listener;
  SOCKET handle; /* the connection's; INVALID_SOCKET: nothing is asked for */
  gboolean is_under_way; /* the system holds it */
  guint8 addresses[2 * ADDRESS_SIZE];
} Acceptance;

struct _SocketListener {
  ReactorTask task;
  Reactor *reactor;
  ReactorRetry retry;
  SOCKET handle; /* INVALID_SOCKET: freed */
  int family;
  gboolean skips_port;
  guint under_way;
  SocketAcceptedFunc accepted;
  gpointer data;
  Acceptance acceptances[ACCEPTS];
};

static void
set_listen_error (GError **error, const char *what, GInetAddress *address, guint16 port)
{
  int code = WSAGetLastError ();
  g_autofree char *text = g_inet_address_to_string (address);
  g_autofree char *sentence = g_strdup_printf ("Cannot %s %s port %u", what, text, port);

  if (code == WSAEACCES) /* what Windows says of a port that is held with SO_EXCLUSIVEADDRUSE */
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE,
                 "%s: another program holds it, or Windows has reserved it", sentence);
  else
    winsock_set_error (error, sentence, code);
}

static gboolean
switch_on (SOCKET handle, int level, int option)
{
  BOOL on = TRUE;

  return setsockopt (handle, level, option, (const char *)&on, sizeof on) == 0;
}

static gboolean
bind_to (SOCKET handle, GInetAddress *address, guint16 port, GError **error)
{
  struct sockaddr_storage native;
  int size = socket_address_to_native (address, port, &native);

  /* Else another program could take the port over while we listen (and SO_REUSEADDR would let it:
   * it means something else here than on Linux). */
  gboolean done = switch_on (handle, SOL_SOCKET, SO_EXCLUSIVEADDRUSE);
  if (g_inet_address_get_family (address) == G_SOCKET_FAMILY_IPV6)
    done = done && switch_on (handle, IPPROTO_IPV6, IPV6_V6ONLY);
  done = done && bind (handle, (struct sockaddr *)&native, size) == 0
      && listen (handle, SOMAXCONN_HINT (BACKLOG)) == 0;
  if (!done)
    set_listen_error (error, "listen on", address, port);
  return done;
}

SocketHandle
socket_bind (GInetAddress *address, guint16 port, GError **error)
{
  if (!winsock_start (error))
    return SOCKET_HANDLE_NONE;
  SOCKET handle = winsock_make_socket (g_inet_address_get_family (address));
  if (handle == INVALID_SOCKET) {
    set_listen_error (error, "make a socket for", address, port);
    return SOCKET_HANDLE_NONE;
  }
  if (bind_to (handle, address, port, error))
    return (SocketHandle)handle;
  closesocket (handle);
  return SOCKET_HANDLE_NONE;
}

static void
forget_connection (Acceptance *acceptance)
{
  if (acceptance->handle != INVALID_SOCKET)
    closesocket (acceptance->handle);
  acceptance->handle = INVALID_SOCKET;
}

static void
release_if_freed (SocketListener *self)
{
  if (self->handle == INVALID_SOCKET && self->under_way == 0)
    g_free (self);
}

/* Else the listening socket itself does not work: wait before asking again. */
static gboolean
is_about_one_connection (int code)
{
  static const int codes[] = { WSAECONNRESET, WSAECONNABORTED, WSAENETRESET,    WSAENOTCONN,
                               WSAETIMEDOUT,  WSAENETDOWN,     WSAEHOSTUNREACH, WSAENETUNREACH };

  for (guint i = 0; i < G_N_ELEMENTS (codes); i++)
    if (codes[i] == code)
      return TRUE;
  return FALSE;
}

static void
ask_again (SocketListener *self, int code)
{
  if (is_about_one_connection (code))
    reactor_defer (self->reactor, &self->task);
  else
    reactor_retry_later (&self->retry, self->reactor, &self->task);
}

static void
did_accept (ReactorOperation *operation)
{
  Acceptance *acceptance = (Acceptance *)operation;
  SocketListener *self = acceptance->listener;
  DWORD count, flags;

  acceptance->is_under_way = FALSE;
  self->under_way--;
  if (self->handle == INVALID_SOCKET) {
    forget_connection (acceptance);
    release_if_freed (self);
    return;
  }
  if (!reactor_operation_failed (operation)) {
    reactor_defer (self->reactor, &self->task);
    return;
  }
  forget_connection (acceptance);
  WSAGetOverlappedResult (self->handle, &operation->overlapped, &count, FALSE, &flags);
  ask_again (self, WSAGetLastError ());
}

/* FALSE: not now, a later try is arranged. */
static gboolean
ask (SocketListener *self, Acceptance *acceptance)
{
  DWORD count;
  int code = 0;

  acceptance->handle = winsock_make_socket (self->family);
  if (acceptance->handle == INVALID_SOCKET) {
    ask_again (self, WSAGetLastError ());
    return FALSE;
  }
  acceptance->is_under_way = TRUE;
  self->under_way++;
  if (!winsock_extensions ()->accept (self->handle, acceptance->handle, acceptance->addresses, 0,
                                      ADDRESS_SIZE, ADDRESS_SIZE, &count,
                                      reactor_operation_new (&acceptance->operation)))
    code = WSAGetLastError ();
  code = reactor_operation_begun (self->reactor, &acceptance->operation, code, self->skips_port);
  if (code == 0)
    return TRUE;
  acceptance->is_under_way = FALSE;
  self->under_way--;
  forget_connection (acceptance);
  ask_again (self, code);
  return FALSE;
}

static GInetAddress *
find_peer (Acceptance *acceptance)
{
  struct sockaddr *ours, *theirs;
  int our_size, their_size;

  winsock_extensions ()->accept_addresses (acceptance->addresses, 0, ADDRESS_SIZE, ADDRESS_SIZE,
                                           &ours, &our_size, &theirs, &their_size);
  return socket_address_from_native (theirs);
}

static void
give_away (SocketListener *self, Acceptance *acceptance)
{
  /* Fails when the peer has gone meanwhile. */
  gboolean is_there = setsockopt (acceptance->handle, SOL_SOCKET, SO_UPDATE_ACCEPT_CONTEXT,
                                  (const char *)&self->handle, sizeof self->handle)
      == 0;
  GInetAddress *peer = is_there ? find_peer (acceptance) : NULL;

  if (peer == NULL) {
    forget_connection (acceptance);
    return;
  }
  SocketHandle handle = (SocketHandle)acceptance->handle;
  acceptance->handle = INVALID_SOCKET;
  self->accepted (handle, peer, self->data);
}

static void
listener_run (ReactorTask *task)
{
  SocketListener *self
      = (SocketListener *)((guint8 *)task - G_STRUCT_OFFSET (SocketListener, task));
  gboolean may_ask = TRUE;

  for (guint i = 0; i < ACCEPTS; i++) {
    Acceptance *acceptance = &self->acceptances[i];
    if (acceptance->is_under_way)
      continue;
    if (acceptance->handle != INVALID_SOCKET)
      give_away (self, acceptance);
    may_ask = may_ask && ask (self, acceptance);
  }
}

/* Listens, and is known to the reactor. */
static gboolean
take_handle (SocketListener *self, SOCKET handle, GError **error)
{
  struct sockaddr_storage native;
  BOOL is_listening = FALSE;
  int size = sizeof native, flag_size = sizeof is_listening;

  if (getsockname (handle, (struct sockaddr *)&native, &size) != 0
      || getsockopt (handle, SOL_SOCKET, SO_ACCEPTCONN, (char *)&is_listening, &flag_size) != 0
      || !is_listening) {
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED,
                         "Cannot listen: no such listening socket");
    return FALSE;
  }
  self->family = native.ss_family;
  return reactor_add (self->reactor, handle, error);
}

SocketListener *
socket_listen_on (Reactor *reactor, SocketHandle handle, SocketAcceptedFunc accepted, gpointer data,
                  GError **error)
{
  SocketListener *self = g_new0 (SocketListener, 1);

  self->task.run = listener_run;
  self->reactor = reactor;
  self->accepted = accepted;
  self->data = data;
  if (!take_handle (self, (SOCKET)handle, error)) {
    socket_close_handle (handle);
    g_free (self);
    return NULL;
  }
  self->handle = (SOCKET)handle;
  self->skips_port = winsock_skip_port (self->handle);
  for (guint i = 0; i < ACCEPTS; i++)
    self->acceptances[i]
        = (Acceptance) { .operation.done = did_accept, .listener = self, .handle = INVALID_SOCKET };
  reactor_defer (reactor, &self->task);
  return self;
}

void
socket_listener_free (SocketListener *self)
{
  SOCKET handle = self->handle;

  reactor_forget (self->reactor, &self->task);
  reactor_retry_cancel (&self->retry);
  self->handle = INVALID_SOCKET;
  for (guint i = 0; i < ACCEPTS; i++)
    if (!self->acceptances[i].is_under_way)
      forget_connection (&self->acceptances[i]);
  CancelIoEx ((HANDLE)handle, NULL);
  closesocket (handle);
  release_if_freed (self);
}

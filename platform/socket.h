/* TCP sockets on a Reactor. Reads are readiness, writes are completion: the shape that epoll and
 * I/O completion ports (zero-byte WSARecv, overlapped WSASend, AcceptEx) have in common.
 *
 * Laws of lifetime:
 * - A Socket belongs to its reactor's thread; every function is called there. Only
 *   socket_bind, socket_close_handle and the functions on addresses may be called from any thread.
 * - No callback runs inside the call that asked for it.
 * - `readable` comes once for each socket_await_input. After it socket_read never blocks. End and
 *   error of the connection are told by socket_read, and count as readable.
 * - One read may be awaited and one write may be under way at a time.
 * - socket_write owns a reference to its bytes until `written`, which comes exactly once, unless
 *   the socket is freed before.
 * - socket_free may be called inside any callback; no callback comes after it; the handle is closed
 *   (what the system still holds is sent, unless unread input makes it a reset). On Windows the
 *   memory lives on until the cancelled operations have come back: nobody can see this.
 * - A SocketHandle is what crosses threads: accepted in one, adopted in another. Who holds it
 *   closes it. */
#pragma once
#include "platform/reactor.h"

typedef gintptr SocketHandle; /* a descriptor, a SOCKET */
#define SOCKET_HANDLE_NONE ((SocketHandle)-1)
void socket_close_handle (SocketHandle handle);

typedef struct _Socket Socket;

/* Takes a connected HANDLE over, also when it fails. */
Socket *socket_adopt (Reactor *reactor, SocketHandle handle, GError **error);
void socket_free (Socket *socket);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Socket, socket_free)

typedef void (*SocketReadableFunc) (Socket *socket, gpointer data);
void socket_await_input (Socket *socket, SocketReadableFunc readable, gpointer data);
/* How many bytes came; 0 at the peer's end; -1 with ERROR, G_IO_ERROR_WOULD_BLOCK when none are
 * there. ERROR may be NULL: then a -1 can be asked about with socket_would_block. */
gssize socket_read (Socket *socket, guint8 *bytes, gsize length, GError **error);
/* The last socket_read found nothing (makes the usual case free of GError). */
gboolean socket_would_block (Socket *socket);

typedef void (*SocketWrittenFunc) (Socket *socket, const GError *error, gpointer data);
/* The most pieces that one socket_write takes. */
enum { SOCKET_PIECES = 16 };
/* Sends all of BYTES[0 … COUNT-1] in order. `written` says that the system has taken them. */
void socket_write (Socket *socket, GBytes *const *bytes, guint count, SocketWrittenFunc written,
                   gpointer data);

/* No more will be written (FIN); reading goes on. Not while a write is under way. */
void socket_finish_output (Socket *socket);
/* The next socket_free sends a reset instead of FIN: the peer must not believe that it is complete,
 * and the system keeps nothing. */
void socket_reset_on_free (Socket *socket);

/* Connecting out. `connected` comes exactly once unless the socket is freed before; until then only
 * socket_free may be called, and after an ERROR too. */
typedef void (*SocketConnectedFunc) (Socket *socket, const GError *error, gpointer data);
/* FROM (or NULL) is the local address to send from. */
Socket *socket_connect (Reactor *reactor, GInetAddress *address, guint16 port, GInetAddress *from,
                        SocketConnectedFunc connected, gpointer data, GError **error);

/* Listening. An IPv6 address takes IPv6 only (IPV6_V6ONLY), so dual stack is two addresses. PORT 0:
 * the system chooses. Any thread. */
SocketHandle socket_bind (GInetAddress *address, guint16 port, GError **error);
guint16 socket_local_port (SocketHandle handle);

typedef struct _SocketListener SocketListener;
/* PEER and HANDLE are given away; an IPv4 address inside IPv6 comes as IPv4. Must not free the
 * listener. */
typedef void (*SocketAcceptedFunc) (SocketHandle handle, GInetAddress *peer, gpointer data);
/* Accepts on a HANDLE from socket_bind or from the service manager, taken over also when it fails.
 * When descriptors run out it waits and tries again. */
SocketListener *socket_listen_on (Reactor *reactor, SocketHandle handle,
                                  SocketAcceptedFunc accepted, gpointer data, GError **error);
void socket_listener_free (SocketListener *listener);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SocketListener, socket_listener_free)

/* What the files about sockets share: Winsock's start, its errors, its extensions, its options. */
#pragma once
#include "platform/socket-address.h"
#include <mswsock.h>

/* WSAStartup, once in a process. Any thread. */
gboolean winsock_start (GError **error);

/* "WHAT: the system's sentence". */
void winsock_set_error (GError **error, const char *what, int code);
/* Sockets, buffers or memory are short: worth another try. */
gboolean winsock_has_run_out (int code);

/* A socket that no child process inherits, or INVALID_SOCKET and WSAGetLastError. */
SOCKET winsock_make_socket (int family);
/* Takes the usual options: keepalive, no delay, never blocking. */
gboolean winsock_tune (SOCKET handle);
/* What succeeds at once on HANDLE does not come through its port; FALSE: it does. */
gboolean winsock_skip_port (SOCKET handle);

typedef struct {
  LPFN_ACCEPTEX accept;
  LPFN_GETACCEPTEXSOCKADDRS accept_addresses;
  LPFN_CONNECTEX connect;
} WinsockExtensions;

/* After winsock_start. */
const WinsockExtensions *winsock_extensions (void);

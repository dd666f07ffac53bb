/* What sockets see of the reactor on Windows: a completion port and operations that come back. */
#pragma once
#include "platform/reactor.h"
#include <winsock2.h>

/* One thing asked of the system; embedded, and its memory lives until it has come back.
 * `done` comes once for each operation that was begun, perhaps before reactor_operation_begun
 * returns. It only notes the result and defers a task: it runs no callback. */
typedef struct _ReactorOperation ReactorOperation;
struct _ReactorOperation {
  OVERLAPPED overlapped; /* first: its address is what the port gives back */
  void (*done) (ReactorOperation *operation);
};

/* From now on what is begun on HANDLE comes back to REACTOR, for ever. */
gboolean reactor_add (Reactor *reactor, SOCKET handle, GError **error);
/* For the call that begins the operation. */
OVERLAPPED *reactor_operation_new (ReactorOperation *operation);
/* CODE is that call's error, 0 if there was none. 0: `done` comes or came; else the error.
 * SKIPS: what succeeds at once does not come through the port. */
int reactor_operation_begun (Reactor *reactor, ReactorOperation *operation, int code,
                             gboolean skips);
gboolean reactor_operation_failed (ReactorOperation *operation);
/* The bytes that it moved. */
gsize reactor_operation_count (ReactorOperation *operation);

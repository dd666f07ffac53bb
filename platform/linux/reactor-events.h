/* What sockets see of the reactor: an epoll descriptor and who is told of its events. */
#pragma once
#include "platform/reactor.h"
#include <sys/epoll.h>

/* Embedded in whatever is registered with the epoll descriptor. `ready` only notes the readiness
 * and defers a task: it runs no callback. */
typedef struct _ReactorWatch ReactorWatch;
struct _ReactorWatch {
  void (*ready) (ReactorWatch *watch, guint32 events);
};

gboolean reactor_add (Reactor *reactor, int fd, guint32 events, ReactorWatch *watch,
                      GError **error);
/* Before FD is closed. Closing alone does not end it while a child that is just being started has a
 * copy: events would come for a watch that is gone. */
void reactor_remove (Reactor *reactor, int fd);

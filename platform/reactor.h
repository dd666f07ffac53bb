/* One thread's events: ONE GSource in a GMainContext, however many sockets there are.
 *
 * GLib's poll costs O(n) for each wake-up and on Windows ends near 4,000 handles, so sockets never
 * become sources of their own: on Linux the source polls one epoll descriptor; on Windows a pump
 * thread blocks in GetQueuedCompletionStatusEx, hands its batch over under a lock and calls
 * g_main_context_wakeup. With HAUSPOST_REACTOR=port in the environment the source polls the
 * completion port's own handle instead: one thread less, but Microsoft does not promise that a port
 * can be waited for (it is tried first; if it cannot, the pump is used).
 *
 * Laws:
 * - A reactor and all that hangs on it belong to the thread that iterates its context.
 * - A callback runs only from the reactor's dispatch, never inside the call that asked for it.
 * - One dispatch runs a bounded number of tasks, in the order they became due, then lets the other
 *   sources of the context have their turn. */
#pragma once
#include <gio/gio.h>

typedef struct _Reactor Reactor;

/* CONTEXT is kept (referenced). NULL and ERROR when the system has no more descriptors. */
Reactor *reactor_new (GMainContext *context, GError **error);
/* Every socket of it must be freed before. Tasks that still wait are forgotten. */
void reactor_free (Reactor *reactor);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Reactor, reactor_free)
GMainContext *reactor_context (Reactor *reactor);

/* Something to do soon in the reactor's thread, embedded in the struct it is about. Zeroed memory
 * is a task that does not wait. */
typedef struct _ReactorTask ReactorTask;
struct _ReactorTask {
  GList link; /* the reactor's; data is the task itself while it waits */
  void (*run) (ReactorTask *task);
};

/* Runs TASK once, soon. A task that waits already keeps its place. It is taken off the list before
 * it runs, so it may free itself or ask to run again. */
void reactor_defer (Reactor *reactor, ReactorTask *task);
/* Must be called before the memory of a waiting task is freed. */
void reactor_forget (Reactor *reactor, ReactorTask *task);

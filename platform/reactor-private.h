/* What reactor.c and a system's events (linux/reactor-events.c, windows/reactor-events.c) see of
 * each other. */
#pragma once
#include "platform/reactor.h"

struct _Reactor {
  GMainContext *context;
  GSource *source;
  GPollFD poll; /* its `events` are 0 when there is nothing to poll */
  GQueue tasks; /* of ReactorTask.link */
  gpointer events; /* the system's */
};

/* Fills `poll`, or sees to it that the context is woken up by other means. */
gboolean reactor_events_open (Reactor *reactor, GError **error);
/* Something waits, whatever `poll` says. */
gboolean reactor_events_wait (Reactor *reactor);
/* Notes what is ready, and defers tasks for it. No callback runs here, so that a batch of events
 * never meets what another one has freed. */
void reactor_events_gather (Reactor *reactor);
void reactor_events_close (Reactor *reactor);

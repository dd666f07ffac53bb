/* When the system had no room (descriptors, buffers), a task is run again a little later: no event
 * will come for it. */
#pragma once
#include "platform/reactor.h"

/* Embedded, zeroed. */
typedef struct {
  Reactor *reactor;
  ReactorTask *task;
  GSource *source; /* while it waits */
} ReactorRetry;

/* A retry that waits already keeps its time. */
void reactor_retry_later (ReactorRetry *retry, Reactor *reactor, ReactorTask *task);
/* Must be called before the memory of TASK or RETRY is freed. */
void reactor_retry_cancel (ReactorRetry *retry);

/* Runs a task again after a while. */
#include "platform/reactor-retry.h"

enum { RETRY_MS = 100 };

static gboolean
try_again (gpointer data)
{
  ReactorRetry *self = data;

  g_clear_pointer (&self->source, g_source_unref);
  reactor_defer (self->reactor, self->task);
  return G_SOURCE_REMOVE;
}

void
reactor_retry_later (ReactorRetry *self, Reactor *reactor, ReactorTask *task)
{
  if (self->source != NULL)
    return;
  self->reactor = reactor;
  self->task = task;
  self->source = g_timeout_source_new (RETRY_MS);
  g_source_set_callback (self->source, try_again, self, NULL);
  g_source_attach (self->source, reactor_context (reactor));
}

void
reactor_retry_cancel (ReactorRetry *self)
{
  if (self->source == NULL)
    return;
  g_source_destroy (self->source);
  g_clear_pointer (&self->source, g_source_unref);
}

/* The reactor: one GSource, the system's events behind it, and a list of due tasks. */
#include "platform/reactor-private.h"

enum { TASKS_AT_ONCE = 256 }; /* then the other sources of the context have their turn */

typedef struct {
  GSource source;
  Reactor *reactor;
} ReactorSource;

static gboolean
reactor_prepare (GSource *source, gint *timeout)
{
  Reactor *self = ((ReactorSource *)source)->reactor;

  *timeout = -1;
  return self->tasks.length > 0 || reactor_events_wait (self);
}

static gboolean
reactor_check (GSource *source)
{
  Reactor *self = ((ReactorSource *)source)->reactor;

  return self->tasks.length > 0 || self->poll.revents != 0 || reactor_events_wait (self);
}

static gboolean
reactor_dispatch (GSource *source, GSourceFunc callback, gpointer data)
{
  Reactor *self = ((ReactorSource *)source)->reactor;

  if (self->poll.revents != 0 || reactor_events_wait (self))
    reactor_events_gather (self);
  for (guint left = TASKS_AT_ONCE; left > 0 && self->tasks.length > 0; left--) {
    ReactorTask *task = g_queue_pop_head_link (&self->tasks)->data;
    task->link.data = NULL;
    task->run (task);
  }
  return G_SOURCE_CONTINUE;
}

static GSourceFuncs reactor_source_funcs = {
  .prepare = reactor_prepare,
  .check = reactor_check,
  .dispatch = reactor_dispatch,
};

Reactor *
reactor_new (GMainContext *context, GError **error)
{
  Reactor *self = g_new0 (Reactor, 1);

  self->context = context;
  if (!reactor_events_open (self, error)) {
    g_free (self);
    return NULL;
  }
  g_main_context_ref (context);
  g_queue_init (&self->tasks);
  self->source = g_source_new (&reactor_source_funcs, sizeof (ReactorSource));
  ((ReactorSource *)self->source)->reactor = self;
  g_source_set_static_name (self->source, "reactor");
  if (self->poll.events != 0)
    g_source_add_poll (self->source, &self->poll);
  /* Else GLib takes the descriptor off and on again around each dispatch, and wakes itself up twice
   * for it: three system calls (40 µs for each connection of six commands, measured). */
  g_source_set_can_recurse (self->source, TRUE);
  g_source_attach (self->source, context);
  return self;
}

void
reactor_free (Reactor *self)
{
  g_source_destroy (self->source);
  g_source_unref (self->source);
  while (self->tasks.length > 0)
    g_queue_pop_head_link (&self->tasks)->data = NULL;
  reactor_events_close (self);
  g_main_context_unref (self->context);
  g_free (self);
}

GMainContext *
reactor_context (Reactor *self)
{
  return self->context;
}

void
reactor_defer (Reactor *self, ReactorTask *task)
{
  if (task->link.data != NULL)
    return;
  task->link.data = task;
  g_queue_push_tail_link (&self->tasks, &task->link);
}

void
reactor_forget (Reactor *self, ReactorTask *task)
{
  if (task->link.data == NULL)
    return;
  g_queue_unlink (&self->tasks, &task->link);
  task->link.data = NULL;
}

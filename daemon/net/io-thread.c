/* A thread with its own main loop, reactor and timers. */
#include "net/io-thread-private.h"
#include "net/channel-private.h"
#include <string.h>

typedef struct {
  void (*func) (gpointer data);
  gpointer data;
} Call;

typedef struct {
  GSource source;
  IoThread *thread;
} CallSource;

static gboolean
run_calls (GSource *source, GSourceFunc callback, gpointer data)
{
  IoThread *self = ((CallSource *)source)->thread;
  g_autoptr (GArray) calls = NULL;

  g_mutex_lock (&self->lock);
  calls = g_steal_pointer (&self->calls);
  self->calls = g_array_new (FALSE, FALSE, sizeof (Call));
  g_source_set_ready_time (source, -1);
  g_mutex_unlock (&self->lock);

  for (guint i = 0; i < calls->len; i++) {
    const Call *call = &g_array_index (calls, Call, i);
    call->func (call->data);
  }
  return G_SOURCE_CONTINUE;
}

static GSourceFuncs call_funcs = { .dispatch = run_calls };

static gpointer
run_thread (gpointer data)
{
  IoThread *self = data;

  g_main_context_push_thread_default (self->context);
  g_main_loop_run (self->loop);
  /* Answers that came meanwhile still reach their sessions. */
  while (g_main_context_iteration (self->context, FALSE)) { }
  g_main_context_pop_thread_default (self->context);
  return NULL;
}

static GSource *
call_source_new (IoThread *self)
{
  GSource *source = g_source_new (&call_funcs, sizeof (CallSource));

  ((CallSource *)source)->thread = self;
  g_source_set_static_name (source, "calls");
  g_source_attach (source, self->context);
  return source;
}

IoThread *
io_thread_new (const char *name, GError **error)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  Reactor *reactor = reactor_new (context, error);

  if (reactor == NULL)
    return NULL;
  IoThread *self = g_new0 (IoThread, 1);
  self->name = g_strdup (name);
  self->context = g_steal_pointer (&context);
  self->loop = g_main_loop_new (self->context, FALSE);
  self->reactor = reactor;
  self->timers = timers_new (self->context);
  self->plain_scratch = g_malloc (SCRATCH_SIZE);
  self->cipher_scratch = g_malloc (SCRATCH_SIZE);
  g_queue_init (&self->channels);
  g_mutex_init (&self->lock);
  self->calls = g_array_new (FALSE, FALSE, sizeof (Call));
  self->call_source = call_source_new (self);
  self->thread = g_thread_new (name, run_thread, self);
  return self;
}

void
io_thread_invoke (IoThread *self, void (*func) (gpointer data), gpointer data)
{
  Call call = { func, data };

  g_mutex_lock (&self->lock);
  g_array_append_val (self->calls, call);
  if (self->calls->len == 1)
    g_source_set_ready_time (self->call_source, 0); /* wakes the thread */
  g_mutex_unlock (&self->lock);
}

GMainContext *
io_thread_context (IoThread *self)
{
  return self->context;
}

static void
dismiss_channels (gpointer data)
{
  IoThread *self = data;

  for (GList *link = self->channels.head, *next; link != NULL; link = next) {
    next = link->next;
    channel_dismiss (link->data);
  }
}

void
io_thread_dismiss (IoThread *self)
{
  io_thread_invoke (self, dismiss_channels, self);
}

typedef struct {
  IoThread *thread;
  char user[];
} Ending;

static void
end_channels (gpointer data)
{
  g_autofree Ending *ending = data;

  for (GList *link = ending->thread->channels.head, *next; link != NULL; link = next) {
    next = link->next;
    if (g_strcmp0 (((Channel *)link->data)->user, ending->user) == 0)
      channel_close (link->data);
  }
}

void
io_thread_end_user (IoThread *self, const char *user)
{
  const gsize length = strlen (user) + 1;
  Ending *ending = g_malloc (sizeof *ending + length);

  ending->thread = self;
  memcpy (ending->user, user, length);
  io_thread_invoke (self, end_channels, ending);
}

/* Ends what is still open, so that a `closed` reaches every session before the thread goes. */
static void
end_loop (gpointer data)
{
  IoThread *self = data;

  while (self->channels.length > 0) {
    channel_abort (self->channels.head->data);
    g_main_context_iteration (self->context, FALSE);
  }
  g_main_loop_quit (self->loop);
}

void
io_thread_free (IoThread *self)
{
  io_thread_invoke (self, end_loop, self);
  g_thread_join (self->thread);
  timers_free (self->timers);
  g_source_destroy (self->call_source);
  g_source_unref (self->call_source);
  reactor_free (self->reactor);
  g_array_unref (self->calls);
  g_mutex_clear (&self->lock);
  g_main_loop_unref (self->loop);
  g_main_context_unref (self->context);
  g_free (self->plain_scratch);
  g_free (self->cipher_scratch);
  g_free (self->name);
  g_free (self);
}

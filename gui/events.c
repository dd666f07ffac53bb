/* The thread and the main thread share an Events, which lives as long as either needs it. */
#include "events.h"

struct _Events {
  char *path;
  GCancellable *cancellable; /* cancelled by the main thread: nothing is told after that */
  EventsClientFunc client;
  gpointer client_data;
  GDestroyNotify client_free;
  EventsFunc func;
  EventsEndFunc end;
  gpointer data;
};

static void
events_clear (gpointer data)
{
  Events *self = data;

  g_free (self->path);
  g_object_unref (self->cancellable);
}

static void
events_unref (Events *self)
{
  g_atomic_rc_box_release_full (self, events_clear);
}

typedef struct {
  Events *events;
  char *name; /* NULL: the end */
  json_t *object;
  GError *error;
} Told;

static void
told_free (gpointer data)
{
  Told *self = data;

  events_unref (self->events);
  g_free (self->name);
  json_decref (self->object);
  g_clear_error (&self->error);
  g_free (self);
}

static gboolean
tell (gpointer data)
{
  Told *self = data;
  Events *events = self->events;

  if (g_cancellable_is_cancelled (events->cancellable))
    return G_SOURCE_REMOVE;
  if (self->name != NULL)
    events->func (self->name, self->object, events->data);
  else
    events->end (self->error, events->data);
  return G_SOURCE_REMOVE;
}

static void
queue (Events *events, const char *name, json_t *object, GError *error)
{
  Told *told = g_new0 (Told, 1);

  told->events = g_atomic_rc_box_acquire (events);
  told->name = g_strdup (name);
  told->object = object;
  told->error = error;
  g_main_context_invoke_full (NULL, G_PRIORITY_DEFAULT, tell, told, told_free);
}

static void
did_event (const char *name, const char *data, gpointer user_data)
{
  queue (user_data, name, json_loads (data, 0, NULL), NULL);
}

static gpointer
listen (gpointer data)
{
  Events *self = data;
  GError *error = NULL;
  AdminClient *client = self->client (self->client_data, &error);

  if (client != NULL)
    admin_client_listen (client, self->path, self->cancellable, did_event, self, &error);
  admin_client_free (client);
  self->client_free (self->client_data);
  queue (self, NULL, NULL, error);
  events_unref (self);
  return NULL;
}

Events *
events_start (const char *path, EventsClientFunc client, gpointer client_data,
              GDestroyNotify client_free, EventsFunc func, EventsEndFunc end, gpointer data)
{
  Events *self = g_atomic_rc_box_new0 (Events);

  self->path = g_strdup (path);
  self->cancellable = g_cancellable_new ();
  self->client = client;
  self->client_data = client_data;
  self->client_free = client_free;
  self->func = func;
  self->end = end;
  self->data = data;
  g_thread_unref (g_thread_new ("events", listen, g_atomic_rc_box_acquire (self)));
  return self;
}

void
events_stop (Events *self)
{
  if (self == NULL)
    return;
  g_cancellable_cancel (self->cancellable);
  events_unref (self);
}

/* Waits until there is a configuration. */
#include "server-waiting.h"
#include "configuration.h"
#include "log.h"
#include "platform/file.h"
#include "platform/service.h"

#define LOOK_SECONDS 1

typedef struct {
  const char *path;
  GMainLoop *loop;
  gboolean found;
} Waiting;

static gboolean
look (gpointer data)
{
  Waiting *self = data;

  self->found = file_exists (self->path);
  if (self->found)
    g_main_loop_quit (self->loop);
  return G_SOURCE_CONTINUE;
}

static void
did_ask_stop (gpointer data)
{
  Waiting *self = data;

  log_event (LOG_NOTICE, "Stopped before there was a configuration", NULL);
  g_main_loop_quit (self->loop);
}

static void
did_ask_reload (gpointer data)
{
  look (data);
}

gboolean
server_wait (const char *configuration)
{
  static const ServiceRequests requests = { did_ask_stop, did_ask_reload };
  g_autofree char *path = configuration_find (configuration);
  g_autoptr (GMainLoop) loop = NULL;
  Waiting self = { path, NULL, file_exists (path) };

  if (self.found)
    return TRUE;
  self.loop = loop = g_main_loop_new (NULL, FALSE);
  service_watch (&requests, &self);
  guint timer = g_timeout_add_seconds (LOOK_SECONDS, look, &self);
  log_event (LOG_NOTICE, "There is no configuration yet: hauspost init makes it", "configuration",
             path, NULL);
  service_notify_ready ();
  g_main_loop_run (loop);
  g_source_remove (timer);
  service_unwatch ();
  return self.found;
}

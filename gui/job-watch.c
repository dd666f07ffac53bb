/* Asks for one job as well as listening for it: an event may be lost with its connection. */
#include "job-watch.h"
#include "json.h"
#include <string.h>

#define POLL_SECONDS 1

struct _JobWatch {
  Connection *connection;
  GCancellable *cancellable;
  gint64 number;
  JobWatchFunc func;
  gpointer data;
  guint timer; /* 0: the job has ended */
  gulong told; /* the handler of events */
  gboolean is_asking;
};

static void
stop (JobWatch *self)
{
  g_clear_handle_id (&self->timer, g_source_remove);
  g_clear_signal_handler (&self->told, self->connection);
}

/* The function may free SELF. */
static void
take (JobWatch *self, json_t *job)
{
  if (self->timer == 0)
    return;
  if (job == NULL || strcmp (object_text (job, "state"), "running") != 0)
    stop (self);
  self->func (job, self->data);
}

static void
did_tell (JobWatch *self, json_t *job)
{
  if (object_number (job, "job") == self->number)
    take (self, job);
}

/* Where the network or the server is away for now, the next question may be answered. */
static void
did_ask (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (json_t) job = connection_call_finish (PANEL_CONNECTION (source), result, NULL, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  JobWatch *self = data;
  self->is_asking = FALSE;
  if (job != NULL || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND))
    take (self, job);
}

static gboolean
ask (gpointer data)
{
  JobWatch *self = data;
  g_autofree char *path = g_strdup_printf ("/v1/jobs/%" G_GINT64_FORMAT, self->number);

  if (!self->is_asking)
    connection_get_async (self->connection, path, self->cancellable, did_ask, self);
  self->is_asking = TRUE;
  return G_SOURCE_CONTINUE;
}

JobWatch *
job_watch_new (Connection *connection, gint64 number, JobWatchFunc func, gpointer data)
{
  JobWatch *self = g_new0 (JobWatch, 1);

  self->connection = g_object_ref (connection);
  self->cancellable = g_cancellable_new ();
  self->number = number;
  self->func = func;
  self->data = data;
  self->timer = g_timeout_add_seconds (POLL_SECONDS, ask, self);
  self->told = g_signal_connect_swapped (connection, "job", G_CALLBACK (did_tell), self);
  ask (self);
  return self;
}

void
job_watch_free (JobWatch *self)
{
  stop (self);
  g_cancellable_cancel (self->cancellable);
  g_object_unref (self->cancellable);
  g_object_unref (self->connection);
  g_free (self);
}

gint64
job_watch_number (const JobWatch *self)
{
  return self->number;
}

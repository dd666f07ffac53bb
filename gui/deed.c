/* Copies travel with the calls and the toasts. */
#include "deed.h"
#include "conflict.h"
#include "json.h"
#include "window.h"
#include <glib/gi18n.h>

typedef struct {
  Deed deed; /* copies */
  Connection *connection;
  GtkWidget *from;
  GtkWidget *window; /* speaks when FROM has left it */
  DeedFunc after;
} Run;

static Run *
run_new (const Deed *deed, Connection *connection, GtkWidget *from, GtkWidget *window,
         DeedFunc after)
{
  Run *self = g_new0 (Run, 1);

  *self = (Run) { *deed, g_object_ref (connection), g_object_ref (from), g_object_ref (window),
                  after };
  self->deed.argument = g_strdup (deed->argument);
  self->deed.said = g_strdup (deed->said);
  self->deed.etag = g_strdup (deed->etag);
  json_incref (self->deed.body);
  json_incref (self->deed.undo_body);
  return self;
}

static void
run_free (Run *self)
{
  g_free ((char *)self->deed.argument);
  g_free ((char *)self->deed.said);
  g_free ((char *)self->deed.etag);
  json_decref (self->deed.body);
  json_decref (self->deed.undo_body);
  g_object_unref (self->connection);
  g_object_unref (self->from);
  g_object_unref (self->window);
  g_free (self);
}

static void
call_after (Run *self)
{
  if (self->after != NULL)
    self->after (self->from);
}

static GtkWidget *
window_of (GtkWidget *from)
{
  GtkRoot *root = gtk_widget_get_root (from);

  return root != NULL ? GTK_WIDGET (root) : from;
}

static void start (Run *self);

static void
undo (gpointer data)
{
  Run *self = data;
  const Deed back = { .action = self->deed.undo,
                      .argument = self->deed.argument,
                      .body = self->deed.undo_body,
                      .etag = self->deed.etag,
                      .tell = self->deed.tell,
                      .said = _ ("Taken back") };

  start (run_new (&back, self->connection, self->from, self->window, self->after));
}

static void
take_etag (Run *self, const char *etag)
{
  g_free ((char *)self->deed.etag);
  self->deed.etag = g_strdup (etag);
}

static void
write_mine (gpointer data)
{
  const Run *self = data;

  deed_run (&self->deed, self->connection, self->from, self->after);
}

/* FALSE: nobody else is in the way. */
static gboolean
ask_who_wins (Run *self, GAsyncResult *result, const GError *error)
{
  const char *newer = NULL;
  json_t *current = connection_call_current (result, &newer);

  if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WRONG_ETAG) || self->deed.tell == NULL
      || current == NULL || gtk_widget_get_root (self->from) == NULL)
    return FALSE;
  g_autofree char *text = self->deed.tell (current);
  take_etag (self, newer);
  conflict_ask (self->from, text, NULL, write_mine, self, (GDestroyNotify)run_free);
  return TRUE;
}

static void
did_run (GObject *source, GAsyncResult *result, gpointer data)
{
  Run *self = data;
  g_autoptr (GError) error = NULL;
  g_autofree char *etag = NULL;
  g_autoptr (json_t) answer
      = connection_call_finish (PANEL_CONNECTION (source), result, &etag, &error);

  call_after (self);
  if (answer == NULL && ask_who_wins (self, result, error))
    return;
  if (etag != NULL && self->deed.tell != NULL)
    take_etag (self, etag); /* of what the undo finds */
  if (answer != NULL && self->deed.has_undo) {
    window_toast_undo (self->window, self->deed.said, undo, self, (GDestroyNotify)run_free);
    return;
  }
  if (answer == NULL)
    window_toast_error (self->window, error);
  else if (self->deed.said != NULL)
    window_toast (self->window, self->deed.said);
  run_free (self);
}

static void
start (Run *self)
{
  action_run_async (self->connection, self->deed.action, self->deed.argument, self->deed.body,
                    self->deed.etag, NULL, did_run, self);
}

void
deed_run (const Deed *deed, Connection *connection, GtkWidget *from, DeedFunc after)
{
  start (run_new (deed, connection, from, window_of (from), after));
}

static void
give_up (gpointer data)
{
  call_after (data);
}

/* It was said already. */
static void
commit (gpointer data)
{
  Run *self = data;
  Deed deed = self->deed;

  deed.said = NULL;
  deed.has_undo = FALSE;
  start (run_new (&deed, self->connection, self->from, self->window, self->after));
}

void
deed_run_later (const Deed *deed, Connection *connection, GtkWidget *from, DeedFunc after)
{
  Run *self = run_new (deed, connection, from, window_of (from), after);

  window_toast_pending (self->window, deed->said, commit, give_up, self, (GDestroyNotify)run_free);
}

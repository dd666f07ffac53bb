/* Copies travel with the calls and the toasts. */
#include "deed.h"
#include "conflict.h"
#include "json.h"
#include "window.h"
#include <glib/gi18n.h>
#include <string.h>

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
  self->deed.anyway = g_strdup (deed->anyway);
  json_incref (self->deed.body);
  json_incref (self->deed.seen);
  json_incref (self->deed.undo_body);
  return self;
}

static void
run_free (Run *self)
{
  g_free ((char *)self->deed.argument);
  g_free ((char *)self->deed.said);
  g_free ((char *)self->deed.etag);
  g_free ((char *)self->deed.anyway);
  json_decref (self->deed.body);
  json_decref (self->deed.seen);
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

/* What is made again is refused where somebody else was faster; what replaces says what it saw. */
static void
undo (gpointer data)
{
  Run *self = data;
  const gboolean replaces = action_info (self->deed.undo)->kind == ACTION_REPLACES;
  const Deed back = { .action = self->deed.undo,
                      .argument = self->deed.argument,
                      .body = self->deed.undo_body,
                      .etag = replaces ? self->deed.etag : NULL,
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

/* Two administrators at once. */

typedef struct {
  Run *run;
  GError *error;
} Question;

static void
question_free (gpointer data)
{
  Question *self = data;

  run_free (self->run);
  g_error_free (self->error);
  g_free (self);
}

static void
keep_theirs (gpointer data)
{
  const Question *self = data;

  if (self->run->deed.done != NULL)
    self->run->deed.done (self->run->deed.data, self->run->deed.etag, self->error);
}

/* What an undo would bring back is not what the other one made of it: the person has decided. */
static void
write_mine (gpointer data)
{
  const Run *self = ((const Question *)data)->run;
  Deed deed = self->deed;

  deed.has_undo = FALSE;
  start (run_new (&deed, self->connection, self->from, self->window, self->after));
}

/* Where it can be asked; NULL: nowhere any more. */
static GtkWidget *
asking_widget (const Run *self)
{
  if (gtk_widget_get_root (self->from) != NULL)
    return self->from;
  return gtk_widget_get_mapped (self->window) ? self->window : NULL;
}

static ConflictKind
conflict_of (const Run *self)
{
  if (g_strcmp0 (self->deed.etag, ETAG_NEW) == 0)
    return CONFLICT_THERE;
  return strcmp (action_info (self->deed.action)->method, "DELETE") == 0 ? CONFLICT_REMOVED
                                                                         : CONFLICT_CHANGED;
}

/* What is gone can only be made anew by what says all of it: rates and keys are of something that
 * is gone, too. */
static gboolean
is_too_late (const Run *self, const json_t *current)
{
  const ActionInfo *info = action_info (self->deed.action);

  return json_is_null (current)
      && (strcmp (info->method, "PUT") != 0 || strcmp (info->path, "/v1/rates/*") == 0
          || strcmp (info->path, "/v1/dkim/*") == 0);
}

/* TRUE: the deed goes on with the answer of the person, or without a question. */
static gboolean
ask_who_wins (Run *self, GAsyncResult *result, const GError *error)
{
  const char *newer = NULL;
  const ConflictKind kind = conflict_of (self);
  GtkWidget *from = asking_widget (self);

  if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WRONG_ETAG) || self->deed.tell == NULL)
    return FALSE;
  json_t *current = connection_call_current (result, &newer);
  if (current == NULL)
    return FALSE;
  g_autofree char *text = self->deed.tell (current, &self->deed);
  const gboolean too_late = text != NULL && is_too_late (self, current);
  if ((text != NULL && from == NULL) || (too_late && self->deed.done != NULL))
    return FALSE;
  if (too_late) {
    window_toast (self->window, text);
    run_free (self);
    return TRUE;
  }
  take_etag (self, newer);
  if (text == NULL)
    start (self);
  else {
    Question *question = g_new0 (Question, 1);
    *question = (Question) { self, g_error_copy (error) };
    conflict_ask (from, kind, text, self->deed.anyway, keep_theirs, write_mine, question,
                  question_free);
  }
  return TRUE;
}

static void
tell_end (Run *self, const GError *error)
{
  if (self->deed.done != NULL)
    self->deed.done (self->deed.data, self->deed.etag, error);
  else if (error != NULL)
    window_toast_error (self->window, error);
  else if (self->deed.said != NULL)
    window_toast (self->window, self->deed.said);
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
  if (etag != NULL)
    take_etag (self, etag); /* of what the undo finds */
  if (answer != NULL && self->deed.has_undo) {
    window_toast_undo (self->window, self->deed.said, undo, self, (GDestroyNotify)run_free);
    return;
  }
  tell_end (self, error);
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
  g_return_if_fail (deed->etag == NULL || deed->tell != NULL); /* nobody could be asked */
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

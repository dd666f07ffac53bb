/* The surroundings: what the server finds out by itself, and what it leads on to. */
#include "assistant-step.h"
#include "actions.h"
#include "job-watch.h"
#include "row-list.h"
#include <glib/gi18n.h>
#include <string.h>

typedef struct {
  Assistant *assistant;
  AdwPreferencesGroup *list;
  GtkWidget *again;
  JobWatch *job; /* NULL: none runs */
} Preflight;

static void
preflight_free (gpointer data)
{
  Preflight *self = data;

  g_clear_pointer (&self->job, job_watch_free);
  g_free (self);
}

static const struct {
  const char *state, *icon, *class, *name;
} signs[] = { { "good", "emblem-ok-symbolic", "success", N_ ("good") },
              { "attention", "dialog-warning-symbolic", "warning", N_ ("needs attention") },
              { "bad", "dialog-error-symbolic", "error", N_ ("bad") },
              { "running", "content-loading-symbolic", "accent", N_ ("is being tested") },
              { "waiting", "content-loading-symbolic", "dim-label", N_ ("waits") },
              { "unknown", "dialog-question-symbolic", "dim-label", N_ ("not known") } };

static GtkWidget *
finding_row (json_t *step, gpointer data)
{
  const char *text = object_text (step, "text"), *next = object_text (step, "next");
  g_autofree char *both = *next ? g_strdup_printf ("%s\n%s", text, next) : g_strdup (text);
  GtkWidget *row = text_row_new (object_text (step, "title"), both);

  for (guint i = 0; i < G_N_ELEMENTS (signs); i++)
    if (strcmp (signs[i].state, object_text (step, "state")) == 0)
      text_row_set_sign (row, signs[i].icon, signs[i].class, _ (signs[i].name));
  return row;
}

/* Port 25 closed leads on to a smart host: the step after next asks for one. */
static void
draw_conclusions (Preflight *self, json_t *steps)
{
  json_t *step;
  gsize i;

  json_array_foreach (steps, i, step)
  {
    if (strcmp (object_text (step, "id"), "port-25-out") == 0)
      assistant_set_answer (self->assistant, "port-25-out", object_text (step, "state"));
  }
}

static void
show_steps (Preflight *self, json_t *steps)
{
  row_list_fill (self->list, steps, _ ("Nothing was tested yet."), finding_row, self);
  draw_conclusions (self, steps);
}

static void
stop (Preflight *self)
{
  g_clear_pointer (&self->job, job_watch_free);
  gtk_widget_set_sensitive (self->again, TRUE);
  assistant_set_ready (self->assistant, TRUE);
}

static void
did_look (json_t *job, gpointer data)
{
  Preflight *self = data;

  if (job != NULL)
    show_steps (self, object_list (json_object_get (job, "result"), "steps"));
  if (strcmp (object_text (job, "state"), "running") != 0)
    stop (self);
  if (job == NULL)
    assistant_stay (self->assistant, _ ("The server was started anew meanwhile: begin again."));
}

static void
did_start (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (json_t) answer
      = connection_call_finish (PANEL_CONNECTION (source), result, NULL, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  Preflight *self = data;
  if (answer == NULL) {
    stop (self);
    assistant_stay (self->assistant,
                    g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED)
                        ? _ ("This server cannot test its surroundings yet.")
                        : error->message);
    return;
  }
  self->job = job_watch_new (assistant_connection (self->assistant), object_number (answer, "job"),
                             did_look, self);
}

static void
start (Preflight *self)
{
  g_autoptr (json_t) body = json_object ();

  if (self->job != NULL)
    return;
  assistant_stay (self->assistant, NULL);
  gtk_widget_set_sensitive (self->again, FALSE);
  action_run_async (assistant_connection (self->assistant), ACTION_PREFLIGHT, NULL, body, NULL,
                    assistant_cancellable (self->assistant), did_start, self);
}

static GtkWidget *
preflight_new (Assistant *assistant)
{
  GtkWidget *page = step_page_new ();
  Preflight *self = g_new0 (Preflight, 1);

  self->assistant = assistant;
  self->list = step_group_new (page, _ ("Findings"), NULL);
  self->again = gtk_button_new_with_mnemonic (_ ("_Test Again"));
  gtk_widget_add_css_class (self->again, "flat");
  action_describe (self->again, ACTION_PREFLIGHT, NULL);
  adw_preferences_group_set_header_suffix (self->list, self->again);
  g_signal_connect_swapped (self->again, "clicked", G_CALLBACK (start), self);
  g_object_set_data_full (G_OBJECT (page), "preflight", self, preflight_free);
  return page;
}

static void
preflight_show (Assistant *assistant, GtkWidget *page)
{
  start (g_object_get_data (G_OBJECT (page), "preflight"));
}

const AssistantStep assistant_preflight = {
  .title = N_ ("Is the World Ready for It?"),
  .intro = N_ ("The server tests whether mail can come in and go out. What is not good yet can be "
               "mended later as well; each line says how."),
  .new = preflight_new,
  .show = preflight_show,
};

/* A job as a row: its name, a bar, a button. */
#include "job-row.h"
#include "deed.h"
#include "format.h"
#include "job-watch.h"
#include "json.h"
#include <glib/gi18n.h>
#include <string.h>

struct _JobRow {
  AdwActionRow parent;

  Connection *connection;
  GCancellable *cancellable;
  JobWatch *watch; /* NULL: there is none */
  const char *const *kinds;
  GtkProgressBar *bar;
  GtkWidget *cancel;
};
G_DEFINE_FINAL_TYPE (JobRow, job_row, ADW_TYPE_ACTION_ROW)

static guint ended_signal;

/* To name a kind of job, add a line here. */
static const struct {
  const char *kind, *title;
} titles[] = { { "backup", N_ ("Backing up") },
               { "verify", N_ ("Verifying the backup") },
               { "prove", N_ ("Restoring the backup for proof") },
               { "check", N_ ("Checking every mail") },
               { "compact", N_ ("Giving free what was deleted") },
               { "preflight", N_ ("Testing the surroundings") },
               { "certificates", N_ ("Getting certificates") } };

const char *
job_title (const char *kind)
{
  for (guint i = 0; i < G_N_ELEMENTS (titles); i++)
    if (strcmp (titles[i].kind, kind) == 0)
      return _ (titles[i].title);
  return kind;
}

static void
show (JobRow *self, const json_t *job)
{
  const gint64 done = object_number (job, "done"), total = object_number (job, "total");

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self), job_title (object_text (job, "kind")));
  if (total <= 0) {
    gtk_progress_bar_pulse (self->bar);
    return;
  }
  const gboolean is_bytes = total > 1024; /* a few are steps */
  g_autofree char *so_far = is_bytes ? format_size (done) : format_count (done);
  g_autofree char *all = is_bytes ? format_size (total) : format_count (total);
  g_autofree char *text = g_strdup_printf (_ ("%s of %s"), so_far, all);
  gtk_progress_bar_set_fraction (self->bar, CLAMP ((double)done / (double)total, 0, 1));
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self), text);
}

static void
stop (JobRow *self)
{
  g_clear_pointer (&self->watch, job_watch_free);
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}

static void
did_look (json_t *job, gpointer data)
{
  JobRow *self = data;

  if (strcmp (object_text (job, "state"), "running") == 0) {
    show (self, job);
    return;
  }
  stop (self);
  g_signal_emit (self, ended_signal, 0, job);
}

void
job_row_watch (JobRow *self, gint64 number)
{
  stop (self);
  self->watch = job_watch_new (self->connection, number, did_look, self);
  gtk_progress_bar_set_fraction (self->bar, 0);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self), NULL);
  gtk_widget_set_visible (GTK_WIDGET (self), TRUE);
}

static void
did_list (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (json_t) answer
      = connection_call_finish (PANEL_CONNECTION (source), result, NULL, &error);
  json_t *job;
  gsize i;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  JobRow *self = data;
  json_array_foreach (object_list (answer, "jobs"), i, job)
  {
    if (self->watch == NULL && strcmp (object_text (job, "state"), "running") == 0
        && g_strv_contains (self->kinds, object_text (job, "kind")))
      job_row_watch (self, object_number (job, "job"));
  }
}

void
job_row_find (JobRow *self, const char *const *kinds)
{
  self->kinds = kinds;
  connection_get_async (self->connection, "/v1/jobs", self->cancellable, did_list, self);
}

static void
did_cancel (JobRow *self)
{
  g_autofree char *number
      = g_strdup_printf ("%" G_GINT64_FORMAT, self->watch ? job_watch_number (self->watch) : 0);
  const Deed deed = { .action = ACTION_JOB_CANCEL, .argument = number, .said = _ ("It is ended") };

  if (self->watch != NULL)
    deed_run (&deed, self->connection, GTK_WIDGET (self), NULL);
}

static void
job_row_dispose (GObject *object)
{
  JobRow *self = PANEL_JOB_ROW (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->watch, job_watch_free);
  g_clear_object (&self->connection);
  G_OBJECT_CLASS (job_row_parent_class)->dispose (object);
}

static void
job_row_class_init (JobRowClass *class)
{
  G_OBJECT_CLASS (class)->dispose = job_row_dispose;
  ended_signal = g_signal_new ("ended", PANEL_TYPE_JOB_ROW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                               G_TYPE_NONE, 1, G_TYPE_POINTER);
}

static void
job_row_init (JobRow *self)
{
  self->cancellable = g_cancellable_new ();
  self->bar = GTK_PROGRESS_BAR (gtk_progress_bar_new ());
  gtk_widget_set_valign (GTK_WIDGET (self->bar), GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (GTK_WIDGET (self->bar), "short");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->bar), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Progress"), -1);
  self->cancel = gtk_button_new_with_mnemonic (_ ("_Cancel"));
  gtk_widget_set_valign (self->cancel, GTK_ALIGN_CENTER);
  g_signal_connect_swapped (self->cancel, "clicked", G_CALLBACK (did_cancel), self);
  action_describe (self->cancel, ACTION_JOB_CANCEL, NULL);
  adw_action_row_add_suffix (ADW_ACTION_ROW (self), GTK_WIDGET (self->bar));
  adw_action_row_add_suffix (ADW_ACTION_ROW (self), self->cancel);
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}

GtkWidget *
job_row_new (Connection *connection)
{
  JobRow *self = g_object_new (PANEL_TYPE_JOB_ROW, NULL);

  self->connection = g_object_ref (connection);
  gtk_widget_set_sensitive (self->cancel, connection_may_change (connection));
  return GTK_WIDGET (self);
}

/* Directly to the servers of others, or through a provider's: what the pre-flight has found leads
 * to the one or the other. */
#include "assistant-step.h"
#include "actions.h"
#include "job-watch.h"
#include "row-list.h"
#include "step-settings.h"
#include <glib/gi18n.h>
#include <string.h>

typedef struct {
  Assistant *assistant;
  StepSettings *settings;
  GtkCheckButton *direct, *relayed;
  AdwPreferencesGroup *relay;
  GtkEditable *host, *user, *password;
  GtkWidget *test, *finding; /* FINDING: a row that says how the test went */
  JobWatch *job; /* NULL: none runs */
  gboolean is_starting;
  gboolean was_led; /* the person has not been led to a choice again */
} Outgoing;

static void
outgoing_free (gpointer data)
{
  Outgoing *self = data;

  g_clear_pointer (&self->job, job_watch_free);
  g_free (self);
}

static void
recheck (Outgoing *self)
{
  const gboolean relayed = gtk_check_button_get_active (self->relayed);
  const gboolean complete = *gtk_editable_get_text (self->host) != '\0';

  gtk_widget_set_visible (GTK_WIDGET (self->relay), relayed);
  gtk_widget_set_sensitive (self->test, complete && !self->is_starting && self->job == NULL);
  assistant_set_ready (self->assistant, !relayed || complete);
}

static void
say (Outgoing *self, const char *title, const char *text)
{
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->finding), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self->finding), text);
  gtk_widget_set_visible (self->finding, TRUE);
}

/* The pre-flight's step that connects to the outside, here to the provider's server. */
static json_t *
find_step (json_t *job)
{
  json_t *step;
  gsize i;

  json_array_foreach (object_list (json_object_get (job, "result"), "steps"), i, step)
  {
    if (strcmp (object_text (step, "id"), "port-25-out") == 0)
      return step;
  }
  return NULL;
}

static void
did_look (json_t *job, gpointer data)
{
  Outgoing *self = data;
  const json_t *step = find_step (job);
  const char *state = object_text (step, "state");

  if (strcmp (state, "good") == 0)
    say (self, _ ("The provider’s server answers"), object_text (step, "text"));
  else if (strcmp (state, "bad") == 0 || strcmp (state, "attention") == 0)
    say (self, _ ("The provider’s server does not answer"), object_text (step, "text"));
  else if (job == NULL)
    say (self, _ ("It cannot be tested"),
         _ ("The server was started anew meanwhile: begin again."));
  if (strcmp (object_text (job, "state"), "running") != 0) {
    g_clear_pointer (&self->job, job_watch_free);
    recheck (self);
  }
}

static void
did_start (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (json_t) answer
      = connection_call_finish (PANEL_CONNECTION (source), result, NULL, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  Outgoing *self = data;
  self->is_starting = FALSE;
  if (answer == NULL)
    say (self, _ ("It cannot be tested"), error->message);
  else
    self->job = job_watch_new (assistant_connection (self->assistant),
                               object_number (answer, "job"), did_look, self);
  recheck (self);
}

/* HOST, HOST:PORT or [ADDRESS]; free with g_free. */
static char *
with_port (const char *host)
{
  const char *colon = strrchr (host, ':');

  return colon != NULL && strchr (colon, ']') == NULL ? g_strdup (host)
                                                      : g_strconcat (host, ":25", NULL);
}

static void
start_test (Outgoing *self)
{
  g_autofree char *host = with_port (gtk_editable_get_text (self->host));
  g_autoptr (json_t) body = json_pack ("{s:[s]}", "outside", host);

  say (self, _ ("Connecting…"), host);
  self->is_starting = TRUE;
  recheck (self);
  action_run_async (assistant_connection (self->assistant), ACTION_PREFLIGHT, NULL, body, NULL,
                    assistant_cancellable (self->assistant), did_start, self);
}

static GtkWidget *
outgoing_new (Assistant *assistant)
{
  GtkWidget *page = step_page_new ();
  Outgoing *self = g_new0 (Outgoing, 1);
  AdwPreferencesGroup *group = step_group_new (page, NULL, NULL);

  self->assistant = assistant;
  self->settings = step_settings_new (assistant, page);
  self->direct = step_choice_new (
      group, NULL, _ ("Directly"),
      _ ("To each recipient’s own server. The provider must let port 25 out, and the address of "
         "this computer must lead back to its name."));
  self->relayed = step_choice_new (
      group, self->direct, _ ("Through a provider’s server (smart host)"),
      _ ("When the provider closes port 25, or at home: their server passes all mail on"));
  self->relay = step_group_new (page, _ ("The Provider’s Server"), NULL);
  self->host = step_entry_new (self->relay, _ ("Server and port (smtp.example.com:587)"), "");
  self->user = step_entry_new (self->relay, _ ("Login"), "");
  self->password = step_password_new (self->relay, _ ("Password"));
  self->finding = text_row_new ("", "");
  gtk_widget_set_visible (self->finding, FALSE);
  adw_preferences_group_add (self->relay, self->finding);
  self->test = gtk_button_new_with_mnemonic (_ ("_Test"));
  gtk_widget_add_css_class (self->test, "flat");
  action_describe (self->test, ACTION_PREFLIGHT, NULL);
  adw_preferences_group_set_header_suffix (self->relay, self->test);
  g_signal_connect_swapped (self->test, "clicked", G_CALLBACK (start_test), self);
  g_signal_connect_swapped (self->relayed, "toggled", G_CALLBACK (recheck), self);
  g_signal_connect_swapped (self->host, "changed", G_CALLBACK (recheck), self);
  gtk_check_button_set_active (self->direct, TRUE);
  g_object_set_data_full (G_OBJECT (page), "outgoing", self, outgoing_free);
  return page;
}

static gboolean
has_relay (const json_t *settings)
{
  json_t *setting;
  gsize i;

  json_array_foreach (object_list (settings, "settings"), i, setting)
  {
    if (strcmp (object_text (setting, "key"), "queue.relay") == 0)
      return *object_text (setting, "value") != '\0';
  }
  return FALSE;
}

/* What was written is what the step has come to, not what somebody chose. */
static void
did_read (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (json_t) answer
      = connection_call_finish (PANEL_CONNECTION (source), result, NULL, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  Outgoing *self = data;
  if (has_relay (answer))
    gtk_check_button_set_active (self->relayed, TRUE);
}

static void
lead (Outgoing *self)
{
  const gboolean is_closed = strcmp (assistant_answer (self->assistant, "port-25-out"), "bad") == 0;

  gtk_check_button_set_active (is_closed ? self->relayed : self->direct, TRUE);
  connection_get_async (assistant_connection (self->assistant), "/v1/settings",
                        assistant_cancellable (self->assistant), did_read, self);
  self->was_led = TRUE;
}

static void
outgoing_show (Assistant *assistant, GtkWidget *page)
{
  Outgoing *self = g_object_get_data (G_OBJECT (page), "outgoing");

  if (!self->was_led)
    lead (self);
  step_settings_look (self->settings);
  recheck (self);
}

static void
outgoing_apply (Assistant *assistant, GtkWidget *page)
{
  Outgoing *self = g_object_get_data (G_OBJECT (page), "outgoing");
  const gboolean relayed = gtk_check_button_get_active (self->relayed);
  g_autoptr (json_t) body = json_object ();

  json_object_set_new (body, "queue.relay",
                       relayed ? json_string (gtk_editable_get_text (self->host)) : json_null ());
  if (relayed) {
    json_object_set_new (body, "queue.relay-user",
                         json_string (gtk_editable_get_text (self->user)));
    json_object_set_new (body, "queue.relay-password",
                         json_string (gtk_editable_get_text (self->password)));
  }
  step_settings_write (self->settings, body);
}

const AssistantStep assistant_outgoing = {
  .title = N_ ("How Does Mail Go Out?"),
  .intro = N_ ("Most offices with a line of their own send directly. Where the provider does not "
               "allow it, mail goes through the provider’s server."),
  .new = outgoing_new,
  .show = outgoing_show,
  .apply = outgoing_apply,
};

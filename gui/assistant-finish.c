/* What to type into mail programs, and the first mail. */
#include "assistant-step.h"
#include "row-list.h"
#include "widgets/copy-row.h"
#include <glib/gi18n.h>
#include <string.h>

#define LOOK_SECONDS 2

typedef struct {
  Assistant *assistant;
  GtkWidget *page, *mail, *imap, *smtp; /* IMAP, SMTP: rows of the ports */
  GtkSpinner *spinner;
  gint64 since; /* seconds, UTC: only mail after that counts */
  guint timer;
  gboolean has_come;
} Finish;

static void
finish_free (gpointer data)
{
  Finish *self = data;

  g_clear_handle_id (&self->timer, g_source_remove);
  g_free (self);
}

/* The newest line that says where a mail has arrived since the page was shown. */
static const char *
find_arrival (Finish *self, const json_t *answer)
{
  json_t *mail, *line;
  gsize i, at;

  json_array_foreach (object_list (answer, "mails"), i, mail)
  {
    json_array_foreach (object_list (mail, "lines"), at, line)
    {
      if (object_number (line, "time") >= self->since
          && (strcmp (object_text (line, "what"), "delivered") == 0
              || strcmp (object_text (line, "what"), "junked") == 0))
        return object_text (line, "sentence");
    }
  }
  return NULL;
}

static void
did_look (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (json_t) answer
      = connection_call_finish (PANEL_CONNECTION (source), result, NULL, NULL);

  if (answer == NULL || g_cancellable_is_cancelled (g_task_get_cancellable (G_TASK (result))))
    return;
  Finish *self = data;
  const char *sentence = find_arrival (self, answer);
  if (sentence == NULL || self->has_come)
    return;
  self->has_come = TRUE;
  g_clear_handle_id (&self->timer, g_source_remove);
  gtk_widget_set_visible (GTK_WIDGET (self->spinner), FALSE);
  text_row_set_sign (self->mail, "emblem-ok-symbolic", "success", _ ("arrived"));
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->mail), _ ("A mail has arrived"));
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self->mail), sentence);
}

static gboolean
did_tick (gpointer data)
{
  Finish *self = data;
  g_autoptr (json_t) body = json_pack ("{s:i}", "limit", 5);

  if (gtk_widget_get_mapped (self->page))
    connection_call_async (assistant_connection (self->assistant), "POST", "/v1/trace", body, NULL,
                           assistant_cancellable (self->assistant), did_look, self);
  return G_SOURCE_CONTINUE;
}

static GtkWidget *
add_row (AdwPreferencesGroup *group, const char *label, const char *value)
{
  GtkWidget *row = copy_row_new (label, value);

  adw_preferences_group_add (group, row);
  return row;
}

/* A trial listens on other ports than the usual ones. */
static void
show_port (GtkWidget *row, const json_t *listen, const char *service)
{
  const char *address = json_string_value (json_array_get (object_list (listen, service), 0));
  const char *colon = address != NULL ? strrchr (address, ':') : NULL;

  if (colon != NULL)
    copy_row_set_value (PANEL_COPY_ROW (row), colon + 1);
}

static void
did_ask_ports (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (json_t) answer = connection_call_finish (PANEL_CONNECTION (source), result, NULL, NULL);

  if (answer == NULL || g_cancellable_is_cancelled (g_task_get_cancellable (G_TASK (result))))
    return;
  Finish *self = data;
  show_port (self->imap, json_object_get (answer, "listen"), "imaps");
  show_port (self->smtp, json_object_get (answer, "listen"), "submissions");
}

static void
add_programs (Finish *self, GtkWidget *page)
{
  Assistant *assistant = self->assistant;
  const char *host = assistant_answer (assistant, "hostname");
  AdwPreferencesGroup *by_itself = step_group_new (
      page, _ ("Thunderbird, Telephones"),
      _ ("Enter name, address and password: they find the rest by themselves once the DNS is "
         "right."));
  AdwPreferencesGroup *by_hand = step_group_new (
      page, _ ("Outlook, and Whatever Asks"),
      _ ("Outlook mostly wants to be told: “Add account”, then “Let me set up my account "
         "manually”, then IMAP. The name to log in is the whole address."));

  add_row (by_itself, _ ("Address of the first mailbox"),
           assistant_answer (assistant, "administrator"));
  add_row (by_hand, _ ("Incoming mail (IMAP), with SSL/TLS"), host);
  self->imap = add_row (by_hand, _ ("Port of IMAP"), "993");
  add_row (by_hand, _ ("Outgoing mail (SMTP), with SSL/TLS"), host);
  self->smtp = add_row (by_hand, _ ("Port of SMTP"), "465");
  connection_get_async (assistant_connection (assistant), "/v1/status",
                        assistant_cancellable (assistant), did_ask_ports, self);
}

static GtkWidget *
finish_new (Assistant *assistant)
{
  GtkWidget *page = step_page_new ();
  Finish *self = g_new0 (Finish, 1);
  AdwPreferencesGroup *first = step_group_new (page, _ ("Send Yourself a Mail"), NULL);
  const char *address = assistant_answer (assistant, "administrator");
  g_autofree char *text = g_strdup_printf (
      _ ("Write to %s from another mailbox, a private one. As soon as it is here, you see it."),
      *address ? address : _ ("one of the new mailboxes"));

  self->assistant = assistant;
  self->page = page;
  self->since = g_get_real_time () / G_USEC_PER_SEC;
  self->mail = text_row_new (_ ("Waiting for the first mail"), text);
  self->spinner = GTK_SPINNER (gtk_spinner_new ());
  gtk_spinner_start (self->spinner);
  adw_action_row_add_suffix (ADW_ACTION_ROW (self->mail), GTK_WIDGET (self->spinner));
  adw_preferences_group_add (first, self->mail);
  add_programs (self, page);
  self->timer = g_timeout_add_seconds (LOOK_SECONDS, did_tick, self);
  g_object_set_data_full (G_OBJECT (page), "finish", self, finish_free);
  return page;
}

const AssistantStep assistant_finish = {
  .title = N_ ("The Server Is Ready"),
  .intro = N_ ("Set up the mail programs now. Each person’s page under People has all this to "
               "print, and a code for telephones."),
  .next = N_ ("_Finish"),
  .new = finish_new,
};

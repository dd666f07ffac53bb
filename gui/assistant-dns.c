/* What the domain's DNS must say, to be copied to the provider's web page, and what it says now. */
#include "assistant-step.h"
#include "actions.h"
#include "admin/client.h"
#include "domain-rows.h"
#include "row-list.h"
#include <glib/gi18n.h>
#include <string.h>

#define LOOK_SECONDS 15 /* as long as something is missing and somebody looks */

typedef struct {
  Assistant *assistant;
  GtkWidget *page, *check;
  AdwPreferencesGroup *groups[3]; /* required, advised, optional */
  guint timer;
  gboolean is_complete, looking;
} Records;

static const struct {
  const char *need, *title;
} needs[] = { { "required", N_ ("Must Be There") },
              { "advised", N_ ("Should Be There") },
              { "optional", N_ ("Can Be There") } };

static void
records_free (gpointer data)
{
  Records *self = data;

  g_clear_handle_id (&self->timer, g_source_remove);
  g_free (self);
}

static json_t *
select_need (json_t *records, const char *need)
{
  json_t *selected = json_array (), *record;
  gsize i;

  json_array_foreach (records, i, record)
  {
    if (strcmp (object_text (record, "need"), need) == 0)
      json_array_append (selected, record);
  }
  return selected;
}

static gboolean
all_right (json_t *records)
{
  json_t *record;
  gsize i;

  json_array_foreach (records, i, record)
  {
    if (strcmp (object_text (record, "need"), "required") == 0
        && strcmp (object_text (record, "finding"), "right") != 0)
      return FALSE;
  }
  return TRUE;
}

static void
show_records (Records *self, json_t *records)
{
  for (guint i = 0; i < G_N_ELEMENTS (needs); i++) {
    g_autoptr (json_t) selected = select_need (records, needs[i].need);
    row_list_fill (self->groups[i], selected, NULL, domain_record_row_new, NULL);
    gtk_widget_set_visible (GTK_WIDGET (self->groups[i]), json_array_size (selected) > 0);
  }
}

static void
did_look (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (json_t) answer
      = connection_call_finish (PANEL_CONNECTION (source), result, NULL, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  Records *self = data;
  self->looking = FALSE;
  gtk_widget_set_sensitive (self->check, TRUE);
  if (answer == NULL) {
    assistant_stay (self->assistant, error->message);
    return;
  }
  show_records (self, object_list (answer, "records"));
  self->is_complete = all_right (object_list (answer, "records"));
}

static void
look (Records *self)
{
  const char *domain = assistant_answer (self->assistant, "domain");

  if (self->looking || *domain == '\0')
    return;
  self->looking = TRUE;
  gtk_widget_set_sensitive (self->check, FALSE);
  action_run_async (assistant_connection (self->assistant), ACTION_DOMAIN_CHECK, domain, NULL, NULL,
                    assistant_cancellable (self->assistant), did_look, self);
}

/* The plan is there at once, what the DNS says takes seconds. */
static void
did_plan (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (json_t) answer
      = connection_call_finish (PANEL_CONNECTION (source), result, NULL, NULL);

  if (answer != NULL && !g_cancellable_is_cancelled (g_task_get_cancellable (G_TASK (result))))
    show_records (data, object_list (answer, "records"));
}

static gboolean
did_tick (gpointer data)
{
  Records *self = data;

  if (gtk_widget_get_mapped (self->page) && !self->is_complete)
    look (self);
  return G_SOURCE_CONTINUE;
}

static GtkWidget *
records_new (Assistant *assistant)
{
  GtkWidget *page = step_page_new ();
  Records *self = g_new0 (Records, 1);

  self->assistant = assistant;
  self->page = page;
  for (guint i = 0; i < G_N_ELEMENTS (needs); i++)
    self->groups[i] = step_group_new (page, _ (needs[i].title), NULL);
  self->check = gtk_button_new_with_mnemonic (_ ("_Check Now"));
  gtk_widget_add_css_class (self->check, "flat");
  action_describe (self->check, ACTION_DOMAIN_CHECK, assistant_answer (assistant, "domain"));
  adw_preferences_group_set_header_suffix (self->groups[0], self->check);
  g_signal_connect_swapped (self->check, "clicked", G_CALLBACK (look), self);
  self->timer = g_timeout_add_seconds (LOOK_SECONDS, did_tick, self);
  g_object_set_data_full (G_OBJECT (page), "records", self, records_free);
  return page;
}

static void
records_show (Assistant *assistant, GtkWidget *page)
{
  Records *self = g_object_get_data (G_OBJECT (page), "records");
  g_autofree char *path = admin_path ("/v1/dns/", assistant_answer (assistant, "domain"));

  connection_get_async (assistant_connection (assistant), path, assistant_cancellable (assistant),
                        did_plan, self);
  look (self);
}

const AssistantStep assistant_dns = {
  .title = N_ ("How Does the World Find It?"),
  .intro
  = N_ ("Copy these records to the web page of whoever looks after your domain. It is looked "
        "up again every few seconds; until the whole world knows, an hour may pass. You can "
        "go on meanwhile."),
  .new = records_new,
  .show = records_show,
};

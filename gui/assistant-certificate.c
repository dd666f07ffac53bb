/* Which certificate: one that renews itself, one's own, or the self-signed one for now. */
#include "assistant-step.h"
#include "certificate-forms.h"
#include "settings-model.h"
#include "step-settings.h"
#include "widgets/file-dialog.h"
#include "window.h"
#include <glib/gi18n.h>
#include <string.h>

#define FILE_MOST (256 * 1024)
#define NAME "own" /* as the imported one is listed */

typedef struct {
  Assistant *assistant;
  GtkWidget *page;
  StepSettings *settings;
  GtkCheckButton *automatic, *own, *none;
  AdwPreferencesGroup *account, *files;
  GtkEditable *email;
  AdwActionRow *chain_row, *key_row;
  char *chain, *key; /* PEM */
  gboolean reads_key; /* which of both the dialog asks for */
} Certificate;

static void
certificate_free (gpointer data)
{
  Certificate *self = data;

  g_free (self->chain);
  if (self->key != NULL)
    memset (self->key, 0, strlen (self->key));
  g_free (self->key);
  g_free (self);
}

static void
recheck (Certificate *self)
{
  const gboolean automatic = gtk_check_button_get_active (self->automatic);
  const gboolean own = gtk_check_button_get_active (self->own);

  gtk_widget_set_visible (GTK_WIDGET (self->account), automatic);
  gtk_widget_set_visible (GTK_WIDGET (self->files), own);
  assistant_set_ready (self->assistant,
                       automatic ? strchr (gtk_editable_get_text (self->email), '@') != NULL
                           : own ? self->chain != NULL && self->key != NULL
                                 : TRUE);
}

static void
did_read (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  g_autofree char *name = g_file_get_basename (G_FILE (source));
  gsize length;

  g_file_load_contents_finish (G_FILE (source), result, &text, &length, NULL, &error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  Certificate *self = data;
  if (text == NULL || length > FILE_MOST || strstr (text, "-----BEGIN ") == NULL) {
    window_toast (self->page, error != NULL ? error->message : _ ("That is no file in PEM form."));
    return;
  }
  char **place = self->reads_key ? &self->key : &self->chain;
  g_free (*place);
  *place = g_steal_pointer (&text);
  adw_action_row_set_subtitle (self->reads_key ? self->key_row : self->chain_row, name);
  recheck (self);
}

static void
did_choose (GFile *file, gpointer data)
{
  Certificate *self = data;

  g_file_load_contents_async (file, assistant_cancellable (self->assistant), did_read, self);
}

static void
ask_chain (Certificate *self)
{
  self->reads_key = FALSE;
  file_dialog_open (self->page, _ ("Certificate and Chain"), _ ("Certificates (PEM)"),
                    "*.pem;*.crt;*.cer", did_choose, self);
}

static void
ask_key (Certificate *self)
{
  self->reads_key = TRUE;
  file_dialog_open (self->page, _ ("Private Key"), _ ("Keys (PEM)"), "*.pem;*.key", did_choose,
                    self);
}

static AdwActionRow *
file_row_new (Certificate *self, const char *title, void (*func) (Certificate *))
{
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *button = gtk_button_new_with_mnemonic (_ ("_Choose…"));

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), _ ("none chosen"));
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, title,
                                  -1);
  g_signal_connect_swapped (button, "clicked", G_CALLBACK (func), self);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);
  adw_preferences_group_add (self->files, row);
  return ADW_ACTION_ROW (row);
}

static GtkWidget *
certificate_new (Assistant *assistant)
{
  GtkWidget *page = step_page_new ();
  Certificate *self = g_new0 (Certificate, 1);
  AdwPreferencesGroup *group = step_group_new (page, NULL, NULL);
  GtkCheckButton *choices[3];

  self->assistant = assistant;
  self->page = page;
  self->settings = step_settings_new (assistant, page);
  self->automatic = choices[0] = step_choice_new (
      group, NULL, _ ("Let’s Encrypt, by itself (recommended)"),
      _ ("Free of charge, renews itself. Port 80 must be reachable from the Internet, and the host "
         "name must lead to this computer."));
  self->own = choices[1]
      = step_choice_new (group, choices[0], _ ("A certificate of your own"),
                         _ ("From an authority or from your company, as files in PEM form"));
  self->none = choices[2]
      = step_choice_new (group, choices[0], _ ("The self-signed one, for now"),
                         _ ("Mail programs warn of it. Good enough to try things out."));
  self->account = step_group_new (
      page, _ ("Let’s Encrypt"),
      _ ("They write to this address when something is wrong. With “Continue” you agree to the "
         "terms of service of Let’s Encrypt (letsencrypt.org/repository)."));
  self->email = step_entry_new (self->account, _ ("Mail address"),
                                assistant_answer (assistant, "administrator"));
  self->files = step_group_new (page, _ ("Files"), NULL);
  self->chain_row = file_row_new (self, _ ("Certificate and chain"), ask_chain);
  self->key_row = file_row_new (self, _ ("Private key"), ask_key);
  for (guint i = 0; i < G_N_ELEMENTS (choices); i++)
    g_signal_connect_swapped (choices[i], "toggled", G_CALLBACK (recheck), self);
  g_signal_connect_swapped (self->email, "changed", G_CALLBACK (recheck), self);
  gtk_check_button_set_active (self->automatic, TRUE);
  g_object_set_data_full (G_OBJECT (page), "certificate", self, certificate_free);
  return page;
}

/* A server that knows no ACME yet cannot be told to use it. */
static void
certificate_show (Assistant *assistant, GtkWidget *page)
{
  Certificate *self = g_object_get_data (G_OBJECT (page), "certificate");
  SettingsModel *settings = settings_model_of (assistant_connection (assistant));
  const gboolean knows = settings_model_list (settings) == NULL
      || settings_model_find (settings, "acme.agree-to-terms") != NULL;

  gtk_widget_set_sensitive (GTK_WIDGET (self->automatic), knows);
  if (!knows && gtk_check_button_get_active (self->automatic))
    gtk_check_button_set_active (self->none, TRUE);
  step_settings_look (self->settings);
  recheck (self);
}

static void
certificate_apply (Assistant *assistant, GtkWidget *page)
{
  Certificate *self = g_object_get_data (G_OBJECT (page), "certificate");

  if (gtk_check_button_get_active (self->automatic)) {
    g_autoptr (json_t) body
        = json_pack ("{s:s, s:s}", "acme.email", gtk_editable_get_text (self->email),
                     "acme.agree-to-terms", "yes");
    assistant_set_answer (assistant, "certificate", "automatic");
    step_settings_write (self->settings, body);
  } else if (gtk_check_button_get_active (self->own)) {
    g_autoptr (json_t) body = json_pack ("{s:s, s:s}", "key", self->key, "chain", self->chain);
    const Deed deed = { .action = ACTION_CERTIFICATE_IMPORT,
                        .argument = NAME,
                        .body = body,
                        .etag = ETAG_NEW,
                        .tell = certificate_tell,
                        .done = step_settings_end,
                        .data = self->settings };
    assistant_set_answer (assistant, "certificate", "own");
    deed_run (&deed, assistant_connection (assistant), page, NULL);
  } else {
    assistant_set_answer (assistant, "certificate", "self-signed");
    assistant_advance (assistant);
  }
}

const AssistantStep assistant_certificate = {
  .title = N_ ("Whom Do Mail Programs Trust?"),
  .intro
  = N_ ("A certificate proves to mail programs that they speak with your server. Nobody else "
        "can read passwords and mail on the way then."),
  .new = certificate_new,
  .show = certificate_show,
  .apply = certificate_apply,
};

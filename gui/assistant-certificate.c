/* Which certificate: one that renews itself, one's own, or the self-signed one for now. */
#include "assistant-step.h"
#include "certificate-files.h"
#include "certificate-forms.h"
#include "settings-model.h"
#include "step-settings.h"
#include <glib/gi18n.h>
#include <string.h>

#define NAME "own" /* as the imported one is listed */

typedef struct {
  Assistant *assistant;
  GtkWidget *page;
  StepSettings *settings;
  GtkCheckButton *automatic, *own, *none;
  AdwPreferencesGroup *account, *own_files;
  GtkEditable *email;
  CertificateFiles files;
} Certificate;

static void
recheck (Certificate *self)
{
  const gboolean automatic = gtk_check_button_get_active (self->automatic);
  const gboolean own = gtk_check_button_get_active (self->own);
  const gboolean has_files = certificate_files_check (&self->files);

  gtk_widget_set_visible (GTK_WIDGET (self->account), automatic);
  gtk_widget_set_visible (GTK_WIDGET (self->own_files), own);
  assistant_set_ready (self->assistant,
                       automatic ? strchr (gtk_editable_get_text (self->email), '@') != NULL
                           : own ? has_files
                                 : TRUE);
}

static void
add_file (gpointer data, GtkWidget *row)
{
  Certificate *self = data;

  adw_preferences_group_add (self->own_files, row);
  if (PANEL_IS_FILE_ROW (row))
    g_signal_connect_swapped (row, "changed", G_CALLBACK (recheck), self);
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
  self->own = choices[1] = step_choice_new (
      group, choices[0], _ ("A certificate of your own"),
      _ ("From an authority or from your company, as a file in PKCS#12 form (.pfx, .p12) or in PEM "
         "form"));
  self->none = choices[2]
      = step_choice_new (group, choices[0], _ ("The self-signed one, for now"),
                         _ ("Mail programs warn of it. Good enough to try things out."));
  self->account = step_group_new (
      page, _ ("Let’s Encrypt"),
      _ ("They write to this address when something is wrong. With “Continue” you agree to the "
         "terms of service of Let’s Encrypt (letsencrypt.org/repository)."));
  self->email = step_entry_new (self->account, _ ("Mail address"),
                                assistant_answer (assistant, "administrator"));
  self->own_files = step_group_new (page, _ ("Files"), NULL);
  certificate_files_add (&self->files, add_file, self);
  for (guint i = 0; i < G_N_ELEMENTS (choices); i++)
    g_signal_connect_swapped (choices[i], "toggled", G_CALLBACK (recheck), self);
  g_signal_connect_swapped (self->email, "changed", G_CALLBACK (recheck), self);
  gtk_check_button_set_active (self->automatic, TRUE);
  g_object_set_data_full (G_OBJECT (page), "certificate", self, g_free);
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
    g_autoptr (json_t) body = certificate_files_read (&self->files);
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

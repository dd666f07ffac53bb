/* Rows in a form dialog, and a deed made of them. */
#include "certificate-forms.h"
#include "certificate-files.h"
#include "deed.h"
#include "form-dialog.h"
#include "format.h"
#include "json.h"
#include <glib/gi18n.h>
#include <string.h>

typedef struct {
  GtkWidget *page;
  Connection *connection;
  GtkEditable *name, *hosts;
  CertificateFiles files;
  AdwComboRow *reason;
  char *certificate;
} Form;

static Form *
form_new (GtkWidget *page, Connection *connection)
{
  Form *self = g_new0 (Form, 1);

  self->page = g_object_ref (page);
  self->connection = g_object_ref (connection);
  return self;
}

static void
form_free (gpointer data)
{
  Form *self = data;

  g_object_unref (self->page);
  g_object_unref (self->connection);
  g_free (self->certificate);
  g_free (self);
}

static GtkEditable *
add_entry (GtkWidget *dialog, const char *title, const char *text)
{
  GtkWidget *row = adw_entry_row_new ();

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  gtk_editable_set_text (GTK_EDITABLE (row), text);
  form_dialog_add (dialog, row);
  return GTK_EDITABLE (row);
}

static gboolean
is_named (gpointer data)
{
  return *gtk_editable_get_text (((const Form *)data)->name) != '\0';
}

char *
certificate_tell (const json_t *current, const Deed *deed)
{
  g_autoptr (GString) hosts = g_string_new (NULL);
  g_autofree char *end = format_date (object_number (current, "not_after"));
  json_t *host;
  gsize i;

  if (json_is_null (current))
    return g_strdup_printf (_ ("Somebody else has removed %s meanwhile."), deed->argument);
  json_array_foreach (object_list (current, "hosts"), i, host)
      g_string_append_printf (hosts, "%s%s", i > 0 ? ", " : "", json_string_value (host));
  return g_strdup_printf (_ ("The certificate that is called %s now is for %s, and good until %s."),
                          deed->argument, hosts->str, end);
}

/* Self-signed. */

static json_t *
read_hosts (const Form *form)
{
  g_auto (GStrv) hosts = g_strsplit_set (gtk_editable_get_text (form->hosts), " ,;", -1);
  json_t *list = json_array ();

  for (char **host = hosts; *host != NULL; host++)
    if (**host != '\0')
      json_array_append_new (list, json_string (*host));
  return list;
}

static void
self_sign (gpointer data)
{
  const Form *form = data;
  g_autoptr (json_t) body = json_pack ("{s:o}", "hosts", read_hosts (form));
  const Deed deed = { .action = ACTION_CERTIFICATE_SELF_SIGN,
                      .argument = gtk_editable_get_text (form->name),
                      .body = body,
                      .etag = ETAG_NEW,
                      .tell = certificate_tell,
                      .said = _ ("The certificate is in use now") };

  deed_run (&deed, form->connection, form->page, NULL);
}

void
ask_self_sign (GtkWidget *page, Connection *connection)
{
  GtkWidget *dialog = form_dialog_new (
      page, _ ("Make a Self-Signed Certificate"),
      _ ("Mail programs warn of it, until an authority has signed another one."), _ ("_Make"));
  Form *form = form_new (page, connection);

  form->name = add_entry (dialog, _ ("What it is called here"), "");
  form->hosts = add_entry (dialog, _ ("Names of the server; empty: its own"), "");
  form_dialog_run (dialog, is_named, self_sign, form, form_free);
}

/* From files. */

static gboolean
can_import (gpointer data)
{
  return certificate_files_check (&((const Form *)data)->files) && is_named (data);
}

static void
import (gpointer data)
{
  const Form *form = data;
  g_autoptr (json_t) body = certificate_files_read (&form->files);
  const Deed deed = { .action = ACTION_CERTIFICATE_IMPORT,
                      .argument = gtk_editable_get_text (form->name),
                      .body = body,
                      .etag = ETAG_NEW,
                      .tell = certificate_tell,
                      .said = _ ("The certificate was imported") };

  deed_run (&deed, form->connection, form->page, NULL);
}

static void
add_row (gpointer dialog, GtkWidget *row)
{
  form_dialog_add (dialog, row);
}

void
ask_import (GtkWidget *page, Connection *connection)
{
  GtkWidget *dialog = form_dialog_new (
      page, _ ("Import a Certificate"),
      _ ("From an authority, with all certificates between it and the authority’s own. Before one "
         "of the same name is replaced, you are asked."),
      _ ("_Import"));
  Form *form = form_new (page, connection);

  form->name = add_entry (dialog, _ ("What it is called here"), "own");
  certificate_files_add (&form->files, add_row, dialog);
  form_dialog_run (dialog, can_import, import, form, form_free);
}

/* Not trusted any more. RFC 5280 §5.3.1. */

static const struct {
  const char *reason, *title;
} reasons[] = { { "unspecified", N_ ("None in particular") },
                { "key-compromise", N_ ("Its key may be stolen") },
                { "superseded", N_ ("Replaced by another") },
                { "cessation", N_ ("Not used any more") } };

static void
revoke_it (gpointer data)
{
  const Form *form = data;
  const guint chosen = MIN (adw_combo_row_get_selected (form->reason), G_N_ELEMENTS (reasons) - 1);
  g_autoptr (json_t) body = json_pack ("{s:s, s:s}", "certificate", form->certificate, "reason",
                                       reasons[chosen].reason);
  const Deed deed = { .action = ACTION_ACME_REVOKE,
                      .body = body,
                      .said = _ ("It is revoked. Get another one with “Renew Now”.") };

  deed_run (&deed, form->connection, form->page, NULL);
}

void
ask_revoke (GtkWidget *page, Connection *connection, const char *name)
{
  GtkWidget *dialog
      = form_dialog_new (page, _ ("Revoke the Certificate?"),
                         _ ("Nobody is to trust it from then on, and that cannot be taken back. It "
                            "is shown to mail programs until there is another one."),
                         _ ("_Revoke"));
  g_autoptr (GtkStringList) titles = gtk_string_list_new (NULL);
  GtkWidget *row = adw_combo_row_new ();
  Form *form = form_new (page, connection);

  for (guint i = 0; i < G_N_ELEMENTS (reasons); i++)
    gtk_string_list_append (titles, _ (reasons[i].title));
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), _ ("Reason"));
  adw_combo_row_set_model (ADW_COMBO_ROW (row), G_LIST_MODEL (titles));
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "do",
                                              ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  form_dialog_add (dialog, row);
  form->reason = ADW_COMBO_ROW (row);
  form->certificate = g_strdup (name);
  form_dialog_run (dialog, NULL, revoke_it, form, form_free);
}

/* Which certificate serves which name, and how long it is good. */
#include "page-certificates.h"
#include "deed.h"
#include "form-dialog.h"
#include "format.h"
#include "json.h"
#include "row-list.h"
#include "widgets/page-frame.h"
#include "window.h"
#include <glib/gi18n.h>

struct _PageCertificates {
  AdwBin parent;

  Connection *connection;
  GCancellable *cancellable; /* of what this page has asked for */
  PageFrame *frame;
  AdwPreferencesGroup *group;
  GtkWidget *add;
};
G_DEFINE_FINAL_TYPE (PageCertificates, page_certificates, ADW_TYPE_BIN)

static char *
join_hosts (json_t *hosts)
{
  GString *text = g_string_new (NULL);
  json_t *host;
  gsize i;

  json_array_foreach (hosts, i, host)
  {
    g_string_append_printf (text, "%s%s", i > 0 ? ", " : "", json_string_value (host));
  }
  return g_string_free (text, FALSE);
}

static void
remove_certificate (GtkWidget *button)
{
  PageCertificates *self = PANEL_PAGE_CERTIFICATES (
      gtk_widget_get_ancestor (button, PANEL_TYPE_PAGE_CERTIFICATES));
  const char *name = g_object_get_data (G_OBJECT (button), "name");
  g_autofree char *said = g_strdup_printf (_ ("%s is removed"), name);
  const Deed deed = { .action = ACTION_CERTIFICATE_REMOVE, .argument = name, .said = said };

  deed_run_later (&deed, self->connection, GTK_WIDGET (self), NULL);
}

static void
set_sign (GtkWidget *row, gint64 days, gboolean self_signed)
{
  if (days < 0)
    text_row_set_sign (row, "dialog-error-symbolic", "error", _ ("Expired"));
  else if (days < 21 || self_signed)
    text_row_set_sign (row, "dialog-warning-symbolic", "warning", _ ("Needs attention"));
  else
    text_row_set_sign (row, "emblem-ok-symbolic", "success", _ ("Good"));
}

static GtkWidget *
make_row (json_t *certificate, gpointer data)
{
  const char *name = object_text (certificate, "name");
  const gboolean self_signed = object_flag (certificate, "self_signed");
  const gint64 days
      = (object_number (certificate, "not_after") - g_get_real_time () / G_USEC_PER_SEC) / 86400;
  g_autofree char *hosts = join_hosts (object_list (certificate, "hosts"));
  g_autofree char *until = format_date (object_number (certificate, "not_after"));
  const gulong left = (gulong)MAX (days, 0);
  g_autofree char *time = g_strdup_printf (
      ngettext ("Good until %s, for %lu more day", "Good until %s, for %lu more days", left), until,
      left);
  g_autofree char *signer = self_signed
      ? g_strdup (_ ("Self-signed: mail programs warn of it"))
      : g_strdup_printf (_ ("Signed by %s"), object_text (certificate, "issuer"));
  g_autofree char *facts = g_strdup_printf ("%s\n%s\n%s", hosts, time, signer);
  GtkWidget *row = text_row_new (name, facts);
  GtkWidget *button = row_button_new ("user-trash-symbolic", _ ("Remove"));

  set_sign (row, days, self_signed);
  action_describe (button, ACTION_CERTIFICATE_REMOVE, name);
  g_object_set_data_full (G_OBJECT (button), "name", g_strdup (name), g_free);
  g_signal_connect (button, "clicked", G_CALLBACK (remove_certificate), NULL);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);
  return row;
}

static void
did_load (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (json_t) answer
      = connection_call_finish (PANEL_CONNECTION (source), result, NULL, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return; /* the page may be gone: DATA must not be touched */
  PageCertificates *self = data;
  if (answer == NULL) {
    page_frame_show_error (self->frame, error);
    return;
  }
  row_list_fill (self->group, object_list (answer, "certificates"), _ ("There is no certificate."),
                 make_row, self);
  page_frame_show_content (self->frame);
}

static void
reload (PageCertificates *self)
{
  connection_get_async (self->connection, "/v1/certificates", self->cancellable, did_load, self);
}

static void
did_change (PageCertificates *self, const char *what, const char *name)
{
  if (g_strcmp0 (what, "certificates") == 0)
    reload (self);
}

typedef struct {
  PageCertificates *page;
  GtkEditable *name, *hosts;
} Form;

static gboolean
is_filled (gpointer data)
{
  return *gtk_editable_get_text (((Form *)data)->name) != '\0';
}

static void
self_sign (gpointer data)
{
  const Form *form = data;
  g_auto (GStrv) hosts = g_strsplit_set (gtk_editable_get_text (form->hosts), " ,", -1);
  g_autoptr (json_t) list = json_array ();

  for (char **host = hosts; *host != NULL; host++)
    if (**host != '\0')
      json_array_append_new (list, json_string (*host));
  g_autoptr (json_t) body = json_pack ("{s:O}", "hosts", list);
  const Deed deed = { .action = ACTION_CERTIFICATE_SELF_SIGN,
                      .argument = gtk_editable_get_text (form->name),
                      .body = body,
                      .said = _ ("The certificate is in use now") };

  deed_run (&deed, form->page->connection, GTK_WIDGET (form->page), NULL);
}

static void
ask_self_sign (GtkWidget *widget, const char *name, GVariant *parameter)
{
  GtkWidget *dialog = form_dialog_new (
      widget, _ ("Make a self-signed certificate"),
      _ ("Mail programs warn of it, until an authority has signed another one."), _ ("_Make"));
  GtkWidget *name_row = adw_entry_row_new (), *hosts_row = adw_entry_row_new ();
  Form *form = g_new0 (Form, 1);

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (name_row), _ ("What it is called here"));
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (hosts_row),
                                 _ ("Names of the server; empty: its own"));
  *form = (Form) { PANEL_PAGE_CERTIFICATES (widget), GTK_EDITABLE (name_row),
                   GTK_EDITABLE (hosts_row) };
  form_dialog_add (dialog, name_row);
  form_dialog_add (dialog, hosts_row);
  form_dialog_run (dialog, is_filled, self_sign, form, g_free);
}

static void
page_certificates_dispose (GObject *object)
{
  PageCertificates *self = PANEL_PAGE_CERTIFICATES (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->connection);
  G_OBJECT_CLASS (page_certificates_parent_class)->dispose (object);
}

static void
page_certificates_class_init (PageCertificatesClass *class)
{
  GtkWidgetClass *widget = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = page_certificates_dispose;
  g_type_ensure (PANEL_TYPE_PAGE_FRAME);
  gtk_widget_class_set_template_from_resource (widget, "/hauspost/page-certificates.ui");
  gtk_widget_class_bind_template_child (widget, PageCertificates, frame);
  gtk_widget_class_bind_template_child (widget, PageCertificates, group);
  gtk_widget_class_bind_template_callback (widget, reload);
  gtk_widget_class_bind_template_child (widget, PageCertificates, add);
  gtk_widget_class_install_action (widget, "certificates.self-sign", NULL, ask_self_sign);
}

static void
page_certificates_init (PageCertificates *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  action_describe (self->add, ACTION_CERTIFICATE_SELF_SIGN, NULL);
  self->cancellable = g_cancellable_new ();
}

GtkWidget *
page_certificates_new (Connection *connection)
{
  PageCertificates *self = g_object_new (PANEL_TYPE_PAGE_CERTIFICATES, NULL);

  self->connection = g_object_ref (connection);
  page_frame_set_connection (self->frame, connection);
  g_signal_connect_object (connection, "changed", G_CALLBACK (did_change), self, G_CONNECT_SWAPPED);
  reload (self);
  return GTK_WIDGET (self);
}

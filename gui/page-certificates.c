/* Which certificate serves which name, how long it is good, and who renews it. */
#include "page-certificates.h"
#include "acme-view.h"
#include "certificate-forms.h"
#include "certificate-row.h"
#include "deed.h"
#include "job-row.h"
#include "json.h"
#include "row-list.h"
#include "settings-model.h"
#include "widgets/page-frame.h"
#include "window.h"
#include <glib/gi18n.h>
#include <string.h>

static const char *const kinds[] = { "certificates", NULL };

struct _PageCertificates {
  AdwBin parent;

  Connection *connection;
  SettingsModel *settings;
  GCancellable *cancellable; /* of what this page has asked for */
  CertificateDeeds deeds;
  json_t *shown; /* the newest answer, or NULL */
  PageFrame *frame;
  AdwPreferencesGroup *renewal, *missing, *group, *served;
  AdwActionRow *by_itself;
  GtkWidget *add, *due, *order, *job;
};
G_DEFINE_FINAL_TYPE (PageCertificates, page_certificates, ADW_TYPE_BIN)

/* What there is. */

static GtkWidget *
make_row (json_t *certificate, gpointer data)
{
  PageCertificates *self = data;

  return certificate_row_new (certificate, &self->deeds);
}

static GtkWidget *
served_row (json_t *served, gpointer data)
{
  return text_row_new (object_text (served, "host"), object_text (served, "certificate"));
}

/* The one that every server makes is called so, too: its name would be said twice. */
static char *
describe (const json_t *certificate)
{
  const char *name = object_text (certificate, "name");

  if (!object_flag (certificate, "self_signed"))
    return g_strdup_printf (_ ("Certificate “%s”, signed by %s"), name,
                            object_text (certificate, "issuer"));
  return strcmp (name, "self-signed") == 0
      ? g_strdup (_ ("The self-signed certificate of this server"))
      : g_strdup_printf (_ ("Certificate “%s”, self-signed"), name);
}

/* A row for each name, with the certificate that is shown for it. Nobody can ask for an address
 * (RFC 6066 §3). */
static json_t *
names_served (const json_t *answer)
{
  json_t *names = json_array (), *certificate, *host;
  gsize i, k;

  json_array_foreach (object_list (answer, "certificates"), i, certificate)
  {
    g_autofree char *which = describe (certificate);
    json_array_foreach (object_list (certificate, "serves"), k, host)
    {
      if (!g_hostname_is_ip_address (json_string_value (host)))
        json_array_append_new (
            names,
            json_pack ("{s:s, s:s}", "host", json_string_value (host), "certificate", which));
    }
  }
  return names;
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
  json_decref (self->shown);
  self->shown = json_incref (answer);
  g_autoptr (json_t) served = names_served (answer);
  json_t *missing = object_list (answer, "missing");
  row_list_fill (self->group, object_list (answer, "certificates"), _ ("There is no certificate."),
                 make_row, self);
  row_list_fill (self->missing, missing, NULL, make_row, self);
  gtk_widget_set_visible (GTK_WIDGET (self->missing), json_array_size (missing) > 0);
  row_list_fill (self->served, served, NULL, served_row, self);
  page_frame_show_content (self->frame);
}

static void
reload (PageCertificates *self)
{
  if (self->connection != NULL)
    connection_get_async (self->connection, "/v1/certificates", self->cancellable, did_load, self);
}

static void
did_change (PageCertificates *self, const char *what, const char *name)
{
  if (g_strcmp0 (what, "certificates") == 0 || g_strcmp0 (what, "acme") == 0)
    reload (self);
  if (g_strcmp0 (what, "jobs") == 0)
    job_row_find (PANEL_JOB_ROW (self->job), kinds);
}

static void
did_read_settings (PageCertificates *self)
{
  json_t *agrees = settings_model_find (self->settings, "acme.agree-to-terms");
  const gboolean is_on = strcmp (object_text (agrees, "value"), "yes") == 0;
  g_autoptr (GUri) directory
      = g_uri_parse (object_text (settings_model_find (self->settings, "acme.directory"), "value"),
                     G_URI_FLAGS_NONE, NULL);
  g_autofree char *from = directory != NULL
      ? g_strdup_printf (_ ("On: they come from %s and renew themselves"),
                         g_uri_get_host (directory))
      : NULL;

  gtk_widget_set_visible (GTK_WIDGET (self->renewal), agrees != NULL);
  gtk_widget_set_visible (self->due, is_on);
  adw_action_row_set_subtitle (self->by_itself,
                               is_on && from != NULL
                                   ? from
                                   : _ ("Off: you import certificates by hand, again and again. An "
                                        "authority gives them free of charge."));
}

/* Ordering. */

static void
say_end (PageCertificates *self, const json_t *result)
{
  const gulong renewed = (gulong)object_number (result, "renewed");
  g_autofree char *came = g_strdup_printf (
      ngettext ("%lu certificate has come", "%lu certificates have come", renewed), renewed);

  window_toast (GTK_WIDGET (self),
                renewed > 0 ? came : _ ("Nothing is due: all certificates are good"));
}

static void
did_end (PageCertificates *self, json_t *job)
{
  const char *state = object_text (job, "state");

  if (strcmp (state, "done") == 0)
    say_end (self, json_object_get (job, "result"));
  else if (strcmp (state, "failed") == 0) {
    g_autoptr (GError) error
        = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_FAILED, object_text (job, "error"));
    window_toast_error (GTK_WIDGET (self), error);
  } else if (job == NULL)
    window_toast (GTK_WIDGET (self), _ ("The server was started anew meanwhile: begin again."));
  gtk_widget_set_sensitive (self->order, connection_may_change (self->connection));
  reload (self);
}

static void
did_start (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (json_t) answer
      = connection_call_finish (PANEL_CONNECTION (source), result, NULL, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  PageCertificates *self = data;
  if (answer != NULL)
    job_row_watch (PANEL_JOB_ROW (self->job), object_number (answer, "job"));
  else {
    gtk_widget_set_sensitive (self->order, TRUE);
    window_toast_error (GTK_WIDGET (self), error);
  }
}

/* NAME: NULL for what is missing or due. */
static void
order (PageCertificates *self, const char *name)
{
  g_autoptr (json_t) body = json_pack ("{s:s*}", "certificate", name);

  gtk_widget_set_sensitive (self->order, FALSE);
  action_run_async (self->connection, ACTION_ACME_ORDER, NULL, body, NULL, self->cancellable,
                    did_start, self);
}

static void
order_due (PageCertificates *self)
{
  order (self, NULL);
}

static void
did_ask_order (gpointer data)
{
  order (data, NULL);
}

/* The deeds of a row. */

static void
did_renew (const char *name, gpointer data)
{
  order (data, name);
}

static void
did_revoke (const char *name, gpointer data)
{
  PageCertificates *self = data;

  ask_revoke (GTK_WIDGET (self), self->connection, name);
}

/* Of what is shown. */
static const char *
etag_of (PageCertificates *self, const char *name)
{
  static const char *const lists[] = { "certificates", "missing" };
  json_t *certificate;
  gsize k;

  for (guint i = 0; i < G_N_ELEMENTS (lists); i++)
    json_array_foreach (object_list (self->shown, lists[i]), k, certificate)
    {
      if (g_strcmp0 (object_text (certificate, "name"), name) == 0)
        return object_text (certificate, "etag");
    }
  return NULL;
}

static void
did_remove (const char *name, gpointer data)
{
  PageCertificates *self = data;
  g_autofree char *said = g_strdup_printf (_ ("%s is removed"), name);
  const Deed deed = { .action = ACTION_CERTIFICATE_REMOVE,
                      .argument = name,
                      .etag = etag_of (self, name),
                      .tell = certificate_tell,
                      .said = said };

  deed_run_later (&deed, self->connection, GTK_WIDGET (self), NULL);
}

/* Others. */

static void
show_acme (PageCertificates *self)
{
  window_push (GTK_WIDGET (self), acme_view_new (self->connection, did_ask_order, self));
}

static void
make_self_signed (GtkWidget *widget, const char *name, GVariant *parameter)
{
  ask_self_sign (widget, PANEL_PAGE_CERTIFICATES (widget)->connection);
}

static void
import (GtkWidget *widget, const char *name, GVariant *parameter)
{
  ask_import (widget, PANEL_PAGE_CERTIFICATES (widget)->connection);
}

static void
page_certificates_dispose (GObject *object)
{
  PageCertificates *self = PANEL_PAGE_CERTIFICATES (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->connection);
  g_clear_pointer (&self->shown, json_decref);
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
  gtk_widget_class_bind_template_child (widget, PageCertificates, renewal);
  gtk_widget_class_bind_template_child (widget, PageCertificates, missing);
  gtk_widget_class_bind_template_child (widget, PageCertificates, group);
  gtk_widget_class_bind_template_child (widget, PageCertificates, served);
  gtk_widget_class_bind_template_child (widget, PageCertificates, by_itself);
  gtk_widget_class_bind_template_child (widget, PageCertificates, add);
  gtk_widget_class_bind_template_child (widget, PageCertificates, order);
  gtk_widget_class_bind_template_child (widget, PageCertificates, due);
  gtk_widget_class_bind_template_callback (widget, reload);
  gtk_widget_class_bind_template_callback (widget, order_due);
  gtk_widget_class_bind_template_callback (widget, show_acme);
  gtk_widget_class_install_action (widget, "certificates.self-sign", NULL, make_self_signed);
  gtk_widget_class_install_action (widget, "certificates.import", NULL, import);
}

static void
page_certificates_init (PageCertificates *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->cancellable = g_cancellable_new ();
}

GtkWidget *
page_certificates_new (Connection *connection)
{
  PageCertificates *self = g_object_new (PANEL_TYPE_PAGE_CERTIFICATES, NULL);
  const gboolean may_change = connection_may_change (connection);

  self->connection = g_object_ref (connection);
  self->settings = settings_model_of (connection);
  self->deeds = (CertificateDeeds) { connection, did_renew, did_revoke, did_remove, self };
  page_frame_set_connection (self->frame, connection);
  self->job = job_row_new (connection);
  adw_preferences_group_add (self->renewal, self->job);
  action_describe (self->order, ACTION_ACME_ORDER, NULL);
  gtk_widget_set_sensitive (self->order, may_change);
  gtk_widget_set_sensitive (self->add, may_change);
  g_signal_connect_object (self->job, "ended", G_CALLBACK (did_end), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (connection, "changed", G_CALLBACK (did_change), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->settings, "loaded", G_CALLBACK (did_read_settings), self,
                           G_CONNECT_SWAPPED);
  did_read_settings (self);
  job_row_find (PANEL_JOB_ROW (self->job), kinds);
  reload (self);
  return GTK_WIDGET (self);
}

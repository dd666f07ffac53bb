/* The template of a page: load, show, reload when the server says that something changed. */
#include "page-certificates.h"
#include "actions.h"
#include "format.h"
#include "json.h"
#include "widgets/page-frame.h"
#include "window.h"
#include <glib/gi18n.h>

struct _PageCertificates {
  AdwBin parent;

  Connection *connection;
  GCancellable *cancellable; /* of what this page has asked for */
  PageFrame *frame;
  AdwPreferencesGroup *group;
};
G_DEFINE_FINAL_TYPE (PageCertificates, page_certificates, ADW_TYPE_BIN)

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
  /* … object_list (answer, "certificates") … */
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

  self->connection = g_object_ref (connection);
  page_frame_set_connection (self->frame, connection);
  g_signal_connect_object (connection, "changed", G_CALLBACK (did_change), self, G_CONNECT_SWAPPED);
  reload (self);
  return GTK_WIDGET (self);
}

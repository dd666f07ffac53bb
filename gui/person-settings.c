/* The rows follow what the server listens on (/v1/status); a trial has other ports. */
#include "person-settings.h"
#include "json.h"
#include "widgets/copy-row.h"
#include "widgets/qr.h"
#include <glib/gi18n.h>
#include <string.h>

#define PAPER_QR 120.0 /* points */
#define PAPER_MARGIN 54.0
#define PAPER_LINE 20.0

/* What is shown, in its order; the texts of LABELS are printed, too. */
enum { NAME, IMAP, IMAP_PORT, SMTP, SMTP_PORT, ROWS };

static const char *const labels[ROWS] = {
  [NAME] = N_ ("Name to log in"),    [IMAP] = N_ ("Incoming mail (IMAP), with SSL/TLS"),
  [IMAP_PORT] = N_ ("Port of IMAP"), [SMTP] = N_ ("Outgoing mail (SMTP), with SSL/TLS"),
  [SMTP_PORT] = N_ ("Port of SMTP"),
};

typedef struct {
  char *values[ROWS];
  char *person; /* whose sheet it is; "" */
  GtkWidget *rows[ROWS], *group, *qr;
  GCancellable *cancellable;
} Settings;

static void
settings_free (gpointer data)
{
  Settings *self = data;

  g_cancellable_cancel (self->cancellable);
  g_object_unref (self->cancellable);
  for (guint i = 0; i < ROWS; i++)
    g_free (self->values[i]);
  g_free (self->person);
  g_free (self);
}

/* The page for people, where a telephone finds its profile. */
static char *
link_of (const Settings *self)
{
  return g_strdup_printf ("https://%s/", self->values[IMAP]);
}

static void
set (Settings *self, guint row, const char *value)
{
  g_free (self->values[row]);
  self->values[row] = g_strdup (value);
  copy_row_set_value (PANEL_COPY_ROW (self->rows[row]), value);
}

static void
set_port (Settings *self, guint row, const json_t *listen, const char *service)
{
  const char *address = json_string_value (json_array_get (object_list (listen, service), 0));
  const char *colon = address != NULL ? strrchr (address, ':') : NULL;

  if (colon != NULL)
    set (self, row, colon + 1);
}

static void
did_ask (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (json_t) answer
      = connection_call_finish (PANEL_CONNECTION (source), result, NULL, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || answer == NULL)
    return; /* the usual ports stay: who may not ask for the server's state sees them */
  Settings *self = data;
  set_port (self, IMAP_PORT, json_object_get (answer, "listen"), "imaps");
  set_port (self, SMTP_PORT, json_object_get (answer, "listen"), "submissions");
}

static void
show_text (PangoLayout *layout, cairo_t *cairo, double *y, const char *text)
{
  pango_layout_set_text (layout, text, -1);
  cairo_move_to (cairo, 0, *y);
  pango_cairo_show_layout (cairo, layout);
  *y += PAPER_LINE;
}

static void
did_draw_page (GtkPrintOperation *print, GtkPrintContext *context, int page, gpointer data)
{
  const Settings *self = data;
  cairo_t *cairo = gtk_print_context_get_cairo_context (context);
  g_autoptr (PangoLayout) layout = gtk_print_context_create_pango_layout (context);
  g_autofree char *link = link_of (self);
  double y = 0;

  pango_layout_set_width (layout, (int)(gtk_print_context_get_width (context) * PANGO_SCALE));
  if (*self->person != '\0')
    show_text (layout, cairo, &y, self->person);
  for (guint i = 0; i < ROWS; i++) {
    g_autofree char *line = g_strdup_printf ("%s: %s", _ (labels[i]), self->values[i]);
    show_text (layout, cairo, &y, line);
  }
  show_text (layout, cairo, &y, link);
  cairo_translate (cairo, 0, y + PAPER_LINE);
  qr_paint (cairo, link, PAPER_QR);
}

static void
did_print (Settings *self)
{
  g_autoptr (GtkPrintOperation) print = gtk_print_operation_new ();
  g_autoptr (GtkPageSetup) setup = gtk_page_setup_new ();
  GtkWidget *window = GTK_WIDGET (gtk_widget_get_root (self->group));
  g_autoptr (GError) error = NULL;

  gtk_page_setup_set_top_margin (setup, PAPER_MARGIN, GTK_UNIT_POINTS);
  gtk_page_setup_set_left_margin (setup, PAPER_MARGIN, GTK_UNIT_POINTS);
  gtk_print_operation_set_default_page_setup (print, setup);
  gtk_print_operation_set_unit (print, GTK_UNIT_POINTS);
  gtk_print_operation_set_n_pages (print, 1);
  gtk_print_operation_set_job_name (print, self->values[NAME]);
  gtk_print_operation_set_allow_async (print, TRUE);
  g_signal_connect (print, "draw-page", G_CALLBACK (did_draw_page), self);
  if (gtk_print_operation_run (print, GTK_PRINT_OPERATION_ACTION_PRINT_DIALOG, GTK_WINDOW (window),
                               &error)
      == GTK_PRINT_OPERATION_RESULT_ERROR)
    g_warning ("%s", error->message);
}

static GtkWidget *
print_button (Settings *self)
{
  GtkWidget *button = gtk_button_new_from_icon_name ("printer-symbolic");

  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_set_tooltip_text (button, _ ("Print these settings"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Print these settings"), -1);
  g_signal_connect_swapped (button, "clicked", G_CALLBACK (did_print), self);
  return button;
}

static void
add_link (Settings *self)
{
  g_autofree char *link = link_of (self);
  GtkWidget *row = copy_row_new (_ ("Page for telephones and for the password"), link);

  self->qr = qr_code_new ();
  gtk_widget_set_halign (self->qr, GTK_ALIGN_CENTER);
  gtk_widget_set_margin_top (self->qr, 12);
  gtk_widget_set_size_request (self->qr, 160, 160);
  qr_code_set_text (PANEL_QR_CODE (self->qr), link, _ ("QR code of the page for people"));
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (self->group), row);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (self->group), self->qr);
}

void
person_settings_set_name (GtkWidget *group, const char *name)
{
  Settings *self = g_object_get_data (G_OBJECT (group), "settings");

  g_free (self->person);
  self->person = g_strdup (name);
}

GtkWidget *
person_settings_new (Connection *connection, const char *address)
{
  const json_t *server = json_object_get (connection_get_whoami (connection), "server");
  const char *host = object_text (server, "hostname");
  const char *const values[ROWS] = { address, host, "993", host, "465" };
  Settings *self = g_new0 (Settings, 1);

  self->cancellable = g_cancellable_new ();
  self->person = g_strdup ("");
  self->group = adw_preferences_group_new ();
  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (self->group),
                                   _ ("To Type into Mail Programs"));
  adw_preferences_group_set_header_suffix (ADW_PREFERENCES_GROUP (self->group),
                                           print_button (self));
  for (guint i = 0; i < ROWS; i++) {
    self->values[i] = g_strdup (values[i]);
    self->rows[i] = copy_row_new (_ (labels[i]), values[i]);
    adw_preferences_group_add (ADW_PREFERENCES_GROUP (self->group), self->rows[i]);
  }
  add_link (self);
  g_object_set_data_full (G_OBJECT (self->group), "settings", self, settings_free);
  connection_get_async (connection, "/v1/status", self->cancellable, did_ask, self);
  return self->group;
}

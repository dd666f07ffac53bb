/* Two answers of the server, and its metrics in between. */
#include "page-overview.h"
#include "format.h"
#include "json.h"
#include "overview-parts.h"
#include "pages.h"
#include "row-list.h"
#include "widgets/page-frame.h"
#include "window.h"
#include <glib/gi18n.h>
#include <string.h>

#define REFRESH_SECONDS 20
#define MEND_WIDTH 18 /* letters of a button beside a text */

struct _PageOverview {
  AdwBin parent;

  Connection *connection;
  GCancellable *cancellable;
  PageFrame *frame;
  GtkImage *health;
  GtkLabel *sentence, *facts;
  AdwPreferencesGroup *attention;
  GtkFlowBox *numbers, *graphs;
  GtkBox *graph_box, *ranges;

  OverviewNumbers *shown_numbers;
  OverviewGraphs *shown_graphs;
  const char *range;
  json_t *overview; /* the newest answer */
  json_t *counted; /* the metrics that came first after it */
  guint timer;
};
G_DEFINE_FINAL_TYPE (PageOverview, page_overview, ADW_TYPE_BIN)

static void reload (PageOverview *self);

static const struct {
  const char *name, *icon, *class, *said;
} healths[] = {
  { "good", "emblem-ok-symbolic", "success", N_ ("Good") },
  { "attention", "dialog-warning-symbolic", "warning", N_ ("Needs attention") },
  { "bad", "dialog-error-symbolic", "error", N_ ("Bad") },
  { "note", "dialog-information-symbolic", "dim-label", N_ ("Note") },
};

static guint
find_health (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (healths); i++)
    if (strcmp (healths[i].name, name) == 0)
      return i;
  return 1;
}

/* The attention list. */

static void
did_mend (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GtkWidget) button = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (json_t) answer
      = connection_call_finish (PANEL_CONNECTION (source), result, NULL, &error);
  PageOverview *self
      = PANEL_PAGE_OVERVIEW (gtk_widget_get_ancestor (button, PANEL_TYPE_PAGE_OVERVIEW));

  gtk_widget_set_sensitive (button, TRUE);
  if (answer == NULL)
    window_toast_error (button, error);
  else
    window_toast (button, _ ("Done"));
  if (self != NULL)
    reload (self);
}

/* The server itself says which call mends it. */
static void
mend (GtkWidget *button, json_t *action)
{
  PageOverview *self
      = PANEL_PAGE_OVERVIEW (gtk_widget_get_ancestor (button, PANEL_TYPE_PAGE_OVERVIEW));

  gtk_widget_set_sensitive (button, FALSE);
  connection_call_async (self->connection, object_text (action, "method"),
                         object_text (action, "path"), json_object_get (action, "body"),
                         json_string_value (json_object_get (action, "etag")), NULL, did_mend,
                         g_object_ref (button));
}

static void
free_json (gpointer data, GClosure *closure)
{
  json_decref (data);
}

static void
go_to_page (GtkWidget *row, const char *page)
{
  window_show_page (row, page);
}

static void
free_text (gpointer data, GClosure *closure)
{
  g_free (data);
}

static GtkWidget *
mend_button_new (json_t *action)
{
  GtkWidget *button = gtk_button_new_with_label (object_text (action, "label"));

  button_wrap (GTK_BUTTON (button), MEND_WIDTH);
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  g_signal_connect_data (button, "clicked", G_CALLBACK (mend), json_incref (action), free_json, 0);
  return button;
}

static GtkWidget *
make_attention_row (json_t *item, gpointer data)
{
  const guint severity = find_health (object_text (item, "severity"));
  json_t *action = json_object_get (item, "action");
  GtkWidget *row = text_row_new (object_text (item, "text"), NULL);
  const char *page = object_text (item, "page");

  text_row_set_sign (row, healths[severity].icon, healths[severity].class,
                     _ (healths[severity].said));
  if (json_is_object (action))
    adw_action_row_add_suffix (ADW_ACTION_ROW (row), mend_button_new (action));
  if (panel_page_find (page) != NULL && strcmp (page, "overview") != 0) {
    adw_action_row_add_suffix (ADW_ACTION_ROW (row),
                               gtk_image_new_from_icon_name ("go-next-symbolic"));
    gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
    g_signal_connect_data (row, "activated", G_CALLBACK (go_to_page), g_strdup (page), free_text,
                           0);
  }
  return row;
}

/* The answer. */

static void
show_health (PageOverview *self)
{
  const guint health = find_health (object_text (self->overview, "health"));
  g_autofree char *uptime = format_duration (object_number (self->overview, "uptime"));
  g_autofree char *facts = g_strdup_printf (_ ("%s, version %s, running for %s"),
                                            object_text (self->overview, "hostname"),
                                            object_text (self->overview, "version"), uptime);

  gtk_image_set_from_icon_name (self->health, healths[health].icon);
  for (guint i = 0; i < G_N_ELEMENTS (healths); i++)
    gtk_widget_remove_css_class (GTK_WIDGET (self->health), healths[i].class);
  gtk_widget_add_css_class (GTK_WIDGET (self->health), healths[health].class);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->health), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ (healths[health].said), -1);
  gtk_label_set_text (self->sentence, object_text (self->overview, "sentence"));
  gtk_label_set_text (self->facts, facts);
  gtk_widget_set_visible (GTK_WIDGET (self->facts), object_has (self->overview, "uptime"));
}

static void
did_load (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (json_t) answer
      = connection_call_finish (PANEL_CONNECTION (source), result, NULL, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  PageOverview *self = data;
  if (answer == NULL) {
    page_frame_show_error (self->frame, error);
    return;
  }
  g_clear_pointer (&self->counted, json_decref);
  g_clear_pointer (&self->overview, json_decref);
  self->overview = json_incref (answer);
  show_health (self);
  row_list_fill (self->attention, object_list (answer, "attention"), NULL, make_attention_row,
                 self);
  gtk_widget_set_visible (GTK_WIDGET (self->attention),
                          json_array_size (object_list (answer, "attention")) > 0);
  overview_numbers_show (self->shown_numbers, answer, NULL, NULL);
  page_frame_show_content (self->frame);
}

static void
did_load_graphs (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (json_t) answer
      = connection_call_finish (PANEL_CONNECTION (source), result, NULL, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  PageOverview *self = data;
  /* A domain administrator sees none, and an older server has none: the rest of the page stands. */
  gtk_widget_set_visible (GTK_WIDGET (self->graph_box), answer != NULL);
  if (answer != NULL)
    overview_graphs_show (self->shown_graphs, answer, self->overview);
}

static void
load_graphs (PageOverview *self)
{
  g_autofree char *path = g_strconcat ("/v1/graphs?range=", self->range, NULL);

  connection_get_async (self->connection, path, self->cancellable, did_load_graphs, self);
}

static void
reload (PageOverview *self)
{
  connection_get_async (self->connection, "/v1/overview", self->cancellable, did_load, self);
  load_graphs (self);
}

static void
did_choose_range (GtkToggleButton *button, PageOverview *self)
{
  if (!gtk_toggle_button_get_active (button))
    return;
  self->range = g_object_get_data (G_OBJECT (button), "range");
  if (self->connection != NULL)
    load_graphs (self);
}

static void
did_measure (PageOverview *self, json_t *metrics)
{
  if (self->overview == NULL)
    return;
  if (self->counted == NULL)
    self->counted = json_incref (metrics);
  overview_numbers_show (self->shown_numbers, self->overview, self->counted, metrics);
  overview_graphs_measure (self->shown_graphs, metrics);
}

static gboolean
did_wait (gpointer data)
{
  PageOverview *self = data;

  if (gtk_widget_get_mapped (GTK_WIDGET (self))
      && connection_get_state (self->connection) == CONNECTION_CONNECTED)
    reload (self);
  return G_SOURCE_CONTINUE;
}

static void
did_change (PageOverview *self, const char *what, const char *name)
{
  if (strcmp (what, "sessions") != 0 && strcmp (what, "audit") != 0)
    reload (self);
}

/* The object. */

static void
add_ranges (PageOverview *self)
{
  static const struct {
    const char *name, *label;
  } ranges[] = { { "hour", N_ ("Hour") }, { "day", N_ ("Day") }, { "month", N_ ("Month") } };
  GtkToggleButton *first = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (ranges); i++) {
    GtkWidget *button = gtk_toggle_button_new_with_label (_ (ranges[i].label));
    g_object_set_data (G_OBJECT (button), "range", (gpointer)ranges[i].name);
    gtk_toggle_button_set_group (GTK_TOGGLE_BUTTON (button), first);
    first = first ? first : GTK_TOGGLE_BUTTON (button);
    gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (button), i == 0);
    g_signal_connect (button, "toggled", G_CALLBACK (did_choose_range), self);
    gtk_box_append (self->ranges, button);
  }
  self->range = ranges[0].name;
}

static void
page_overview_dispose (GObject *object)
{
  PageOverview *self = PANEL_PAGE_OVERVIEW (object);

  g_clear_handle_id (&self->timer, g_source_remove);
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->connection);
  g_clear_pointer (&self->overview, json_decref);
  g_clear_pointer (&self->counted, json_decref);
  g_clear_pointer (&self->shown_numbers, g_free);
  g_clear_pointer (&self->shown_graphs, g_free);
  G_OBJECT_CLASS (page_overview_parent_class)->dispose (object);
}

static void
page_overview_class_init (PageOverviewClass *class)
{
  GtkWidgetClass *widget = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = page_overview_dispose;
  g_type_ensure (PANEL_TYPE_PAGE_FRAME);
  gtk_widget_class_set_template_from_resource (widget, "/hauspost/page-overview.ui");
  gtk_widget_class_bind_template_child (widget, PageOverview, frame);
  gtk_widget_class_bind_template_child (widget, PageOverview, health);
  gtk_widget_class_bind_template_child (widget, PageOverview, sentence);
  gtk_widget_class_bind_template_child (widget, PageOverview, facts);
  gtk_widget_class_bind_template_child (widget, PageOverview, attention);
  gtk_widget_class_bind_template_child (widget, PageOverview, numbers);
  gtk_widget_class_bind_template_child (widget, PageOverview, graphs);
  gtk_widget_class_bind_template_child (widget, PageOverview, graph_box);
  gtk_widget_class_bind_template_child (widget, PageOverview, ranges);
  gtk_widget_class_bind_template_callback (widget, reload);
}

static void
page_overview_init (PageOverview *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->cancellable = g_cancellable_new ();
  self->shown_numbers = overview_numbers_new (self->numbers);
  self->shown_graphs = overview_graphs_new (self->graphs);
  add_ranges (self);
}

GtkWidget *
page_overview_new (Connection *connection)
{
  PageOverview *self = g_object_new (PANEL_TYPE_PAGE_OVERVIEW, NULL);

  self->connection = g_object_ref (connection);
  page_frame_set_connection (self->frame, connection);
  g_signal_connect_object (connection, "changed", G_CALLBACK (did_change), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (connection, "metrics", G_CALLBACK (did_measure), self,
                           G_CONNECT_SWAPPED);
  self->timer = g_timeout_add_seconds (REFRESH_SECONDS, did_wait, self);
  reload (self);
  return GTK_WIDGET (self);
}

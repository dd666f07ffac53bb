/* The frame of a page. */
#include "widgets/page-frame.h"
#include "widgets/banner.h"
#include "window.h"
#include <glib/gi18n.h>

#define WIDE_BUTTON 140 /* pixels that a button of the header may have beside a title at 400 */
#define SPINNER_AFTER 400 /* ms: what is there sooner needs none */

struct _PageFrame {
  AdwBin parent;

  GtkWidget *box; /* NULL while the template is built */
  AdwHeaderBar *header;
  AdwWindowTitle *title;
  GtkWidget *back;
  GtkWidget *search_button;
  GtkSearchBar *search_bar;
  GtkEditable *search_entry;
  Banner *banner;
  GtkStack *stack;
  GtkSpinner *spinner;
  AdwBin *content;
  AdwStatusPage *empty;
  GtkButton *empty_button;
  AdwStatusPage *failed;

  Connection *connection;
  gboolean was_lost;
  guint waiting; /* for the spinner */
};

static void page_frame_buildable_init (GtkBuildableIface *iface);
static GtkBuildableIface *parent_buildable;
G_DEFINE_FINAL_TYPE_WITH_CODE (PageFrame, page_frame, ADW_TYPE_BIN,
                               G_IMPLEMENT_INTERFACE (GTK_TYPE_BUILDABLE,
                                                      page_frame_buildable_init))

enum {
  PROPERTY_TITLE = 1,
  PROPERTY_SUBTITLE,
  PROPERTY_SEARCHABLE,
  PROPERTY_SEARCH,
  PROPERTY_CONTENT,
  PROPERTY_COUNT
};
static GParamSpec *properties[PROPERTY_COUNT];
enum { SIGNAL_REFRESH, SIGNAL_COUNT };
static guint signals[SIGNAL_COUNT];

static void
did_search (PageFrame *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROPERTY_SEARCH]);
}

static void
try_again (PageFrame *self)
{
  if (self->connection != NULL && connection_get_state (self->connection) != CONNECTION_CONNECTED)
    connection_open (self->connection);
  g_signal_emit (self, signals[SIGNAL_REFRESH], 0);
}

static void
show_connection (PageFrame *self)
{
  const ConnectionState state = connection_get_state (self->connection);
  const char *trouble = connection_get_trouble (self->connection);
  const gboolean lost = state == CONNECTION_LOST || state == CONNECTION_REFUSED
      || (state == CONNECTION_CONNECTING && trouble != NULL);

  if (trouble != NULL)
    banner_set_title (self->banner, trouble);
  banner_set_revealed (self->banner, lost);
  if (state == CONNECTION_CONNECTED && self->was_lost)
    g_signal_emit (self, signals[SIGNAL_REFRESH], 0);
  self->was_lost = lost;
}

/* The button back, and which window buttons the header has: as the window is folded or not. */
static void
show_place (PageFrame *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  const gboolean folded = window_is_folded (widget);

  gtk_widget_set_visible (self->back, folded || window_is_pushed (widget));
  adw_header_bar_set_show_start_title_buttons (self->header, folded);
}

static void
page_frame_map (GtkWidget *widget)
{
  show_place (PANEL_PAGE_FRAME (widget));
  GTK_WIDGET_CLASS (page_frame_parent_class)->map (widget);
}

static void
page_frame_root (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (page_frame_parent_class)->root (widget);
  if (PANEL_IS_WINDOW (gtk_widget_get_root (widget)))
    g_signal_connect_object (gtk_widget_get_root (widget), "notify::folded",
                             G_CALLBACK (show_place), widget, G_CONNECT_SWAPPED);
}

static void
page_frame_unroot (GtkWidget *widget)
{
  g_signal_handlers_disconnect_by_func (gtk_widget_get_root (widget), show_place, widget);
  GTK_WIDGET_CLASS (page_frame_parent_class)->unroot (widget);
}

static gboolean
did_take_long (gpointer data)
{
  PageFrame *self = data;

  self->waiting = 0;
  gtk_spinner_start (self->spinner);
  return G_SOURCE_REMOVE;
}

static void
show (PageFrame *self, const char *name)
{
  g_clear_handle_id (&self->waiting, g_source_remove);
  gtk_spinner_stop (self->spinner);
  gtk_stack_set_visible_child_name (self->stack, name);
}

void
page_frame_show_loading (PageFrame *self)
{
  show (self, "loading");
  self->waiting = g_timeout_add (SPINNER_AFTER, did_take_long, self);
}

void
page_frame_show_content (PageFrame *self)
{
  show (self, "content");
}

void
page_frame_show_empty (PageFrame *self, const char *icon, const char *title, const char *text,
                       const char *button, const char *action)
{
  g_autofree char *escaped = g_markup_escape_text (text ? text : "", -1);

  adw_status_page_set_icon_name (self->empty, icon);
  adw_status_page_set_title (self->empty, title);
  adw_status_page_set_description (self->empty, escaped);
  gtk_widget_set_visible (GTK_WIDGET (self->empty_button), button != NULL);
  gtk_button_set_label (self->empty_button, button ? button : "");
  gtk_actionable_set_detailed_action_name (GTK_ACTIONABLE (self->empty_button),
                                           button ? action : NULL);
  show (self, "empty");
}

/* While nobody answers the banner says it already: no toast for each page beside it. */
static gboolean
is_told (PageFrame *self)
{
  return self->connection != NULL && connection_get_trouble (self->connection) != NULL;
}

void
page_frame_show_error (PageFrame *self, const GError *error)
{
  g_autofree char *escaped = g_markup_escape_text (error->message, -1);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (g_strcmp0 (gtk_stack_get_visible_child_name (self->stack), "content") == 0) {
    if (!is_told (self))
      window_toast_error (GTK_WIDGET (self), error);
    return;
  }
  adw_status_page_set_title (self->failed, _ ("This cannot be shown now"));
  adw_status_page_set_description (self->failed, escaped);
  show (self, "failed");
}

void
page_frame_set_connection (PageFrame *self, Connection *connection)
{
  g_set_object (&self->connection, connection);
  g_signal_connect_object (connection, "notify::state", G_CALLBACK (show_connection), self,
                           G_CONNECT_SWAPPED);
  show_connection (self);
}

void
page_frame_set_title (PageFrame *self, const char *title)
{
  adw_window_title_set_title (self->title, title);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROPERTY_TITLE]);
}

void
page_frame_set_subtitle (PageFrame *self, const char *subtitle)
{
  adw_window_title_set_subtitle (self->title, subtitle ? subtitle : "");
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROPERTY_SUBTITLE]);
}

void
page_frame_set_content (PageFrame *self, GtkWidget *content)
{
  adw_bin_set_child (self->content, content);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROPERTY_CONTENT]);
}

void
page_frame_add_start (PageFrame *self, GtkWidget *widget)
{
  adw_header_bar_pack_start (self->header, widget);
}

/* With large text in a narrow window the label takes two lines, lest the window's buttons leave it.
 */
static void
let_wrap (GtkWidget *button)
{
  GtkWidget *label = GTK_IS_BUTTON (button) ? gtk_button_get_child (GTK_BUTTON (button)) : NULL;
  int width;

  gtk_widget_measure (button, GTK_ORIENTATION_HORIZONTAL, -1, NULL, &width, NULL, NULL);
  if (GTK_IS_LABEL (label) && width > WIDE_BUTTON) {
    gtk_label_set_wrap (GTK_LABEL (label), TRUE);
    gtk_label_set_justify (GTK_LABEL (label), GTK_JUSTIFY_CENTER);
  }
}

void
page_frame_add_end (PageFrame *self, GtkWidget *widget)
{
  g_signal_connect (widget, "map", G_CALLBACK (let_wrap), NULL);
  adw_header_bar_pack_end (self->header, widget);
}

const char *
page_frame_get_search (PageFrame *self)
{
  return gtk_search_bar_get_search_mode (self->search_bar)
      ? gtk_editable_get_text (self->search_entry)
      : "";
}

void
page_frame_begin_search (PageFrame *self)
{
  if (!gtk_widget_get_visible (self->search_button))
    return;
  gtk_search_bar_set_search_mode (self->search_bar, TRUE);
  gtk_widget_grab_focus (GTK_WIDGET (self->search_entry));
}

void
page_frame_refresh (PageFrame *self)
{
  try_again (self);
}

static void
set_searchable (PageFrame *self, gboolean searchable)
{
  gtk_widget_set_visible (self->search_button, searchable);
  gtk_search_bar_set_key_capture_widget (self->search_bar, searchable ? self->box : NULL);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROPERTY_SEARCHABLE]);
}

static void
page_frame_set_property (GObject *object, guint id, const GValue *value, GParamSpec *spec)
{
  PageFrame *self = PANEL_PAGE_FRAME (object);

  switch (id) {
  case PROPERTY_TITLE:
    page_frame_set_title (self, g_value_get_string (value));
    break;
  case PROPERTY_SUBTITLE:
    page_frame_set_subtitle (self, g_value_get_string (value));
    break;
  case PROPERTY_SEARCHABLE:
    set_searchable (self, g_value_get_boolean (value));
    break;
  case PROPERTY_CONTENT:
    page_frame_set_content (self, g_value_get_object (value));
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, spec);
  }
}

static void
page_frame_get_property (GObject *object, guint id, GValue *value, GParamSpec *spec)
{
  PageFrame *self = PANEL_PAGE_FRAME (object);

  switch (id) {
  case PROPERTY_TITLE:
    g_value_set_string (value, adw_window_title_get_title (self->title));
    break;
  case PROPERTY_SUBTITLE:
    g_value_set_string (value, adw_window_title_get_subtitle (self->title));
    break;
  case PROPERTY_SEARCHABLE:
    g_value_set_boolean (value, gtk_widget_get_visible (self->search_button));
    break;
  case PROPERTY_SEARCH:
    g_value_set_string (value, page_frame_get_search (self));
    break;
  case PROPERTY_CONTENT:
    g_value_set_object (value, adw_bin_get_child (self->content));
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, spec);
  }
}

static void
page_frame_add_child (GtkBuildable *buildable, GtkBuilder *builder, GObject *child,
                      const char *type)
{
  PageFrame *self = PANEL_PAGE_FRAME (buildable);

  if (self->box == NULL || !GTK_IS_WIDGET (child))
    parent_buildable->add_child (buildable, builder, child, type);
  else if (g_strcmp0 (type, "start") == 0)
    page_frame_add_start (self, GTK_WIDGET (child));
  else if (g_strcmp0 (type, "end") == 0)
    page_frame_add_end (self, GTK_WIDGET (child));
  else
    page_frame_set_content (self, GTK_WIDGET (child));
}

static void
page_frame_buildable_init (GtkBuildableIface *iface)
{
  parent_buildable = g_type_interface_peek_parent (iface);
  iface->add_child = page_frame_add_child;
}

static void
page_frame_dispose (GObject *object)
{
  PageFrame *self = PANEL_PAGE_FRAME (object);

  g_clear_handle_id (&self->waiting, g_source_remove);
  g_clear_object (&self->connection);
  G_OBJECT_CLASS (page_frame_parent_class)->dispose (object);
}

static void
define_properties (GObjectClass *object)
{
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  properties[PROPERTY_TITLE] = g_param_spec_string ("title", NULL, NULL, "", flags);
  properties[PROPERTY_SUBTITLE] = g_param_spec_string ("subtitle", NULL, NULL, "", flags);
  properties[PROPERTY_SEARCHABLE] = g_param_spec_boolean ("searchable", NULL, NULL, FALSE, flags);
  properties[PROPERTY_SEARCH]
      = g_param_spec_string ("search", NULL, NULL, "", G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROPERTY_CONTENT]
      = g_param_spec_object ("content", NULL, NULL, GTK_TYPE_WIDGET, flags);
  g_object_class_install_properties (object, PROPERTY_COUNT, properties);
}

static void
page_frame_class_init (PageFrameClass *class)
{
  GtkWidgetClass *widget = GTK_WIDGET_CLASS (class);
  GObjectClass *object = G_OBJECT_CLASS (class);

  object->dispose = page_frame_dispose;
  object->set_property = page_frame_set_property;
  object->get_property = page_frame_get_property;
  widget->map = page_frame_map;
  widget->root = page_frame_root;
  widget->unroot = page_frame_unroot;
  define_properties (object);
  signals[SIGNAL_REFRESH] = g_signal_new ("refresh", G_TYPE_FROM_CLASS (class), G_SIGNAL_RUN_LAST,
                                          0, NULL, NULL, NULL, G_TYPE_NONE, 0);

  g_type_ensure (PANEL_TYPE_BANNER);
  gtk_widget_class_set_template_from_resource (widget, "/hauspost/widgets/page-frame.ui");
  gtk_widget_class_bind_template_child (widget, PageFrame, box);
  gtk_widget_class_bind_template_child (widget, PageFrame, header);
  gtk_widget_class_bind_template_child (widget, PageFrame, title);
  gtk_widget_class_bind_template_child (widget, PageFrame, back);
  gtk_widget_class_bind_template_child (widget, PageFrame, search_button);
  gtk_widget_class_bind_template_child (widget, PageFrame, search_bar);
  gtk_widget_class_bind_template_child (widget, PageFrame, search_entry);
  gtk_widget_class_bind_template_child (widget, PageFrame, banner);
  gtk_widget_class_bind_template_child (widget, PageFrame, stack);
  gtk_widget_class_bind_template_child (widget, PageFrame, spinner);
  gtk_widget_class_bind_template_child (widget, PageFrame, content);
  gtk_widget_class_bind_template_child (widget, PageFrame, empty);
  gtk_widget_class_bind_template_child (widget, PageFrame, empty_button);
  gtk_widget_class_bind_template_child (widget, PageFrame, failed);
  gtk_widget_class_bind_template_callback (widget, did_search);
  gtk_widget_class_bind_template_callback (widget, try_again);
}

static void
page_frame_init (PageFrame *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_search_bar_connect_entry (self->search_bar, self->search_entry);
  g_signal_connect_swapped (self->search_bar, "notify::search-mode-enabled",
                            G_CALLBACK (did_search), self);
  page_frame_show_loading (self);
}

GtkWidget *
page_frame_new (const char *title)
{
  return g_object_new (PANEL_TYPE_PAGE_FRAME, "title", title, NULL);
}

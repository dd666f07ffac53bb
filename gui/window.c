/* The sidebar chooses a page; a page is made when it is first shown. */
#include "window.h"
#include "assistant.h"
#include "connect-view.h"
#include "pages.h"
#include "preferences.h"
#include "widgets/page-frame.h"
#include "window-toasts.h"
#include <glib/gi18n.h>

struct _Window {
  AdwApplicationWindow parent;

  GtkOverlay *toasts;
  AdwLeaflet *leaflet; /* the sidebar, and what is right of it */
  AdwLeaflet *navigation; /* the pages, and above them what was pushed */
  GtkWidget *side;
  AdwHeaderBar *side_header;
  AdwWindowTitle *side_title;
  GtkListBox *list;
  GtkStack *pages;

  Connection *connection; /* NULL: none yet */
  WindowToasts *waiting;
  gboolean is_pushing;
};
G_DEFINE_FINAL_TYPE (Window, window, ADW_TYPE_APPLICATION_WINDOW)

enum { PROPERTY_FOLDED = 1, PROPERTY_COUNT };
static GParamSpec *properties[PROPERTY_COUNT];

static Window *
window_of (GtkWidget *from)
{
  GtkWidget *found = from ? gtk_widget_get_ancestor (from, PANEL_TYPE_WINDOW) : NULL;

  /* A dialog belongs to the window that it stands above. */
  if (found == NULL && from != NULL && GTK_IS_WINDOW (gtk_widget_get_root (from)))
    found = GTK_WIDGET (gtk_window_get_transient_for (GTK_WINDOW (gtk_widget_get_root (from))));
  return PANEL_IS_WINDOW (found) ? PANEL_WINDOW (found) : NULL;
}

/* Going up. */

gboolean
window_is_folded (GtkWidget *from)
{
  Window *self = window_of (from);

  return self != NULL && adw_leaflet_get_folded (self->leaflet);
}

/* As long as there is no server there are no pages: what was pushed first is all there is. */
static gboolean
is_first (Window *self, GtkWidget *from)
{
  g_autoptr (GtkSelectionModel) children = adw_leaflet_get_pages (self->navigation);
  const guint at = self->connection == NULL ? 1 : 0; /* the pages stand at 0 */
  g_autoptr (AdwLeafletPage) child = g_list_model_get_item (G_LIST_MODEL (children), at);

  return child == NULL || gtk_widget_is_ancestor (from, adw_leaflet_page_get_child (child))
      || from == adw_leaflet_page_get_child (child);
}

gboolean
window_is_pushed (GtkWidget *from)
{
  Window *self = window_of (from);

  return self != NULL && gtk_widget_is_ancestor (from, GTK_WIDGET (self->navigation))
      && !is_first (self, from);
}

static GtkListBoxRow *
find_row (Window *self, const char *id)
{
  for (guint i = 0; i < panel_page_count; i++)
    if (g_strcmp0 (panel_pages[i].id, id) == 0)
      return gtk_list_box_get_row_at_index (self->list, (int)i);
  return NULL;
}

static void
did_fold (Window *self)
{
  const gboolean folded = adw_leaflet_get_folded (self->leaflet);

  adw_header_bar_set_show_end_title_buttons (self->side_header, folded);
  gtk_list_box_set_selection_mode (self->list, folded ? GTK_SELECTION_NONE : GTK_SELECTION_SINGLE);
  if (!folded)
    gtk_list_box_select_row (self->list,
                             find_row (self, gtk_stack_get_visible_child_name (self->pages)));
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROPERTY_FOLDED]);
}

/* What a person has gone back from is no more. (The leaflet's widgets are in the order in which
 * they are painted, so their neighbours say nothing.) */
static void
drop_forward (Window *self)
{
  GtkWidget *after;

  if (adw_leaflet_get_visible_child (self->navigation) == NULL)
    return;
  while (
      (after = adw_leaflet_get_adjacent_child (self->navigation, ADW_NAVIGATION_DIRECTION_FORWARD))
      != NULL)
    adw_leaflet_remove (self->navigation, after);
}

static void
did_move (Window *self)
{
  if (!self->is_pushing && !adw_leaflet_get_child_transition_running (self->navigation))
    drop_forward (self);
}

void
window_push (GtkWidget *from, GtkWidget *widget)
{
  Window *self = window_of (from);

  if (self == NULL) {
    g_object_ref_sink (widget);
    g_object_unref (widget);
    return;
  }
  /* A transition that still runs ends meanwhile, and would take the new page with it. */
  self->is_pushing = TRUE;
  drop_forward (self);
  adw_leaflet_append (self->navigation, widget);
  adw_leaflet_set_visible_child (self->navigation, widget);
  self->is_pushing = FALSE;
  adw_leaflet_set_visible_child (self->leaflet, GTK_WIDGET (self->navigation));
  gtk_widget_child_focus (widget, GTK_DIR_TAB_FORWARD);
}

void
window_pop (GtkWidget *from)
{
  Window *self = window_of (from);

  if (self != NULL && !adw_leaflet_navigate (self->navigation, ADW_NAVIGATION_DIRECTION_BACK))
    adw_leaflet_set_visible_child (self->leaflet, self->side);
}

/* All that was pushed goes at once. */
static void
pop_all (Window *self)
{
  adw_leaflet_set_visible_child (self->navigation, GTK_WIDGET (self->pages));
  did_move (self);
}

/* Pages. */

static void show_setup (GtkWidget *widget, const char *name, GVariant *parameter);

gboolean
window_show_page (GtkWidget *from, const char *id)
{
  Window *self = window_of (from);
  const PanelPage *page = panel_page_find (id);

  if (self == NULL || self->connection == NULL)
    return FALSE;
  if (g_strcmp0 (id, "setup") == 0)
    show_setup (GTK_WIDGET (self), NULL, NULL);
  if (page == NULL)
    return FALSE;
  if (gtk_stack_get_child_by_name (self->pages, page->id) == NULL)
    gtk_stack_add_named (self->pages, page->new (self->connection), page->id);
  gtk_stack_set_visible_child_name (self->pages, page->id);
  pop_all (self);
  if (!adw_leaflet_get_folded (self->leaflet))
    gtk_list_box_select_row (self->list, find_row (self, page->id));
  adw_leaflet_set_visible_child (self->leaflet, GTK_WIDGET (self->navigation));
  return TRUE;
}

static void
did_choose (Window *self, GtkListBoxRow *row)
{
  window_show_page (GTK_WIDGET (self), panel_pages[gtk_list_box_row_get_index (row)].id);
}

/* By the arrow keys, too: what is marked is what is shown. */
static void
did_select (Window *self, GtkListBoxRow *row)
{
  if (row != NULL && find_row (self, gtk_stack_get_visible_child_name (self->pages)) != row)
    did_choose (self, row);
}

static GtkWidget *
make_row (const PanelPage *page)
{
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *label = gtk_label_new (_ (page->title));

  gtk_widget_set_margin_top (box, 6);
  gtk_widget_set_margin_bottom (box, 6);
  gtk_box_append (GTK_BOX (box), gtk_image_new_from_icon_name (page->icon));
  gtk_box_append (GTK_BOX (box), label);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ (page->title), -1);
  return row;
}

static PageFrame *
find_frame (GtkWidget *widget)
{
  if (PANEL_IS_PAGE_FRAME (widget))
    return PANEL_PAGE_FRAME (widget);
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child)) {
    PageFrame *found = gtk_widget_get_child_visible (child) ? find_frame (child) : NULL;
    if (found != NULL)
      return found;
  }
  return NULL;
}

/* The frame a person looks at. */
static PageFrame *
current_frame (Window *self)
{
  GtkWidget *shown = adw_leaflet_get_visible_child (self->navigation);

  if (shown == GTK_WIDGET (self->pages))
    shown = gtk_stack_get_visible_child (self->pages);
  return shown ? find_frame (shown) : NULL;
}

/* Actions of the window. */

static void
go_back (GtkWidget *widget, const char *name, GVariant *parameter)
{
  Window *self = PANEL_WINDOW (widget);

  if (adw_leaflet_get_folded (self->leaflet)
      || !is_first (self, adw_leaflet_get_visible_child (self->navigation)))
    window_pop (widget);
}

static void
begin_search (GtkWidget *widget, const char *name, GVariant *parameter)
{
  PageFrame *frame = current_frame (PANEL_WINDOW (widget));

  if (frame != NULL)
    page_frame_begin_search (frame);
}

static void
refresh (GtkWidget *widget, const char *name, GVariant *parameter)
{
  PageFrame *frame = current_frame (PANEL_WINDOW (widget));

  if (frame != NULL)
    page_frame_refresh (frame);
}

/* Other servers than the one that is shown. */
static void
show_servers (GtkWidget *widget, const char *name, GVariant *parameter)
{
  window_push (widget, connect_view_new (NULL));
}

static void
show_setup (GtkWidget *widget, const char *name, GVariant *parameter)
{
  Connection *connection = PANEL_WINDOW (widget)->connection;

  if (connection != NULL)
    window_push (widget, assistant_new (connection, NULL));
}

static void
show_page (GtkWidget *widget, const char *name, GVariant *parameter)
{
  window_show_page (widget, g_variant_get_string (parameter, NULL));
}

/* Toasts. */

/* NULL: the window is gone, and with it who would read them. */
static WindowToasts *
toasts_of (GtkWidget *from)
{
  Window *self = window_of (from);

  return self != NULL ? self->waiting : NULL;
}

void
window_toast (GtkWidget *from, const char *text)
{
  WindowToasts *toasts = toasts_of (from);

  if (toasts != NULL)
    window_toasts_say (toasts, text);
}

void
window_toast_error (GtkWidget *from, const GError *error)
{
  WindowToasts *toasts = toasts_of (from);

  if (toasts != NULL && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    window_toasts_complain (toasts, error->message);
}

void
window_toast_undo (GtkWidget *from, const char *text, WindowFunc undo, gpointer data,
                   GDestroyNotify destroy)
{
  window_toast_pending (from, text, NULL, undo, data, destroy);
}

void
window_toast_pending (GtkWidget *from, const char *text, WindowFunc commit, WindowFunc undo,
                      gpointer data, GDestroyNotify destroy)
{
  WindowToasts *toasts = toasts_of (from);

  if (toasts != NULL)
    window_toasts_offer (toasts, text, commit, undo, data, destroy);
  else if (destroy != NULL)
    destroy (data);
}

static gboolean
close_toast (GtkWidget *widget, GVariant *arguments, gpointer data)
{
  return window_toasts_close (PANEL_WINDOW (widget)->waiting);
}

/* The connection. */

static void
show_server (Window *self)
{
  json_t *whoami = self->connection ? connection_get_whoami (self->connection) : NULL;
  const char *hostname
      = json_string_value (json_object_get (json_object_get (whoami, "server"), "hostname"));
  const char *name = self->connection ? connection_get_name (self->connection) : "";

  adw_window_title_set_subtitle (self->side_title, hostname ? hostname : name);
}

static void
remove_pages (Window *self)
{
  GtkWidget *page;

  pop_all (self);
  while ((page = gtk_widget_get_first_child (GTK_WIDGET (self->pages))) != NULL)
    gtk_stack_remove (self->pages, page);
}

Connection *
window_get_connection (Window *self)
{
  return self->connection;
}

void
window_set_connection (Window *self, Connection *connection)
{
  if (self->connection != NULL) {
    window_toasts_settle (self->waiting);
    g_signal_handlers_disconnect_by_func (self->connection, show_server, self);
    remove_pages (self);
    connection_close (self->connection);
  }
  g_set_object (&self->connection, connection);
  gtk_widget_set_sensitive (GTK_WIDGET (self->list), connection != NULL);
  show_server (self);
  if (connection == NULL)
    return;
  g_signal_connect_object (connection, "notify::state", G_CALLBACK (show_server), self,
                           G_CONNECT_SWAPPED);
  if (connection_get_state (connection) == CONNECTION_CLOSED)
    connection_open (connection);
  window_show_page (GTK_WIDGET (self), panel_pages[0].id);
}

/* The object. */

static void
keep_size (Window *self)
{
  int width, height;

  gtk_window_get_default_size (GTK_WINDOW (self), &width, &height);
  g_key_file_set_integer (preferences (), "window", "width", width);
  g_key_file_set_integer (preferences (), "window", "height", height);
  g_key_file_set_boolean (preferences (), "window", "maximized",
                          gtk_window_is_maximized (GTK_WINDOW (self)));
  preferences_save ();
}

static void
take_size (Window *self)
{
  const int width = g_key_file_get_integer (preferences (), "window", "width", NULL);
  const int height = g_key_file_get_integer (preferences (), "window", "height", NULL);

  if (width >= 360 && height >= 294)
    gtk_window_set_default_size (GTK_WINDOW (self), width, height);
  if (g_key_file_get_boolean (preferences (), "window", "maximized", NULL))
    gtk_window_maximize (GTK_WINDOW (self));
}

/* What still waits for an undo is done; the calls keep the application until they have ended. */
static gboolean
window_close_request (GtkWindow *window)
{
  Window *self = PANEL_WINDOW (window);

  keep_size (self);
  window_toasts_settle (self->waiting);
  return GTK_WINDOW_CLASS (window_parent_class)->close_request (window);
}

static void
window_get_property (GObject *object, guint id, GValue *value, GParamSpec *spec)
{
  g_value_set_boolean (value, adw_leaflet_get_folded (PANEL_WINDOW (object)->leaflet));
}

static void
window_dispose (GObject *object)
{
  Window *self = PANEL_WINDOW (object);

  g_clear_pointer (&self->waiting, window_toasts_free);
  if (self->connection != NULL)
    connection_close (self->connection);
  g_clear_object (&self->connection);
  G_OBJECT_CLASS (window_parent_class)->dispose (object);
}

static void
add_keys (GtkWidgetClass *widget)
{
  static const struct {
    guint key;
    GdkModifierType modifiers;
    const char *action;
  } keys[] = {
    { GDK_KEY_f, GDK_CONTROL_MASK, "win.search" },
    { GDK_KEY_F5, 0, "win.refresh" },
    { GDK_KEY_r, GDK_CONTROL_MASK, "win.refresh" },
    { GDK_KEY_Left, GDK_ALT_MASK, "win.back" },
    { GDK_KEY_Back, 0, "win.back" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    gtk_widget_class_add_binding_action (widget, keys[i].key, keys[i].modifiers, keys[i].action,
                                         NULL);
  gtk_widget_class_add_binding (widget, GDK_KEY_Escape, 0, close_toast, NULL);
  for (guint i = 0; i < panel_page_count && i < 9; i++)
    gtk_widget_class_add_binding_action (widget, GDK_KEY_1 + i, GDK_CONTROL_MASK, "win.page", "s",
                                         panel_pages[i].id);
}

static void
window_class_init (WindowClass *class)
{
  GtkWidgetClass *widget = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = window_dispose;
  G_OBJECT_CLASS (class)->get_property = window_get_property;
  GTK_WINDOW_CLASS (class)->close_request = window_close_request;
  properties[PROPERTY_FOLDED] = g_param_spec_boolean ("folded", NULL, NULL, FALSE,
                                                      G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (G_OBJECT_CLASS (class), PROPERTY_COUNT, properties);

  gtk_widget_class_set_template_from_resource (widget, "/hauspost/window.ui");
  gtk_widget_class_bind_template_child (widget, Window, toasts);
  gtk_widget_class_bind_template_child (widget, Window, leaflet);
  gtk_widget_class_bind_template_child (widget, Window, navigation);
  gtk_widget_class_bind_template_child (widget, Window, side);
  gtk_widget_class_bind_template_child (widget, Window, side_header);
  gtk_widget_class_bind_template_child (widget, Window, side_title);
  gtk_widget_class_bind_template_child (widget, Window, list);
  gtk_widget_class_bind_template_child (widget, Window, pages);
  gtk_widget_class_bind_template_callback (widget, did_fold);
  gtk_widget_class_bind_template_callback (widget, did_move);
  gtk_widget_class_bind_template_callback (widget, did_choose);
  gtk_widget_class_bind_template_callback (widget, did_select);
  gtk_widget_class_install_action (widget, "win.back", NULL, go_back);
  gtk_widget_class_install_action (widget, "win.search", NULL, begin_search);
  gtk_widget_class_install_action (widget, "win.refresh", NULL, refresh);
  gtk_widget_class_install_action (widget, "win.page", "s", show_page);
  gtk_widget_class_install_action (widget, "win.servers", NULL, show_servers);
  gtk_widget_class_install_action (widget, "win.setup", NULL, show_setup);
  add_keys (widget);
}

static void
window_init (Window *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->waiting = window_toasts_new (self->toasts);
  for (guint i = 0; i < panel_page_count; i++)
    gtk_list_box_append (self->list, make_row (&panel_pages[i]));
  take_size (self);
  did_fold (self);
}

Window *
window_new (AdwApplication *application, Connection *connection)
{
  Window *self = g_object_new (PANEL_TYPE_WINDOW, "application", application, NULL);

  window_set_connection (self, connection);
  return self;
}

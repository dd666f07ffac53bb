/* The theme draws what is called "toast"; how it comes in is in style.css. */
#include "widgets/toast.h"
#include <glib/gi18n.h>

#define LINE_CHARS 60

struct _Toast {
  GtkWidget parent;

  GtkEventController *pointer, *focus; /* borrowed: the widget's */
  guint seconds, left;
  guint timer;
};
G_DEFINE_FINAL_TYPE (Toast, toast, GTK_TYPE_WIDGET)

enum { CLICKED, CLOSED, SIGNAL_COUNT };
static guint signals[SIGNAL_COUNT];

static void
did_click (Toast *self)
{
  g_signal_emit (self, signals[CLICKED], 0);
}

static void
did_close (Toast *self)
{
  g_signal_emit (self, signals[CLOSED], 0);
}

/* Whoever reads it or is about to press its button has all the time again. */
static gboolean
did_wait (gpointer data)
{
  Toast *self = data;
  const gboolean is_held
      = gtk_event_controller_motion_contains_pointer (GTK_EVENT_CONTROLLER_MOTION (self->pointer))
      || gtk_event_controller_focus_contains_focus (GTK_EVENT_CONTROLLER_FOCUS (self->focus));

  self->left = is_held ? self->seconds : self->left - 1;
  if (self->left > 0)
    return G_SOURCE_CONTINUE;
  self->timer = 0;
  did_close (self);
  return G_SOURCE_REMOVE;
}

static void
toast_dispose (GObject *object)
{
  Toast *self = PANEL_TOAST (object);
  GtkWidget *child;

  g_clear_handle_id (&self->timer, g_source_remove);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);
  G_OBJECT_CLASS (toast_parent_class)->dispose (object);
}

static void
toast_class_init (ToastClass *class)
{
  GtkWidgetClass *widget = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = toast_dispose;
  gtk_widget_class_set_layout_manager_type (widget, GTK_TYPE_BOX_LAYOUT);
  gtk_widget_class_set_css_name (widget, "toast");
  gtk_widget_class_set_accessible_role (widget, GTK_ACCESSIBLE_ROLE_ALERT);
  signals[CLICKED] = g_signal_new ("clicked", PANEL_TYPE_TOAST, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 0);
  signals[CLOSED] = g_signal_new ("closed", PANEL_TYPE_TOAST, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                  NULL, G_TYPE_NONE, 0);
}

static void
toast_init (Toast *self)
{
  GtkWidget *widget = GTK_WIDGET (self);

  self->pointer = gtk_event_controller_motion_new ();
  self->focus = gtk_event_controller_focus_new ();
  gtk_widget_add_controller (widget, self->pointer);
  gtk_widget_add_controller (widget, self->focus);
  gtk_widget_set_halign (widget, GTK_ALIGN_CENTER);
  gtk_widget_set_valign (widget, GTK_ALIGN_END);
}

/* Long texts are wrapped, not cut off. */
static GtkWidget *
label_new (const char *text)
{
  GtkWidget *widget = gtk_label_new (text);
  GtkLabel *label = GTK_LABEL (widget);

  gtk_label_set_wrap (label, TRUE);
  gtk_label_set_wrap_mode (label, PANGO_WRAP_WORD_CHAR);
  gtk_label_set_natural_wrap_mode (label, GTK_NATURAL_WRAP_NONE);
  gtk_label_set_max_width_chars (label, LINE_CHARS);
  gtk_label_set_xalign (label, 0);
  gtk_widget_set_hexpand (widget, TRUE);
  gtk_widget_add_css_class (widget, "heading");
  return widget;
}

static void
add_button (Toast *self, GtkWidget *button, GCallback func)
{
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_set_focus_on_click (button, FALSE);
  gtk_widget_set_parent (button, GTK_WIDGET (self));
  g_signal_connect_swapped (button, "clicked", func, self);
}

static GtkWidget *
close_button_new (void)
{
  GtkWidget *button = gtk_button_new_from_icon_name ("window-close-symbolic");

  gtk_widget_set_tooltip_text (button, _ ("Close"));
  gtk_widget_add_css_class (button, "circular");
  gtk_widget_add_css_class (button, "flat");
  return button;
}

GtkWidget *
toast_new (const char *text, const char *button, guint seconds)
{
  Toast *self = g_object_new (PANEL_TYPE_TOAST, NULL);

  gtk_widget_set_parent (label_new (text), GTK_WIDGET (self));
  if (button != NULL)
    add_button (self, gtk_button_new_with_label (button), G_CALLBACK (did_click));
  add_button (self, close_button_new (), G_CALLBACK (did_close));
  self->seconds = self->left = seconds;
  if (seconds > 0)
    self->timer = g_timeout_add_seconds (1, did_wait, self);
  return GTK_WIDGET (self);
}

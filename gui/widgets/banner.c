/* A revealer with a box in the style of a warning. */
#include "widgets/banner.h"

struct _Banner {
  AdwBin parent;

  GtkRevealer *revealer;
  GtkLabel *label;
  GtkButton *button;
};
G_DEFINE_FINAL_TYPE (Banner, banner, ADW_TYPE_BIN)

enum { PROPERTY_TITLE = 1, PROPERTY_BUTTON_LABEL, PROPERTY_REVEALED, PROPERTY_COUNT };
static GParamSpec *properties[PROPERTY_COUNT];
enum { SIGNAL_BUTTON_CLICKED, SIGNAL_COUNT };
static guint signals[SIGNAL_COUNT];

void
banner_set_title (Banner *self, const char *title)
{
  gtk_label_set_text (self->label, title);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROPERTY_TITLE]);
}

void
banner_set_button_label (Banner *self, const char *label)
{
  gtk_widget_set_visible (GTK_WIDGET (self->button), label != NULL);
  gtk_button_set_label (self->button, label ? label : "");
  gtk_button_set_use_underline (self->button, TRUE);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROPERTY_BUTTON_LABEL]);
}

void
banner_set_revealed (Banner *self, gboolean revealed)
{
  gtk_revealer_set_reveal_child (self->revealer, revealed);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROPERTY_REVEALED]);
}

static void
banner_set_property (GObject *object, guint id, const GValue *value, GParamSpec *spec)
{
  Banner *self = PANEL_BANNER (object);

  if (id == PROPERTY_TITLE)
    banner_set_title (self, g_value_get_string (value) ? g_value_get_string (value) : "");
  else if (id == PROPERTY_BUTTON_LABEL)
    banner_set_button_label (self, g_value_get_string (value));
  else if (id == PROPERTY_REVEALED)
    banner_set_revealed (self, g_value_get_boolean (value));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, spec);
}

static void
banner_get_property (GObject *object, guint id, GValue *value, GParamSpec *spec)
{
  Banner *self = PANEL_BANNER (object);

  if (id == PROPERTY_TITLE)
    g_value_set_string (value, gtk_label_get_text (self->label));
  else if (id == PROPERTY_BUTTON_LABEL)
    g_value_set_string (value, gtk_button_get_label (self->button));
  else if (id == PROPERTY_REVEALED)
    g_value_set_boolean (value, gtk_revealer_get_reveal_child (self->revealer));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, spec);
}

static void
banner_class_init (BannerClass *class)
{
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  G_OBJECT_CLASS (class)->set_property = banner_set_property;
  G_OBJECT_CLASS (class)->get_property = banner_get_property;
  properties[PROPERTY_TITLE] = g_param_spec_string ("title", NULL, NULL, "", flags);
  properties[PROPERTY_BUTTON_LABEL] = g_param_spec_string ("button-label", NULL, NULL, NULL, flags);
  properties[PROPERTY_REVEALED] = g_param_spec_boolean ("revealed", NULL, NULL, FALSE, flags);
  g_object_class_install_properties (G_OBJECT_CLASS (class), PROPERTY_COUNT, properties);
  signals[SIGNAL_BUTTON_CLICKED]
      = g_signal_new ("button-clicked", G_TYPE_FROM_CLASS (class), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                      NULL, G_TYPE_NONE, 0);
}

static void
did_click (Banner *self)
{
  g_signal_emit (self, signals[SIGNAL_BUTTON_CLICKED], 0);
}

static void
banner_init (Banner *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);

  self->label = GTK_LABEL (gtk_label_new (""));
  self->button = GTK_BUTTON (gtk_button_new_with_label (""));
  self->revealer = GTK_REVEALER (gtk_revealer_new ());
  gtk_label_set_wrap (self->label, TRUE);
  gtk_label_set_wrap_mode (self->label, PANGO_WRAP_WORD_CHAR);
  gtk_label_set_xalign (self->label, 0);
  gtk_widget_set_hexpand (GTK_WIDGET (self->label), TRUE);
  gtk_widget_set_valign (GTK_WIDGET (self->button), GTK_ALIGN_CENTER);
  gtk_widget_set_visible (GTK_WIDGET (self->button), FALSE);
  gtk_widget_add_css_class (box, "banner");
  gtk_widget_add_css_class (box, "warning");
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->label));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->button));
  gtk_revealer_set_child (self->revealer, box);
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->revealer));
  g_signal_connect_swapped (self->button, "clicked", G_CALLBACK (did_click), self);
}

GtkWidget *
banner_new (const char *title)
{
  return g_object_new (PANEL_TYPE_BANNER, "title", title, NULL);
}

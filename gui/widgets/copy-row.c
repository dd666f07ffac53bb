/* The value stands below the label, can be selected, and is copied by the button. */
#include "widgets/copy-row.h"
#include "window.h"
#include <glib/gi18n.h>

struct _CopyRow {
  AdwActionRow parent;

  GtkWidget *button;
};
G_DEFINE_FINAL_TYPE (CopyRow, copy_row, ADW_TYPE_ACTION_ROW)

enum { PROPERTY_LABEL = 1, PROPERTY_VALUE, PROPERTY_COUNT };
static GParamSpec *properties[PROPERTY_COUNT];

static void
did_click (GtkWidget *button)
{
  const char *text = g_object_get_data (G_OBJECT (button), "text");

  gdk_clipboard_set_text (gtk_widget_get_clipboard (button), text ? text : "");
  window_toast (button, _ ("Copied"));
}

void
copy_button_set_text (GtkWidget *button, const char *text)
{
  g_object_set_data_full (G_OBJECT (button), "text", g_strdup (text), g_free);
  gtk_widget_set_sensitive (button, text != NULL && *text != '\0');
}

static void
name_button (GtkWidget *button, const char *name)
{
  g_autofree char *label = g_strdup_printf (_ ("Copy: %s"), name);

  gtk_widget_set_tooltip_text (button, _ ("Copy"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, label,
                                  -1);
}

GtkWidget *
copy_button_new (const char *name, const char *text)
{
  GtkWidget *button = gtk_button_new_from_icon_name ("edit-copy-symbolic");

  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (button, "flat");
  g_signal_connect (button, "clicked", G_CALLBACK (did_click), NULL);
  name_button (button, name);
  copy_button_set_text (button, text);
  return button;
}

void
copy_row_set_value (CopyRow *self, const char *value)
{
  g_autofree char *escaped = g_markup_escape_text (value ? value : "", -1);

  adw_action_row_set_subtitle (ADW_ACTION_ROW (self), escaped);
  copy_button_set_text (self->button, value);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROPERTY_VALUE]);
}

static void
copy_row_set_property (GObject *object, guint id, const GValue *value, GParamSpec *spec)
{
  CopyRow *self = PANEL_COPY_ROW (object);

  if (id == PROPERTY_LABEL) {
    g_autofree char *label = g_markup_escape_text (g_value_get_string (value), -1);
    adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self), label);
    name_button (self->button, g_value_get_string (value));
  } else if (id == PROPERTY_VALUE)
    copy_row_set_value (self, g_value_get_string (value));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, spec);
}

static void
copy_row_get_property (GObject *object, guint id, GValue *value, GParamSpec *spec)
{
  CopyRow *self = PANEL_COPY_ROW (object);

  if (id == PROPERTY_LABEL)
    g_value_set_string (value, adw_preferences_row_get_title (ADW_PREFERENCES_ROW (self)));
  else if (id == PROPERTY_VALUE)
    g_value_set_string (value, g_object_get_data (G_OBJECT (self->button), "text"));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, spec);
}

static void
copy_row_class_init (CopyRowClass *class)
{
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  G_OBJECT_CLASS (class)->set_property = copy_row_set_property;
  G_OBJECT_CLASS (class)->get_property = copy_row_get_property;
  properties[PROPERTY_LABEL] = g_param_spec_string ("label", NULL, NULL, "", flags);
  properties[PROPERTY_VALUE] = g_param_spec_string ("value", NULL, NULL, "", flags);
  g_object_class_install_properties (G_OBJECT_CLASS (class), PROPERTY_COUNT, properties);
}

static void
copy_row_init (CopyRow *self)
{
  self->button = copy_button_new ("", NULL);
  adw_action_row_add_suffix (ADW_ACTION_ROW (self), self->button);
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (self), self->button);
  /* The row has called the button by its title alone, which says nothing of copying. */
  gtk_accessible_reset_relation (GTK_ACCESSIBLE (self->button),
                                 GTK_ACCESSIBLE_RELATION_LABELLED_BY);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (self), 0);
  gtk_widget_add_css_class (GTK_WIDGET (self), "property");
}

GtkWidget *
copy_row_new (const char *label, const char *value)
{
  return g_object_new (PANEL_TYPE_COPY_ROW, "label", label, "value", value, NULL);
}

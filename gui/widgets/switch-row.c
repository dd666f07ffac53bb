/* An action row that a click anywhere switches. */
#include "widgets/switch-row.h"

struct _SwitchRow {
  AdwActionRow parent;

  GtkSwitch *toggle;
};
G_DEFINE_FINAL_TYPE (SwitchRow, switch_row, ADW_TYPE_ACTION_ROW)

enum { PROPERTY_ACTIVE = 1, PROPERTY_COUNT };
static GParamSpec *properties[PROPERTY_COUNT];

gboolean
switch_row_get_active (SwitchRow *self)
{
  return gtk_switch_get_active (self->toggle);
}

/* Said once more what it is, GtkSwitch would end the movement by which a person just now turns it,
 * and stay where it was. */
void
switch_row_set_active (SwitchRow *self, gboolean active)
{
  if (gtk_switch_get_active (self->toggle) != active)
    gtk_switch_set_active (self->toggle, active);
}

static void
switch_row_set_property (GObject *object, guint id, const GValue *value, GParamSpec *spec)
{
  if (id == PROPERTY_ACTIVE)
    switch_row_set_active (PANEL_SWITCH_ROW (object), g_value_get_boolean (value));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, spec);
}

static void
switch_row_get_property (GObject *object, guint id, GValue *value, GParamSpec *spec)
{
  if (id == PROPERTY_ACTIVE)
    g_value_set_boolean (value, switch_row_get_active (PANEL_SWITCH_ROW (object)));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, spec);
}

static void
switch_row_class_init (SwitchRowClass *class)
{
  G_OBJECT_CLASS (class)->set_property = switch_row_set_property;
  G_OBJECT_CLASS (class)->get_property = switch_row_get_property;
  properties[PROPERTY_ACTIVE]
      = g_param_spec_boolean ("active", NULL, NULL, FALSE,
                              G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (G_OBJECT_CLASS (class), PROPERTY_COUNT, properties);
}

static void
did_toggle (SwitchRow *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROPERTY_ACTIVE]);
}

static void
switch_row_init (SwitchRow *self)
{
  self->toggle = GTK_SWITCH (gtk_switch_new ());
  gtk_widget_set_valign (GTK_WIDGET (self->toggle), GTK_ALIGN_CENTER);
  adw_action_row_add_suffix (ADW_ACTION_ROW (self), GTK_WIDGET (self->toggle));
  /* Which also makes the row's title its name for a screen reader. */
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (self), GTK_WIDGET (self->toggle));
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (self), FALSE);
  g_signal_connect_swapped (self->toggle, "notify::active", G_CALLBACK (did_toggle), self);
}

GtkWidget *
switch_row_new (const char *title)
{
  return g_object_new (PANEL_TYPE_SWITCH_ROW, "title", title, NULL);
}

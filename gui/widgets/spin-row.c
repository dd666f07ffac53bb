/* An action row with a spin button. */
#include "widgets/spin-row.h"

struct _SpinRow {
  AdwActionRow parent;

  GtkSpinButton *spin;
};
G_DEFINE_FINAL_TYPE (SpinRow, spin_row, ADW_TYPE_ACTION_ROW)

enum { PROPERTY_VALUE = 1, PROPERTY_COUNT };
static GParamSpec *properties[PROPERTY_COUNT];

void
spin_button_leave_wheel (GtkSpinButton *spin)
{
  g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (GTK_WIDGET (spin));

  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++) {
    g_autoptr (GtkEventController) controller = g_list_model_get_item (controllers, i);
    if (GTK_IS_EVENT_CONTROLLER_SCROLL (controller))
      gtk_event_controller_set_propagation_phase (controller, GTK_PHASE_NONE);
  }
}

double
spin_row_get_value (SpinRow *self)
{
  return gtk_spin_button_get_value (self->spin);
}

void
spin_row_set_value (SpinRow *self, double value)
{
  gtk_spin_button_set_value (self->spin, value);
}

void
spin_row_set_range (SpinRow *self, double least, double most)
{
  gtk_spin_button_set_range (self->spin, least, most);
}

static void
spin_row_set_property (GObject *object, guint id, const GValue *value, GParamSpec *spec)
{
  if (id == PROPERTY_VALUE)
    spin_row_set_value (PANEL_SPIN_ROW (object), g_value_get_double (value));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, spec);
}

static void
spin_row_get_property (GObject *object, guint id, GValue *value, GParamSpec *spec)
{
  if (id == PROPERTY_VALUE)
    g_value_set_double (value, spin_row_get_value (PANEL_SPIN_ROW (object)));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, spec);
}

static void
spin_row_class_init (SpinRowClass *class)
{
  G_OBJECT_CLASS (class)->set_property = spin_row_set_property;
  G_OBJECT_CLASS (class)->get_property = spin_row_get_property;
  properties[PROPERTY_VALUE]
      = g_param_spec_double ("value", NULL, NULL, -G_MAXDOUBLE, G_MAXDOUBLE, 0,
                             G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (G_OBJECT_CLASS (class), PROPERTY_COUNT, properties);
}

static void
did_change (SpinRow *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROPERTY_VALUE]);
}

static void
spin_row_init (SpinRow *self)
{
  self->spin = GTK_SPIN_BUTTON (gtk_spin_button_new_with_range (0, 100, 1));
  spin_button_leave_wheel (self->spin);
  gtk_widget_set_valign (GTK_WIDGET (self->spin), GTK_ALIGN_CENTER);
  gtk_spin_button_set_numeric (self->spin, TRUE);
  adw_action_row_add_suffix (ADW_ACTION_ROW (self), GTK_WIDGET (self->spin));
  /* Which also makes the row's title its name for a screen reader. */
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (self), GTK_WIDGET (self->spin));
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (self), FALSE);
  g_signal_connect_swapped (self->spin, "value-changed", G_CALLBACK (did_change), self);
}

GtkWidget *
spin_row_new (const char *title, double least, double most, double step)
{
  SpinRow *self = g_object_new (PANEL_TYPE_SPIN_ROW, "title", title, NULL);

  gtk_spin_button_set_range (self->spin, least, most);
  gtk_spin_button_set_increments (self->spin, step, step * 10);
  return GTK_WIDGET (self);
}

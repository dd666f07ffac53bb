/* A squeezer with both of them. */
#include "widgets/switcher.h"
#include <glib/gi18n.h>

struct _Switcher {
  AdwBin parent;

  GtkStack *stack; /* NULL before it is set */
  GtkSelectionModel *pages;
  GtkStackSwitcher *buttons;
  GtkDropDown *list;
};
G_DEFINE_FINAL_TYPE (Switcher, switcher, ADW_TYPE_BIN)

enum { PROPERTY_STACK = 1, PROPERTY_COUNT };
static GParamSpec *properties[PROPERTY_COUNT];

static void
did_choose (Switcher *self)
{
  const guint chosen = gtk_drop_down_get_selected (self->list);

  if (self->pages != NULL && chosen != GTK_INVALID_LIST_POSITION
      && !gtk_selection_model_is_selected (self->pages, chosen))
    gtk_selection_model_select_item (self->pages, chosen, TRUE);
}

static void
did_switch (Switcher *self)
{
  const guint count = g_list_model_get_n_items (G_LIST_MODEL (self->pages));

  for (guint i = 0; i < count; i++)
    if (gtk_selection_model_is_selected (self->pages, i))
      gtk_drop_down_set_selected (self->list, i);
}

static void
set_stack (Switcher *self, GtkStack *stack)
{
  g_return_if_fail (self->stack == NULL && stack != NULL);
  self->stack = g_object_ref (stack);
  self->pages = gtk_stack_get_pages (stack);
  gtk_stack_switcher_set_stack (self->buttons, stack);
  gtk_drop_down_set_model (self->list, G_LIST_MODEL (self->pages));
  g_signal_connect_object (stack, "notify::visible-child", G_CALLBACK (did_switch), self,
                           G_CONNECT_SWAPPED);
}

static void
switcher_set_property (GObject *object, guint id, const GValue *value, GParamSpec *spec)
{
  if (id == PROPERTY_STACK)
    set_stack (PANEL_SWITCHER (object), g_value_get_object (value));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, spec);
}

static void
switcher_dispose (GObject *object)
{
  Switcher *self = PANEL_SWITCHER (object);

  g_clear_object (&self->pages);
  g_clear_object (&self->stack);
  G_OBJECT_CLASS (switcher_parent_class)->dispose (object);
}

static void
switcher_class_init (SwitcherClass *class)
{
  G_OBJECT_CLASS (class)->dispose = switcher_dispose;
  G_OBJECT_CLASS (class)->set_property = switcher_set_property;
  properties[PROPERTY_STACK] = g_param_spec_object ("stack", NULL, NULL, GTK_TYPE_STACK,
                                                    G_PARAM_WRITABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (G_OBJECT_CLASS (class), PROPERTY_COUNT, properties);
}

static void
switcher_init (Switcher *self)
{
  GtkWidget *squeezer = adw_squeezer_new ();
  GtkExpression *title = gtk_property_expression_new (GTK_TYPE_STACK_PAGE, NULL, "title");

  self->buttons = GTK_STACK_SWITCHER (gtk_stack_switcher_new ());
  self->list = GTK_DROP_DOWN (gtk_drop_down_new (NULL, title));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->buttons), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("What is shown"), -1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->list), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("What is shown"), -1);
  gtk_widget_set_halign (GTK_WIDGET (self->buttons), GTK_ALIGN_CENTER);
  gtk_widget_set_halign (GTK_WIDGET (self->list), GTK_ALIGN_CENTER);
  adw_squeezer_add (ADW_SQUEEZER (squeezer), GTK_WIDGET (self->buttons));
  adw_squeezer_add (ADW_SQUEEZER (squeezer), GTK_WIDGET (self->list));
  adw_bin_set_child (ADW_BIN (self), squeezer);
  g_signal_connect_swapped (self->list, "notify::selected", G_CALLBACK (did_choose), self);
}

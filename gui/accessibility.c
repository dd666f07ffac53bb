/* A hook sees each widget when it comes into view and when it goes. */
#include "accessibility.h"
#include <string.h>

static void
set_name (GtkWidget *widget, const char *name)
{
  gtk_accessible_update_property (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

static gboolean
has_name (GtkWidget *widget)
{
  return gtk_test_accessible_has_property (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_PROPERTY_LABEL);
}

/* GTK 4.8 calls a button "_Save Save": by its label with the mnemonic's sign, and by what shows it.
 */
static void
drop_mnemonic (GtkWidget *button)
{
  g_autofree char *label = NULL;
  gboolean has_mnemonic = FALSE;

  g_object_get (button, "label", &label, "use-underline", &has_mnemonic, NULL);
  if (label != NULL && has_mnemonic)
    gtk_accessible_reset_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL);
}

/* What shows an icon alone is called by the first line of its tooltip. */
static void
take_tooltip (GtkWidget *button)
{
  const char *tooltip = gtk_widget_get_tooltip_text (button);
  g_autofree char *label = NULL;

  g_object_get (button, "label", &label, NULL);
  if ((label != NULL && *label != '\0') || has_name (button))
    return;
  if (tooltip != NULL) {
    g_autofree char *line = g_strndup (tooltip, strcspn (tooltip, "\n"));
    set_name (button, line);
  }
}

/* Its label may change while it is shown. */
static void
name_button (GtkWidget *button)
{
  g_signal_handlers_disconnect_by_func (button, drop_mnemonic, NULL);
  g_signal_connect (button, "notify::label", G_CALLBACK (drop_mnemonic), NULL);
  drop_mnemonic (button);
  take_tooltip (button);
}

static GtkWidget *
find_label (GtkWidget *widget)
{
  GtkWidget *found = GTK_IS_LABEL (widget) && gtk_widget_get_visible (widget) ? widget : NULL;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL && found == NULL;
       child = gtk_widget_get_next_sibling (child))
    found = find_label (child);
  return found;
}

/* A row that is called nothing is called by its first text, also when that changes. */
static void
name_row (GtkWidget *row)
{
  GtkWidget *label = find_label (row);

  if (label != NULL && !has_name (row))
    gtk_accessible_update_relation (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_RELATION_LABELLED_BY,
                                    label, NULL, -1);
}

static void
set_hidden (GtkWidget *widget, gboolean hidden)
{
  gtk_accessible_update_state (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_STATE_HIDDEN, hidden, -1);
}

/* Of these only one child is shown, or none. */
static gboolean
is_pile (GtkWidget *widget)
{
  return GTK_IS_STACK (widget) || ADW_IS_LEAFLET (widget) || ADW_IS_SQUEEZER (widget)
      || GTK_IS_REVEALER (widget);
}

static void
hide_others (GtkWidget *pile)
{
  for (GtkWidget *child = gtk_widget_get_first_child (pile); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    set_hidden (child, !gtk_widget_get_child_visible (child));
}

/* The row of a list view, which is a type of GTK's own. */
static gboolean
is_list_item (GtkWidget *widget)
{
  return strcmp (G_OBJECT_TYPE_NAME (widget), "GtkListItemWidget") == 0;
}

static gboolean
did_map (GSignalInvocationHint *hint, guint count, const GValue *values, gpointer data)
{
  GtkWidget *widget = g_value_get_object (values);
  GtkWidget *parent = gtk_widget_get_parent (widget);

  if (parent != NULL && is_pile (parent))
    set_hidden (widget, FALSE);
  if (is_pile (widget))
    hide_others (widget);
  else if (GTK_IS_BUTTON (widget) || GTK_IS_MENU_BUTTON (widget) || GTK_IS_CHECK_BUTTON (widget))
    name_button (widget);
  else if (ADW_IS_EXPANDER_ROW (widget) || is_list_item (widget))
    name_row (widget);
  else if (GTK_IS_IMAGE (widget))
    set_hidden (widget, !has_name (widget)); /* it adorns a text that says the same */
  return TRUE; /* go on */
}

static gboolean
did_unmap (GSignalInvocationHint *hint, guint count, const GValue *values, gpointer data)
{
  GtkWidget *widget = g_value_get_object (values);
  GtkWidget *parent = gtk_widget_get_parent (widget);

  if (parent != NULL && is_pile (parent))
    set_hidden (widget, TRUE);
  return TRUE;
}

void
accessibility_begin (void)
{
  g_type_class_unref (g_type_class_ref (GTK_TYPE_WIDGET)); /* which makes its signals */
  g_signal_add_emission_hook (g_signal_lookup ("map", GTK_TYPE_WIDGET), 0, did_map, NULL, NULL);
  g_signal_add_emission_hook (g_signal_lookup ("unmap", GTK_TYPE_WIDGET), 0, did_unmap, NULL, NULL);
}

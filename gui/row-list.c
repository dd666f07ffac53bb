/* What the group shows is kept with it. */
#include "row-list.h"

typedef struct {
  json_t *array;
  GPtrArray *rows; /* borrowed: the group's */
} Shown;

static void
shown_free (gpointer data)
{
  Shown *self = data;

  json_decref (self->array);
  g_ptr_array_unref (self->rows);
  g_free (self);
}

static Shown *
shown_of (AdwPreferencesGroup *group)
{
  Shown *self = g_object_get_data (G_OBJECT (group), "row-list");

  if (self == NULL) {
    self = g_new0 (Shown, 1);
    self->rows = g_ptr_array_new ();
    g_object_set_data_full (G_OBJECT (group), "row-list", self, shown_free);
  }
  return self;
}

static void
add (Shown *self, AdwPreferencesGroup *group, GtkWidget *row)
{
  adw_preferences_group_add (group, row);
  g_ptr_array_add (self->rows, row);
}

static GtkWidget *
empty_row_new (const char *text)
{
  GtkWidget *row = text_row_new (text, NULL);

  gtk_widget_add_css_class (row, "dim-label");
  return row;
}

/* What a row is known by when it is made anew; free with g_free. */
static char *
identity_of (GtkWidget *row)
{
  return g_strjoin ("\n", gtk_widget_get_name (row),
                    adw_preferences_row_get_title (ADW_PREFERENCES_ROW (row)), NULL);
}

/* The rows that a person has opened. */
static GHashTable *
opened_rows (const Shown *self)
{
  GHashTable *opened = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < self->rows->len; i++)
    if (ADW_IS_EXPANDER_ROW (self->rows->pdata[i])
        && adw_expander_row_get_expanded (self->rows->pdata[i]))
      g_hash_table_add (opened, identity_of (self->rows->pdata[i]));
  return opened;
}

static void
open_rows (const Shown *self, GHashTable *opened)
{
  for (guint i = 0; i < self->rows->len; i++) {
    g_autofree char *identity = identity_of (self->rows->pdata[i]);
    if (ADW_IS_EXPANDER_ROW (self->rows->pdata[i]) && g_hash_table_contains (opened, identity))
      adw_expander_row_set_expanded (self->rows->pdata[i], TRUE);
  }
}

void
row_list_fill (AdwPreferencesGroup *group, json_t *array, const char *empty, RowListFunc func,
               gpointer data)
{
  Shown *self = shown_of (group);
  json_t *item;
  gsize i;

  if (self->array != NULL && json_equal (self->array, array))
    return;
  json_decref (self->array);
  self->array = array != NULL ? json_deep_copy (array) : json_array ();
  g_autoptr (GHashTable) opened = opened_rows (self);
  for (guint at = 0; at < self->rows->len; at++)
    adw_preferences_group_remove (group, self->rows->pdata[at]);
  g_ptr_array_set_size (self->rows, 0);
  json_array_foreach (self->array, i, item) add (self, group, func (item, data));
  open_rows (self, opened);
  if (self->rows->len == 0 && empty != NULL)
    add (self, group, empty_row_new (empty));
}

GtkWidget *
row_button_new (const char *icon, const char *name)
{
  GtkWidget *button = gtk_button_new_from_icon_name (icon);

  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_set_tooltip_text (button, name);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  return button;
}

void
button_wrap (GtkButton *button, int most)
{
  GtkLabel *label = GTK_LABEL (gtk_button_get_child (button));

  gtk_label_set_wrap (label, TRUE);
  gtk_label_set_max_width_chars (label, most);
  gtk_label_set_justify (label, GTK_JUSTIFY_CENTER);
}

GtkWidget *
text_row_new (const char *title, const char *subtitle)
{
  GtkWidget *row = adw_action_row_new ();

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  if (subtitle != NULL)
    adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  return row;
}

void
text_row_set_sign (GtkWidget *row, const char *icon, const char *class, const char *name)
{
  GtkWidget *sign = gtk_image_new_from_icon_name (icon);

  gtk_widget_add_css_class (sign, class);
  gtk_widget_set_tooltip_text (sign, name);
  gtk_accessible_update_property (GTK_ACCESSIBLE (sign), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  if (ADW_IS_EXPANDER_ROW (row))
    adw_expander_row_add_prefix (ADW_EXPANDER_ROW (row), sign);
  else
    adw_action_row_add_prefix (ADW_ACTION_ROW (row), sign);
}

/* What the group shows is kept with it. */
#include "row-list.h"

#define WAIT_MS 100
#define WAITS_MAX 50 /* who holds a button longer wants to see what is new */

typedef struct {
  AdwPreferencesGroup *group;
  json_t *array;
  GPtrArray *rows; /* borrowed: the group's */

  /* What comes when nobody presses any more. */
  guint timer, waits;
  json_t *next;
  char *next_empty;
  RowListFunc func;
  gpointer data;
} Shown;

static void
forget_next (Shown *self)
{
  g_clear_handle_id (&self->timer, g_source_remove);
  g_clear_pointer (&self->next, json_decref);
  g_clear_pointer (&self->next_empty, g_free);
}

static void
shown_free (gpointer data)
{
  Shown *self = data;

  forget_next (self);
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
    self->group = group;
    self->rows = g_ptr_array_new ();
    g_object_set_data_full (G_OBJECT (group), "row-list", self, shown_free);
  }
  return self;
}

/* The group itself adds at its end alone; a row that is moved from there has gone for a screen
 * reader, which believes what it heard of its first place. */
static void
insert (Shown *self, guint at, GtkWidget *row)
{
  if (at < self->rows->len) {
    GtkWidget *next = self->rows->pdata[at];
    gtk_list_box_insert (GTK_LIST_BOX (gtk_widget_get_parent (next)), row,
                         gtk_list_box_row_get_index (GTK_LIST_BOX_ROW (next)));
  } else
    adw_preferences_group_add (self->group, row);
  g_ptr_array_insert (self->rows, (int)at, row);
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

/* How many of A and of B are alike from the begin, or from the end; at most MOST. */
static gsize
count_alike (const json_t *a, const json_t *b, gsize most, gboolean from_end)
{
  const gsize a_end = json_array_size (a) - 1, b_end = json_array_size (b) - 1;
  gsize count = 0;

  while (count < most
         && json_equal (json_array_get (a, from_end ? a_end - count : count),
                        json_array_get (b, from_end ? b_end - count : count)))
    count++;
  return count;
}

/* The rows whose items stay keep their items as well. */
static void
show (Shown *self, const json_t *array, RowListFunc func, gpointer data)
{
  const gsize before = json_array_size (self->array), now = json_array_size (array);
  const gsize head = count_alike (self->array, array, MIN (before, now), FALSE);
  const gsize tail = count_alike (self->array, array, MIN (before, now) - head, TRUE);
  json_t *items = json_array ();

  while (self->rows->len > head + tail) {
    adw_preferences_group_remove (self->group, self->rows->pdata[head]);
    g_ptr_array_remove_index (self->rows, (guint)head);
  }
  for (gsize i = 0; i < now; i++) {
    const gboolean is_new = i >= head && i < now - tail;
    if (is_new)
      json_array_append_new (items, json_deep_copy (json_array_get (array, i)));
    else
      json_array_append (items, json_array_get (self->array, i < head ? i : before - (now - i)));
    if (is_new)
      insert (self, (guint)i, func (json_array_get (items, i), data));
  }
  json_decref (self->array);
  self->array = items;
}

static void
fill (Shown *self, const json_t *array, const char *empty, RowListFunc func, gpointer data)
{
  g_autoptr (GHashTable) opened = opened_rows (self);

  show (self, array, func, data);
  open_rows (self, opened);
  if (self->rows->len == 0 && empty != NULL)
    insert (self, 0, empty_row_new (empty));
}

/* By a key: GTK lets a button go a moment later. */
static gboolean
is_key_down (GtkWidget *widget)
{
  if (gtk_widget_has_css_class (widget, "keyboard-activating"))
    return TRUE;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    if (is_key_down (child))
      return TRUE;
  return FALSE;
}

static gboolean
is_pressed (const Shown *self)
{
  for (guint i = 0; i < self->rows->len; i++)
    if (gtk_widget_get_state_flags (self->rows->pdata[i]) & GTK_STATE_FLAG_ACTIVE
        || is_key_down (self->rows->pdata[i]))
      return TRUE;
  return FALSE;
}

static gboolean
did_wait (gpointer data)
{
  Shown *self = data;

  if (gtk_widget_get_root (GTK_WIDGET (self->group)) != NULL) { /* else its page is gone */
    if (++self->waits < WAITS_MAX && is_pressed (self))
      return G_SOURCE_CONTINUE;
    fill (self, self->next, self->next_empty, self->func, self->data);
  }
  self->timer = 0; /* ends by itself */
  forget_next (self);
  return G_SOURCE_REMOVE;
}

static void
fill_later (Shown *self, const json_t *array, const char *empty, RowListFunc func, gpointer data)
{
  self->waits = 0;
  self->next = json_deep_copy (array);
  self->next_empty = g_strdup (empty);
  self->func = func;
  self->data = data;
  self->timer = g_timeout_add (WAIT_MS, did_wait, self);
}

void
row_list_fill (AdwPreferencesGroup *group, json_t *array, const char *empty, RowListFunc func,
               gpointer data)
{
  Shown *self = shown_of (group);

  forget_next (self);
  if (self->array != NULL && json_equal (self->array, array))
    return;
  if (is_pressed (self))
    fill_later (self, array, empty, func, data);
  else
    fill (self, array, empty, func, data);
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

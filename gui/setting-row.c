/* One editor, made when the setting is first read; what the server says later is put into it. */
#include "setting-row.h"
#include "actions.h"
#include "widgets/spin-row.h"
#include <glib/gi18n.h>
#include <string.h>

#define LONG_LABEL 14 /* letters of a choice that leave too little room for a text beside it */
#define PAUSE 700 /* ms after the last click on a number's buttons until it counts */

typedef struct _Kind Kind;

struct _SettingRow {
  AdwPreferencesRow parent;

  SettingsModel *model;
  char *key;
  const Kind *kind; /* NULL until it was read */
  gboolean updating; /* what the editor says now comes from us */
  char *seen; /* the state of what the editor was filled with; NULL: none yet */
  gboolean sent; /* what was typed since */
  guint timer;
  GtkBox *line, *texts;
  GtkLabel *help, *facts;
  GtkWidget *editor, *apply, *reset;
};
G_DEFINE_FINAL_TYPE (SettingRow, setting_row, ADW_TYPE_PREFERENCES_ROW)

/* How a type of setting is edited. */
struct _Kind {
  GtkWidget *(*new) (SettingRow *self, const json_t *setting);
  void (*show) (SettingRow *self, const json_t *setting);
  char *(*read) (SettingRow *self, const json_t *setting); /* NULL: nothing to send */
  gboolean is_wide; /* stands below the text */
  gboolean is_typed; /* counts when the person says so, and is not overwritten before */
};

static json_t *
setting_of (SettingRow *self)
{
  return settings_model_find (self->model, self->key);
}

static void
change (SettingRow *self, const char *value)
{
  self->sent = TRUE;
  settings_model_set (self->model, self->key, value, self->seen, GTK_WIDGET (self));
}

static void
send (SettingRow *self)
{
  json_t *setting = setting_of (self);
  g_autofree char *value = setting != NULL ? self->kind->read (self, setting) : NULL;

  if (value != NULL && g_strcmp0 (value, object_text (setting, "value")) != 0)
    change (self, value);
}

static void
did_choose (SettingRow *self)
{
  if (!self->updating)
    send (self);
}

/* choice: two that mean no and yes */

static GtkWidget *
switch_new (SettingRow *self, const json_t *setting)
{
  GtkWidget *editor = gtk_switch_new ();

  gtk_widget_set_valign (editor, GTK_ALIGN_CENTER);
  g_signal_connect_swapped (editor, "notify::active", G_CALLBACK (did_choose), self);
  return editor;
}

static void
switch_show (SettingRow *self, const json_t *setting)
{
  const gboolean is_on = g_strcmp0 (object_text (setting, "value"), "yes") == 0;

  if (gtk_switch_get_active (GTK_SWITCH (self->editor)) != is_on) /* as in switch-row.c */
    gtk_switch_set_active (GTK_SWITCH (self->editor), is_on);
}

static char *
switch_read (SettingRow *self, const json_t *setting)
{
  return g_strdup (gtk_switch_get_active (GTK_SWITCH (self->editor)) ? "yes" : "no");
}

/* choice: any others */

static GtkWidget *
list_new (SettingRow *self, const json_t *setting)
{
  GtkStringList *labels = gtk_string_list_new (NULL);
  json_t *choice;
  gsize i;

  json_array_foreach (object_list (setting, "choices"), i, choice)
      gtk_string_list_append (labels, object_text (choice, "label"));
  GtkWidget *editor = gtk_drop_down_new (G_LIST_MODEL (labels), NULL);
  gtk_widget_set_valign (editor, GTK_ALIGN_CENTER);
  g_signal_connect_swapped (editor, "notify::selected", G_CALLBACK (did_choose), self);
  return editor;
}

static void
list_show (SettingRow *self, const json_t *setting)
{
  json_t *choice;
  gsize i;

  json_array_foreach (object_list (setting, "choices"), i, choice)
  {
    if (g_strcmp0 (object_text (choice, "value"), object_text (setting, "value")) == 0)
      gtk_drop_down_set_selected (GTK_DROP_DOWN (self->editor), (guint)i);
  }
}

static char *
list_read (SettingRow *self, const json_t *setting)
{
  const guint i = gtk_drop_down_get_selected (GTK_DROP_DOWN (self->editor));
  const json_t *choice = json_array_get (object_list (setting, "choices"), i);

  return choice != NULL ? g_strdup (object_text (choice, "value")) : NULL;
}

/* number */

static gboolean
did_pause (gpointer data)
{
  SettingRow *self = data;

  self->timer = 0;
  send (self);
  return G_SOURCE_REMOVE;
}

static void
did_spin (SettingRow *self)
{
  if (self->updating)
    return;
  g_clear_handle_id (&self->timer, g_source_remove);
  self->timer = g_timeout_add (PAUSE, did_pause, self);
}

static GtkWidget *
number_new (SettingRow *self, const json_t *setting)
{
  const double least = (double)object_number (setting, "least");
  const double most = (double)object_number (setting, "most");
  GtkWidget *editor = gtk_spin_button_new_with_range (least, most, most > 10000 ? 10 : 1);

  gtk_widget_set_valign (editor, GTK_ALIGN_CENTER);
  spin_button_leave_wheel (GTK_SPIN_BUTTON (editor)); /* it would be sent at once */
  g_signal_connect_swapped (editor, "value-changed", G_CALLBACK (did_spin), self);
  return editor;
}

static void
number_show (SettingRow *self, const json_t *setting)
{
  gtk_spin_button_set_value (GTK_SPIN_BUTTON (self->editor),
                             g_ascii_strtod (object_text (setting, "value"), NULL));
}

static char *
number_read (SettingRow *self, const json_t *setting)
{
  return g_strdup_printf ("%d", gtk_spin_button_get_value_as_int (GTK_SPIN_BUTTON (self->editor)));
}

/* size, seconds, text, secret: an entry that says when what is typed does not count yet */

static gboolean
is_secret (const json_t *setting)
{
  return strcmp (object_text (setting, "type"), "secret") == 0;
}

static void
did_type (SettingRow *self)
{
  json_t *setting = setting_of (self);
  const char *typed = gtk_editable_get_text (GTK_EDITABLE (self->editor));
  const char *known = is_secret (setting) ? "" : object_text (setting, "value");

  gtk_widget_set_visible (self->apply, strcmp (typed, known) != 0);
}

static GtkWidget *
entry_new (SettingRow *self, const json_t *setting)
{
  GtkWidget *editor = is_secret (setting) ? gtk_password_entry_new () : gtk_entry_new ();
  const gboolean is_short = strcmp (object_text (setting, "type"), "size") == 0
      || strcmp (object_text (setting, "type"), "seconds") == 0;

  gtk_widget_set_valign (editor, GTK_ALIGN_CENTER);
  if (is_short)
    gtk_editable_set_width_chars (GTK_EDITABLE (editor), 7);
  else
    gtk_widget_set_hexpand (editor, TRUE);
  gtk_editable_set_max_width_chars (GTK_EDITABLE (editor), is_short ? 7 : -1);
  g_signal_connect_swapped (editor, "changed", G_CALLBACK (did_type), self);
  g_signal_connect_swapped (editor, "activate", G_CALLBACK (send), self);
  return editor;
}

static void
entry_show (SettingRow *self, const json_t *setting)
{
  if (!is_secret (setting))
    gtk_editable_set_text (GTK_EDITABLE (self->editor), object_text (setting, "value"));
  else {
    gtk_editable_set_text (GTK_EDITABLE (self->editor), "");
    g_object_set (self->editor, "placeholder-text",
                  object_flag (setting, "is_set") ? _ ("Set; type a new one to change it")
                                                  : _ ("None is set"),
                  NULL);
  }
  did_type (self);
}

static char *
entry_read (SettingRow *self, const json_t *setting)
{
  return g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->editor))));
}

static const Kind kind_switch = { switch_new, switch_show, switch_read, FALSE };
static const Kind kind_list = { list_new, list_show, list_read, FALSE };
static const Kind kind_long_list = { list_new, list_show, list_read, TRUE };
static const Kind kind_number = { number_new, number_show, number_read, FALSE };
static const Kind kind_short = { entry_new, entry_show, entry_read, FALSE, TRUE };
static const Kind kind_text = { entry_new, entry_show, entry_read, TRUE, TRUE };

static gboolean
is_no_or_yes (const json_t *setting)
{
  json_t *choices = object_list (setting, "choices");

  return json_array_size (choices) == 2
      && strcmp (object_text (json_array_get (choices, 0), "value"), "no") == 0
      && strcmp (object_text (json_array_get (choices, 1), "value"), "yes") == 0;
}

static gboolean
has_long_labels (const json_t *setting)
{
  json_t *choice;
  gsize i;

  json_array_foreach (object_list (setting, "choices"), i, choice)
  {
    if (g_utf8_strlen (object_text (choice, "label"), -1) > LONG_LABEL)
      return TRUE;
  }
  return FALSE;
}

static const Kind *
kind_of (const json_t *setting)
{
  const char *type = object_text (setting, "type");

  if (strcmp (type, "choice") == 0)
    return is_no_or_yes (setting)   ? &kind_switch
        : has_long_labels (setting) ? &kind_long_list
                                    : &kind_list;
  if (strcmp (type, "number") == 0)
    return &kind_number;
  return strcmp (type, "size") == 0 || strcmp (type, "seconds") == 0 ? &kind_short : &kind_text;
}

static void
did_reset (SettingRow *self)
{
  change (self, NULL);
}

static GtkWidget *
button_new (SettingRow *self, const char *icon, const char *name, GCallback func)
{
  GtkWidget *button = gtk_button_new_from_icon_name (icon);

  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_set_visible (button, FALSE);
  gtk_widget_set_tooltip_text (button, name);
  g_autofree char *label = g_strdup_printf ("%s: %s", name, self->key);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, label,
                                  -1);
  g_signal_connect_swapped (button, "clicked", func, self);
  return button;
}

/* A screen reader says the help when it comes to the editor. */
static void
build_editor (SettingRow *self, const json_t *setting)
{
  const Connection *connection = settings_model_connection (self->model);

  self->kind = kind_of (setting);
  self->apply = button_new (self, "object-select-symbolic", _ ("Apply"), G_CALLBACK (send));
  self->reset
      = button_new (self, "edit-undo-symbolic", _ ("Back to the default"), G_CALLBACK (did_reset));
  self->editor = self->kind->new (self, setting);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->editor), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  object_text (setting, "help"),
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, self->key, -1);
  if (self->kind->is_wide) {
    GtkWidget *below = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
    gtk_box_append (GTK_BOX (below), self->editor);
    gtk_box_append (GTK_BOX (below), self->apply);
    gtk_widget_set_margin_top (below, 6);
    gtk_box_append (self->texts, below);
  } else {
    gtk_box_append (self->line, self->editor);
    gtk_box_append (self->line, self->apply);
  }
  gtk_box_append (self->line, self->reset);
  gtk_widget_set_sensitive (GTK_WIDGET (self->line),
                            connection_may_change ((Connection *)connection));
  action_describe (self->editor, ACTION_SETTING_SET, self->key);
}

static void
show_facts (SettingRow *self, const json_t *setting)
{
  g_autofree char *range = setting_range (setting);
  g_autofree char *usual = setting_print (setting, object_text (setting, "default"));
  g_autofree char *text = range != NULL
      ? g_strdup_printf (_ ("%s · %s · default: %s"), self->key, range, usual)
      : g_strdup_printf (_ ("%s · default: %s"), self->key, usual);

  gtk_label_set_text (self->facts, is_secret (setting) ? self->key : text);
}

/* What a person has begun to type is theirs until it was sent, and after that until the server has
 * taken it: what it refuses can be mended. */
static gboolean
is_typing (SettingRow *self, const json_t *setting)
{
  const gboolean is_same = strcmp (setting_mark (setting), self->seen) == 0;
  const char *known = is_secret (setting) ? "" : self->seen;

  if (!self->kind->is_typed)
    return self->timer != 0;
  return (!self->sent || (is_same && !is_secret (setting)))
      && strcmp (gtk_editable_get_text (GTK_EDITABLE (self->editor)), known) != 0;
}

static void
show_value (SettingRow *self, const json_t *setting)
{
  if (self->seen != NULL && is_typing (self, setting))
    return;
  self->kind->show (self, setting);
  g_free (self->seen);
  self->seen = g_strdup (setting_mark (setting));
  self->sent = FALSE;
}

static void
update (SettingRow *self)
{
  json_t *setting = setting_of (self);

  gtk_widget_set_visible (GTK_WIDGET (self), setting != NULL);
  if (setting == NULL)
    return;
  self->updating = TRUE;
  if (self->kind == NULL)
    build_editor (self, setting);
  gtk_label_set_text (self->help, object_text (setting, "help"));
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self), object_text (setting, "help"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  object_text (setting, "help"), -1);
  show_facts (self, setting);
  gtk_widget_set_visible (self->reset, object_flag (setting, "changed"));
  show_value (self, setting);
  self->updating = FALSE;
}

static void
did_revert (SettingRow *self, const char *key)
{
  if (strcmp (self->key, key) != 0)
    return;
  g_clear_pointer (&self->seen, g_free);
  update (self);
}

gboolean
setting_row_matches (SettingRow *self, const char *const *words)
{
  json_t *setting = setting_of (self);
  g_autofree char *all = g_strjoin ("\n", self->key, object_text (setting, "help"),
                                    object_text (setting, "value"), NULL);
  g_autofree char *folded = g_utf8_casefold (all, -1);

  for (; *words != NULL; words++)
    if (strstr (folded, *words) == NULL)
      return FALSE;
  return setting != NULL;
}

const char *
setting_row_key (SettingRow *self)
{
  return self->key;
}

static void
setting_row_dispose (GObject *object)
{
  SettingRow *self = PANEL_SETTING_ROW (object);

  g_clear_handle_id (&self->timer, g_source_remove);
  g_clear_object (&self->model);
  G_OBJECT_CLASS (setting_row_parent_class)->dispose (object);
}

static void
setting_row_finalize (GObject *object)
{
  g_free (PANEL_SETTING_ROW (object)->key);
  g_free (PANEL_SETTING_ROW (object)->seen);
  G_OBJECT_CLASS (setting_row_parent_class)->finalize (object);
}

static void
setting_row_class_init (SettingRowClass *class)
{
  GtkWidgetClass *widget = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = setting_row_dispose;
  G_OBJECT_CLASS (class)->finalize = setting_row_finalize;
  gtk_widget_class_set_template_from_resource (widget, "/hauspost/setting-row.ui");
  gtk_widget_class_bind_template_child (widget, SettingRow, line);
  gtk_widget_class_bind_template_child (widget, SettingRow, texts);
  gtk_widget_class_bind_template_child (widget, SettingRow, help);
  gtk_widget_class_bind_template_child (widget, SettingRow, facts);
}

static void
setting_row_init (SettingRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
setting_row_new (SettingsModel *model, const char *key)
{
  SettingRow *self = g_object_new (PANEL_TYPE_SETTING_ROW, NULL);

  self->model = g_object_ref (model);
  self->key = g_strdup (key);
  g_signal_connect_object (model, "loaded", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (model, "reverted", G_CALLBACK (did_revert), self, G_CONNECT_SWAPPED);
  update (self);
  return GTK_WIDGET (self);
}

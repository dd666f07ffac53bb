/* One row for each setting that the server lists; nothing here knows which there are. */
#include "page-settings.h"
#include "setting-row.h"
#include "widgets/page-frame.h"
#include "json-list.h"
#include <string.h>

struct _PageSettings {
  AdwBin parent;

  SettingsModel *model;
  PageFrame *frame;
  GtkStack *stack;
  GtkToggleButton *changed;
  AdwPreferencesPage *page;
  GPtrArray *groups; /* of GtkWidget: borrowed */
  GPtrArray *rows; /* of SettingRow: borrowed; each has "group" as data */
};
G_DEFINE_FINAL_TYPE (PageSettings, page_settings, ADW_TYPE_BIN)

/* That of SETTING, wherever the server's list has the others of it. */
static AdwPreferencesGroup *
group_of (PageSettings *self, const json_t *setting)
{
  const char *name = object_text (setting, "group");

  for (guint i = 0; i < self->groups->len; i++)
    if (strcmp (gtk_widget_get_name (self->groups->pdata[i]), name) == 0)
      return self->groups->pdata[i];
  GtkWidget *group = adw_preferences_group_new ();
  gtk_widget_set_name (group, name);
  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (group),
                                   object_text (setting, "group_title"));
  adw_preferences_page_add (self->page, ADW_PREFERENCES_GROUP (group));
  g_ptr_array_add (self->groups, group);
  return ADW_PREFERENCES_GROUP (group);
}

static void
build (PageSettings *self)
{
  json_t *setting;
  gsize i;

  json_array_foreach (settings_model_list (self->model), i, setting)
  {
    AdwPreferencesGroup *group = group_of (self, setting);
    GtkWidget *row = setting_row_new (self->model, object_text (setting, "key"));
    g_object_set_data (G_OBJECT (row), "group", group);
    adw_preferences_group_add (group, row);
    g_ptr_array_add (self->rows, row);
  }
}

static gboolean
is_wanted (PageSettings *self, SettingRow *row, const char *const *words)
{
  const json_t *setting = settings_model_find (self->model, setting_row_key (row));

  return setting_row_matches (row, words)
      && (!gtk_toggle_button_get_active (self->changed) || object_flag (setting, "changed"));
}

static void
filter (PageSettings *self)
{
  if (self->rows->len == 0)
    return;
  g_auto (GStrv) words = json_fold (page_frame_get_search (self->frame));
  gboolean any = FALSE;
  for (guint i = 0; i < self->groups->len; i++)
    gtk_widget_set_visible (self->groups->pdata[i], FALSE);
  for (guint i = 0; i < self->rows->len; i++) {
    GtkWidget *row = self->rows->pdata[i];
    const gboolean wanted = is_wanted (self, PANEL_SETTING_ROW (row), (const char *const *)words);
    gtk_widget_set_visible (row, wanted);
    if (wanted)
      gtk_widget_set_visible (g_object_get_data (G_OBJECT (row), "group"), TRUE);
    any |= wanted;
  }
  gtk_stack_set_visible_child_name (self->stack, any ? "found" : "none");
}

static void
did_load (PageSettings *self)
{
  if (settings_model_list (self->model) == NULL)
    return;
  if (self->rows->len == 0)
    build (self);
  filter (self);
  page_frame_show_content (self->frame);
}

static void
did_fail (PageSettings *self, const GError *error)
{
  page_frame_show_error (self->frame, error);
}

static void
reload (PageSettings *self)
{
  settings_model_reload (self->model);
}

static void
page_settings_dispose (GObject *object)
{
  PageSettings *self = PANEL_PAGE_SETTINGS (object);

  g_clear_object (&self->model);
  g_clear_pointer (&self->groups, g_ptr_array_unref);
  g_clear_pointer (&self->rows, g_ptr_array_unref);
  G_OBJECT_CLASS (page_settings_parent_class)->dispose (object);
}

static void
page_settings_class_init (PageSettingsClass *class)
{
  GtkWidgetClass *widget = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = page_settings_dispose;
  g_type_ensure (PANEL_TYPE_PAGE_FRAME);
  gtk_widget_class_set_template_from_resource (widget, "/hauspost/page-settings.ui");
  gtk_widget_class_bind_template_child (widget, PageSettings, frame);
  gtk_widget_class_bind_template_child (widget, PageSettings, stack);
  gtk_widget_class_bind_template_child (widget, PageSettings, changed);
  gtk_widget_class_bind_template_child (widget, PageSettings, page);
  gtk_widget_class_bind_template_callback (widget, reload);
  gtk_widget_class_bind_template_callback (widget, filter);
}

static void
page_settings_init (PageSettings *self)
{
  self->groups = g_ptr_array_new ();
  self->rows = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
page_settings_new (Connection *connection)
{
  PageSettings *self = g_object_new (PANEL_TYPE_PAGE_SETTINGS, NULL);

  self->model = g_object_ref (settings_model_of (connection));
  page_frame_set_connection (self->frame, connection);
  /* After the rows, which show themselves again. */
  g_signal_connect_object (self->model, "loaded", G_CALLBACK (did_load), self,
                           G_CONNECT_SWAPPED | G_CONNECT_AFTER);
  g_signal_connect_object (self->model, "failed", G_CALLBACK (did_fail), self, G_CONNECT_SWAPPED);
  did_load (self);
  return GTK_WIDGET (self);
}

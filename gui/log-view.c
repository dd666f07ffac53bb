/* A text that grows at its end and forgets its beginning. The server filters. */
#include "log-view.h"
#include "json.h"
#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

#define LINES_MOST 2000

static const char *const levels[] = { "debug", "info", "notice", "warning", "error" };

struct _LogView {
  AdwBin parent;

  Connection *connection;
  GCancellable *cancellable;
  GtkDropDown *level;
  GtkSearchEntry *entry;
  GtkToggleButton *pause;
  GtkScrolledWindow *scroller;
  GtkTextView *text;
  GtkTextBuffer *buffer; /* the view's */
  gint64 last; /* id of the last line that is shown */
  gboolean mapped;
};
G_DEFINE_FINAL_TYPE (LogView, log_view, ADW_TYPE_BIN)

static void
append_tagged (LogView *self, const char *text, const char *tag)
{
  GtkTextIter end;

  gtk_text_buffer_get_end_iter (self->buffer, &end);
  gtk_text_buffer_insert_with_tags_by_name (self->buffer, &end, text, -1, tag, NULL);
}

static char *
print_time (const json_t *line)
{
  const double seconds = json_number_value (json_object_get (line, "time"));
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_local ((gint64)floor (seconds));

  return time != NULL ? g_date_time_format (time, "%X ") : g_strdup ("");
}

static void
append_fields (LogView *self, json_t *fields)
{
  const char *name;
  json_t *value;

  json_object_foreach (fields, name, value)
  {
    g_autofree char *field = g_strdup_printf (
        "  %s=%s", name, json_is_string (value) ? json_string_value (value) : "");
    append_tagged (self, field, "field");
  }
}

static void
append (LogView *self, json_t *line)
{
  const char *level = object_text (line, "level");
  g_autofree char *time = print_time (line);
  gboolean known = FALSE;

  if (object_number (line, "id") <= self->last)
    return;
  self->last = object_number (line, "id");
  for (guint i = 0; i < G_N_ELEMENTS (levels); i++)
    known |= strcmp (levels[i], level) == 0;
  if (gtk_text_buffer_get_char_count (self->buffer) > 0)
    append_tagged (self, "\n", "field");
  append_tagged (self, time, "field");
  append_tagged (self, object_text (line, "message"), known ? level : "info");
  append_fields (self, json_object_get (line, "fields"));
}

static void
forget (LogView *self)
{
  const int lines = gtk_text_buffer_get_line_count (self->buffer);
  GtkTextIter start, end;

  if (lines <= LINES_MOST)
    return;
  gtk_text_buffer_get_start_iter (self->buffer, &start);
  gtk_text_buffer_get_iter_at_line (self->buffer, &end, lines - LINES_MOST);
  gtk_text_buffer_delete (self->buffer, &start, &end);
}

static gboolean
scroll_down (gpointer data)
{
  LogView *self = data;
  GtkAdjustment *bar = gtk_scrolled_window_get_vadjustment (self->scroller);

  gtk_adjustment_set_value (bar, gtk_adjustment_get_upper (bar));
  return G_SOURCE_REMOVE;
}

/* Who has scrolled up reads something, and is not torn away. */
static gboolean
is_at_end (LogView *self)
{
  GtkAdjustment *bar = gtk_scrolled_window_get_vadjustment (self->scroller);

  return gtk_adjustment_get_value (bar) + gtk_adjustment_get_page_size (bar)
      >= gtk_adjustment_get_upper (bar) - 40;
}

static void
did_grow (LogView *self, gboolean was_at_end)
{
  forget (self);
  if (was_at_end)
    g_idle_add_full (G_PRIORITY_LOW, scroll_down, g_object_ref (self), g_object_unref);
}

static void
did_hear (LogView *self, json_t *line)
{
  const gboolean at_end = is_at_end (self);

  if (!self->mapped || gtk_toggle_button_get_active (self->pause))
    return;
  append (self, line);
  did_grow (self, at_end);
}

static void
did_load (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (json_t) answer
      = connection_call_finish (PANEL_CONNECTION (source), result, NULL, &error);
  json_t *line;
  gsize i;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  LogView *self = data;
  self->last = 0;
  gtk_text_buffer_set_text (self->buffer, answer != NULL ? "" : error->message, -1);
  json_array_foreach (object_list (answer, "lines"), i, line) append (self, line);
  if (answer != NULL && json_array_size (object_list (answer, "lines")) == 0)
    gtk_text_buffer_set_text (self->buffer, _ ("There is no such line yet."), -1);
  did_grow (self, TRUE);
}

/* What was written, then what comes: a line that is in both is shown once. */
static void
follow (LogView *self)
{
  const char *level, *typed;
  g_autofree char *text = NULL, *path = NULL;

  if (self->connection == NULL || !self->mapped)
    return;
  level = levels[gtk_drop_down_get_selected (self->level)];
  typed = gtk_editable_get_text (GTK_EDITABLE (self->entry));
  text = g_uri_escape_string (typed, NULL, FALSE);
  path = g_strdup_printf ("/v1/log?level=%s&text=%s&limit=500", level, text);
  g_cancellable_cancel (self->cancellable);
  g_object_unref (self->cancellable);
  self->cancellable = g_cancellable_new ();
  connection_follow_log (self->connection, level, *typed ? typed : NULL);
  connection_get_async (self->connection, path, self->cancellable, did_load, self);
}

static void
did_pause (LogView *self)
{
  if (!gtk_toggle_button_get_active (self->pause))
    follow (self);
}

/* Nobody listens to what nobody sees. */
static void
log_view_map (GtkWidget *widget)
{
  LogView *self = PANEL_LOG_VIEW (widget);

  GTK_WIDGET_CLASS (log_view_parent_class)->map (widget);
  self->mapped = TRUE;
  follow (self);
}

static void
log_view_unmap (GtkWidget *widget)
{
  LogView *self = PANEL_LOG_VIEW (widget);

  self->mapped = FALSE;
  if (self->connection != NULL)
    connection_follow_log (self->connection, NULL, NULL);
  GTK_WIDGET_CLASS (log_view_parent_class)->unmap (widget);
}

static void
colour_tag (LogView *self, const char *tag, const GdkRGBA *colour)
{
  GtkTextTagTable *table = gtk_text_buffer_get_tag_table (self->buffer);

  g_object_set (gtk_text_tag_table_lookup (table, tag), "foreground-rgba", colour, NULL);
}

/* The theme's own, so that dark and high contrast are right. */
static void
colour_tags (LogView *self)
{
  GtkStyleContext *style = gtk_widget_get_style_context (GTK_WIDGET (self->text));
  GdkRGBA colour;

  if (gtk_style_context_lookup_color (style, "warning_color", &colour))
    colour_tag (self, "warning", &colour);
  if (gtk_style_context_lookup_color (style, "error_color", &colour))
    colour_tag (self, "error", &colour);
  gtk_style_context_get_color (style, &colour);
  colour.alpha
      *= adw_style_manager_get_high_contrast (adw_style_manager_get_default ()) ? 1 : 0.65f;
  colour_tag (self, "field", &colour);
}

static void
make_tags (LogView *self)
{
  gtk_text_buffer_create_tag (self->buffer, "field", NULL);
  for (guint i = 0; i < G_N_ELEMENTS (levels); i++)
    gtk_text_buffer_create_tag (self->buffer, levels[i], "weight",
                                i >= 2 ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL, NULL);
  colour_tags (self);
  g_signal_connect_object (adw_style_manager_get_default (), "notify::dark",
                           G_CALLBACK (colour_tags), self, G_CONNECT_SWAPPED);
}

static void
log_view_dispose (GObject *object)
{
  LogView *self = PANEL_LOG_VIEW (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->connection);
  G_OBJECT_CLASS (log_view_parent_class)->dispose (object);
}

static void
log_view_finalize (GObject *object)
{
  g_object_unref (PANEL_LOG_VIEW (object)->cancellable);
  G_OBJECT_CLASS (log_view_parent_class)->finalize (object);
}

static void
log_view_class_init (LogViewClass *class)
{
  GtkWidgetClass *widget = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = log_view_dispose;
  G_OBJECT_CLASS (class)->finalize = log_view_finalize;
  widget->map = log_view_map;
  widget->unmap = log_view_unmap;
  gtk_widget_class_set_template_from_resource (widget, "/hauspost/log-view.ui");
  gtk_widget_class_bind_template_child (widget, LogView, level);
  gtk_widget_class_bind_template_child (widget, LogView, entry);
  gtk_widget_class_bind_template_child (widget, LogView, pause);
  gtk_widget_class_bind_template_child (widget, LogView, scroller);
  gtk_widget_class_bind_template_child (widget, LogView, text);
  gtk_widget_class_bind_template_callback (widget, follow);
  gtk_widget_class_bind_template_callback (widget, did_pause);
}

static void
log_view_init (LogView *self)
{
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  self->buffer = gtk_text_view_get_buffer (self->text);
  make_tags (self);
}

GtkWidget *
log_view_new (Connection *connection)
{
  LogView *self = g_object_new (PANEL_TYPE_LOG_VIEW, NULL);

  self->connection = g_object_ref (connection);
  g_signal_connect_object (connection, "log", G_CALLBACK (did_hear), self, G_CONNECT_SWAPPED);
  return GTK_WIDGET (self);
}

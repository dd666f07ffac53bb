/* Pages of a hundred changes; the server filters. */
#include "audit-view.h"
#include "format.h"
#include "row-list.h"
#include <glib/gi18n.h>

#define PAUSE 400 /* ms after the last key until it is asked */
#define PAGE 100
#define DAY 86400

struct _AuditView {
  AdwBin parent;

  Connection *connection;
  GCancellable *cancellable;
  guint timer;
  json_t *entries; /* all that are shown */
  gint64 next; /* 0: there are no older ones */
  GtkEditable *user, *about;
  AdwComboRow *since;
  AdwPreferencesGroup *list;
  GtkButton *older;
};
G_DEFINE_FINAL_TYPE (AuditView, audit_view, ADW_TYPE_BIN)

static char *
print_value (const json_t *value)
{
  g_autofree char *copy = NULL;
  char *dumped;

  if (value == NULL || json_is_null (value))
    return g_strdup (_ ("nothing"));
  if (json_is_string (value))
    return g_strdup (*json_string_value (value) ? json_string_value (value) : _ ("empty"));
  dumped = json_dumps (value, JSON_ENCODE_ANY | JSON_COMPACT);
  copy = g_strdup (dumped != NULL ? dumped : "");
  free (dumped);
  return g_steal_pointer (&copy);
}

static GtkWidget *
change_row (const json_t *change)
{
  g_autofree char *old = print_value (json_object_get (change, "old"));
  g_autofree char *new = print_value (json_object_get (change, "new"));
  g_autofree char *text = object_flag (change, "secret") ? g_strdup (_ ("a secret, not written down"))
                                                         : g_strdup_printf ("%s → %s", old, new);

  return text_row_new (object_text (change, "field"), text);
}

static char *
print_facts (const json_t *entry)
{
  g_autofree char *time = format_time (object_number (entry, "time"));
  const char *address = object_text (entry, "address");
  const gboolean by_token = g_strcmp0 (object_text (entry, "way"), "token") == 0;
  const char *who
      = by_token ? _ ("the administrator of the computer") : object_text (entry, "user");

  return *address ? g_strdup_printf (_ ("%s, %s, from %s"), time, who, address)
                  : g_strdup_printf ("%s, %s", time, who);
}

static GtkWidget *
entry_row (json_t *entry, gpointer data)
{
  json_t *changes = object_list (entry, "changes"), *change;
  g_autofree char *facts = print_facts (entry);
  g_autofree char *path = g_uri_unescape_string (object_text (entry, "path"), NULL);
  const char *sentence = object_text (entry, "sentence");
  g_autofree char *plain
      = g_strdup_printf ("%s %s", object_text (entry, "method"), path ? path : "");
  const char *title = *sentence ? sentence : plain;
  GtkWidget *row;
  gsize i;

  if (json_array_size (changes) == 0)
    return text_row_new (title, facts);
  row = adw_expander_row_new ();
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_expander_row_set_subtitle (ADW_EXPANDER_ROW (row), facts);
  json_array_foreach (changes, i, change)
      adw_expander_row_add_row (ADW_EXPANDER_ROW (row), change_row (change));
  return row;
}

static void
show (AuditView *self, const char *empty)
{
  row_list_fill (self->list, self->entries, empty, entry_row, self);
  gtk_widget_set_visible (GTK_WIDGET (self->older), self->next > 0);
}

static void
did_load (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (json_t) answer
      = connection_call_finish (PANEL_CONNECTION (source), result, NULL, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  AuditView *self = data;
  if (self->next == 0)
    json_array_clear (self->entries);
  json_array_extend (self->entries, object_list (answer, "entries"));
  self->next = object_number (answer, "next");
  show (self, answer != NULL ? _ ("Nothing was changed so.") : error->message);
}

static gint64
since_when (AuditView *self)
{
  const gint64 now = g_get_real_time () / G_USEC_PER_SEC;
  g_autoptr (GDateTime) local = g_date_time_new_now_local ();

  switch (adw_combo_row_get_selected (self->since)) {
  case 1:
    return now - g_date_time_get_hour (local) * 3600 - g_date_time_get_minute (local) * 60
        - g_date_time_get_second (local);
  case 2:
    return now - 7 * DAY;
  case 3:
    return now - 30 * DAY;
  default:
    return 0;
  }
}

static char *
escape (GtkEditable *editable)
{
  g_autofree char *text = g_strstrip (g_strdup (gtk_editable_get_text (editable)));

  return g_uri_escape_string (text, NULL, FALSE);
}

/* BEFORE: 0 for the newest. */
static void
load (AuditView *self, gint64 before)
{
  g_autofree char *user = escape (self->user), *about = escape (self->about);
  g_autoptr (GString) path = g_string_new (NULL);

  g_string_printf (path, "/v1/audit?limit=%d&since=%" G_GINT64_FORMAT, PAGE, since_when (self));
  if (*user)
    g_string_append_printf (path, "&user=%s", user);
  if (*about)
    g_string_append_printf (path, "&about=%s", about);
  if (before > 0)
    g_string_append_printf (path, "&before=%" G_GINT64_FORMAT, before);
  self->next = before;
  g_cancellable_cancel (self->cancellable);
  g_object_unref (self->cancellable);
  self->cancellable = g_cancellable_new ();
  connection_get_async (self->connection, path->str, self->cancellable, did_load, self);
}

static void
load_older (AuditView *self)
{
  load (self, self->next);
}

static gboolean
did_wait (gpointer data)
{
  AuditView *self = data;

  self->timer = 0;
  load (self, 0);
  return G_SOURCE_REMOVE;
}

static void
did_filter (AuditView *self)
{
  if (self->connection == NULL)
    return;
  g_clear_handle_id (&self->timer, g_source_remove);
  self->timer = g_timeout_add (PAUSE, did_wait, self);
}

static void
audit_view_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (audit_view_parent_class)->map (widget);
  load (PANEL_AUDIT_VIEW (widget), 0);
}

static void
did_change (AuditView *self, const char *what, const char *name)
{
  if (g_strcmp0 (what, "audit") == 0 && gtk_widget_get_mapped (GTK_WIDGET (self)))
    did_filter (self);
}

static void
audit_view_dispose (GObject *object)
{
  AuditView *self = PANEL_AUDIT_VIEW (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_handle_id (&self->timer, g_source_remove);
  g_clear_object (&self->connection);
  G_OBJECT_CLASS (audit_view_parent_class)->dispose (object);
}

static void
audit_view_finalize (GObject *object)
{
  AuditView *self = PANEL_AUDIT_VIEW (object);

  g_object_unref (self->cancellable);
  json_decref (self->entries);
  G_OBJECT_CLASS (audit_view_parent_class)->finalize (object);
}

static void
audit_view_class_init (AuditViewClass *class)
{
  GtkWidgetClass *widget = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = audit_view_dispose;
  G_OBJECT_CLASS (class)->finalize = audit_view_finalize;
  widget->map = audit_view_map;
  gtk_widget_class_set_template_from_resource (widget, "/hauspost/audit-view.ui");
  gtk_widget_class_bind_template_child (widget, AuditView, user);
  gtk_widget_class_bind_template_child (widget, AuditView, about);
  gtk_widget_class_bind_template_child (widget, AuditView, since);
  gtk_widget_class_bind_template_child (widget, AuditView, list);
  gtk_widget_class_bind_template_child (widget, AuditView, older);
  gtk_widget_class_bind_template_callback (widget, did_filter);
  gtk_widget_class_bind_template_callback (widget, load_older);
}

static void
audit_view_init (AuditView *self)
{
  self->cancellable = g_cancellable_new ();
  self->entries = json_array ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
audit_view_new (Connection *connection)
{
  AuditView *self = g_object_new (PANEL_TYPE_AUDIT_VIEW, NULL);

  self->connection = g_object_ref (connection);
  g_signal_connect_object (connection, "changed", G_CALLBACK (did_change), self, G_CONNECT_SWAPPED);
  return GTK_WIDGET (self);
}

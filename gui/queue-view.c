/* The queue as a list that follows the server's events. */
#include "queue-view.h"
#include "deed.h"
#include "format.h"
#include "json-list.h"
#include "mail-words.h"
#include "queue-row.h"
#include "row-list.h"
#include "window.h"
#include <glib/gi18n.h>

enum { SHOW_ALL, SHOW_TRIED, SHOW_HELD };

struct _QueueView {
  AdwBin parent;

  Connection *connection;
  GCancellable *cancellable;
  JsonList *mails;
  GtkFilter *search, *choices;
  GHashTable *leaving; /* names of mails that go when their toast is over */
  GtkStack *stack;
  AdwStatusPage *failure;
  GtkDropDown *choice;
  GtkLabel *count;
  GtkButton *retry_all;
  GtkListView *list;
};
G_DEFINE_FINAL_TYPE (QueueView, queue_view, ADW_TYPE_BIN)

static guint trace_signal;

/* Those that are on their way out do not wait any more. */
static guint
count_mails (QueueView *self)
{
  const guint all = g_list_model_get_n_items (G_LIST_MODEL (self->mails));
  GHashTableIter iter;
  gpointer name;
  guint leaving = 0;

  g_hash_table_iter_init (&iter, self->leaving);
  while (g_hash_table_iter_next (&iter, &name, NULL))
    leaving += json_list_find (self->mails, name) != NULL;
  return all - leaving;
}

static void
show_count (QueueView *self)
{
  const guint count = count_mails (self);
  g_autofree char *number = format_count (count);
  g_autofree char *text
      = g_strdup_printf (ngettext ("%s mail waits", "%s mails wait", count), number);

  gtk_label_set_text (self->count, text);
  gtk_stack_set_visible_child_name (self->stack, count > 0 ? "list" : "none");
}

/* The list knows objects by a text. */
static void
name_mails (json_t *list)
{
  json_t *mail;
  gsize i;

  json_array_foreach (list, i, mail)
  {
    g_autofree char *name = g_strdup_printf ("%" G_GINT64_FORMAT, object_number (mail, "id"));
    json_object_set_new (mail, "name", json_string (name));
  }
}

static void
did_load (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (json_t) answer
      = connection_call_finish (PANEL_CONNECTION (source), result, NULL, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  QueueView *self = data;
  if (answer != NULL) {
    name_mails (object_list (answer, "queue"));
    json_list_set (self->mails, object_list (answer, "queue"));
    show_count (self);
  } else if (g_list_model_get_n_items (G_LIST_MODEL (self->mails)) == 0) {
    adw_status_page_set_description (self->failure, error->message);
    gtk_stack_set_visible_child_name (self->stack, "failed");
  } else
    window_toast_error (GTK_WIDGET (self), error);
}

void
queue_view_reload (QueueView *self)
{
  if (self->connection != NULL)
    connection_get_async (self->connection, "/v1/queue", self->cancellable, did_load, self);
}

static void
did_change (QueueView *self, const char *what, const char *name)
{
  if (g_strcmp0 (what, "queue") == 0 || g_strcmp0 (what, "brakes") == 0)
    queue_view_reload (self);
}

static gboolean
is_chosen (gpointer item, gpointer data)
{
  QueueView *self = data;
  const MailState state = mail_state (json_item_object (item), g_get_real_time () / G_USEC_PER_SEC);

  if (g_hash_table_contains (self->leaving, json_item_text (item, "name")))
    return FALSE;
  switch (gtk_drop_down_get_selected (self->choice)) {
  case SHOW_TRIED:
    return state == MAIL_IS_TRIED;
  case SHOW_HELD:
    return state == MAIL_IS_HELD || state == MAIL_IS_BRAKED;
  default:
    return TRUE;
  }
}

static void
refilter (QueueView *self)
{
  if (self->choices != NULL)
    gtk_filter_changed (self->choices, GTK_FILTER_CHANGE_DIFFERENT);
}

void
queue_view_search (QueueView *self, const char *typed)
{
  json_filter_set (self->search, typed);
}

/* What was to leave has gone, or stays. */
static void
did_end (GtkWidget *widget)
{
  QueueView *self = PANEL_QUEUE_VIEW (widget);

  g_hash_table_remove_all (self->leaving);
  show_count (self);
  refilter (self);
  queue_view_reload (self);
}

static json_t *
body_of (const char *action)
{
  return json_pack ("{s:s}", "action", action);
}

static void
retry (QueueView *self, const char *name)
{
  g_autoptr (json_t) body = body_of ("retry");
  const Deed deed = { .action = ACTION_QUEUE_RETRY,
                      .argument = name,
                      .body = body,
                      .said = _ ("It is tried again now") };

  deed_run (&deed, self->connection, GTK_WIDGET (self), did_end);
}

static void
hold_or_release (QueueView *self, const char *name, gboolean hold)
{
  g_autoptr (json_t) body = body_of (hold ? "hold" : "release");
  g_autoptr (json_t) back = body_of (hold ? "release" : "hold");
  const Deed deed = { .action = hold ? ACTION_QUEUE_HOLD : ACTION_QUEUE_RELEASE,
                      .argument = name,
                      .body = body,
                      .said = hold ? _ ("The mail is held") : _ ("The mail goes on"),
                      .has_undo = TRUE,
                      .undo = hold ? ACTION_QUEUE_RELEASE : ACTION_QUEUE_HOLD,
                      .undo_body = back };

  deed_run (&deed, self->connection, GTK_WIDGET (self), did_end);
}

/* Nothing brings it back: it only leaves the list, until the toast is over. */
static void
take_out (QueueView *self, const char *name, gboolean bounce)
{
  g_autoptr (json_t) body = bounce ? body_of ("bounce") : NULL;
  const Deed deed
      = { .action = bounce ? ACTION_QUEUE_BOUNCE : ACTION_QUEUE_REMOVE,
          .argument = name,
          .body = body,
          .said = bounce ? _ ("The mail goes back to its sender") : _ ("The mail is removed") };

  g_hash_table_add (self->leaving, g_strdup (name));
  refilter (self);
  show_count (self);
  deed_run_later (&deed, self->connection, GTK_WIDGET (self), did_end);
}

static void
did_act (QueueView *self, int action, QueueRow *row)
{
  JsonItem *item = queue_row_item (row);
  g_autofree char *name = g_strdup (json_item_text (item, "name"));

  switch (action) {
  case QUEUE_ROW_TRACE:
    g_signal_emit (self, trace_signal, 0, json_item_text (item, "recipient"));
    break;
  case ACTION_QUEUE_RETRY:
    retry (self, name);
    break;
  case ACTION_QUEUE_HOLD:
  case ACTION_QUEUE_RELEASE:
    hold_or_release (self, name, action == ACTION_QUEUE_HOLD);
    break;
  default:
    take_out (self, name, action == ACTION_QUEUE_BOUNCE);
  }
}

static void
retry_all (QueueView *self)
{
  retry (self, "all");
}

/* The rows of the list. */

static void
did_setup_row (GtkSignalListItemFactory *factory, GtkListItem *item, QueueView *self)
{
  GtkWidget *row = queue_row_new (connection_may_change (self->connection));

  g_signal_connect_swapped (row, "act", G_CALLBACK (did_act), self);
  gtk_list_item_set_child (item, row);
  gtk_list_item_set_activatable (item, FALSE);
}

static void
did_bind_row (GtkSignalListItemFactory *factory, GtkListItem *item, QueueView *self)
{
  queue_row_show (PANEL_QUEUE_ROW (gtk_list_item_get_child (item)), gtk_list_item_get_item (item));
}

static void
did_unbind_row (GtkSignalListItemFactory *factory, GtkListItem *item, QueueView *self)
{
  queue_row_show (PANEL_QUEUE_ROW (gtk_list_item_get_child (item)), NULL);
}

static void
build_list (QueueView *self)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  GtkFilterListModel *found, *chosen;

  g_signal_connect (factory, "setup", G_CALLBACK (did_setup_row), self);
  g_signal_connect (factory, "bind", G_CALLBACK (did_bind_row), self);
  g_signal_connect (factory, "unbind", G_CALLBACK (did_unbind_row), self);
  found = gtk_filter_list_model_new (g_object_ref (G_LIST_MODEL (self->mails)),
                                     g_object_ref (self->search));
  chosen = gtk_filter_list_model_new (G_LIST_MODEL (found), g_object_ref (self->choices));
  g_autoptr (GtkSelectionModel) model
      = GTK_SELECTION_MODEL (gtk_no_selection_new (G_LIST_MODEL (chosen)));
  gtk_list_view_set_model (self->list, model);
  gtk_list_view_set_factory (self->list, factory);
  g_object_unref (factory);
}

static void
queue_view_dispose (GObject *object)
{
  QueueView *self = PANEL_QUEUE_VIEW (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  if (self->list != NULL)
    gtk_list_view_set_model (self->list, NULL);
  g_clear_object (&self->mails);
  g_clear_object (&self->search);
  g_clear_object (&self->choices);
  g_clear_object (&self->connection);
  G_OBJECT_CLASS (queue_view_parent_class)->dispose (object);
}

static void
queue_view_finalize (GObject *object)
{
  g_hash_table_unref (PANEL_QUEUE_VIEW (object)->leaving);
  G_OBJECT_CLASS (queue_view_parent_class)->finalize (object);
}

static void
queue_view_class_init (QueueViewClass *class)
{
  GtkWidgetClass *widget = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = queue_view_dispose;
  G_OBJECT_CLASS (class)->finalize = queue_view_finalize;
  trace_signal = g_signal_new ("trace", PANEL_TYPE_QUEUE_VIEW, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                               NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  gtk_widget_class_set_template_from_resource (widget, "/hauspost/queue-view.ui");
  gtk_widget_class_bind_template_child (widget, QueueView, stack);
  gtk_widget_class_bind_template_child (widget, QueueView, failure);
  gtk_widget_class_bind_template_child (widget, QueueView, choice);
  gtk_widget_class_bind_template_child (widget, QueueView, count);
  gtk_widget_class_bind_template_child (widget, QueueView, retry_all);
  gtk_widget_class_bind_template_child (widget, QueueView, list);
  gtk_widget_class_bind_template_callback (widget, refilter);
  gtk_widget_class_bind_template_callback (widget, retry_all);
}

static void
queue_view_init (QueueView *self)
{
  self->cancellable = g_cancellable_new ();
  self->leaving = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->mails = json_list_new ("name", FALSE);
  self->search = json_filter_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  button_wrap (self->retry_all, -1);
  self->choices = GTK_FILTER (gtk_custom_filter_new (is_chosen, self, NULL));
}

GtkWidget *
queue_view_new (Connection *connection)
{
  QueueView *self = g_object_new (PANEL_TYPE_QUEUE_VIEW, NULL);

  self->connection = g_object_ref (connection);
  build_list (self);
  action_describe (GTK_WIDGET (self->retry_all), ACTION_QUEUE_RETRY, "all");
  gtk_widget_set_sensitive (GTK_WIDGET (self->retry_all), connection_may_change (connection));
  g_signal_connect_object (connection, "changed", G_CALLBACK (did_change), self, G_CONNECT_SWAPPED);
  queue_view_reload (self);
  return GTK_WIDGET (self);
}

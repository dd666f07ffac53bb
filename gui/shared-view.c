/* A preferences page with one group; the three kinds differ by a table. */
#include "shared-view.h"
#include "deed.h"
#include "format.h"
#include "row-list.h"
#include "window.h"
#include <glib/gi18n.h>
#include <string.h>

struct _SharedView {
  AdwBin parent;

  PeopleKind kind;
  Connection *connection;
  GCancellable *cancellable;
  AdwPreferencesGroup *group;
  json_t *objects;
  char *typed; /* casefolded */
};
G_DEFINE_FINAL_TYPE (SharedView, shared_view, ADW_TYPE_BIN)

static const struct {
  const char *path, *list, *empty, *said;
  Action remove;
  Action undo;
} kinds[PEOPLE_KINDS] = {
  [PEOPLE_ALIASES] = { "/v1/aliases", "aliases", N_ ("There is no alias."), N_ ("Alias removed"),
                       ACTION_ALIAS_REMOVE, ACTION_ALIAS_ADD },
  [PEOPLE_GROUPS] = { "/v1/groups", "groups", N_ ("There is no group."), N_ ("Group removed"),
                      ACTION_GROUP_REMOVE, ACTION_GROUP_ADD },
  [PEOPLE_ROLES] = { "/v1/roles", "roles", N_ ("There is no shared mailbox."),
                     N_ ("Shared mailbox removed"), ACTION_ROLE_REMOVE, ACTION_ROLE_RESTORE },
};

/* What makes it again as it was. */
static json_t *
body_of (const SharedView *self, const json_t *object)
{
  if (self->kind == PEOPLE_ALIASES)
    return json_pack ("{s:O}", "targets", object_list (object, "targets"));
  if (self->kind == PEOPLE_GROUPS)
    return json_pack ("{s:O, s:s, s:b}", "admit", object_list (object, "members"), "senders",
                      object_text (object, "senders"), "send_as", object_flag (object, "send_as"));
  return json_object ();
}

static void
did_end (GtkWidget *widget)
{
  shared_view_reload (PANEL_SHARED_VIEW (widget));
}

static void
did_remove (GtkWidget *button, SharedView *self)
{
  const json_t *object = g_object_get_data (G_OBJECT (button), "object");
  g_autoptr (json_t) back = body_of (self, object);
  const Deed deed = { .action = kinds[self->kind].remove,
                      .argument = object_text (object, "address"),
                      .etag = object_text (object, "etag"),
                      .tell = people_tell,
                      .said = _ (kinds[self->kind].said),
                      .has_undo = TRUE,
                      .undo = kinds[self->kind].undo,
                      .undo_body = back };

  deed_run (&deed, self->connection, GTK_WIDGET (self), did_end);
}

static void
did_activate (GtkWidget *row, SharedView *self)
{
  people_ask_change (self->kind, g_object_get_data (G_OBJECT (row), "object"), self->connection,
                     GTK_WIDGET (self));
}

static void
keep (GtkWidget *widget, json_t *object)
{
  g_object_set_data_full (G_OBJECT (widget), "object", json_incref (object),
                          (GDestroyNotify)json_decref);
}

static char *
facts_of (const SharedView *self, const json_t *object)
{
  g_autofree char *members = people_members (self->kind, object);

  if (self->kind == PEOPLE_ROLES) {
    g_autofree char *used = format_size (object_number (object, "used"));
    return g_strdup_printf ("%s · %s", members, used);
  }
  return g_steal_pointer (&members);
}

static GtkWidget *
object_row (json_t *object, gpointer data)
{
  SharedView *self = data;
  const char *address = object_text (object, "address");
  g_autofree char *facts = facts_of (self, object);
  g_autofree char *label = g_strdup_printf (_ ("Remove %s"), address);
  const char *name = object_text (object, "display_name");
  g_autofree char *title = *name ? g_strdup_printf ("%s · %s", name, address) : g_strdup (address);
  GtkWidget *row = text_row_new (title, facts);
  GtkWidget *button = row_button_new ("user-trash-symbolic", label);
  const gboolean may_change = connection_may_change (self->connection);

  keep (row, object);
  keep (button, object);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), may_change);
  gtk_widget_set_sensitive (button, may_change);
  g_signal_connect (row, "activated", G_CALLBACK (did_activate), self);
  g_signal_connect (button, "clicked", G_CALLBACK (did_remove), self);
  action_describe (button, kinds[self->kind].remove, address);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);
  return row;
}

static gboolean
matches (const SharedView *self, const json_t *object)
{
  g_autofree char *members = people_members (self->kind, object);
  g_autofree char *text = g_strdup_printf ("%s %s %s", object_text (object, "address"),
                                           object_text (object, "display_name"), members);
  g_autofree char *folded = g_utf8_casefold (text, -1);

  return strstr (folded, self->typed) != NULL;
}

static void
show (SharedView *self)
{
  g_autoptr (json_t) chosen = json_array ();
  json_t *object;
  gsize i;

  json_array_foreach (self->objects, i, object) if (matches (self, object))
      json_array_append (chosen, object);
  row_list_fill (self->group, chosen,
                 *self->typed ? _ ("Nothing matches.") : _ (kinds[self->kind].empty), object_row,
                 self);
}

static void
did_load (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (json_t) answer
      = connection_call_finish (PANEL_CONNECTION (source), result, NULL, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  SharedView *self = data;
  if (answer == NULL) {
    window_toast_error (GTK_WIDGET (self), error);
    return;
  }
  json_decref (self->objects);
  self->objects = json_incref (object_list (answer, kinds[self->kind].list));
  show (self);
}

void
shared_view_reload (SharedView *self)
{
  if (self->connection != NULL)
    connection_get_async (self->connection, kinds[self->kind].path, self->cancellable, did_load,
                          self);
}

void
shared_view_search (SharedView *self, const char *typed)
{
  g_free (self->typed);
  self->typed = g_utf8_casefold (typed, -1);
  show (self);
}

static void
did_change (SharedView *self, const char *what, const char *name)
{
  if (*what == '\0' || g_strcmp0 (what, kinds[self->kind].list) == 0)
    shared_view_reload (self);
}

static void
shared_view_dispose (GObject *object)
{
  SharedView *self = PANEL_SHARED_VIEW (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->connection);
  G_OBJECT_CLASS (shared_view_parent_class)->dispose (object);
}

static void
shared_view_finalize (GObject *object)
{
  SharedView *self = PANEL_SHARED_VIEW (object);

  json_decref (self->objects);
  g_free (self->typed);
  G_OBJECT_CLASS (shared_view_parent_class)->finalize (object);
}

static void
shared_view_class_init (SharedViewClass *class)
{
  G_OBJECT_CLASS (class)->dispose = shared_view_dispose;
  G_OBJECT_CLASS (class)->finalize = shared_view_finalize;
}

static void
shared_view_init (SharedView *self)
{
  GtkWidget *page = adw_preferences_page_new ();

  self->cancellable = g_cancellable_new ();
  self->objects = json_array ();
  self->typed = g_strdup ("");
  self->group = ADW_PREFERENCES_GROUP (adw_preferences_group_new ());
  adw_preferences_page_add (ADW_PREFERENCES_PAGE (page), self->group);
  adw_bin_set_child (ADW_BIN (self), page);
}

GtkWidget *
shared_view_new (PeopleKind kind, Connection *connection)
{
  SharedView *self = g_object_new (PANEL_TYPE_SHARED_VIEW, NULL);

  self->kind = kind;
  self->connection = g_object_ref (connection);
  g_signal_connect_object (connection, "changed", G_CALLBACK (did_change), self, G_CONNECT_SWAPPED);
  shared_view_reload (self);
  return GTK_WIDGET (self);
}

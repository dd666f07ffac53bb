/* The list of users, made for ten thousand; aliases, groups and shared mailboxes beside it. */
#include "page-people.h"
#include "actions.h"
#include "format.h"
#include "json-list.h"
#include "people-forms.h"
#include "people-import.h"
#include "person-row.h"
#include "person-view.h"
#include "shared-view.h"
#include "widgets/page-frame.h"
#include "widgets/switcher.h"
#include "window.h"
#include <glib/gi18n.h>
#include <string.h>

struct _PagePeople {
  AdwBin parent;

  Connection *connection;
  GCancellable *cancellable;
  PageFrame *frame;
  GtkButton *add, *import;
  GtkStack *stack;
  GtkLabel *count;
  GtkListView *list;
  JsonList *users;
  GtkFilter *filter;
  GtkWidget *shared[PEOPLE_KINDS]; /* [PEOPLE_USERS]: NULL */
};
G_DEFINE_FINAL_TYPE (PagePeople, page_people, ADW_TYPE_BIN)

/* The names of the stack's children. */
static const struct {
  const char *name, *title;
  Action add;
} kinds[PEOPLE_KINDS] = { [PEOPLE_USERS] = { "users", NULL, ACTION_USER_ADD },
                          [PEOPLE_ALIASES] = { "aliases", N_ ("Aliases"), ACTION_ALIAS_ADD },
                          [PEOPLE_GROUPS] = { "groups", N_ ("Groups"), ACTION_GROUP_ADD },
                          [PEOPLE_ROLES] = { "roles", N_ ("Shared Mailboxes"), ACTION_ROLE_ADD } };

static PeopleKind
shown_kind (PagePeople *self)
{
  const char *name = gtk_stack_get_visible_child_name (self->stack);

  for (guint i = 0; i < PEOPLE_KINDS; i++)
    if (g_strcmp0 (kinds[i].name, name) == 0)
      return (PeopleKind)i;
  return PEOPLE_USERS;
}

/* Shared mailboxes are in a list of their own. */
static json_t *
people_of (const json_t *answer)
{
  json_t *people = json_array (), *user;
  gsize i;

  json_array_foreach (object_list (answer, "users"), i, user) if (!object_flag (user, "role"))
      json_array_append (people, user);
  return people;
}

static void
show_count (PagePeople *self)
{
  const guint count = g_list_model_get_n_items (G_LIST_MODEL (self->users));
  g_autofree char *number = format_count (count);
  g_autofree char *text = g_strdup_printf (ngettext ("%s person", "%s people", count), number);

  gtk_label_set_text (self->count, text);
}

static void
did_load (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (json_t) answer
      = connection_call_finish (PANEL_CONNECTION (source), result, NULL, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  PagePeople *self = data;
  if (answer == NULL) {
    page_frame_show_error (self->frame, error);
    return;
  }
  g_autoptr (json_t) people = people_of (answer);
  json_list_set (self->users, people);
  show_count (self);
  page_frame_show_content (self->frame);
}

static void
reload_users (PagePeople *self)
{
  connection_get_async (self->connection, "/v1/users", self->cancellable, did_load, self);
}

static void
reload (PagePeople *self)
{
  if (self->connection == NULL)
    return;
  reload_users (self);
  for (guint i = PEOPLE_USERS + 1; i < PEOPLE_KINDS; i++)
    if (self->shared[i] != NULL)
      shared_view_reload (PANEL_SHARED_VIEW (self->shared[i]));
}

static void
did_change (PagePeople *self, const char *what, const char *name)
{
  if (*what == '\0' || g_strcmp0 (what, "users") == 0 || g_strcmp0 (what, "administrators") == 0
      || g_strcmp0 (what, "app-passwords") == 0 || g_strcmp0 (what, "brakes") == 0)
    reload_users (self);
}

static void
did_search (PagePeople *self)
{
  const char *typed = page_frame_get_search (self->frame);

  json_filter_set (self->filter, typed);
  for (guint i = PEOPLE_USERS + 1; i < PEOPLE_KINDS; i++)
    if (self->shared[i] != NULL)
      shared_view_search (PANEL_SHARED_VIEW (self->shared[i]), typed);
}

static void
did_switch (PagePeople *self)
{
  const PeopleKind kind = shown_kind (self);

  gtk_widget_set_visible (GTK_WIDGET (self->import), kind == PEOPLE_USERS);
  action_describe (GTK_WIDGET (self->add), kinds[kind].add, NULL);
}

static void
ask_add (PagePeople *self)
{
  people_ask_add (shown_kind (self), self->connection, GTK_WIDGET (self));
}

static void
ask_import (PagePeople *self)
{
  people_import_ask (self->connection, GTK_WIDGET (self));
}

static void
did_activate (PagePeople *self, guint position)
{
  g_autoptr (JsonItem) item
      = g_list_model_get_item (G_LIST_MODEL (gtk_list_view_get_model (self->list)), position);

  if (item != NULL)
    window_push (GTK_WIDGET (self),
                 person_view_new (self->connection, json_item_text (item, "address")));
}

static void
did_setup_row (GtkSignalListItemFactory *factory, GtkListItem *item)
{
  gtk_list_item_set_child (item, person_row_new ());
}

static void
did_bind_row (GtkSignalListItemFactory *factory, GtkListItem *item)
{
  person_row_show (PANEL_PERSON_ROW (gtk_list_item_get_child (item)),
                   gtk_list_item_get_item (item));
}

static void
did_unbind_row (GtkSignalListItemFactory *factory, GtkListItem *item)
{
  person_row_show (PANEL_PERSON_ROW (gtk_list_item_get_child (item)), NULL);
}

static void
build_list (PagePeople *self)
{
  g_autoptr (GtkListItemFactory) factory = gtk_signal_list_item_factory_new ();
  GtkFilterListModel *found = gtk_filter_list_model_new (g_object_ref (G_LIST_MODEL (self->users)),
                                                         g_object_ref (self->filter));
  g_autoptr (GtkSelectionModel) model
      = GTK_SELECTION_MODEL (gtk_no_selection_new (G_LIST_MODEL (found)));

  g_signal_connect (factory, "setup", G_CALLBACK (did_setup_row), NULL);
  g_signal_connect (factory, "bind", G_CALLBACK (did_bind_row), NULL);
  g_signal_connect (factory, "unbind", G_CALLBACK (did_unbind_row), NULL);
  gtk_list_view_set_model (self->list, model);
  gtk_list_view_set_factory (self->list, factory);
}

static void
page_people_dispose (GObject *object)
{
  PagePeople *self = PANEL_PAGE_PEOPLE (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  if (self->list != NULL)
    gtk_list_view_set_model (self->list, NULL);
  self->list = NULL;
  g_clear_object (&self->users);
  g_clear_object (&self->filter);
  g_clear_object (&self->connection);
  G_OBJECT_CLASS (page_people_parent_class)->dispose (object);
}

static void
page_people_class_init (PagePeopleClass *class)
{
  GtkWidgetClass *widget = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = page_people_dispose;
  g_type_ensure (PANEL_TYPE_PAGE_FRAME);
  g_type_ensure (PANEL_TYPE_SWITCHER);
  gtk_widget_class_set_template_from_resource (widget, "/hauspost/page-people.ui");
  gtk_widget_class_bind_template_child (widget, PagePeople, frame);
  gtk_widget_class_bind_template_child (widget, PagePeople, add);
  gtk_widget_class_bind_template_child (widget, PagePeople, import);
  gtk_widget_class_bind_template_child (widget, PagePeople, stack);
  gtk_widget_class_bind_template_child (widget, PagePeople, count);
  gtk_widget_class_bind_template_child (widget, PagePeople, list);
  gtk_widget_class_bind_template_callback (widget, reload);
  gtk_widget_class_bind_template_callback (widget, did_search);
  gtk_widget_class_bind_template_callback (widget, did_switch);
  gtk_widget_class_bind_template_callback (widget, did_activate);
  gtk_widget_class_bind_template_callback (widget, ask_add);
  gtk_widget_class_bind_template_callback (widget, ask_import);
}

static void
page_people_init (PagePeople *self)
{
  self->cancellable = g_cancellable_new ();
  self->users = json_list_new ("address", TRUE);
  self->filter = json_filter_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
page_people_new (Connection *connection)
{
  PagePeople *self = g_object_new (PANEL_TYPE_PAGE_PEOPLE, NULL);

  self->connection = g_object_ref (connection);
  page_frame_set_connection (self->frame, connection);
  build_list (self);
  for (guint i = PEOPLE_USERS + 1; i < PEOPLE_KINDS; i++) {
    self->shared[i] = shared_view_new ((PeopleKind)i, connection);
    gtk_stack_add_titled (self->stack, self->shared[i], kinds[i].name, _ (kinds[i].title));
  }
  did_switch (self);
  gtk_widget_set_sensitive (GTK_WIDGET (self->add), connection_may_change (connection));
  gtk_widget_set_sensitive (GTK_WIDGET (self->import), connection_may_change (connection));
  g_signal_connect_object (connection, "changed", G_CALLBACK (did_change), self, G_CONNECT_SWAPPED);
  reload_users (self);
  return GTK_WIDGET (self);
}

/* Ten thousand rows are no burden: only those on the screen have widgets. */
#include "page-people.h"
#include "deed.h"
#include "form-dialog.h"
#include "format.h"
#include "json-list.h"
#include "page-person.h"
#include "widgets/page-frame.h"
#include "window.h"
#include <glib/gi18n.h>
#include <string.h>

struct _PagePeople {
  AdwBin parent;

  Connection *connection;
  GCancellable *cancellable;
  PageFrame *frame;
  GtkWidget *add;
  GtkListView *list;

  JsonList *people;
  GtkFilter *filter;
};
G_DEFINE_FINAL_TYPE (PagePeople, page_people, ADW_TYPE_BIN)

/* A row: name, and below it the address with what is kept and the last login. */
typedef struct {
  GtkLabel *name, *facts;
} Row;

static void
set_up (GtkSignalListItemFactory *factory, GtkListItem *item)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
  Row *row = g_new0 (Row, 1);

  row->name = GTK_LABEL (gtk_label_new (NULL));
  row->facts = GTK_LABEL (gtk_label_new (NULL));
  gtk_label_set_xalign (row->name, 0);
  gtk_label_set_xalign (row->facts, 0);
  gtk_label_set_ellipsize (row->name, PANGO_ELLIPSIZE_END);
  gtk_label_set_ellipsize (row->facts, PANGO_ELLIPSIZE_END);
  gtk_widget_add_css_class (GTK_WIDGET (row->facts), "dim-label");
  gtk_widget_add_css_class (GTK_WIDGET (row->facts), "caption");
  gtk_widget_add_css_class (box, "person");
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (row->name));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (row->facts));
  g_object_set_data_full (G_OBJECT (item), "row", row, g_free);
  gtk_list_item_set_child (item, box);
}

static char *
describe (json_t *person)
{
  g_autofree char *used = format_size (object_number (person, "used"));
  g_autofree char *login = format_ago (object_number (person, "last_login"));
  g_autofree char *facts
      = g_strdup_printf (_ ("%s, %s of mail, last login: %s"), object_text (person, "address"), used,
                         login);

  if (object_has (person, "enabled") && !object_flag (person, "enabled"))
    return g_strdup_printf (_ ("%s, disabled"), facts);
  if (object_flag (person, "administrator"))
    return g_strdup_printf (_ ("%s, administrator"), facts);
  return g_steal_pointer (&facts);
}

static void
show_row (GtkListItem *item)
{
  Row *row = g_object_get_data (G_OBJECT (item), "row");
  JsonItem *person = gtk_list_item_get_item (item);
  json_t *object = json_item_object (person);
  const char *name = object_text (object, "display_name");
  g_autofree char *facts = describe (object);

  gtk_label_set_text (row->name, *name ? name : object_text (object, "address"));
  gtk_label_set_text (row->facts, facts);
}

static void
bind (GtkSignalListItemFactory *factory, GtkListItem *item)
{
  g_signal_connect_swapped (gtk_list_item_get_item (item), "notify::object", G_CALLBACK (show_row),
                            item);
  show_row (item);
}

static void
unbind (GtkSignalListItemFactory *factory, GtkListItem *item)
{
  g_signal_handlers_disconnect_by_func (gtk_list_item_get_item (item), show_row, item);
}

static void
open_person (PagePeople *self, guint position)
{
  g_autoptr (JsonItem) person
      = g_list_model_get_item (G_LIST_MODEL (gtk_list_view_get_model (self->list)), position);

  if (person != NULL)
    window_push (GTK_WIDGET (self),
                 page_person_new (self->connection, json_item_text (person, "address")));
}

static void
did_search (PagePeople *self)
{
  json_filter_set (self->filter, page_frame_get_search (self->frame));
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
  json_list_set (self->people, object_list (answer, "users"));
  if (json_array_size (object_list (answer, "users")) == 0)
    page_frame_show_empty (self->frame, "system-users-symbolic", _ ("Nobody yet"),
                           _ ("Add the people who get mail here."), _ ("_Add a user"), "people.add");
  else
    page_frame_show_content (self->frame);
}

static void
reload (PagePeople *self)
{
  connection_get_async (self->connection, "/v1/users", self->cancellable, did_load, self);
}

static void
did_change (PagePeople *self, const char *what, const char *name)
{
  if (*what == '\0' || strcmp (what, "users") == 0)
    reload (self);
}

/* Adding. */

typedef struct {
  PagePeople *page;
  GtkEditable *address, *name, *password;
} Adding;

static gboolean
can_add (gpointer data)
{
  const Adding *adding = data;
  const char *at = strchr (gtk_editable_get_text (adding->address), '@');

  return at != NULL && at[1] != '\0' && strlen (gtk_editable_get_text (adding->password)) >= 8;
}

static void
add (gpointer data)
{
  const Adding *adding = data;
  g_autofree char *address = g_strstrip (g_strdup (gtk_editable_get_text (adding->address)));
  g_autoptr (json_t) body
      = json_pack ("{s:s, s:s}", "password", gtk_editable_get_text (adding->password),
                   "display_name", gtk_editable_get_text (adding->name));
  g_autofree char *said = g_strdup_printf (_ ("%s can log in now"), address);
  const Deed deed
      = { .action = ACTION_USER_ADD, .argument = address, .body = body, .said = said };

  deed_run (&deed, adding->page->connection, GTK_WIDGET (adding->page), NULL);
}

static GtkEditable *
add_entry (GtkWidget *dialog, GtkWidget *row, const char *title)
{
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  form_dialog_add (dialog, row);
  return GTK_EDITABLE (row);
}

static void
ask_add (GtkWidget *widget, const char *name, GVariant *parameter)
{
  GtkWidget *dialog = form_dialog_new (
      widget, _ ("Add a user"),
      _ ("A person with a mailbox. The password has at least 8 characters."), _ ("_Add"));
  Adding *adding = g_new0 (Adding, 1);

  adding->page = PANEL_PAGE_PEOPLE (widget);
  adding->address = add_entry (dialog, adw_entry_row_new (), _ ("Address"));
  adding->name = add_entry (dialog, adw_entry_row_new (), _ ("Name"));
  adding->password = add_entry (dialog, adw_password_entry_row_new (), _ ("Password"));
  form_dialog_run (dialog, can_add, add, adding, g_free);
}

/* The object. */

static void
page_people_dispose (GObject *object)
{
  PagePeople *self = PANEL_PAGE_PEOPLE (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->connection);
  g_clear_object (&self->people);
  G_OBJECT_CLASS (page_people_parent_class)->dispose (object);
}

static void
page_people_class_init (PagePeopleClass *class)
{
  GtkWidgetClass *widget = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = page_people_dispose;
  g_type_ensure (PANEL_TYPE_PAGE_FRAME);
  gtk_widget_class_set_template_from_resource (widget, "/hauspost/page-people.ui");
  gtk_widget_class_bind_template_child (widget, PagePeople, frame);
  gtk_widget_class_bind_template_child (widget, PagePeople, add);
  gtk_widget_class_bind_template_child (widget, PagePeople, list);
  gtk_widget_class_bind_template_callback (widget, reload);
  gtk_widget_class_bind_template_callback (widget, did_search);
  gtk_widget_class_bind_template_callback (widget, open_person);
  gtk_widget_class_install_action (widget, "people.add", NULL, ask_add);
}

static void
page_people_init (PagePeople *self)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  GtkFilterListModel *found;

  gtk_widget_init_template (GTK_WIDGET (self));
  self->cancellable = g_cancellable_new ();
  self->people = json_list_new ("address", TRUE);
  self->filter = json_filter_new (); /* the model's */
  found = gtk_filter_list_model_new (g_object_ref (G_LIST_MODEL (self->people)), self->filter);
  g_signal_connect (factory, "setup", G_CALLBACK (set_up), NULL);
  g_signal_connect (factory, "bind", G_CALLBACK (bind), NULL);
  g_signal_connect (factory, "unbind", G_CALLBACK (unbind), NULL);
  gtk_list_view_set_factory (self->list, factory);
  g_object_unref (factory);
  g_autoptr (GtkNoSelection) model = gtk_no_selection_new (G_LIST_MODEL (found));
  gtk_list_view_set_model (self->list, GTK_SELECTION_MODEL (model));
  action_describe (self->add, ACTION_USER_ADD, NULL);
}

GtkWidget *
page_people_new (Connection *connection)
{
  PagePeople *self = g_object_new (PANEL_TYPE_PAGE_PEOPLE, NULL);

  self->connection = g_object_ref (connection);
  page_frame_set_connection (self->frame, connection);
  g_signal_connect_object (connection, "changed", G_CALLBACK (did_change), self, G_CONNECT_SWAPPED);
  reload (self);
  return GTK_WIDGET (self);
}

/* The list of administrators; the audit log is a view of its own beside it. */
#include "page-administrators.h"
#include "audit-view.h"
#include "deed.h"
#include "form-dialog.h"
#include "format.h"
#include "row-list.h"
#include "widgets/page-frame.h"
#include "widgets/switcher.h"
#include "window.h"
#include <glib/gi18n.h>
#include <string.h>

struct _PageAdministrators {
  AdwBin parent;

  Connection *connection;
  GCancellable *cancellable;
  PageFrame *frame;
  GtkButton *add;
  GtkStack *stack;
  AdwPreferencesGroup *list;
};
G_DEFINE_FINAL_TYPE (PageAdministrators, page_administrators, ADW_TYPE_BIN)

/* In the order of the list in the dialogs. */
static const struct {
  const char *role, *title;
} roles[] = { { "administrator", N_ ("May do everything") },
              { "domain-administrator", N_ ("Administers some domains") },
              { "read-only", N_ ("May look, and change nothing") } };

static const char *
role_title (const char *role)
{
  for (guint i = 0; i < G_N_ELEMENTS (roles); i++)
    if (strcmp (roles[i].role, role) == 0)
      return _ (roles[i].title);
  return role;
}

static GtkWidget *administrator_row (json_t *administrator, gpointer data);

static void
did_load (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (json_t) answer
      = connection_call_finish (PANEL_CONNECTION (source), result, NULL, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  PageAdministrators *self = data;
  if (answer == NULL) {
    page_frame_show_error (self->frame, error);
    return;
  }
  row_list_fill (self->list, object_list (answer, "administrators"),
                 _ ("No user administers this server."), administrator_row, self);
  page_frame_show_content (self->frame);
}

static void
reload (PageAdministrators *self)
{
  if (self->connection != NULL)
    connection_get_async (self->connection, "/v1/administrators", self->cancellable, did_load,
                          self);
}

static void
did_change (PageAdministrators *self, const char *what, const char *name)
{
  if (g_strcmp0 (what, "administrators") == 0 || g_strcmp0 (what, "users") == 0)
    reload (self);
}

static void
did_end (GtkWidget *widget)
{
  reload (PANEL_PAGE_ADMINISTRATORS (widget));
}

static char *
list_domains (const json_t *administrator)
{
  g_autoptr (GString) text = g_string_new (NULL);
  json_t *domain;
  gsize i;

  json_array_foreach (object_list (administrator, "domains"), i, domain)
      g_string_append_printf (text, "%s%s", i > 0 ? ", " : "", json_string_value (domain));
  return g_strdup (text->str);
}

/* Who did this is told, and can take it back. */
static json_t *
body_of (const json_t *administrator)
{
  json_t *domains = object_list (administrator, "domains");

  return json_pack ("{s:s, s:O?}", "role", object_text (administrator, "role"), "domains",
                    json_array_size (domains) > 0 ? domains : NULL);
}

/* What another administrator has made of it meanwhile. */
static char *
tell_current (const json_t *current, const Deed *deed)
{
  const json_t *administrator = json_object_get (current, "administrator");
  g_autofree char *domains = list_domains (administrator);
  const char *address = object_text (administrator, "address");

  if (!json_is_object (administrator))
    return g_strdup (_ ("Somebody else has taken these rights away meanwhile."));
  if (g_strcmp0 (deed->etag, ETAG_NEW) == 0)
    return g_strdup_printf (_ ("%s administers already: %s. %s"), address,
                            role_title (object_text (administrator, "role")), domains);
  return g_strdup_printf (_ ("%s has other rights now than those that you saw: %s. %s"), address,
                          role_title (object_text (administrator, "role")), domains);
}

static void
did_remove (GtkWidget *button, PageAdministrators *self)
{
  const json_t *administrator = g_object_get_data (G_OBJECT (button), "administrator");
  g_autoptr (json_t) back = body_of (administrator);
  const Deed deed = { .action = ACTION_ADMINISTRATOR_REMOVE,
                      .argument = object_text (administrator, "address"),
                      .etag = object_text (administrator, "etag"),
                      .tell = tell_current,
                      .said = _ ("Administers nothing any more; the mailbox stays"),
                      .has_undo = TRUE,
                      .undo = ACTION_ADMINISTRATOR_SET,
                      .undo_body = back };

  deed_run (&deed, self->connection, GTK_WIDGET (self), did_end);
}

/* The dialog for a new one and for an old one. */

typedef struct {
  PageAdministrators *page;
  GtkEditable *address, *domains;
  AdwComboRow *role;
  char *before; /* the address that is changed, or NULL */
  char *etag; /* of what was shown then */
  json_t *undo;
} Question;

static void
question_free (gpointer data)
{
  Question *self = data;

  g_free (self->before);
  g_free (self->etag);
  json_decref (self->undo);
  g_free (self);
}

static json_t *
read_domains (Question *self)
{
  g_auto (GStrv) words = g_strsplit_set (gtk_editable_get_text (self->domains), " ,;", -1);
  json_t *domains = json_array ();

  for (char **word = words; *word != NULL; word++)
    if (**word != '\0')
      json_array_append_new (domains, json_string (*word));
  return domains;
}

static const char *
chosen_role (Question *self)
{
  return roles[MIN (adw_combo_row_get_selected (self->role), G_N_ELEMENTS (roles) - 1)].role;
}

static gboolean
is_complete (gpointer data)
{
  Question *self = data;
  const gboolean of_domains = strcmp (chosen_role (self), "domain-administrator") == 0;
  g_autoptr (json_t) domains = read_domains (self);

  gtk_widget_set_visible (GTK_WIDGET (self->domains), of_domains);
  return (self->before != NULL || strchr (gtk_editable_get_text (self->address), '@') != NULL)
      && (!of_domains || json_array_size (domains) > 0);
}

static void
did_say (gpointer data)
{
  Question *self = data;
  g_autoptr (json_t) domains = read_domains (self);
  const gboolean of_domains = strcmp (chosen_role (self), "domain-administrator") == 0;
  g_autoptr (json_t) body = json_pack ("{s:s, s:O?}", "role", chosen_role (self), "domains",
                                       of_domains ? domains : NULL);
  g_autofree char *address = self->before != NULL
      ? g_strdup (self->before)
      : g_strstrip (g_strdup (gtk_editable_get_text (self->address)));
  const Deed deed
      = { .action = ACTION_ADMINISTRATOR_SET,
          .argument = address,
          .body = body,
          .etag = self->etag != NULL ? self->etag : ETAG_NEW,
          .tell = tell_current,
          .said = self->before != NULL ? _ ("Rights changed") : _ ("Administrator added"),
          .has_undo = TRUE,
          .undo = self->undo != NULL ? ACTION_ADMINISTRATOR_SET : ACTION_ADMINISTRATOR_REMOVE,
          .undo_body = self->undo };

  deed_run (&deed, self->page->connection, GTK_WIDGET (self->page), did_end);
}

static GtkEditable *
add_entry (GtkWidget *dialog, const char *title, const char *text)
{
  GtkWidget *row = adw_entry_row_new ();

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  gtk_editable_set_text (GTK_EDITABLE (row), text);
  form_dialog_add (dialog, row);
  return GTK_EDITABLE (row);
}

static AdwComboRow *
add_roles (GtkWidget *dialog, const char *role)
{
  g_autoptr (GtkStringList) labels = gtk_string_list_new (NULL);
  GtkWidget *row = adw_combo_row_new ();

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), _ ("Rights"));
  for (guint i = 0; i < G_N_ELEMENTS (roles); i++)
    gtk_string_list_append (labels, _ (roles[i].title));
  adw_combo_row_set_model (ADW_COMBO_ROW (row), G_LIST_MODEL (labels));
  for (guint i = 0; role != NULL && i < G_N_ELEMENTS (roles); i++)
    if (strcmp (roles[i].role, role) == 0)
      adw_combo_row_set_selected (ADW_COMBO_ROW (row), i);
  form_dialog_add (dialog, row);
  return ADW_COMBO_ROW (row);
}

/* ADMINISTRATOR: NULL for a new one. */
static void
ask (PageAdministrators *self, const json_t *administrator)
{
  const char *address = object_text (administrator, "address");
  GtkWidget *dialog = form_dialog_new (
      GTK_WIDGET (self), administrator != NULL ? address : _ ("Add an Administrator"),
      administrator != NULL ? NULL
                            : _ ("A user of this server, who logs in with the own password."),
      administrator != NULL ? _ ("_Change") : _ ("_Add"));
  Question *question = g_new0 (Question, 1);
  g_autofree char *domains = list_domains (administrator);

  question->page = self;
  if (administrator != NULL) {
    question->before = g_strdup (address);
    question->undo = body_of (administrator);
    question->etag = g_strdup (object_text (administrator, "etag"));
  } else
    question->address = add_entry (dialog, _ ("Address of the user"), "");
  question->role = add_roles (dialog, administrator ? object_text (administrator, "role") : NULL);
  question->domains = add_entry (dialog, _ ("Domains"), domains);
  form_dialog_run (dialog, is_complete, did_say, question, question_free);
}

static void
ask_add (PageAdministrators *self)
{
  ask (self, NULL);
}

static void
did_activate (GtkWidget *row, PageAdministrators *self)
{
  ask (self, g_object_get_data (G_OBJECT (row), "administrator"));
}

static void
keep (GtkWidget *widget, json_t *administrator)
{
  g_object_set_data_full (G_OBJECT (widget), "administrator", json_incref (administrator),
                          (GDestroyNotify)json_decref);
}

static GtkWidget *
administrator_row (json_t *administrator, gpointer data)
{
  PageAdministrators *self = data;
  const char *address = object_text (administrator, "address");
  const char *name = object_text (administrator, "display_name");
  g_autofree char *title = *name ? g_strdup_printf ("%s · %s", name, address) : g_strdup (address);
  g_autofree char *domains = list_domains (administrator);
  g_autofree char *ago = format_ago (object_number (administrator, "last_login"));
  g_autofree char *login = g_strdup_printf (_ ("last login: %s"), ago);
  g_autofree char *facts = g_strjoin (" · ", role_title (object_text (administrator, "role")),
                                      *domains ? domains : login, *domains ? login : NULL, NULL);
  GtkWidget *row = text_row_new (title, facts);
  g_autofree char *label = g_strdup_printf (_ ("Let %s administer no more"), address);
  GtkWidget *button = row_button_new ("user-trash-symbolic", label);
  const gboolean may_change = connection_may_change (self->connection);

  keep (row, administrator);
  keep (button, administrator);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), may_change);
  g_signal_connect (row, "activated", G_CALLBACK (did_activate), self);
  g_signal_connect (button, "clicked", G_CALLBACK (did_remove), self);
  action_describe (button, ACTION_ADMINISTRATOR_REMOVE, address);
  gtk_widget_set_sensitive (button, may_change);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);
  return row;
}

static void
did_switch (PageAdministrators *self)
{
  gtk_widget_set_visible (
      GTK_WIDGET (self->add),
      g_strcmp0 (gtk_stack_get_visible_child_name (self->stack), "administrators") == 0);
}

static void
page_administrators_dispose (GObject *object)
{
  PageAdministrators *self = PANEL_PAGE_ADMINISTRATORS (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->connection);
  G_OBJECT_CLASS (page_administrators_parent_class)->dispose (object);
}

static void
page_administrators_class_init (PageAdministratorsClass *class)
{
  GtkWidgetClass *widget = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = page_administrators_dispose;
  g_type_ensure (PANEL_TYPE_PAGE_FRAME);
  g_type_ensure (PANEL_TYPE_SWITCHER);
  gtk_widget_class_set_template_from_resource (widget, "/hauspost/page-administrators.ui");
  gtk_widget_class_bind_template_child (widget, PageAdministrators, frame);
  gtk_widget_class_bind_template_child (widget, PageAdministrators, add);
  gtk_widget_class_bind_template_child (widget, PageAdministrators, stack);
  gtk_widget_class_bind_template_child (widget, PageAdministrators, list);
  gtk_widget_class_bind_template_callback (widget, reload);
  gtk_widget_class_bind_template_callback (widget, ask_add);
}

static void
page_administrators_init (PageAdministrators *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->cancellable = g_cancellable_new ();
  g_signal_connect_swapped (self->stack, "notify::visible-child", G_CALLBACK (did_switch), self);
}

GtkWidget *
page_administrators_new (Connection *connection)
{
  PageAdministrators *self = g_object_new (PANEL_TYPE_PAGE_ADMINISTRATORS, NULL);

  self->connection = g_object_ref (connection);
  page_frame_set_connection (self->frame, connection);
  gtk_stack_add_titled (self->stack, audit_view_new (connection), "audit", _ ("Audit Log"));
  action_describe (GTK_WIDGET (self->add), ACTION_ADMINISTRATOR_SET, NULL);
  gtk_widget_set_sensitive (GTK_WIDGET (self->add), connection_may_change (connection));
  g_signal_connect_object (connection, "changed", G_CALLBACK (did_change), self, G_CONNECT_SWAPPED);
  reload (self);
  return GTK_WIDGET (self);
}

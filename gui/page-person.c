/* Made in code: a few rows, each with its action. */
#include "page-person.h"
#include "deed.h"
#include "form-dialog.h"
#include "format.h"
#include "json.h"
#include "rate-group.h"
#include "row-list.h"
#include "widgets/page-frame.h"
#include "widgets/switch-row.h"
#include "window.h"
#include <glib/gi18n.h>
#include <string.h>

struct _PagePerson {
  AdwBin parent;

  Connection *connection;
  GCancellable *cancellable;
  char *address;
  char *etag;
  PageFrame *frame;
  SwitchRow *enabled;
  GtkWidget *used;
  AdwPreferencesGroup *app_passwords;
  gboolean is_showing;
};
G_DEFINE_FINAL_TYPE (PagePerson, page_person, ADW_TYPE_BIN)

static void
did_load (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *etag = NULL;
  g_autoptr (json_t) answer
      = connection_call_finish (PANEL_CONNECTION (source), result, &etag, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  PagePerson *self = data;
  if (answer == NULL) {
    page_frame_show_error (self->frame, error);
    return;
  }
  json_t *user = json_object_get (answer, "user");
  g_autofree char *used = format_size (object_number (user, "used"));
  g_autofree char *quota = object_number (user, "quota") > 0
      ? format_size (object_number (user, "quota"))
      : g_strdup (_ ("no limit"));
  g_autofree char *text = g_strdup_printf (_ ("%s of %s"), used, quota);
  g_free (self->etag);
  self->etag = g_steal_pointer (&etag);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self->used), text);
  page_frame_set_subtitle (self->frame, object_text (user, "display_name"));
  self->is_showing = TRUE;
  switch_row_set_active (self->enabled, object_flag (user, "enabled"));
  self->is_showing = FALSE;
  page_frame_show_content (self->frame);
}

static void did_end (GtkWidget *widget);

static void
remove_app_password (GtkWidget *button, gpointer data)
{
  PagePerson *self = PANEL_PAGE_PERSON (gtk_widget_get_ancestor (button, PANEL_TYPE_PAGE_PERSON));
  const char *name = g_object_get_data (G_OBJECT (button), "name");
  g_autoptr (json_t) body = json_pack ("{s:s}", "name", name);
  g_autofree char *said = g_strdup_printf (_ ("%s can log in no more"), name);
  const Deed deed = {
    .action = ACTION_APP_PASSWORD_REMOVE, .argument = self->address, .body = body, .said = said
  };

  deed_run_later (&deed, self->connection, GTK_WIDGET (self), did_end);
}

static GtkWidget *
make_app_password_row (json_t *item, gpointer data)
{
  const char *name = object_text (item, "name");
  g_autofree char *used = format_ago (object_number (item, "used"));
  g_autofree char *facts = g_strdup_printf (_ ("Last used: %s"), used);
  GtkWidget *row = text_row_new (name, facts);
  GtkWidget *button = row_button_new ("user-trash-symbolic", _ ("Remove"));

  g_object_set_data_full (G_OBJECT (button), "name", g_strdup (name), g_free);
  g_signal_connect (button, "clicked", G_CALLBACK (remove_app_password), NULL);
  action_describe (button, ACTION_APP_PASSWORD_REMOVE, data);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);
  return row;
}

static void
did_load_app_passwords (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (json_t) answer
      = connection_call_finish (PANEL_CONNECTION (source), result, NULL, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  PagePerson *self = data;
  gtk_widget_set_visible (GTK_WIDGET (self->app_passwords), answer != NULL);
  if (answer != NULL)
    row_list_fill (self->app_passwords, object_list (answer, "app_passwords"),
                   _ ("No device has a password of its own."), make_app_password_row,
                   self->address);
}

static void
reload (PagePerson *self)
{
  g_autofree char *path = action_path (ACTION_USER_ADD, self->address);
  g_autofree char *app_path = action_path (ACTION_APP_PASSWORD_ADD, self->address);

  connection_get_async (self->connection, path, self->cancellable, did_load, self);
  connection_get_async (self->connection, app_path, self->cancellable, did_load_app_passwords,
                        self);
}

static void
did_end (GtkWidget *widget)
{
  PagePerson *self = PANEL_PAGE_PERSON (widget);

  if (self->connection != NULL)
    reload (self);
}

static void
did_switch (PagePerson *self)
{
  const gboolean enabled = switch_row_get_active (self->enabled);
  g_autoptr (json_t) body = json_pack ("{s:b}", "enabled", enabled);
  g_autoptr (json_t) back = json_pack ("{s:b}", "enabled", !enabled);
  const Deed deed = {
    .action = enabled ? ACTION_USER_ENABLE : ACTION_USER_DISABLE,
    .argument = self->address,
    .body = body,
    .said = enabled ? _ ("The user can log in and gets mail again")
                    : _ ("The user can no longer log in and gets no mail"),
    .has_undo = TRUE,
    .undo = enabled ? ACTION_USER_DISABLE : ACTION_USER_ENABLE,
    .undo_body = back,
  };

  if (!self->is_showing)
    deed_run (&deed, self->connection, GTK_WIDGET (self), did_end);
}

/* Forms with a single entry. */

typedef struct {
  PagePerson *page;
  GtkEditable *entry;
} Form;

static gboolean
is_long_enough (gpointer data)
{
  return strlen (gtk_editable_get_text (((Form *)data)->entry)) >= 8;
}

static gboolean
is_filled (gpointer data)
{
  return *gtk_editable_get_text (((Form *)data)->entry) != '\0';
}

static void
set_password (gpointer data)
{
  const Form *form = data;
  g_autoptr (json_t) body = json_pack ("{s:s}", "password", gtk_editable_get_text (form->entry));
  const Deed deed = { .action = ACTION_USER_PASSWORD,
                      .argument = form->page->address,
                      .body = body,
                      .said = _ ("The new password is valid now") };

  deed_run (&deed, form->page->connection, GTK_WIDGET (form->page), did_end);
}

static void
set_quota (gpointer data)
{
  const Form *form = data;
  g_autoptr (json_t) body = json_pack ("{s:s}", "quota", gtk_editable_get_text (form->entry));
  const Deed deed = { .action = ACTION_USER_QUOTA,
                      .argument = form->page->address,
                      .body = body,
                      .said = _ ("The new limit is valid now") };

  deed_run (&deed, form->page->connection, GTK_WIDGET (form->page), did_end);
}

static void
ask (PagePerson *self, GtkWidget *entry, const char *title, const char *text, const char *label,
     gboolean (*check) (gpointer data), void (*func) (gpointer data))
{
  GtkWidget *dialog = form_dialog_new (GTK_WIDGET (self), title, text, _ ("_Change"));
  Form *form = g_new0 (Form, 1);

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (entry), label);
  *form = (Form) { self, GTK_EDITABLE (entry) };
  form_dialog_add (dialog, entry);
  form_dialog_run (dialog, check, func, form, g_free);
}

static void
ask_password (PagePerson *self)
{
  ask (self, adw_password_entry_row_new (), _ ("New password"),
       _ ("At least 8 characters. Programs that know the old one must be told the new one."),
       _ ("Password"), is_long_enough, set_password);
}

static void
ask_quota (PagePerson *self)
{
  ask (self, adw_entry_row_new (), _ ("How much mail the user may keep"),
       _ ("A size such as 500M or 2G; 0 means no limit."), _ ("Size"), is_filled, set_quota);
}

/* The mail would be lost: nothing happens before the time for an undo is over. */
static void
remove_person (PagePerson *self)
{
  g_autofree char *said = g_strdup_printf (_ ("%s and all mail is removed"), self->address);
  const Deed deed = { .action = ACTION_USER_REMOVE, .argument = self->address, .said = said };

  deed_run_later (&deed, self->connection, GTK_WIDGET (self), NULL);
  window_pop (GTK_WIDGET (self));
}

static GtkWidget *
add_button (GtkWidget *row, const char *label, Action action, const char *address)
{
  GtkWidget *button = gtk_button_new_with_mnemonic (label);

  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  action_describe (button, action, address);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);
  return button;
}

static AdwPreferencesGroup *
add_group (AdwPreferencesPage *page, const char *title)
{
  AdwPreferencesGroup *group = ADW_PREFERENCES_GROUP (adw_preferences_group_new ());

  adw_preferences_group_set_title (group, title);
  adw_preferences_page_add (page, group);
  return group;
}

static void
build (PagePerson *self)
{
  AdwPreferencesPage *page = ADW_PREFERENCES_PAGE (adw_preferences_page_new ());
  AdwPreferencesGroup *account = add_group (page, _ ("Account"));
  GtkWidget *password = text_row_new (_ ("Password"), NULL);
  GtkWidget *rates = g_object_new (PANEL_TYPE_RATE_GROUP, "title",
                                   _ ("What the user may send"), NULL);
  GtkWidget *removal = text_row_new (_ ("Remove the user"), _ ("All mail of the user goes, too."));

  self->enabled = PANEL_SWITCH_ROW (switch_row_new (_ ("May log in and gets mail")));
  self->used = text_row_new (_ ("Mail"), "");
  adw_preferences_group_add (account, GTK_WIDGET (self->enabled));
  adw_preferences_group_add (account, self->used);
  adw_preferences_group_add (account, password);
  g_signal_connect_swapped (self->enabled, "notify::active", G_CALLBACK (did_switch), self);
  g_signal_connect_swapped (add_button (self->used, _ ("_Limit…"), ACTION_USER_QUOTA, self->address),
                            "clicked", G_CALLBACK (ask_quota), self);
  g_signal_connect_swapped (
      add_button (password, _ ("_Change…"), ACTION_USER_PASSWORD, self->address), "clicked",
      G_CALLBACK (ask_password), self);
  self->app_passwords = add_group (page, _ ("Passwords of single devices"));
  adw_preferences_page_add (page, ADW_PREFERENCES_GROUP (rates));
  rate_group_load (PANEL_RATE_GROUP (rates), self->connection, ACTION_USER_RATE, self->address);
  adw_preferences_group_add (add_group (page, ""), removal);
  GtkWidget *button = add_button (removal, _ ("_Remove"), ACTION_USER_REMOVE, self->address);
  gtk_widget_add_css_class (button, "destructive-action");
  g_signal_connect_swapped (button, "clicked", G_CALLBACK (remove_person), self);
  page_frame_set_content (self->frame, GTK_WIDGET (page));
}

static void
did_change (PagePerson *self, const char *what, const char *name)
{
  if (strcmp (what, "app-passwords") == 0
      || (strcmp (what, "users") == 0 && (*name == '\0' || strcmp (name, self->address) == 0)))
    reload (self);
}

static void
page_person_dispose (GObject *object)
{
  PagePerson *self = PANEL_PAGE_PERSON (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->connection);
  G_OBJECT_CLASS (page_person_parent_class)->dispose (object);
}

static void
page_person_finalize (GObject *object)
{
  PagePerson *self = PANEL_PAGE_PERSON (object);

  g_free (self->address);
  g_free (self->etag);
  G_OBJECT_CLASS (page_person_parent_class)->finalize (object);
}

static void
page_person_class_init (PagePersonClass *class)
{
  G_OBJECT_CLASS (class)->dispose = page_person_dispose;
  G_OBJECT_CLASS (class)->finalize = page_person_finalize;
}

static void
page_person_init (PagePerson *self)
{
  self->cancellable = g_cancellable_new ();
  self->frame = PANEL_PAGE_FRAME (page_frame_new (""));
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->frame));
  g_signal_connect_swapped (self->frame, "refresh", G_CALLBACK (reload), self);
}

GtkWidget *
page_person_new (Connection *connection, const char *address)
{
  PagePerson *self = g_object_new (PANEL_TYPE_PAGE_PERSON, NULL);

  self->connection = g_object_ref (connection);
  self->address = g_strdup (address);
  page_frame_set_title (self->frame, address);
  page_frame_set_connection (self->frame, connection);
  build (self);
  g_signal_connect_object (connection, "changed", G_CALLBACK (did_change), self, G_CONNECT_SWAPPED);
  reload (self);
  return GTK_WIDGET (self);
}

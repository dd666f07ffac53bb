/* Three groups of rows: the person, the devices, the settings of mail programs. */
#include "person-view.h"
#include "deed.h"
#include "form-dialog.h"
#include "format.h"
#include "json.h"
#include "people-forms.h"
#include "person-devices.h"
#include "person-settings.h"
#include "row-list.h"
#include "setup-model.h"
#include "widgets/copy-row.h"
#include "widgets/page-frame.h"
#include "widgets/switch-row.h"
#include "window.h"
#include <glib/gi18n.h>
#include <string.h>

#define PASSWORD_LEAST 8

struct _PersonView {
  AdwBin parent;

  Connection *connection;
  GCancellable *cancellable;
  PageFrame *frame;
  char *address;
  json_t *user; /* NULL before it came */
  char *etag; /* of USER */
  char *asked; /* the ETag of what was shown when the person was asked */
  GtkWidget *name, *state, *login, *sessions, *enabled;
  GtkWidget *devices, *settings;
  AdwPreferencesGroup *mailboxes;
  gboolean is_showing; /* the switch is set by us */
  gboolean is_switching; /* until the ETag is known that the next change needs */
};
G_DEFINE_FINAL_TYPE (PersonView, person_view, ADW_TYPE_BIN)

static void reload (PersonView *self);

static void
did_end (GtkWidget *widget)
{
  PersonView *self = PANEL_PERSON_VIEW (widget);

  self->is_switching = FALSE;
  reload (self);
}

/* Runs ACTION with BODY on the person as ETAG knows it; UNDO_BODY (or NULL) takes it back. */
static void
change (PersonView *self, Action action, json_t *body, const char *etag, const char *said,
        json_t *undo_body)
{
  const Deed deed = { .action = action,
                      .argument = self->address,
                      .body = body,
                      .etag = etag,
                      .tell = person_tell,
                      .said = said,
                      .has_undo = undo_body != NULL,
                      .undo = action,
                      .undo_body = undo_body };

  deed_run (&deed, self->connection, GTK_WIDGET (self), did_end);
}

static GtkWidget *
mailbox_row (json_t *mailbox, gpointer data)
{
  g_autofree char *count = format_count (object_number (mailbox, "messages"));
  g_autofree char *size = format_size (object_number (mailbox, "size"));
  g_autofree char *mails = g_strdup_printf (
      ngettext ("%s mail", "%s mails", (gulong)object_number (mailbox, "messages")), count);
  g_autofree char *facts = g_strdup_printf ("%s · %s", mails, size);

  return text_row_new (object_text (mailbox, "name"), facts);
}

static void
show_user (PersonView *self)
{
  const json_t *user = self->user;
  const char *name = object_text (user, "display_name");
  const gint64 quota = object_number (user, "quota");
  g_autofree char *used = format_size (object_number (user, "used")), *most = format_size (quota);
  g_autofree char *full = g_strdup_printf (_ ("%s of %s"), used, most);
  g_autofree char *ago = format_ago (object_number (user, "last_login"));

  page_frame_set_title (self->frame, *name ? name : self->address);
  page_frame_set_subtitle (self->frame, *name ? self->address : NULL);
  person_settings_set_name (self->settings, name);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self->name), *name ? name : _ ("no name yet"));
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self->state), quota > 0 ? full : used);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self->login), ago);
  self->is_showing = TRUE;
  switch_row_set_active (PANEL_SWITCH_ROW (self->enabled), object_flag (user, "enabled"));
  self->is_showing = FALSE;
}

static void
did_load_sessions (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (json_t) answer
      = connection_call_finish (PANEL_CONNECTION (source), result, NULL, &error);
  json_t *session;
  guint count = 0;
  gsize i;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || answer == NULL)
    return;
  PersonView *self = data;
  json_array_foreach (object_list (answer, "sessions"), i, session) count
      += g_ascii_strcasecmp (object_text (session, "user"), self->address) == 0;
  g_autofree char *text
      = g_strdup_printf (ngettext ("%u connection", "%u connections", count), count);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self->sessions), text);
}

static void
let_switch (PersonView *self)
{
  gtk_widget_set_sensitive (self->enabled,
                            !self->is_switching && connection_may_change (self->connection));
}

static void
did_load (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *etag = NULL;
  g_autoptr (json_t) answer
      = connection_call_finish (PANEL_CONNECTION (source), result, &etag, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  PersonView *self = data;
  let_switch (self);
  if (answer == NULL) {
    page_frame_show_error (self->frame, error);
    return;
  }
  json_decref (self->user);
  self->user = json_incref (json_object_get (answer, "user"));
  g_free (self->etag);
  self->etag = g_steal_pointer (&etag);
  show_user (self);
  row_list_fill (self->mailboxes, object_list (answer, "mailboxes"), _ ("No mailbox yet."),
                 mailbox_row, self);
  page_frame_show_content (self->frame);
}

static void
reload (PersonView *self)
{
  g_autofree char *path = NULL;

  if (self->connection == NULL)
    return;
  path = action_path (ACTION_USER_QUOTA, self->address);
  connection_get_async (self->connection, path, self->cancellable, did_load, self);
  person_devices_reload (PANEL_PERSON_DEVICES (self->devices));
  connection_get_async (self->connection, "/v1/sessions", self->cancellable, did_load_sessions,
                        self);
}

static void
did_change (PersonView *self, const char *what, const char *name)
{
  if (*what == '\0' || g_strcmp0 (what, "users") == 0 || g_strcmp0 (what, "app-passwords") == 0
      || g_strcmp0 (what, "sessions") == 0)
    reload (self);
}

static void
did_switch (PersonView *self)
{
  const gboolean enabled = switch_row_get_active (PANEL_SWITCH_ROW (self->enabled));
  g_autoptr (json_t) body = json_pack ("{s:b}", "enabled", enabled);
  g_autoptr (json_t) back = json_pack ("{s:b}", "enabled", !enabled);

  if (self->is_showing)
    return;
  self->is_switching = TRUE;
  let_switch (self);
  change (self, enabled ? ACTION_USER_ENABLE : ACTION_USER_DISABLE, body, self->etag,
          enabled ? _ ("The person can log in and gets mail")
                  : _ ("The person cannot log in and gets no mail"),
          back);
}

/* What is shown now is what the person answers to. */
static void
note_question (PersonView *self)
{
  g_free (self->asked);
  self->asked = g_strdup (self->etag);
}

static void
set_name (GtkWidget *widget, const char *text)
{
  PersonView *self = PANEL_PERSON_VIEW (widget);
  g_autofree char *name = g_strstrip (g_strdup (text));
  g_autoptr (json_t) body = json_pack ("{s:s}", "display_name", name);
  g_autoptr (json_t) back
      = json_pack ("{s:s}", "display_name", object_text (self->user, "display_name"));

  change (self, ACTION_USER_NAME, body, self->asked, _ ("Changed"), back);
}

static void
ask_name (PersonView *self)
{
  note_question (self);
  form_dialog_ask (GTK_WIDGET (self), _ ("Name of the Person"),
                   _ ("As it stands in the lists here, and as telephones that are set up by a "
                      "profile write it into mails."),
                   _ ("Name"), object_text (self->user, "display_name"), 0, set_name);
}

static void
set_password (GtkWidget *widget, const char *text)
{
  PersonView *self = PANEL_PERSON_VIEW (widget);
  g_autoptr (json_t) body = json_pack ("{s:s}", "password", text);

  change (self, ACTION_USER_PASSWORD, body, self->asked,
          _ ("The new password is valid from now on"), NULL);
}

static void
ask_password (PersonView *self)
{
  g_autofree char *password = setup_password_new ();
  GtkWidget *row
      = form_dialog_ask (GTK_WIDGET (self), _ ("New Password"),
                         _ ("It is valid at once, and shown only here. Devices with passwords of "
                            "their own keep them."),
                         _ ("Password"), password, PASSWORD_LEAST, set_password);

  note_question (self);
  adw_entry_row_add_suffix (ADW_ENTRY_ROW (row), copy_button_new (_ ("Password"), password));
}

static void
set_quota (GtkWidget *widget, const char *text)
{
  PersonView *self = PANEL_PERSON_VIEW (widget);
  g_autoptr (json_t) body = json_pack ("{s:s}", "quota", *text ? text : "0");
  g_autoptr (json_t) back
      = json_pack ("{s:I}", "quota", (json_int_t)object_number (self->user, "quota"));

  change (self, ACTION_USER_QUOTA, body, self->asked, _ ("Changed"), back);
}

/* As a person would type it: "2G", not 2147483648. */
static char *
typed_size (gint64 bytes)
{
  static const char units[] = { '\0', 'K', 'M', 'G', 'T' };
  guint unit = 0;

  while (unit + 1 < G_N_ELEMENTS (units) && bytes > 0 && bytes % 1024 == 0) {
    bytes /= 1024;
    unit++;
  }
  return bytes > 0 ? g_strdup_printf ("%" G_GINT64_FORMAT "%.1s", bytes, &units[unit])
                   : g_strdup ("");
}

static void
ask_quota (PersonView *self)
{
  g_autofree char *before = typed_size (object_number (self->user, "quota"));

  note_question (self);
  form_dialog_ask (GTK_WIDGET (self), _ ("How Much Mail"),
                   _ ("Such as 500M or 2G; empty: as much as there is room."), _ ("Most mail"),
                   before, 0, set_quota);
}

/* Nothing brings mail back: it waits for the toast. */
static void
did_remove (PersonView *self)
{
  const Deed deed = { .action = ACTION_USER_REMOVE,
                      .argument = self->address,
                      .etag = self->etag,
                      .tell = person_tell,
                      .said = _ ("The person and all mail are removed") };

  deed_run_later (&deed, self->connection, GTK_WIDGET (self), NULL);
  window_pop (GTK_WIDGET (self));
}

static GtkWidget *
button_new (PersonView *self, const char *label, Action action, void (*func) (PersonView *))
{
  GtkWidget *button = gtk_button_new_with_mnemonic (label);

  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_set_sensitive (button, connection_may_change (self->connection));
  g_signal_connect_swapped (button, "clicked", G_CALLBACK (func), self);
  action_describe (button, action, self->address);
  return button;
}

static GtkWidget *
add_button_row (PersonView *self, AdwPreferencesGroup *group, const char *title, const char *label,
                Action action, void (*func) (PersonView *))
{
  GtkWidget *row = text_row_new (title, NULL);

  adw_action_row_add_suffix (ADW_ACTION_ROW (row), button_new (self, label, action, func));
  adw_preferences_group_add (group, row);
  return row;
}

static AdwPreferencesGroup *
add_group (GtkWidget *page, const char *title)
{
  GtkWidget *group = adw_preferences_group_new ();

  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (group), title);
  adw_preferences_page_add (ADW_PREFERENCES_PAGE (page), ADW_PREFERENCES_GROUP (group));
  return ADW_PREFERENCES_GROUP (group);
}

static GtkWidget *
add_fact (AdwPreferencesGroup *group, const char *title)
{
  GtkWidget *row = text_row_new (title, "…");

  adw_preferences_group_add (group, row);
  return row;
}

static void
add_person (PersonView *self, GtkWidget *page)
{
  AdwPreferencesGroup *group = add_group (page, _ ("Person"));

  self->enabled = switch_row_new (_ ("Can log in and gets mail"));
  gtk_widget_set_sensitive (self->enabled, connection_may_change (self->connection));
  g_signal_connect_swapped (self->enabled, "notify::active", G_CALLBACK (did_switch), self);
  adw_preferences_group_add (group, self->enabled);
  self->name = add_button_row (self, group, _ ("Name"), _ ("_Rename…"), ACTION_USER_NAME, ask_name);
  self->login = add_fact (group, _ ("Last login"));
  self->sessions = add_fact (group, _ ("Connected now"));
  self->state
      = add_button_row (self, group, _ ("Mail"), _ ("_Limit…"), ACTION_USER_QUOTA, ask_quota);
  add_button_row (self, group, _ ("Password"), _ ("_New…"), ACTION_USER_PASSWORD, ask_password);
}

static void
build (PersonView *self)
{
  GtkWidget *page = adw_preferences_page_new ();
  AdwPreferencesGroup *end;

  add_person (self, page);
  self->devices = person_devices_new (self->connection, self->address);
  adw_preferences_page_add (ADW_PREFERENCES_PAGE (page), ADW_PREFERENCES_GROUP (self->devices));
  self->settings = person_settings_new (self->connection, self->address);
  adw_preferences_page_add (ADW_PREFERENCES_PAGE (page), ADW_PREFERENCES_GROUP (self->settings));
  self->mailboxes = add_group (page, _ ("Mailboxes"));
  end = add_group (page, "");
  add_button_row (self, end, _ ("The person and all mail"), _ ("_Remove"), ACTION_USER_REMOVE,
                  did_remove);
  page_frame_set_content (self->frame, page);
}

static void
person_view_dispose (GObject *object)
{
  PersonView *self = PANEL_PERSON_VIEW (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->connection);
  G_OBJECT_CLASS (person_view_parent_class)->dispose (object);
}

static void
person_view_finalize (GObject *object)
{
  PersonView *self = PANEL_PERSON_VIEW (object);

  json_decref (self->user);
  g_free (self->etag);
  g_free (self->asked);
  g_free (self->address);
  G_OBJECT_CLASS (person_view_parent_class)->finalize (object);
}

static void
person_view_class_init (PersonViewClass *class)
{
  G_OBJECT_CLASS (class)->dispose = person_view_dispose;
  G_OBJECT_CLASS (class)->finalize = person_view_finalize;
}

static void
person_view_init (PersonView *self)
{
  self->cancellable = g_cancellable_new ();
}

GtkWidget *
person_view_new (Connection *connection, const char *address)
{
  PersonView *self = g_object_new (PANEL_TYPE_PERSON_VIEW, NULL);

  self->connection = g_object_ref (connection);
  self->address = g_strdup (address);
  self->frame = PANEL_PAGE_FRAME (page_frame_new (address));
  page_frame_set_connection (self->frame, connection);
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->frame));
  build (self);
  g_signal_connect_swapped (self->frame, "refresh", G_CALLBACK (reload), self);
  g_signal_connect_object (connection, "changed", G_CALLBACK (did_change), self, G_CONNECT_SWAPPED);
  reload (self);
  return GTK_WIDGET (self);
}

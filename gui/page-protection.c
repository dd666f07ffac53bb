/* Lists that follow the server's events, and the settings that belong to them. */
#include "page-protection.h"
#include "deed.h"
#include "format.h"
#include "form-dialog.h"
#include "mail-words.h"
#include "row-list.h"
#include "setting-row.h"
#include "widgets/page-frame.h"
#include <glib/gi18n.h>
#include <string.h>

struct _PageProtection {
  AdwBin parent;

  Connection *connection;
  GCancellable *cancellable;
  PageFrame *frame;
  AdwPreferencesGroup *brakes, *brake_settings, *bans, *ban_settings, *strangers, *block_lists,
      *authentication, *rates, *limits;
  GtkButton *lock, *ban;
};
G_DEFINE_FINAL_TYPE (PageProtection, page_protection, ADW_TYPE_BIN)

/* To show one more setting, add its key here. */
static const struct {
  gsize group; /* of the page's structure */
  const char *keys[8]; /* the last is NULL */
} shown[] = {
  { G_STRUCT_OFFSET (PageProtection, brake_settings),
    { "brake.action", "brake.recipients", "brake.new-recipients", "brake.bounces",
      "brake.calm-time" } },
  { G_STRUCT_OFFSET (PageProtection, ban_settings),
    { "login.ban-after", "login.ban-time", "login.ban-exempt-networks", "login.good-address-time",
      "login.plaintext-passwords", "login.scram" } },
  { G_STRUCT_OFFSET (PageProtection, strangers), { "smtp.greylist", "smtp.greet-delay" } },
  { G_STRUCT_OFFSET (PageProtection, authentication),
    { "authentication.check", "authentication.policy", "authentication.exempt-networks",
      "authentication.trusted-sealers" } },
  { G_STRUCT_OFFSET (PageProtection, rates),
    { "submission.user-hour", "submission.user-day", "submission.domain-hour",
      "submission.domain-day" } },
  { G_STRUCT_OFFSET (PageProtection, limits),
    { "limits.connections", "limits.connections-per-address", "limits.connections-per-user",
      "limits.exempt-networks" } },
};

static void
add_settings (PageProtection *self)
{
  SettingsModel *model = settings_model_of (self->connection);

  for (guint i = 0; i < G_N_ELEMENTS (shown); i++) {
    AdwPreferencesGroup *group = G_STRUCT_MEMBER (AdwPreferencesGroup *, self, shown[i].group);
    for (const char *const *key = shown[i].keys; *key != NULL; key++)
      adw_preferences_group_add (group, setting_row_new (model, *key));
  }
  adw_preferences_group_add (self->block_lists, setting_row_new (model, "smtp.block-lists"));
}

enum { BRAKES, BANS, BLOCK_LISTS, LIST_COUNT };

static void show (guint number, GObject *source, GAsyncResult *result, gpointer data);

static void
did_load_brakes (GObject *source, GAsyncResult *result, gpointer data)
{
  show (BRAKES, source, result, data);
}

static void
did_load_bans (GObject *source, GAsyncResult *result, gpointer data)
{
  show (BANS, source, result, data);
}

static void
did_load_block_lists (GObject *source, GAsyncResult *result, gpointer data)
{
  show (BLOCK_LISTS, source, result, data);
}

static GtkWidget *brake_row (json_t *brake, gpointer data);
static GtkWidget *ban_row (json_t *ban, gpointer data);
static GtkWidget *block_list_row (json_t *list, gpointer data);

static const struct {
  const char *path, *key;
  const char *what; /* of "changed" */
  const char *empty;
  gsize group;
  RowListFunc row;
  GAsyncReadyCallback did_load;
} lists[LIST_COUNT] = {
  [BRAKES] = { "/v1/brakes", "brakes", "brakes", N_ ("No user is held."),
               G_STRUCT_OFFSET (PageProtection, brakes), brake_row, did_load_brakes },
  [BANS] = { "/v1/bans", "bans", "bans", N_ ("No address is banned."),
             G_STRUCT_OFFSET (PageProtection, bans), ban_row, did_load_bans },
  [BLOCK_LISTS]
  = { "/v1/block-lists", "block_lists", "settings", N_ ("No list is asked."),
      G_STRUCT_OFFSET (PageProtection, block_lists), block_list_row, did_load_block_lists },
};

static void
show (guint number, GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (json_t) answer
      = connection_call_finish (PANEL_CONNECTION (source), result, NULL, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  PageProtection *self = data;
  AdwPreferencesGroup *group = G_STRUCT_MEMBER (AdwPreferencesGroup *, self, lists[number].group);
  const char *empty = _ (lists[number].empty);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED))
    empty = _ ("This server is too old to say it.");
  else if (answer == NULL) {
    page_frame_show_error (self->frame, error);
    return;
  }
  row_list_fill (group, object_list (answer, lists[number].key), empty, lists[number].row, self);
  page_frame_show_content (self->frame);
}

static void
load (PageProtection *self, guint number)
{
  if (self->connection != NULL)
    connection_get_async (self->connection, lists[number].path, self->cancellable,
                          lists[number].did_load, self);
}

static void
reload (PageProtection *self)
{
  for (guint i = 0; i < LIST_COUNT; i++)
    load (self, i);
}

static void
did_change (PageProtection *self, const char *what, const char *name)
{
  for (guint i = 0; i < LIST_COUNT; i++)
    if (g_strcmp0 (lists[i].what, what) == 0)
      load (self, i);
  if (g_strcmp0 (what, "queue") == 0)
    load (self, BRAKES); /* how much is held */
}

/* For servers that tell no events. */
static void
did_end (GtkWidget *widget)
{
  reload (PANEL_PAGE_PROTECTION (widget));
}

/* The brake. */

static void
act_on_brake (PageProtection *self, Action action, const char *address)
{
  const char *word = action == ACTION_BRAKE_RELEASE ? "release"
      : action == ACTION_BRAKE_LOCK                 ? "lock"
      : action == ACTION_BRAKE_BOUNCE               ? "bounce"
                                                    : "remove";
  g_autoptr (json_t) body = json_pack ("{s:s}", "action", word);
  Deed deed = { .action = action, .argument = address, .body = body };

  if (action == ACTION_BRAKE_RELEASE) {
    deed.said = _ ("The mail goes out now, and the user can log in");
    deed_run (&deed, self->connection, GTK_WIDGET (self), did_end);
  } else if (action == ACTION_BRAKE_LOCK) {
    deed.said = _ ("Nobody can log in to the account any more");
    deed_run (&deed, self->connection, GTK_WIDGET (self), did_end);
  } else {
    deed.said = action == ACTION_BRAKE_BOUNCE ? _ ("The held mail goes back to its sender")
                                              : _ ("The held mail is removed");
    deed_run_later (&deed, self->connection, GTK_WIDGET (self), did_end);
  }
}

static const char *
address_of (GtkWidget *widget)
{
  return g_object_get_data (G_OBJECT (widget), "address");
}

static void
did_release (GtkWidget *button, PageProtection *self)
{
  act_on_brake (self, ACTION_BRAKE_RELEASE, address_of (button));
}

static void
did_lock (GtkWidget *button, PageProtection *self)
{
  act_on_brake (self, ACTION_BRAKE_LOCK, address_of (button));
}

static void
did_bounce (GtkWidget *button, PageProtection *self)
{
  act_on_brake (self, ACTION_BRAKE_BOUNCE, address_of (button));
}

static void
did_drop (GtkWidget *button, PageProtection *self)
{
  act_on_brake (self, ACTION_BRAKE_REMOVE, address_of (button));
}

static void
add_button (GtkWidget *row, PageProtection *self, Action action, const char *address,
            const char *label, GCallback func)
{
  GtkWidget *button = gtk_button_new_with_mnemonic (label);

  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  g_object_set_data_full (G_OBJECT (button), "address", g_strdup (address), g_free);
  g_signal_connect (button, "clicked", func, self);
  action_describe (button, action, address);
  gtk_widget_set_sensitive (button, connection_may_change (self->connection));
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);
}

/* A row that says what one button does. */
static void
add_choice (GtkWidget *expander, PageProtection *self, Action action, const char *address,
            const char *title, const char *label, GCallback func)
{
  GtkWidget *row = text_row_new (title, NULL);

  add_button (row, self, action, address, label, func);
  adw_expander_row_add_row (ADW_EXPANDER_ROW (expander), row);
}

static char *
brake_facts (const json_t *brake)
{
  const gulong held = (gulong)object_number (brake, "held");
  g_autofree char *why = brake_why (brake);
  g_autofree char *since = format_ago (object_number (brake, "since"));
  g_autofree char *number
      = g_strdup_printf (ngettext ("%lu mail is held.", "%lu mails are held.", held), held);

  return g_strjoin (" ", since, "·", why, number,
                    object_flag (brake, "locked") ? _ ("Nobody can log in to the account.") : NULL,
                    NULL);
}

static GtkWidget *
brake_row (json_t *brake, gpointer data)
{
  PageProtection *self = data;
  const char *address = object_text (brake, "address");
  GtkWidget *row = adw_expander_row_new ();
  g_autofree char *facts = brake_facts (brake);

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), address);
  adw_expander_row_set_subtitle (ADW_EXPANDER_ROW (row), facts);
  add_choice (row, self, ACTION_BRAKE_RELEASE, address,
              _ ("It was really this user: let the mail go, and take it for usual"), _ ("_Release"),
              G_CALLBACK (did_release));
  if (!object_flag (brake, "locked"))
    add_choice (row, self, ACTION_BRAKE_LOCK, address,
                _ ("Somebody else has the password: let nobody log in until it is changed"),
                _ ("_Lock"), G_CALLBACK (did_lock));
  if (object_number (brake, "held") > 0) {
    add_choice (row, self, ACTION_BRAKE_BOUNCE, address,
                _ ("Give the held mail back, as undeliverable"), _ ("Re_turn"),
                G_CALLBACK (did_bounce));
    add_choice (row, self, ACTION_BRAKE_REMOVE, address, _ ("The held mail is all spam: remove it"),
                _ ("Re_move"), G_CALLBACK (did_drop));
  }
  adw_expander_row_set_expanded (ADW_EXPANDER_ROW (row), TRUE);
  return row;
}

/* Bans. */

static gint64
seconds_left (const json_t *ban)
{
  return object_number (ban, "until") - g_get_real_time () / G_USEC_PER_SEC;
}

static char *
tell_ban (const json_t *current, const Deed *deed)
{
  if (json_is_null (current))
    return g_strdup (_ ("Somebody else has lifted the ban meanwhile."));
  if (!object_has (current, "until"))
    return g_strdup_printf (_ ("%s is banned already, until somebody lifts the ban."),
                            deed->argument);
  g_autofree char *until = format_time (object_number (current, "until"));
  return g_strdup_printf (_ ("%s is banned already, until %s."), deed->argument, until);
}

/* Taken back, it lasts as long as it would have. */
static void
did_lift (GtkWidget *button, PageProtection *self)
{
  const json_t *ban = g_object_get_data (G_OBJECT (button), "ban");
  g_autofree char *time = g_strdup_printf ("%" G_GINT64_FORMAT "s", MAX (seconds_left (ban), 60));
  g_autoptr (json_t) back
      = object_has (ban, "until") ? json_pack ("{s:s}", "time", time) : json_object ();
  const Deed deed = { .action = ACTION_BAN_REMOVE,
                      .argument = object_text (ban, "address"),
                      .tell = tell_ban,
                      .said = _ ("The ban is lifted"),
                      .has_undo = TRUE,
                      .undo = ACTION_BAN_ADD,
                      .undo_body = back };

  deed_run (&deed, self->connection, GTK_WIDGET (self), did_end);
}

/* Since when, why, and for how long. */
static char *
ban_facts (const json_t *ban)
{
  const gint64 times = object_number (ban, "times");
  g_autofree char *since = format_ago (object_number (ban, "since"));
  g_autofree char *why = times == 0
      ? g_strdup (_ ("by hand"))
      : g_strdup_printf (ngettext ("for the first time", "for the %d. time", (gulong)times),
                         (int)times);

  if (!object_has (ban, "until"))
    return g_strdup_printf (_ ("%s, %s, until somebody lifts it"), since, why);
  g_autofree char *until = format_time (object_number (ban, "until"));
  return g_strdup_printf (_ ("%s, %s, until %s"), since, why, until);
}

static GtkWidget *
ban_row (json_t *ban, gpointer data)
{
  PageProtection *self = data;
  const char *address = object_text (ban, "address");
  g_autofree char *facts = ban_facts (ban);
  g_autofree char *name = g_strdup_printf (_ ("Lift the ban of %s"), address);
  GtkWidget *row = text_row_new (address, facts);
  GtkWidget *button = row_button_new ("user-trash-symbolic", name);

  g_object_set_data_full (G_OBJECT (button), "ban", json_incref (ban), (GDestroyNotify)json_decref);
  g_signal_connect (button, "clicked", G_CALLBACK (did_lift), self);
  gtk_widget_set_sensitive (button, connection_may_change (self->connection));
  action_describe (button, ACTION_BAN_REMOVE, address);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);
  return row;
}

static GtkWidget *
block_list_row (json_t *list, gpointer data)
{
  const gboolean works
      = g_strcmp0 (object_text (list, "state"), "good") == 0 || *object_text (list, "text") == '\0';
  GtkWidget *row = text_row_new (object_text (list, "list"), object_text (list, "text"));

  text_row_set_sign (row, works ? "emblem-ok-symbolic" : "dialog-warning-symbolic",
                     works ? "success" : "warning",
                     works ? _ ("It is asked") : _ ("It is switched off"));
  return row;
}

/* The two dialogs. */

typedef struct {
  PageProtection *page;
  GtkEditable *address;
  AdwComboRow *time;
} Question;

static gboolean
has_address (gpointer data)
{
  const Question *self = data;
  g_autofree char *text = g_strstrip (g_strdup (gtk_editable_get_text (self->address)));

  return *text != '\0' && strpbrk (text, " ,;") == NULL;
}

static Question *
question_new (PageProtection *page, GtkWidget *dialog, const char *title)
{
  Question *self = g_new0 (Question, 1);
  GtkWidget *row = adw_entry_row_new ();

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  form_dialog_add (dialog, row);
  self->page = page;
  self->address = GTK_EDITABLE (row);
  return self;
}

static void
did_say_lock (gpointer data)
{
  const Question *self = data;
  g_autofree char *address = g_strstrip (g_strdup (gtk_editable_get_text (self->address)));

  act_on_brake (self->page, ACTION_BRAKE_LOCK, address);
}

static void
ask_lock (PageProtection *self)
{
  GtkWidget *dialog = form_dialog_new (
      GTK_WIDGET (self), _ ("Lock a User"),
      _ ("Nobody can log in to the account, and its mail is held, until you release it. Do this "
         "when somebody else seems to know the password."),
      _ ("_Lock"));

  form_dialog_run (dialog, has_address, did_say_lock,
                   question_new (self, dialog, _ ("Address of the user")), g_free);
}

/* To offer another time, add a line here. */
static const struct {
  const char *label, *time; /* NULL: until somebody lifts it */
} times[] = { { N_ ("for an hour"), "1h" },
              { N_ ("for a day"), "1d" },
              { N_ ("for 30 days"), "30d" },
              { N_ ("until it is lifted"), NULL } };

static void
did_say_ban (gpointer data)
{
  const Question *self = data;
  const char *time = times[adw_combo_row_get_selected (self->time)].time;
  g_autofree char *address = g_strstrip (g_strdup (gtk_editable_get_text (self->address)));
  g_autoptr (json_t) body = time != NULL ? json_pack ("{s:s}", "time", time) : json_object ();
  const Deed deed = { .action = ACTION_BAN_ADD,
                      .argument = address,
                      .body = body,
                      .etag = ETAG_NEW,
                      .tell = tell_ban,
                      .said = _ ("The address is banned"),
                      .has_undo = TRUE,
                      .undo = ACTION_BAN_REMOVE };

  deed_run (&deed, self->page->connection, GTK_WIDGET (self->page), did_end);
}

static void
ask_ban (PageProtection *self)
{
  GtkWidget *dialog = form_dialog_new (
      GTK_WIDGET (self), _ ("Ban an Address"),
      _ ("Nobody can log in from there. Mail from other servers still comes in."), _ ("_Ban"));
  Question *question = question_new (self, dialog, _ ("IP address or network (192.0.2.0/24)"));
  GtkWidget *row = adw_combo_row_new ();
  g_autoptr (GtkStringList) labels = gtk_string_list_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (times); i++)
    gtk_string_list_append (labels, _ (times[i].label));
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), _ ("How long"));
  adw_combo_row_set_model (ADW_COMBO_ROW (row), G_LIST_MODEL (labels));
  adw_combo_row_set_selected (ADW_COMBO_ROW (row), 1);
  form_dialog_add (dialog, row);
  question->time = ADW_COMBO_ROW (row);
  form_dialog_run (dialog, has_address, did_say_ban, question, g_free);
}

static void
page_protection_dispose (GObject *object)
{
  PageProtection *self = PANEL_PAGE_PROTECTION (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->connection);
  G_OBJECT_CLASS (page_protection_parent_class)->dispose (object);
}

static void
page_protection_class_init (PageProtectionClass *class)
{
  GtkWidgetClass *widget = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = page_protection_dispose;
  g_type_ensure (PANEL_TYPE_PAGE_FRAME);
  gtk_widget_class_set_template_from_resource (widget, "/hauspost/page-protection.ui");
  gtk_widget_class_bind_template_child (widget, PageProtection, frame);
  gtk_widget_class_bind_template_child (widget, PageProtection, brakes);
  gtk_widget_class_bind_template_child (widget, PageProtection, brake_settings);
  gtk_widget_class_bind_template_child (widget, PageProtection, bans);
  gtk_widget_class_bind_template_child (widget, PageProtection, ban_settings);
  gtk_widget_class_bind_template_child (widget, PageProtection, strangers);
  gtk_widget_class_bind_template_child (widget, PageProtection, block_lists);
  gtk_widget_class_bind_template_child (widget, PageProtection, authentication);
  gtk_widget_class_bind_template_child (widget, PageProtection, rates);
  gtk_widget_class_bind_template_child (widget, PageProtection, limits);
  gtk_widget_class_bind_template_child (widget, PageProtection, lock);
  gtk_widget_class_bind_template_child (widget, PageProtection, ban);
  gtk_widget_class_bind_template_callback (widget, reload);
  gtk_widget_class_bind_template_callback (widget, ask_lock);
  gtk_widget_class_bind_template_callback (widget, ask_ban);
}

static void
page_protection_init (PageProtection *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->cancellable = g_cancellable_new ();
}

GtkWidget *
page_protection_new (Connection *connection)
{
  PageProtection *self = g_object_new (PANEL_TYPE_PAGE_PROTECTION, NULL);
  const gboolean may_change = connection_may_change (connection);

  self->connection = g_object_ref (connection);
  page_frame_set_connection (self->frame, connection);
  add_settings (self);
  action_describe (GTK_WIDGET (self->lock), ACTION_BRAKE_LOCK, NULL);
  action_describe (GTK_WIDGET (self->ban), ACTION_BAN_ADD, NULL);
  gtk_widget_set_sensitive (GTK_WIDGET (self->lock), may_change);
  gtk_widget_set_sensitive (GTK_WIDGET (self->ban), may_change);
  g_signal_connect_object (connection, "changed", G_CALLBACK (did_change), self, G_CONNECT_SWAPPED);
  reload (self);
  return GTK_WIDGET (self);
}

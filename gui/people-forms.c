/* One dialog for each kind: an address, a name, and who is behind it. */
#include "people-forms.h"
#include "deed.h"
#include "form-dialog.h"
#include "format.h"
#include "json.h"
#include "setup-model.h"
#include "widgets/copy-row.h"
#include <glib/gi18n.h>
#include <string.h>

#define PASSWORD_LEAST 8

/* To add a kind, add a line here. */
static const struct {
  const char *title, *text, *members; /* MEMBERS: NULL, it has none */
  Action add, change;
  const char *list; /* in the object */
  const char *said;
} kinds[PEOPLE_KINDS] = {
  [PEOPLE_USERS] = { N_ ("Add a Person"),
                     N_ ("The person logs in with the whole address and this password. Note it: "
                         "it is shown only here."),
                     NULL, ACTION_USER_ADD, ACTION_USER_ADD, NULL, N_ ("Person added") },
  [PEOPLE_ALIASES]
  = { N_ ("Add an Alias"), N_ ("Mail for the alias goes to the addresses behind it."),
      N_ ("Goes to"), ACTION_ALIAS_ADD, ACTION_ALIAS_SET, "targets", N_ ("Alias added") },
  [PEOPLE_GROUPS]
  = { N_ ("Add a Group"), N_ ("Each member gets the mail for the group."), N_ ("Members"),
      ACTION_GROUP_ADD, ACTION_GROUP_ADMIT, "members", N_ ("Group added") },
  [PEOPLE_ROLES]
  = { N_ ("Add a Shared Mailbox"), N_ ("The members read it together and answer in its name."),
      N_ ("Members"), ACTION_ROLE_ADD, ACTION_ROLE_ADMIT, "members", N_ ("Shared mailbox added") },
};

typedef struct {
  PeopleKind kind;
  Connection *connection;
  GtkWidget *from;
  json_t *before; /* what is changed, or NULL */
  GtkEditable *address, *name, *quota, *password, *members;
} Form;

static void
form_free (gpointer data)
{
  Form *self = data;

  g_object_unref (self->connection);
  g_object_unref (self->from);
  json_decref (self->before);
  g_free (self);
}

static const char *
member_address (const json_t *member)
{
  return json_is_object (member) ? object_text (member, "address") : json_string_value (member);
}

char *
people_members (PeopleKind kind, const json_t *object)
{
  g_autoptr (GString) text = g_string_new (NULL);
  json_t *member;
  gsize i;

  json_array_foreach (object_list (object, kinds[kind].list), i, member)
      g_string_append_printf (text, "%s%s", i > 0 ? ", " : "", member_address (member));
  return g_strdup (text->str);
}

static json_t *
addresses_of (const char *text)
{
  g_auto (GStrv) words = g_strsplit_set (text, " ,;\t", -1);
  json_t *list = json_array ();

  for (char **word = words; *word != NULL; word++)
    if (**word != '\0')
      json_array_append_new (list, json_string (*word));
  return list;
}

char *
person_tell (const json_t *current, const Deed *deed)
{
  const json_t *user = json_object_get (current, "user");
  const gint64 quota = object_number (user, "quota");
  const char *name = object_text (user, "display_name");
  g_autofree char *most = format_size (quota);

  if (!json_is_object (user))
    return g_strdup (_ ("Somebody else has removed this person meanwhile."));
  if (g_strcmp0 (deed->etag, ETAG_NEW) == 0)
    return g_strdup_printf (_ ("%s has a mailbox already. Name: %s. Replace the name and the "
                               "password?"),
                            deed->argument, *name ? name : _ ("no name yet"));
  return g_strdup_printf (
      _ ("Somebody else has changed this person meanwhile. Name: %s. Most mail: %s. %s"),
      *name ? name : _ ("no name yet"), quota > 0 ? most : _ ("as much as there is room"),
      object_flag (user, "enabled") ? _ ("The person can log in and gets mail.")
                                    : _ ("The person cannot log in and gets no mail."));
}

char *
people_tell (const json_t *current, const Deed *deed)
{
  const json_t *group = json_object_get (current, "group");
  const json_t *role = json_object_get (current, "role");

  if (json_is_null (current))
    return g_strdup_printf (_ ("Somebody else has removed %s meanwhile."), deed->argument);
  if (group == NULL && role == NULL) {
    g_autofree char *targets = people_members (PEOPLE_ALIASES, current);
    return g_strdup_printf (
        _ ("Somebody else has changed this alias meanwhile. Mail for it goes to: %s"), targets);
  }
  g_autofree char *members
      = people_members (group ? PEOPLE_GROUPS : PEOPLE_ROLES, group ? group : role);
  const char *all = *members ? members : _ ("nobody"), *name = object_text (role, "display_name");
  if (group != NULL)
    return g_strdup_printf (_ ("Somebody else has changed this group meanwhile. Members: %s"), all);
  return g_strdup_printf (
      _ ("Somebody else has changed this shared mailbox meanwhile. Name: %s. Members: %s"),
      *name ? name : _ ("no name yet"), all);
}

static gboolean
is_complete (gpointer data)
{
  const Form *self = data;

  return (self->address == NULL || strchr (gtk_editable_get_text (self->address), '@') != NULL)
      && (self->password == NULL
          || strlen (gtk_editable_get_text (self->password)) >= PASSWORD_LEAST)
      && (self->members == NULL || *gtk_editable_get_text (self->members) != '\0');
}

static json_t *
body_of_user (const Form *self)
{
  const char *quota = gtk_editable_get_text (self->quota);
  json_t *body = json_pack ("{s:s, s:s}", "password", gtk_editable_get_text (self->password),
                            "display_name", gtk_editable_get_text (self->name));

  if (*quota)
    json_object_set_new (body, "quota", json_string (quota));
  return body;
}

/* All of them, whoever was there before; a new one admits them. NAME: of a shared mailbox. */
static json_t *
body_of_members (PeopleKind kind, gboolean is_new, const char *members, const char *name)
{
  return json_pack ("{s:o, s:s*}", is_new && kind != PEOPLE_ALIASES ? "admit" : kinds[kind].list,
                    addresses_of (members), "display_name", name);
}

/* Exactly who was there, each with the rights that they had. NAME: as above. */
static json_t *
body_of_before (const Form *self, const char *name)
{
  json_t *list = object_list (self->before, kinds[self->kind].list);

  return json_pack ("{s:o, s:s*}", kinds[self->kind].list,
                    list ? json_deep_copy (list) : json_array (), "display_name", name);
}

static const char *
typed_name (const Form *self)
{
  return self->name != NULL ? gtk_editable_get_text (self->name) : NULL;
}

static const char *
name_before (const Form *self)
{
  return self->name != NULL ? object_text (self->before, "display_name") : NULL;
}

static void
did_say (gpointer data)
{
  const Form *self = data;
  const gboolean is_new = self->before == NULL;
  g_autoptr (json_t) back = is_new ? NULL : body_of_before (self, name_before (self));
  g_autoptr (json_t) body = self->kind == PEOPLE_USERS
      ? body_of_user (self)
      : body_of_members (self->kind, is_new, gtk_editable_get_text (self->members),
                         typed_name (self));
  g_autofree char *address = is_new ? g_strstrip (g_strdup (gtk_editable_get_text (self->address)))
                                    : g_strdup (object_text (self->before, "address"));
  const Deed deed = { .action = is_new ? kinds[self->kind].add : kinds[self->kind].change,
                      .argument = address,
                      .body = body,
                      .etag = is_new ? NULL : object_text (self->before, "etag"),
                      .tell = people_tell,
                      .said = is_new ? _ (kinds[self->kind].said) : _ ("Changed"),
                      .has_undo = !is_new,
                      .undo = kinds[self->kind].change,
                      .undo_body = back };

  deed_run (&deed, self->connection, self->from, NULL);
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

static void
add_rows (Form *self, GtkWidget *dialog)
{
  g_autofree char *members = people_members (self->kind, self->before);

  if (self->kind == PEOPLE_USERS || self->kind == PEOPLE_ROLES)
    self->name = add_entry (dialog, _ ("Name"), object_text (self->before, "display_name"));
  if (self->before == NULL)
    self->address = add_entry (dialog, _ ("Address"), "");
  if (kinds[self->kind].members)
    self->members = add_entry (dialog, _ (kinds[self->kind].members), members);
  if (self->kind == PEOPLE_USERS) {
    g_autofree char *password = setup_password_new ();
    self->password = add_entry (dialog, _ ("Password"), password);
    adw_entry_row_add_suffix (ADW_ENTRY_ROW (self->password),
                              copy_button_new (_ ("Password"), password));
    self->quota
        = add_entry (dialog, _ ("Most mail, such as 2G; empty: as much as there is room"), "");
  }
}

static void
ask (PeopleKind kind, const json_t *before, Connection *connection, GtkWidget *from)
{
  const gboolean is_new = before == NULL;
  GtkWidget *dialog
      = form_dialog_new (from, is_new ? _ (kinds[kind].title) : object_text (before, "address"),
                         _ (kinds[kind].text), is_new ? _ ("_Add") : _ ("_Change"));
  Form *self = g_new0 (Form, 1);

  self->kind = kind;
  self->connection = g_object_ref (connection);
  self->from = g_object_ref (from);
  self->before = before ? json_deep_copy (before) : NULL;
  add_rows (self, dialog);
  form_dialog_run (dialog, is_complete, did_say, self, form_free);
}

void
people_ask_add (PeopleKind kind, Connection *connection, GtkWidget *from)
{
  ask (kind, NULL, connection, from);
}

void
people_ask_change (PeopleKind kind, const json_t *object, Connection *connection, GtkWidget *from)
{
  ask (kind, object, connection, from);
}

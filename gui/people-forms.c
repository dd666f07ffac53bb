/* One dialog for each kind: an address, a name, and who is behind it. */
#include "people-forms.h"
#include "deed.h"
#include "form-dialog.h"
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
      N_ ("Goes to"), ACTION_ALIAS_ADD, ACTION_ALIAS_ADD, "targets", N_ ("Alias added") },
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

static gboolean
has (json_t *list, const char *address)
{
  json_t *one;
  gsize i;

  json_array_foreach (list, i,
                      one) if (g_ascii_strcasecmp (member_address (one), address) == 0) return TRUE;
  return FALSE;
}

/* Those of LIST that are not in OTHER. */
static json_t *
difference (json_t *list, json_t *other)
{
  json_t *found = json_array (), *one;
  gsize i;

  json_array_foreach (list, i, one) if (!has (other, member_address (one)))
      json_array_append_new (found, json_string (member_address (one)));
  return found;
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

/* What an alias leads to is said as a whole, members one by one. */
static json_t *
body_of (const Form *self)
{
  g_autoptr (json_t) now
      = self->members ? addresses_of (gtk_editable_get_text (self->members)) : NULL;
  json_t *before = object_list (self->before, kinds[self->kind].list);

  if (self->kind == PEOPLE_USERS)
    return body_of_user (self);
  if (self->kind == PEOPLE_ALIASES)
    return json_pack ("{s:O}", "targets", now);
  if (self->before == NULL)
    return json_pack ("{s:O}", "admit", now);
  return json_pack ("{s:o, s:o}", "admit", difference (now, before), "dismiss",
                    difference (before, now));
}

static void
did_say (gpointer data)
{
  const Form *self = data;
  g_autoptr (json_t) body = body_of (self);
  g_autofree char *address = self->before
      ? g_strdup (object_text (self->before, "address"))
      : g_strstrip (g_strdup (gtk_editable_get_text (self->address)));
  const Deed deed = { .action = self->before ? kinds[self->kind].change : kinds[self->kind].add,
                      .argument = address,
                      .body = body,
                      .etag = self->before && self->kind == PEOPLE_ALIASES ? "*" : NULL,
                      .said = self->before ? _ ("Changed") : _ (kinds[self->kind].said) };

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

  if (self->kind == PEOPLE_USERS)
    self->name = add_entry (dialog, _ ("Name"), "");
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

/* hauspost group … */
#include "admin/command.h"
#include "admin/console.h"
#include "admin/item.h"
#include <glib/gi18n.h>

static char *
group_path (Invocation *invocation)
{
  return admin_path ("/v1/groups/", command_argument (invocation, 0));
}

/* BODY is given away. */
static gboolean
change (Invocation *invocation, const char *method, json_t *body, GError **error)
{
  g_autofree char *path = group_path (invocation);
  gboolean done = command_send (invocation, method, path, body, error);

  json_decref (body);
  return done;
}

/* KEY (or NULL): the arguments behind the group's address; and what the options say. */
static json_t *
describe_change (Invocation *invocation, const char *key)
{
  json_t *body = json_object (), *members = json_array ();

  for (guint i = 1; i < invocation->arguments->len; i++)
    json_array_append_new (members, json_string (command_argument (invocation, i)));
  if (key != NULL)
    json_object_set (body, key, members);
  json_decref (members);
  if (invocation->options[OPTION_SENDERS] != NULL)
    json_object_set_new (body, "senders", json_string (invocation->options[OPTION_SENDERS]));
  if (invocation->options[OPTION_SEND_AS] != NULL || invocation->options[OPTION_NO_SEND_AS] != NULL)
    json_object_set_new (body, "send_as",
                         json_boolean (invocation->options[OPTION_NO_SEND_AS] == NULL));
  return body;
}

gboolean
command_group_add (Invocation *invocation, GError **error)
{
  return change (invocation, "POST", describe_change (invocation, "admit"), error);
}

gboolean
command_group_set (Invocation *invocation, GError **error)
{
  return change (invocation, "PATCH", describe_change (invocation, NULL), error);
}

gboolean
command_group_admit (Invocation *invocation, GError **error)
{
  return change (invocation, "PATCH", describe_change (invocation, "admit"), error);
}

gboolean
command_group_dismiss (Invocation *invocation, GError **error)
{
  return change (invocation, "PATCH", describe_change (invocation, "dismiss"), error);
}

gboolean
command_group_remove (Invocation *invocation, GError **error)
{
  return change (invocation, "DELETE", NULL, error);
}

static const char *
say_senders (const json_t *group)
{
  const char *senders = json_string_value (json_object_get (group, "senders"));

  if (g_strcmp0 (senders, "local") == 0)
    return _ ("whoever logs in here");
  return g_strcmp0 (senders, "members") == 0 ? _ ("its members") : _ ("anyone");
}

static void
add_group (ConsoleTable *table, const json_t *group)
{
  console_table_add (table, item_copy (group, "address"), g_strdup (say_senders (group)),
                     item_words (group, "members"), NULL);
}

gboolean
command_group_list (Invocation *invocation, GError **error)
{
  static const char *const titles[]
      = { N_ ("Address"), N_ ("Who may write to it"), N_ ("Members"), NULL };

  return command_print_list (invocation, "/v1/groups", "groups", titles, add_group, error);
}

static void
print_group (const json_t *group)
{
  g_print (_ ("Members of %s:\n"), item_text (group, "address"));
  command_print_lines (json_object_get (group, "members"));
  g_print (_ ("Who may write to it: %s.\n"), say_senders (group));
  if (json_is_true (json_object_get (group, "send_as")))
    g_print ("%s\n", _ ("The members may send as the group."));
}

gboolean
command_group_show (Invocation *invocation, GError **error)
{
  g_autofree char *path = group_path (invocation);
  json_t *answer = command_ask (invocation, path, error);

  if (answer == NULL)
    return FALSE;
  if (invocation->options[OPTION_JSON] != NULL)
    console_print_json (json_object_get (answer, "group"));
  else
    print_group (json_object_get (answer, "group"));
  json_decref (answer);
  return TRUE;
}

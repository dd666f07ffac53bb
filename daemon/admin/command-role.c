/* hauspost role … */
#include "admin/command.h"
#include "admin/console.h"
#include "admin/item.h"
#include <glib/gi18n.h>

static char *
role_path (Invocation *invocation)
{
  return admin_path ("/v1/roles/", command_argument (invocation, 0));
}

/* The arguments behind the role's address. */
static json_t *
list_members (Invocation *invocation)
{
  json_t *members = json_array ();

  for (guint i = 1; i < invocation->arguments->len; i++)
    json_array_append_new (members, json_string (command_argument (invocation, i)));
  return members;
}

/* BODY is given away. */
static gboolean
change (Invocation *invocation, const char *method, json_t *body, GError **error)
{
  g_autofree char *path = role_path (invocation);
  gboolean done = command_send (invocation, method, path, body, error);

  json_decref (body);
  return done;
}

static json_t *
admission (Invocation *invocation)
{
  return json_pack ("{s:o, s:b}", "admit", list_members (invocation), "send_as",
                    invocation->options[OPTION_NO_SEND_AS] == NULL);
}

gboolean
command_role_add (Invocation *invocation, GError **error)
{
  json_t *body = admission (invocation);
  const char *quota = invocation->options[OPTION_QUOTA];
  const char *name = invocation->options[OPTION_DISPLAY_NAME];

  if (quota != NULL)
    json_object_set_new (body, "quota", json_string (quota));
  if (name != NULL)
    json_object_set_new (body, "display_name", json_string (name));
  return change (invocation, "POST", body, error);
}

gboolean
command_role_admit (Invocation *invocation, GError **error)
{
  return change (invocation, "PATCH", admission (invocation), error);
}

gboolean
command_role_dismiss (Invocation *invocation, GError **error)
{
  return change (invocation, "PATCH", json_pack ("{s:o}", "dismiss", list_members (invocation)),
                 error);
}

gboolean
command_role_remove (Invocation *invocation, GError **error)
{
  return change (invocation, "DELETE", NULL, error);
}

gboolean
command_role_restore (Invocation *invocation, GError **error)
{
  return change (invocation, "PUT", NULL, error);
}

static char *
join_members (const json_t *role)
{
  GString *text = g_string_new (NULL);
  json_t *member;
  gsize i;

  json_array_foreach (json_object_get (role, "members"), i, member)
  {
    g_string_append_printf (text, "%s%s%s", i ? " " : "",
                            json_string_value (json_object_get (member, "address")),
                            json_is_true (json_object_get (member, "send_as")) ? "" : " (-)");
  }
  return g_string_free (text, FALSE);
}

static void
add_role (ConsoleTable *table, const json_t *role)
{
  console_table_add (table, item_copy (role, "address"), item_copy (role, "display_name"),
                     console_size (item_number (role, "used")), join_members (role), NULL);
}

gboolean
command_role_list (Invocation *invocation, GError **error)
{
  static const char *const titles[]
      = { N_ ("Address"), N_ ("Name"), N_ ("Used"), N_ ("Members"), NULL };

  return command_print_list (invocation, "/v1/roles", "roles", titles, add_role, error);
}

static void
add_member (ConsoleTable *table, const json_t *member)
{
  const gboolean sends = json_is_true (json_object_get (member, "send_as"));

  console_table_add (table, item_copy (member, "address"), g_strdup (sends ? _ ("yes") : _ ("no")),
                     NULL);
}

gboolean
command_role_show (Invocation *invocation, GError **error)
{
  static const char *const titles[] = { N_ ("Member"), N_ ("May send as the role"), NULL };
  g_autofree char *path = role_path (invocation);
  json_t *answer = command_ask (invocation, path, error);
  const json_t *role = json_object_get (answer, "role");

  if (answer == NULL)
    return FALSE;
  if (invocation->options[OPTION_JSON] != NULL)
    console_print_json (role);
  else
    console_print_table (json_object_get (role, "members"), titles, add_member);
  json_decref (answer);
  return TRUE;
}

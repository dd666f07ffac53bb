/* hauspost role … */
#include "admin/command.h"
#include "admin/console.h"
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

static json_t *
ask (Invocation *invocation, const char *path, GError **error)
{
  AdminClient *client = command_client (invocation, error);

  return client != NULL ? admin_client_call (client, "GET", path, NULL, error) : NULL;
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

gboolean
command_role_list (Invocation *invocation, GError **error)
{
  static const char *const titles[]
      = { N_ ("Address"), N_ ("Name"), N_ ("Used"), N_ ("Members"), NULL };
  json_t *answer = ask (invocation, "/v1/roles", error);
  ConsoleTable table;
  json_t *role;
  gsize i;

  if (answer == NULL)
    return FALSE;
  if (invocation->options[OPTION_JSON] != NULL)
    console_print_json (json_object_get (answer, "roles"));
  else {
    console_table_start (&table, titles);
    json_array_foreach (json_object_get (answer, "roles"), i, role)
        console_table_add (&table, g_strdup (json_string_value (json_object_get (role, "address"))),
                           g_strdup (json_string_value (json_object_get (role, "display_name"))),
                           console_size (json_integer_value (json_object_get (role, "used"))),
                           join_members (role), NULL);
    console_table_end (&table);
  }
  json_decref (answer);
  return TRUE;
}

gboolean
command_role_show (Invocation *invocation, GError **error)
{
  static const char *const titles[] = { N_ ("Member"), N_ ("May send as the role"), NULL };
  g_autofree char *path = role_path (invocation);
  json_t *answer = ask (invocation, path, error);
  ConsoleTable table;
  json_t *member;
  gsize i;

  if (answer == NULL)
    return FALSE;
  if (invocation->options[OPTION_JSON] != NULL)
    console_print_json (json_object_get (answer, "role"));
  else {
    console_table_start (&table, titles);
    json_array_foreach (json_object_get (json_object_get (answer, "role"), "members"), i, member)
        console_table_add (
            &table, g_strdup (json_string_value (json_object_get (member, "address"))),
            g_strdup (json_is_true (json_object_get (member, "send_as")) ? _ ("yes") : _ ("no")),
            NULL);
    console_table_end (&table);
  }
  json_decref (answer);
  return TRUE;
}

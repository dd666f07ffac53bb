/* hauspost user app-password … */
#include "admin/command.h"
#include "admin/console.h"
#include <glib/gi18n.h>

static json_t *
ask (Invocation *invocation, const char *method, const json_t *body, GError **error)
{
  g_autofree char *path = admin_path ("/v1/app-passwords/", command_argument (invocation, 0));
  AdminClient *client = command_client (invocation, error);

  return client != NULL ? admin_client_call (client, method, path, body, error) : NULL;
}

static json_t *
ask_for_device (Invocation *invocation, const char *method, GError **error)
{
  json_t *body = json_pack ("{s:s}", "name", command_argument (invocation, 1));
  json_t *answer = ask (invocation, method, body, error);

  json_decref (body);
  return answer;
}

/* Alone on its line: for a person who writes it into a device, and for a script. */
gboolean
command_app_password_add (Invocation *invocation, GError **error)
{
  json_t *answer = ask_for_device (invocation, "POST", error);

  if (answer == NULL)
    return FALSE;
  g_print ("%s\n", json_string_value (json_object_get (answer, "password")));
  json_decref (answer);
  return TRUE;
}

gboolean
command_app_password_remove (Invocation *invocation, GError **error)
{
  json_t *answer = ask_for_device (invocation, "DELETE", error);

  if (answer == NULL)
    return FALSE;
  json_decref (answer);
  return TRUE;
}

gboolean
command_app_password_list (Invocation *invocation, GError **error)
{
  static const char *const titles[]
      = { N_ ("Device"), N_ ("Made"), N_ ("Last use"), N_ ("From"), NULL };
  json_t *answer = ask (invocation, "GET", NULL, error);
  json_t *list = json_object_get (answer, "app_passwords");
  ConsoleTable table;
  json_t *item;
  gsize i;

  if (answer == NULL)
    return FALSE;
  if (invocation->options[OPTION_JSON] != NULL) {
    console_print_json (list);
  } else {
    console_table_start (&table, titles);
    json_array_foreach (list, i, item)
    {
      console_table_add (&table, g_strdup (json_string_value (json_object_get (item, "name"))),
                         console_day_of (item, "created"), console_day_of (item, "used"),
                         g_strdup (json_string_value (json_object_get (item, "address"))), NULL);
    }
    console_table_end (&table);
  }
  json_decref (answer);
  return TRUE;
}

/* hauspost user app-password … */
#include "admin/command.h"
#include "admin/console.h"
#include "admin/item.h"
#include <glib/gi18n.h>

static char *
passwords_path (Invocation *invocation)
{
  return admin_path ("/v1/app-passwords/", command_argument (invocation, 0));
}

static json_t *
ask_for_device (Invocation *invocation, const char *method, GError **error)
{
  g_autofree char *path = passwords_path (invocation);
  AdminClient *client = command_client (invocation, error);
  json_t *body = json_pack ("{s:s}", "name", command_argument (invocation, 1));
  json_t *answer = client != NULL ? admin_client_call (client, method, path, body, error) : NULL;

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

static void
add_device (ConsoleTable *table, const json_t *device)
{
  console_table_add (table, item_copy (device, "name"), item_day (device, "created"),
                     item_day (device, "used"), item_copy (device, "address"), NULL);
}

gboolean
command_app_password_list (Invocation *invocation, GError **error)
{
  static const char *const titles[]
      = { N_ ("Device"), N_ ("Made"), N_ ("Last use"), N_ ("From"), NULL };
  g_autofree char *path = passwords_path (invocation);

  return command_print_list (invocation, path, "app_passwords", titles, add_device, error);
}

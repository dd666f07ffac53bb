/* hauspost user certificate … */
#include "admin/command.h"
#include "admin/console.h"
#include "platform/file.h"
#include <glib/gi18n.h>

static json_t *
ask (Invocation *invocation, const char *method, const json_t *body, GError **error)
{
  g_autofree char *path = admin_path ("/v1/user-certificates/", command_argument (invocation, 0));
  AdminClient *client = command_client (invocation, error);

  return client != NULL ? admin_client_call (client, method, path, body, error) : NULL;
}

/* BODY is given away. */
static gboolean
change (Invocation *invocation, const char *method, json_t *body, GError **error)
{
  json_t *answer = ask (invocation, method, body, error);

  json_decref (body);
  json_decref (answer);
  return answer != NULL;
}

static gboolean
is_fingerprint (const char *text)
{
  guint digits = 0;

  for (; *text != '\0'; text++)
    if (g_ascii_isxdigit (*text))
      digits++;
    else if (*text != ':')
      return FALSE;
  return digits == 64;
}

gboolean
command_user_certificate_add (Invocation *invocation, GError **error)
{
  const char *name = command_argument (invocation, 1), *what = command_argument (invocation, 2);
  g_autoptr (GBytes) file = NULL;
  g_autofree char *pem = NULL;
  const char *bytes;
  gsize length;

  if (is_fingerprint (what))
    return change (invocation, "POST", json_pack ("{s:s, s:s}", "name", name, "fingerprint", what),
                   error);
  file = file_map (what, error);
  if (file == NULL)
    return FALSE;
  bytes = g_bytes_get_data (file, &length);
  pem = g_utf8_make_valid (bytes != NULL ? bytes : "", (gssize)length);
  return change (invocation, "POST", json_pack ("{s:s, s:s}", "name", name, "certificate", pem),
                 error);
}

gboolean
command_user_certificate_remove (Invocation *invocation, GError **error)
{
  return change (invocation, "DELETE",
                 json_pack ("{s:s}", "name", command_argument (invocation, 1)), error);
}

gboolean
command_user_certificate_list (Invocation *invocation, GError **error)
{
  static const char *const titles[]
      = { N_ ("Device"), N_ ("Made"), N_ ("Last use"), N_ ("From"), N_ ("Fingerprint"), NULL };
  json_t *answer = ask (invocation, "GET", NULL, error);
  json_t *list = json_object_get (answer, "certificates"), *item;
  ConsoleTable table;
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
                         g_strdup (json_string_value (json_object_get (item, "address"))),
                         g_strdup (json_string_value (json_object_get (item, "fingerprint"))),
                         NULL);
    }
    console_table_end (&table);
  }
  json_decref (answer);
  return TRUE;
}

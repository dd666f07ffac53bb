/* hauspost queue … */
#include "admin/command.h"
#include "admin/console.h"
#include <glib/gi18n.h>
#include <string.h>

static json_t *
fetch (Invocation *invocation, GError **error)
{
  AdminClient *client = command_client (invocation, error);

  return client != NULL ? admin_client_call (client, "GET", "/v1/queue", NULL, error) : NULL;
}

static char *
print_time (const json_t *item, const char *key)
{
  g_autoptr (GDateTime) time
      = g_date_time_new_from_unix_local (json_integer_value (json_object_get (item, key)));

  return time != NULL ? g_date_time_format (time, "%Y-%m-%d %H:%M:%S") : NULL;
}

static const char *
text_of (const json_t *item, const char *key)
{
  const char *text = json_string_value (json_object_get (item, key));

  return text != NULL ? text : "";
}

static char *
print_due (const json_t *item)
{
  if (json_is_true (json_object_get (item, "braked")))
    return g_strdup (_ ("held by the brake"));
  return json_is_true (json_object_get (item, "held")) ? g_strdup (_ ("held"))
                                                       : print_time (item, "due");
}

static void
print_table (const json_t *list)
{
  static const char *const titles[] = { N_ ("Number"),   N_ ("From"),  N_ ("To"), N_ ("Since"),
                                        N_ ("Next try"), N_ ("Reply"), NULL };
  ConsoleTable table;
  json_t *item;
  gsize i;

  console_table_start (&table, titles);
  json_array_foreach (list, i, item)
  {
    console_table_add (&table,
                       g_strdup_printf ("%" G_GINT64_FORMAT,
                                        (gint64)json_integer_value (json_object_get (item, "id"))),
                       g_strdup (text_of (item, "sender")), g_strdup (text_of (item, "recipient")),
                       print_time (item, "created"), print_due (item),
                       g_strdup (text_of (item, "reply")), NULL);
  }
  console_table_end (&table);
}

gboolean
command_queue_list (Invocation *invocation, GError **error)
{
  json_t *answer = fetch (invocation, error);
  json_t *list = json_object_get (answer, "queue");

  if (answer == NULL)
    return FALSE;
  if (invocation->options[OPTION_JSON] != NULL)
    console_print_json (list);
  else
    print_table (list);
  json_decref (answer);
  return TRUE;
}

static void
print_item (const json_t *item)
{
  g_autofree char *since = print_time (item, "created");
  g_autofree char *due = print_due (item);
  g_autofree char *until = print_time (item, "expires");

  g_print (_ ("From: %s\nTo: %s\nSince: %s\nAttempts: %d\nNext try: %s\nGiven up: %s\nReply: %s\n"),
           text_of (item, "sender"), text_of (item, "recipient"), since,
           (int)json_integer_value (json_object_get (item, "attempts")), due, until,
           text_of (item, "reply"));
  if (json_integer_value (json_object_get (item, "released")) > 0) {
    g_autofree char *released = print_time (item, "released");
    g_print (_ ("Not before: %s, as its sender wished\n"), released);
  }
}

gboolean
command_queue_show (Invocation *invocation, GError **error)
{
  const gint64 wanted = g_ascii_strtoll (command_argument (invocation, 0), NULL, 10);
  json_t *answer = fetch (invocation, error), *item;
  gboolean found = FALSE;
  gsize i;

  if (answer == NULL)
    return FALSE;
  json_array_foreach (json_object_get (answer, "queue"), i, item)
  {
    if (json_integer_value (json_object_get (item, "id")) != wanted)
      continue;
    found = TRUE;
    if (invocation->options[OPTION_JSON] != NULL)
      console_print_json (item);
    else
      print_item (item);
  }
  json_decref (answer);
  if (!found)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                 _ ("There is no mail %s in the queue: see hauspost queue list."),
                 command_argument (invocation, 0));
  return found;
}

static gboolean
act (Invocation *invocation, const char *action, GError **error)
{
  g_autofree char *path = admin_path ("/v1/queue/", command_argument (invocation, 0));
  json_t *body = json_pack ("{s:s}", "action", action);
  const gboolean done = command_send (invocation, "POST", path, body, error);

  json_decref (body);
  return done;
}

gboolean
command_queue_retry (Invocation *invocation, GError **error)
{
  return act (invocation, "retry", error);
}

gboolean
command_queue_hold (Invocation *invocation, GError **error)
{
  return act (invocation, "hold", error);
}

gboolean
command_queue_release (Invocation *invocation, GError **error)
{
  return act (invocation, "release", error);
}

gboolean
command_queue_bounce (Invocation *invocation, GError **error)
{
  return act (invocation, "bounce", error);
}

gboolean
command_queue_remove (Invocation *invocation, GError **error)
{
  g_autofree char *path = admin_path ("/v1/queue/", command_argument (invocation, 0));

  return command_send (invocation, "DELETE", path, NULL, error);
}

/* hauspost queue … */
#include "admin/command.h"
#include "admin/console.h"
#include "admin/item.h"
#include <glib/gi18n.h>
#include <string.h>

static char *
print_due (const json_t *item)
{
  if (json_is_true (json_object_get (item, "braked")))
    return g_strdup (_ ("held by the brake"));
  if (json_is_true (json_object_get (item, "held")))
    return g_strdup (_ ("held"));
  return item_time (item, "due");
}

static void
add_item (ConsoleTable *table, const json_t *item)
{
  console_table_add (table, g_strdup_printf ("%" G_GINT64_FORMAT, item_number (item, "id")),
                     item_copy (item, "sender"), item_copy (item, "recipient"),
                     item_time (item, "created"), print_due (item), item_copy (item, "reply"),
                     NULL);
}

gboolean
command_queue_list (Invocation *invocation, GError **error)
{
  static const char *const titles[] = { N_ ("Number"),   N_ ("From"),  N_ ("To"), N_ ("Since"),
                                        N_ ("Next try"), N_ ("Reply"), NULL };

  return command_print_list (invocation, "/v1/queue", "queue", titles, add_item, error);
}

static void
print_item (const json_t *item)
{
  g_autofree char *since = item_time (item, "created");
  g_autofree char *due = print_due (item);
  g_autofree char *until = item_time (item, "expires");

  g_print (_ ("From: %s\nTo: %s\nSince: %s\nAttempts: %d\nNext try: %s\nGiven up: %s\nReply: %s\n"),
           item_text (item, "sender"), item_text (item, "recipient"), since,
           (int)item_number (item, "attempts"), due ? due : "-", until, item_text (item, "reply"));
  if (item_number (item, "released") > 0) {
    g_autofree char *released = item_time (item, "released");
    g_print (_ ("Not before: %s, as its sender wished\n"), released);
  }
}

gboolean
command_queue_show (Invocation *invocation, GError **error)
{
  const gint64 wanted = g_ascii_strtoll (command_argument (invocation, 0), NULL, 10);
  json_t *answer = command_ask (invocation, "/v1/queue", error), *item;
  gboolean found = FALSE;
  gsize i;

  if (answer == NULL)
    return FALSE;
  json_array_foreach (json_object_get (answer, "queue"), i, item)
  {
    if (item_number (item, "id") != wanted)
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

/* hauspost ban … */
#include "admin/command.h"
#include "admin/console.h"
#include "admin/item.h"
#include <glib/gi18n.h>
#include <string.h>

/* An IPv6 network may be written with the /64 that is meant anyway. */
static char *
ban_path (Invocation *invocation)
{
  const char *address = command_argument (invocation, 0);
  const gsize length = strlen (address);
  g_autofree char *alone
      = g_strndup (address, g_str_has_suffix (address, "/64") ? length - 3 : length);

  return admin_path ("/v1/bans/", alone);
}

gboolean
command_ban_add (Invocation *invocation, GError **error)
{
  g_autofree char *path = ban_path (invocation);
  const char *time = command_argument (invocation, 1);
  json_t *body = time != NULL ? json_pack ("{s:s}", "time", time) : NULL;
  gboolean done = command_send (invocation, "PUT", path, body, error);

  json_decref (body);
  return done;
}

gboolean
command_ban_remove (Invocation *invocation, GError **error)
{
  g_autofree char *path = NULL;

  if (strcmp (command_argument (invocation, 0), "all") == 0)
    return command_send (invocation, "DELETE", "/v1/bans", NULL, error);
  path = ban_path (invocation);
  return command_send (invocation, "DELETE", path, NULL, error);
}

static char *
print_reason (const json_t *ban)
{
  const int times = (int)json_integer_value (json_object_get (ban, "times"));

  if (times == 0)
    return g_strdup (_ ("by hand"));
  return g_strdup_printf (_ ("guessed passwords (%d)"), times);
}

static void
add_ban (ConsoleTable *table, const json_t *ban)
{
  console_table_add (table, item_copy (ban, "address"), item_time (ban, "since"),
                     item_time (ban, "until"), print_reason (ban), NULL);
}

gboolean
command_ban_list (Invocation *invocation, GError **error)
{
  static const char *const titles[]
      = { N_ ("Address"), N_ ("Since"), N_ ("Until"), N_ ("Reason"), NULL };

  return command_print_list (invocation, "/v1/bans", "bans", titles, add_ban, error);
}

/* hauspost domain …, alias … */
#include "admin/command.h"
#include "admin/console.h"
#include "admin/item.h"
#include <glib/gi18n.h>

static gboolean
send_name (Invocation *invocation, const char *method, const char *folder, GError **error)
{
  g_autofree char *path = admin_path (folder, command_argument (invocation, 0));

  return command_send (invocation, method, path, NULL, error);
}

gboolean
command_domain_add (Invocation *invocation, GError **error)
{
  return send_name (invocation, "PUT", "/v1/domains/", error);
}

gboolean
command_domain_remove (Invocation *invocation, GError **error)
{
  return send_name (invocation, "DELETE", "/v1/domains/", error);
}

gboolean
command_alias_remove (Invocation *invocation, GError **error)
{
  return send_name (invocation, "DELETE", "/v1/aliases/", error);
}

gboolean
command_domain_list (Invocation *invocation, GError **error)
{
  return command_print_names (invocation, "/v1/domains", "domains", error);
}

gboolean
command_domain_show (Invocation *invocation, GError **error)
{
  g_autofree char *path = admin_path ("/v1/domains/", command_argument (invocation, 0));
  json_t *answer = command_ask (invocation, path, error);
  const char *catch_all = json_string_value (json_object_get (answer, "catch_all"));

  if (answer == NULL)
    return FALSE;
  if (invocation->options[OPTION_JSON] != NULL)
    console_print_json (answer);
  else {
    g_print (_ ("Users of %s:\n"), item_text (answer, "domain"));
    command_print_lines (json_object_get (answer, "users"));
    g_print ("%s\n", _ ("Aliases:"));
    command_print_lines (json_object_get (answer, "aliases"));
    g_print ("%s\n", _ ("Groups:"));
    command_print_lines (json_object_get (answer, "groups"));
    if (catch_all != NULL)
      g_print (_ ("Mail for all other names goes to %s.\n"), catch_all);
  }
  json_decref (answer);
  return TRUE;
}

gboolean
command_domain_catch_all (Invocation *invocation, GError **error)
{
  g_autofree char *path = admin_path ("/v1/domains/", command_argument (invocation, 0));
  json_t *body = json_pack ("{s:s?}", "catch_all", command_argument (invocation, 1));
  gboolean done = command_send (invocation, "PATCH", path, body, error);

  json_decref (body);
  return done;
}

gboolean
command_alias_add (Invocation *invocation, GError **error)
{
  g_autofree char *path = admin_path ("/v1/aliases/", command_argument (invocation, 0));
  json_t *targets = json_array ();

  for (guint i = 1; i < invocation->arguments->len; i++)
    json_array_append_new (targets, json_string (command_argument (invocation, i)));
  json_t *body = json_pack ("{s:o}", "targets", targets);
  gboolean done = command_send (invocation, "PUT", path, body, error);
  json_decref (body);
  return done;
}

static void
add_alias (ConsoleTable *table, const json_t *alias)
{
  console_table_add (table, item_copy (alias, "address"), item_words (alias, "targets"), NULL);
}

gboolean
command_alias_list (Invocation *invocation, GError **error)
{
  static const char *const titles[] = { N_ ("Address"), N_ ("Goes to"), NULL };

  return command_print_list (invocation, "/v1/aliases", "aliases", titles, add_alias, error);
}

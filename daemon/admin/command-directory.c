/* hauspost domain …, alias … */
#include "admin/command.h"
#include "admin/console.h"
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

/* The list KEY of the answer; a new reference. */
static json_t *
ask_list (Invocation *invocation, const char *path, const char *key, GError **error)
{
  AdminClient *client = command_client (invocation, error);
  json_t *answer = client != NULL ? admin_client_call (client, "GET", path, NULL, error) : NULL;
  json_t *list = answer != NULL ? json_incref (json_object_get (answer, key)) : NULL;

  json_decref (answer);
  return list;
}

static void
print_lines (const json_t *list)
{
  json_t *line;
  gsize i;

  json_array_foreach (list, i, line) g_print ("%s\n", json_string_value (line));
}

gboolean
command_domain_list (Invocation *invocation, GError **error)
{
  json_t *list = ask_list (invocation, "/v1/domains", "domains", error);

  if (list == NULL)
    return FALSE;
  if (invocation->options[OPTION_JSON] != NULL)
    console_print_json (list);
  else
    print_lines (list);
  json_decref (list);
  return TRUE;
}

gboolean
command_domain_show (Invocation *invocation, GError **error)
{
  AdminClient *client = command_client (invocation, error);
  g_autofree char *path = admin_path ("/v1/domains/", command_argument (invocation, 0));
  json_t *answer = client != NULL ? admin_client_call (client, "GET", path, NULL, error) : NULL;

  const char *catch_all = json_string_value (json_object_get (answer, "catch_all"));

  if (answer == NULL)
    return FALSE;
  if (invocation->options[OPTION_JSON] != NULL)
    console_print_json (answer);
  else {
    g_print (_ ("Users of %s:\n"), json_string_value (json_object_get (answer, "domain")));
    print_lines (json_object_get (answer, "users"));
    g_print ("%s\n", _ ("Aliases:"));
    print_lines (json_object_get (answer, "aliases"));
    g_print ("%s\n", _ ("Groups:"));
    print_lines (json_object_get (answer, "groups"));
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

static char *
join_targets (const json_t *alias)
{
  GString *text = g_string_new (NULL);
  json_t *target;
  gsize i;

  json_array_foreach (json_object_get (alias, "targets"), i, target)
      g_string_append_printf (text, "%s%s", i ? " " : "", json_string_value (target));
  return g_string_free (text, FALSE);
}

gboolean
command_alias_list (Invocation *invocation, GError **error)
{
  static const char *const titles[] = { N_ ("Address"), N_ ("Goes to"), NULL };
  json_t *list = ask_list (invocation, "/v1/aliases", "aliases", error);
  ConsoleTable table;
  json_t *alias;
  gsize i;

  if (list == NULL)
    return FALSE;
  if (invocation->options[OPTION_JSON] != NULL)
    console_print_json (list);
  else {
    console_table_start (&table, titles);
    json_array_foreach (list, i, alias) console_table_add (
        &table, g_strdup (json_string_value (json_object_get (alias, "address"))),
        join_targets (alias), NULL);
    console_table_end (&table);
  }
  json_decref (list);
  return TRUE;
}

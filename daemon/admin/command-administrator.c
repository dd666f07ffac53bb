/* hauspost administrator …, audit. */
#include "admin/command.h"
#include "admin/console.h"
#include "admin/item.h"
#include <glib/gi18n.h>
#include <string.h>

static void
add_administrator (ConsoleTable *table, const json_t *one)
{
  console_table_add (table, item_copy (one, "address"), item_copy (one, "role"),
                     item_words (one, "domains"), item_day (one, "last_login"), NULL);
}

gboolean
command_administrator_list (Invocation *invocation, GError **error)
{
  static const char *const titles[]
      = { N_ ("Address"), N_ ("Role"), N_ ("Domains"), N_ ("Last login"), NULL };

  return command_print_list (invocation, "/v1/administrators", "administrators", titles,
                             add_administrator, error);
}

/* Without --role: of the domains that are named, else of everything. */
gboolean
command_administrator_set (Invocation *invocation, GError **error)
{
  g_autofree char *path = admin_path ("/v1/administrators/", command_argument (invocation, 0));
  const char *named = invocation->options[OPTION_DOMAINS];
  const char *role = invocation->options[OPTION_ROLE];
  g_auto (GStrv) domains = g_strsplit_set (named ? named : "", " ,", -1);
  json_t *list = json_array (), *body;
  gboolean done;

  for (char **domain = domains; *domain; domain++)
    if (**domain)
      json_array_append_new (list, json_string (*domain));
  if (role == NULL)
    role = named ? "domain-administrator" : "administrator";
  body = json_pack ("{s:s, s:o}", "role", role, "domains", list);
  done = command_send (invocation, "PUT", path, body, error);
  json_decref (body);
  return done;
}

gboolean
command_administrator_remove (Invocation *invocation, GError **error)
{
  g_autofree char *path = admin_path ("/v1/administrators/", command_argument (invocation, 0));

  return command_send (invocation, "DELETE", path, NULL, error);
}

static char *
print_value (const json_t *value)
{
  char *text, *copy;

  if (value == NULL || json_is_null (value))
    return g_strdup ("-");
  if (json_is_string (value))
    return g_strdup (json_string_value (value));
  text = json_dumps (value, JSON_COMPACT | JSON_ENCODE_ANY);
  copy = g_strdup (text);
  free (text);
  return copy;
}

static void
print_change (const json_t *change)
{
  const char *field = json_string_value (json_object_get (change, "field"));
  g_autofree char *old = print_value (json_object_get (change, "old"));
  g_autofree char *new = print_value (json_object_get (change, "new"));

  if (json_is_true (json_object_get (change, "secret")))
    g_print (_ ("    %s: changed, and secret\n"), field);
  else
    g_print ("    %s: %s → %s\n", field, old, new);
}

static void
print_entry (const json_t *entry)
{
  g_autofree char *when = item_time (entry, "time");
  json_t *change;
  gsize i;

  g_print (_ ("%s  %s from %s: %s\n"), when ? when : "", item_text (entry, "user"),
           item_text (entry, "address"), item_text (entry, "sentence"));
  json_array_foreach (json_object_get (entry, "changes"), i, change) print_change (change);
}

gboolean
command_audit (Invocation *invocation, GError **error)
{
  const char *about = command_argument (invocation, 0);
  const char *limit = invocation->options[OPTION_LIMIT], *by = invocation->options[OPTION_BY];
  g_autofree char *wanted = g_uri_escape_string (about ? about : "", NULL, FALSE);
  g_autofree char *user = g_uri_escape_string (by ? by : "", NULL, FALSE);
  g_autofree char *path
      = g_strdup_printf ("/v1/audit?limit=%s%s%s%s%s", limit ? limit : "20", about ? "&about=" : "",
                         wanted, by ? "&user=" : "", user);
  json_t *answer = command_ask (invocation, path, error), *entry;
  const json_t *entries = json_object_get (answer, "entries");
  gsize i;

  if (answer == NULL)
    return FALSE;
  if (invocation->options[OPTION_JSON] != NULL)
    console_print_json (entries);
  else
    json_array_foreach (entries, i, entry) print_entry (entry);
  json_decref (answer);
  return TRUE;
}

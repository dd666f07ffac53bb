/* Lists of the admin API, printed. */
#include "admin/command.h"

void
command_print_lines (const json_t *list)
{
  json_t *line;
  gsize i;

  json_array_foreach (list, i, line) g_print ("%s\n", json_string_value (line));
}

gboolean
command_print_list (Invocation *invocation, const char *path, const char *key,
                    const char *const *titles,
                    void (*add) (ConsoleTable *table, const json_t *item), GError **error)
{
  json_t *answer = command_ask (invocation, path, error);
  const json_t *list = json_object_get (answer, key);

  if (answer == NULL)
    return FALSE;
  if (invocation->options[OPTION_JSON] != NULL)
    console_print_json (list);
  else if (titles == NULL)
    command_print_lines (list);
  else
    console_print_table (list, titles, add);
  json_decref (answer);
  return TRUE;
}

gboolean
command_print_names (Invocation *invocation, const char *path, const char *key, GError **error)
{
  return command_print_list (invocation, path, key, NULL, NULL, error);
}

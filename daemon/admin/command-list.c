/* Lists of the admin API, printed. */
#include "admin/command.h"

gboolean
command_print_list (Invocation *invocation, const char *path, const char *key,
                    const char *const *titles,
                    void (*add) (ConsoleTable *table, const json_t *item), GError **error)
{
  json_t *answer = command_ask (invocation, path, error), *item;
  const json_t *list = json_object_get (answer, key);
  ConsoleTable table;
  gsize i;

  if (answer == NULL)
    return FALSE;
  if (invocation->options[OPTION_JSON] != NULL)
    console_print_json (list);
  else {
    console_table_start (&table, titles);
    json_array_foreach (list, i, item) add (&table, item);
    console_table_end (&table);
  }
  json_decref (answer);
  return TRUE;
}

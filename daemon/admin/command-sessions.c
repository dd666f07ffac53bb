/* hauspost session …, job …, graphs, block-list. */
#include "admin/command.h"
#include "admin/console.h"
#include "admin/item.h"
#include <glib/gi18n.h>
#include <string.h>

static void
add_session (ConsoleTable *table, const json_t *session)
{
  console_table_add (
      table, item_copy (session, "id"), item_copy (session, "protocol"),
      item_copy (session, "user"), item_copy (session, "address"), item_time (session, "since"),
      g_strdup (json_is_true (json_object_get (session, "tls")) ? _ ("yes") : _ ("no")),
      item_copy (session, "client"), NULL);
}

gboolean
command_session_list (Invocation *invocation, GError **error)
{
  static const char *const titles[]
      = { N_ ("Session"), N_ ("Protocol"), N_ ("User"),    N_ ("Address"),
          N_ ("Since"),   N_ ("TLS"),      N_ ("Program"), NULL };

  return command_print_list (invocation, "/v1/sessions", "sessions", titles, add_session, error);
}

gboolean
command_session_end (Invocation *invocation, GError **error)
{
  g_autofree char *path = admin_path ("/v1/sessions/", command_argument (invocation, 0));

  return command_send (invocation, "DELETE", path, NULL, error);
}

static void
add_job (ConsoleTable *table, const json_t *job)
{
  const gint64 done = item_number (job, "done");
  const gint64 total = item_number (job, "total");

  console_table_add (table, g_strdup_printf ("%d", (int)item_number (job, "job")),
                     item_copy (job, "kind"), item_copy (job, "state"),
                     total > 0 ? g_strdup_printf ("%d %%", (int)(done * 100 / total)) : NULL,
                     item_time (job, "started"), item_copy (job, "error"), NULL);
}

gboolean
command_job_list (Invocation *invocation, GError **error)
{
  static const char *const titles[] = { N_ ("Number"),  N_ ("Kind"),  N_ ("State"), N_ ("Progress"),
                                        N_ ("Started"), N_ ("Error"), NULL };

  return command_print_list (invocation, "/v1/jobs", "jobs", titles, add_job, error);
}

gboolean
command_job_cancel (Invocation *invocation, GError **error)
{
  g_autofree char *path = admin_path ("/v1/jobs/", command_argument (invocation, 0));

  return command_send (invocation, "DELETE", path, NULL, error);
}

static void
add_block_list (ConsoleTable *table, const json_t *list)
{
  console_table_add (table, item_copy (list, "list"), item_copy (list, "state"),
                     item_copy (list, "text"), NULL);
}

gboolean
command_block_list (Invocation *invocation, GError **error)
{
  static const char *const titles[] = { N_ ("Block list"), N_ ("State"), N_ ("Reason"), NULL };

  return command_print_list (invocation, "/v1/block-lists", "block_lists", titles, add_block_list,
                             error);
}

static char *
sample_of (const json_t *answer, const char *series, gsize index)
{
  const json_t *all = json_object_get (json_object_get (answer, "series"), series);
  const json_t *value = json_array_get (all, index);

  return json_is_integer (value)
      ? g_strdup_printf ("%" G_GINT64_FORMAT, (gint64)json_integer_value (value))
      : NULL;
}

/* Steps of which nothing is known are left out. */
static void
print_graphs (const json_t *answer)
{
  static const char *const titles[]
      = { N_ ("Since"), N_ ("In"), N_ ("Out"), N_ ("Refused"), N_ ("Connections"), NULL };
  const json_t *first = json_object_get (json_object_get (answer, "series"), "in");
  const gint64 from = json_integer_value (json_object_get (answer, "from"));
  const gint64 step = json_integer_value (json_object_get (answer, "step"));
  ConsoleTable table;
  json_t *value;
  gsize i;

  console_table_start (&table, titles);
  json_array_foreach (first, i, value)
  {
    if (json_is_integer (value))
      console_table_add (&table, console_time (from + (gint64)i * step),
                         sample_of (answer, "in", i), sample_of (answer, "out", i),
                         sample_of (answer, "refused", i), sample_of (answer, "sessions", i), NULL);
  }
  console_table_end (&table);
}

gboolean
command_graphs (Invocation *invocation, GError **error)
{
  const char *range = command_argument (invocation, 0);
  g_autofree char *path = admin_path ("/v1/graphs?range=", range ? range : "hour");
  json_t *answer = command_ask (invocation, path, error);

  if (answer == NULL)
    return FALSE;
  if (invocation->options[OPTION_JSON] != NULL)
    console_print_json (answer);
  else
    print_graphs (answer);
  json_decref (answer);
  return TRUE;
}

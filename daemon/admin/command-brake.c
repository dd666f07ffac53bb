/* hauspost brake … */
#include "admin/command.h"
#include "admin/console.h"
#include "admin/item.h"
#include <glib/gi18n.h>
#include <string.h>

static int
number_of (const json_t *item, const char *key)
{
  return (int)json_integer_value (json_object_get (item, key));
}

/* To add a reason, add a line here. */
static const struct {
  const char *name;
  const char *sentence; /* %d: how many within an hour, and the most before */
} reasons[] = {
  { "by-hand", N_ ("by hand") },
  { "recipients", N_ ("recipients elsewhere within an hour: %d (most before: %d)") },
  { "new-recipients", N_ ("new recipients elsewhere within an hour: %d (most before: %d)") },
  { "bounces", N_ ("undeliverable mail within an hour: %d (most before: %d)") },
};

static char *
print_reason (const json_t *brake)
{
  const char *name = item_text (brake, "reason");

  for (guint i = 0; i < G_N_ELEMENTS (reasons); i++)
    if (strcmp (reasons[i].name, name) == 0)
      return g_strdup_printf (_ (reasons[i].sentence), number_of (brake, "count"),
                              number_of (brake, "usual"));
  return g_strdup (name); /* a newer server says it */
}

static char *
print_login (const json_t *brake)
{
  return g_strdup (json_is_true (json_object_get (brake, "locked")) ? _ ("locked") : _ ("allowed"));
}

static void
add_brake (ConsoleTable *table, const json_t *brake)
{
  console_table_add (table, item_copy (brake, "address"), item_time (brake, "since"),
                     g_strdup_printf ("%d", number_of (brake, "held")), print_login (brake),
                     print_reason (brake), NULL);
}

gboolean
command_brake_list (Invocation *invocation, GError **error)
{
  static const char *const titles[]
      = { N_ ("User"), N_ ("Since"), N_ ("Held"), N_ ("Login"), N_ ("Reason"), NULL };

  return command_print_list (invocation, "/v1/brakes", "brakes", titles, add_brake, error);
}

static gboolean
is_held_of (const json_t *item, const json_t *brake)
{
  return json_is_true (json_object_get (item, "braked"))
      && json_integer_value (json_object_get (item, "account"))
      == json_integer_value (json_object_get (brake, "account"));
}

static void
print_held (const json_t *brake, const json_t *queue)
{
  static const char *const titles[] = { N_ ("Number"), N_ ("To"), N_ ("Since"), NULL };
  ConsoleTable table;
  json_t *item;
  gsize i;

  console_table_start (&table, titles);
  json_array_foreach (queue, i, item)
  {
    if (is_held_of (item, brake))
      console_table_add (&table, g_strdup_printf ("%d", number_of (item, "id")),
                         item_copy (item, "recipient"), item_time (item, "created"), NULL);
  }
  console_table_end (&table);
}

static void
print_brake (const json_t *brake, const json_t *queue)
{
  g_autofree char *since = item_time (brake, "since");
  g_autofree char *reason = print_reason (brake);
  g_autofree char *login = print_login (brake);

  g_print (_ ("User: %s\nSince: %s\nReason: %s\nLogin: %s\nHeld: %d\n"),
           item_text (brake, "address"), since, reason, login, number_of (brake, "held"));
  if (number_of (brake, "held") > 0)
    print_held (brake, queue);
}

gboolean
command_brake_show (Invocation *invocation, GError **error)
{
  g_autofree char *path = admin_path ("/v1/brakes/", command_argument (invocation, 0));
  json_t *answer = command_ask (invocation, path, error);
  json_t *queue = answer != NULL ? command_ask (invocation, "/v1/queue", error) : NULL;
  const json_t *brake = json_object_get (answer, "brake");
  const gboolean done = queue != NULL;

  if (done && invocation->options[OPTION_JSON] != NULL)
    console_print_json (brake);
  else if (done)
    print_brake (brake, json_object_get (queue, "queue"));
  json_decref (queue);
  json_decref (answer);
  return done;
}

static gboolean
act (Invocation *invocation, const char *action, GError **error)
{
  g_autofree char *path = admin_path ("/v1/brakes/", command_argument (invocation, 0));
  json_t *body = json_pack ("{s:s}", "action", action);
  const gboolean done = command_send (invocation, "POST", path, body, error);

  json_decref (body);
  return done;
}

gboolean
command_brake_release (Invocation *invocation, GError **error)
{
  return act (invocation, "release", error);
}

gboolean
command_brake_lock (Invocation *invocation, GError **error)
{
  return act (invocation, "lock", error);
}

gboolean
command_brake_remove (Invocation *invocation, GError **error)
{
  return act (invocation, "remove", error);
}

gboolean
command_brake_bounce (Invocation *invocation, GError **error)
{
  return act (invocation, "bounce", error);
}

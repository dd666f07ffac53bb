/* hauspost log: the newest lines, and those that come. */
#include "admin/command.h"
#include "admin/console.h"
#include "admin/item.h"
#include <glib/gi18n.h>
#include <stdio.h>
#include <string.h>

typedef struct {
  gboolean json;
} Printing;

static void
print_line (const json_t *line, const Printing *printing)
{
  const double seconds = json_number_value (json_object_get (line, "time"));
  g_autofree char *when = console_time ((gint64)seconds);
  const char *name;
  json_t *value;

  if (printing->json) {
    char *text = json_dumps (line, JSON_COMPACT);
    g_print ("%s\n", text);
    free (text);
    return;
  }
  g_print ("%s %-7s %s", when, item_text (line, "level"), item_text (line, "message"));
  json_object_foreach (json_object_get (line, "fields"), name, value)
      g_print (" %s=%s", name, json_string_value (value));
  g_print ("\n");
}

static void
did_hear (const char *name, const char *data, gpointer user_data)
{
  json_t *object = json_loads (data, 0, NULL);

  if (strcmp (name, "log") == 0 && json_is_object (object))
    print_line (object, user_data);
  else if (strcmp (name, "overflow") == 0)
    g_printerr ("%s\n", _ ("Some lines were missed."));
  else if (strcmp (name, "end") == 0)
    g_printerr ("%s\n", json_string_value (json_object_get (object, "error")));
  fflush (stdout);
  json_decref (object);
}

static char *
make_path (Invocation *invocation, const char *start)
{
  static const struct {
    CommandOption option;
    const char *name;
  } parts[] = { { OPTION_LEVEL, "level" }, { OPTION_TEXT, "text" }, { OPTION_LIMIT, "limit" } };
  GString *path = g_string_new (start);

  for (guint i = 0; i < G_N_ELEMENTS (parts); i++) {
    const char *value = invocation->options[parts[i].option];
    g_autofree char *escaped = value ? g_uri_escape_string (value, NULL, FALSE) : NULL;
    if (escaped)
      g_string_append_printf (path, "&%s=%s", parts[i].name, escaped);
  }
  return g_string_free (path, FALSE);
}

gboolean
command_log (Invocation *invocation, GError **error)
{
  Printing printing = { invocation->options[OPTION_JSON] != NULL };
  g_autofree char *path = make_path (invocation, "/v1/log?");
  g_autofree char *events = make_path (invocation, "/v1/events?topics=log");
  AdminClient *client = command_client (invocation, error);
  json_t *answer = client ? admin_client_call (client, "GET", path, NULL, error) : NULL, *line;
  gsize i;

  if (answer == NULL)
    return FALSE;
  json_array_foreach (json_object_get (answer, "lines"), i, line) print_line (line, &printing);
  json_decref (answer);
  fflush (stdout);
  return invocation->options[OPTION_FOLLOW] == NULL
      || admin_client_listen (client, events, NULL, did_hear, &printing, error);
}

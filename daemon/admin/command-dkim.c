/* hauspost domain dkim … */
#include "admin/command.h"
#include "admin/console.h"
#include <glib/gi18n.h>
#include <string.h>

static const struct {
  const char *name, *text;
} states[] = {
  { "next", N_ ("new: publish its record, then rotate") },
  { "active", N_ ("signs: its record must be in the DNS") },
  { "old", N_ ("signed before: keep its record until the next rotation") },
};

static const char *
describe_state (const char *name)
{
  for (guint i = 0; name && i < G_N_ELEMENTS (states); i++)
    if (strcmp (states[i].name, name) == 0)
      return _ (states[i].text);
  return "";
}

/* Each key: what it is for, then the line as zone files have it. Strings of a TXT record hold 255
 * bytes at most (RFC 1035 §3.3.14). */
static void
print_key (const json_t *key)
{
  const char *record = json_string_value (json_object_get (key, "record"));

  g_print ("; %s (%s): %s\n%s. IN TXT (", json_string_value (json_object_get (key, "selector")),
           json_string_value (json_object_get (key, "algorithm")),
           describe_state (json_string_value (json_object_get (key, "state"))),
           json_string_value (json_object_get (key, "name")));
  for (gsize at = 0; record && at < strlen (record); at += 250)
    g_print (" \"%.250s\"", record + at);
  g_print (" )\n");
}

static gboolean
call (Invocation *invocation, const char *method, GError **error)
{
  AdminClient *client = command_client (invocation, error);
  g_autofree char *path = admin_path ("/v1/dkim/", command_argument (invocation, 0));
  json_t *answer = client != NULL ? admin_client_call (client, method, path, NULL, error) : NULL;
  json_t *keys = json_object_get (answer, "keys");
  json_t *key;
  gsize i;

  if (answer == NULL)
    return FALSE;
  if (invocation->options[OPTION_JSON] != NULL)
    console_print_json (keys);
  else
    json_array_foreach (keys, i, key) print_key (key);
  json_decref (answer);
  return TRUE;
}

gboolean
command_dkim_show (Invocation *invocation, GError **error)
{
  return call (invocation, "GET", error);
}

gboolean
command_dkim_prepare (Invocation *invocation, GError **error)
{
  return call (invocation, "POST", error);
}

gboolean
command_dkim_rotate (Invocation *invocation, GError **error)
{
  return call (invocation, "PUT", error);
}

/* hauspost status, metrics, get, set. */
#include "admin/command.h"
#include "admin/console.h"
#include "admin/item.h"
#include "platform/file.h"
#include "settings.h"
#include <glib/gi18n.h>
#include <string.h>

#define STOP_SECONDS 120
#define STOP_POLL 100000 /* microseconds */

static void
print_listeners (const json_t *listeners)
{
  const char *protocol;
  json_t *addresses, *address;
  gsize i;

  json_object_foreach ((json_t *)listeners, protocol, addresses)
  {
    json_array_foreach (addresses, i, address)
        g_print ("  %-12s %s\n", protocol, json_string_value (address));
  }
}

static void
print_status (const json_t *status)
{
  g_autofree char *started = console_day (item_number (status, "started"));
  g_autofree char *mail = console_size (item_number (status, "mail_bytes"));
  g_autofree char *space = console_size (item_number (status, "free_bytes"));

  g_print (_ ("Hauspost %s on %s, running since %s\n"), item_text (status, "version"),
           item_text (status, "hostname"), started);
  g_print (_ ("Data folder: %s (%s of mail, %s free)\n"), item_text (status, "data"), mail, space);
  g_print (_ ("Domains: %d, users: %d, open connections: %d\n"),
           (int)item_number (status, "domains"), (int)item_number (status, "users"),
           (int)item_number (status, "connections"));
  g_print ("%s\n", _ ("Listening:"));
  print_listeners (json_object_get (status, "listen"));
  if (item_number (status, "banned") > 0)
    g_print (_ ("Banned addresses: %d (see hauspost ban)\n"), (int)item_number (status, "banned"));
  if (item_number (status, "braked") > 0)
    g_print (_ ("Users whose mail is held: %d (see hauspost brake)\n"),
             (int)item_number (status, "braked"));
}

static void
print_overview (const json_t *overview)
{
  json_t *item;
  gsize i;

  g_print ("%s\n", item_text (overview, "sentence"));
  json_array_foreach (json_object_get (overview, "attention"), i, item)
      g_print ("  %s\n", item_text (item, "text"));
}

gboolean
command_status (Invocation *invocation, GError **error)
{
  json_t *status = command_ask (invocation, "/v1/status", error);
  json_t *overview = status ? command_ask (invocation, "/v1/overview", error) : NULL;
  const gboolean done = overview != NULL;

  if (done && invocation->options[OPTION_JSON] != NULL) {
    json_object_set (status, "overview", overview);
    console_print_json (status);
  } else if (done) {
    print_status (status);
    print_overview (overview);
  }
  json_decref (overview);
  json_decref (status);
  return done;
}

/* A daemon holds the store's lock until it ends. The lock is given back at once. */
static gboolean
wait_for_end (const char *data, GError **error)
{
  g_autofree char *path = g_build_filename (data, "store.lock", NULL);

  for (guint i = 0; i < STOP_SECONDS * G_USEC_PER_SEC / STOP_POLL; i++) {
    g_autoptr (File) lock = file_open (path, FILE_MODE_WRITE, error);
    if (lock == NULL)
      return FALSE;
    if (file_lock (lock, NULL))
      return TRUE;
    g_usleep (STOP_POLL);
  }
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT,
               _ ("The daemon still works after %d seconds."), STOP_SECONDS);
  return FALSE;
}

gboolean
command_stop (Invocation *invocation, GError **error)
{
  if (!command_send (invocation, "POST", "/v1/stop", NULL, error))
    return FALSE;
  return invocation->configuration == NULL /* it runs elsewhere */
      || wait_for_end (invocation->configuration->data, error);
}

gboolean
command_metrics (Invocation *invocation, GError **error)
{
  AdminClient *client = command_client (invocation, error);
  g_autofree char *text = client != NULL ? admin_client_text (client, "/metrics", error) : NULL;

  if (text != NULL)
    g_print ("%s", text);
  return text != NULL;
}

/* A secret is never shown, only whether there is one. */
static const char *
value_of (const json_t *setting)
{
  return json_is_true (json_object_get (setting, "is_set")) ? _ ("(set)")
                                                            : item_text (setting, "value");
}

static void
add_setting (ConsoleTable *table, const json_t *setting)
{
  console_table_add (table, item_copy (setting, "key"), g_strdup (value_of (setting)),
                     item_copy (setting, "default"), NULL);
}

static void
print_setting (const json_t *setting)
{
  json_t *choice;
  gsize i;

  g_print ("%s = %s\n%s\n", item_text (setting, "key"), value_of (setting),
           item_text (setting, "help"));
  g_print (_ ("Default: %s\n"), item_text (setting, "default"));
  json_array_foreach (json_object_get (setting, "choices"), i, choice) g_print (
      i == 0 ? _ ("One of: %s") : ", %s", json_string_value (json_object_get (choice, "value")));
  if (json_object_get (setting, "choices") != NULL)
    g_print ("\n");
}

static json_t *
find_setting (const json_t *settings, const char *key)
{
  json_t *setting;
  gsize i;

  json_array_foreach (settings, i, setting)
  {
    if (strcmp (item_text (setting, "key"), key) == 0)
      return setting;
  }
  return NULL;
}

gboolean
command_get (Invocation *invocation, GError **error)
{
  static const char *const titles[] = { N_ ("Setting"), N_ ("Value"), N_ ("Default"), NULL };
  const char *key = command_argument (invocation, 0);
  gboolean json = invocation->options[OPTION_JSON] != NULL;
  json_t *answer = command_ask (invocation, "/v1/settings", error);
  json_t *all = json_object_get (answer, "settings");
  json_t *one = key != NULL ? find_setting (all, key) : NULL;

  if (answer == NULL)
    return FALSE;
  gboolean found = key == NULL || one != NULL;
  if (!found)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                 _ ("There is no setting %s; hauspost get lists them all."), key);
  else if (json)
    console_print_json (one != NULL ? one : all);
  else if (one != NULL)
    print_setting (one);
  else
    console_print_table (all, titles, add_setting);
  json_decref (answer);
  return found;
}

gboolean
command_set (Invocation *invocation, GError **error)
{
  const char *key = command_argument (invocation, 0);
  const char *value = command_argument (invocation, 1);
  const int known = setting_find (key);
  g_autofree char *path = admin_path ("/v1/settings/", key);
  char *secret = NULL;

  if (value && known >= 0 && setting_info ((Setting)known)->type == SETTING_SECRET) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                 _ ("Others on this machine can read a command line. Give the secret on standard "
                    "input: hauspost set %s --password-stdin"),
                 key);
    return FALSE;
  }
  if (invocation->options[OPTION_PASSWORD_STDIN] && !(secret = console_read_secret (error)))
    return FALSE;
  json_t *body = json_pack ("{s:s?}", "value", secret ? secret : value);
  gboolean done = command_send (invocation, "PUT", path, body, error);

  json_decref (body);
  if (secret)
    console_wipe (secret);
  return done;
}

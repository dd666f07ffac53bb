/* hauspost user rate, domain rate, user device */
#include "admin/command.h"
#include "admin/console.h"
#include <glib/gi18n.h>
#include <string.h>

/* BODY is given away. */
static gboolean
put (Invocation *invocation, const char *path, json_t *body, GError **error)
{
  const gboolean done = command_send (invocation, "PUT", path, body, error);

  json_decref (body);
  return done;
}

/* "100", "any" or "default". */
static gboolean
parse_rate (const char *text, json_int_t *rate, GError **error)
{
  guint64 number = 0;

  if (strcmp (text, "default") == 0)
    *rate = -1;
  else if (strcmp (text, "any") == 0)
    *rate = 0;
  else if (g_ascii_string_to_unsigned (text, 10, 1, G_MAXINT32, &number, NULL))
    *rate = (json_int_t)number;
  else {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                 _ ("“%s” is not a number of recipients: write 1 or more, any or default."), text);
    return FALSE;
  }
  return TRUE;
}

static char *
print_rate (const json_t *answer, const char *key)
{
  const json_int_t rate = json_integer_value (json_object_get (answer, key));

  if (rate < 0)
    return g_strdup (_ ("as the settings say"));
  return rate == 0 ? g_strdup (_ ("any number")) : g_strdup_printf ("%d", (int)rate);
}

static gboolean
show_rate (Invocation *invocation, const char *path, GError **error)
{
  json_t *answer = command_ask (invocation, path, error);

  if (answer == NULL)
    return FALSE;
  if (invocation->options[OPTION_JSON] != NULL)
    console_print_json (answer);
  else {
    g_autofree char *hour = print_rate (answer, "hour");
    g_autofree char *day = print_rate (answer, "day");
    g_print (_ ("Recipients within an hour: %s, within 24 hours: %s\n"), hour, day);
  }
  json_decref (answer);
  return TRUE;
}

/* Of a user or of a domain. */
gboolean
command_rate (Invocation *invocation, GError **error)
{
  g_autofree char *path = admin_path ("/v1/rates/", command_argument (invocation, 0));
  const char *hour = command_argument (invocation, 1), *day = command_argument (invocation, 2);
  json_int_t hour_rate, day_rate;

  if (hour == NULL)
    return show_rate (invocation, path, error);
  return parse_rate (hour, &hour_rate, error)
      && parse_rate (day != NULL ? day : "default", &day_rate, error)
      && put (invocation, path, json_pack ("{s:I, s:I}", "hour", hour_rate, "day", day_rate),
              error);
}

static gboolean
show_device (Invocation *invocation, const char *path, GError **error)
{
  json_t *answer = command_ask (invocation, path, error);
  const char *senders = json_string_value (json_object_get (answer, "senders"));
  const char *recipients = json_string_value (json_object_get (answer, "recipients"));

  if (answer == NULL)
    return FALSE;
  if (invocation->options[OPTION_JSON] != NULL)
    console_print_json (answer);
  else
    g_print (_ ("May send as: %s\nMay send to: %s\n"),
             senders && *senders ? senders : _ ("its own address"),
             recipients && *recipients ? recipients : _ ("the domains of this server"));
  json_decref (answer);
  return TRUE;
}

gboolean
command_device (Invocation *invocation, GError **error)
{
  g_autofree char *path = admin_path ("/v1/devices/", command_argument (invocation, 0));
  const char *from = invocation->options[OPTION_FROM], *to = invocation->options[OPTION_TO];
  g_autoptr (GError) failure = NULL;

  if (invocation->options[OPTION_OFF] != NULL)
    return command_send (invocation, "DELETE", path, NULL, error);
  if (from == NULL && to == NULL) {
    if (show_device (invocation, path, &failure))
      return TRUE;
    if (!g_error_matches (failure, G_IO_ERROR, G_IO_ERROR_NOT_FOUND)) {
      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }
  }
  return put (invocation, path,
              json_pack ("{s:s, s:s}", "senders", from != NULL ? from : "", "recipients",
                         to != NULL ? to : ""),
              error);
}

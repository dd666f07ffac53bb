/* Addresses that are banned: for guessing passwords, or by hand. */
#include "admin/resources.h"

#include "net/network.h"
#include "settings.h"

static Guard *
guard_of (AdminCall *call)
{
  return authenticator_guard (call->service->authenticator);
}

/* UNTIL is missing when somebody has to lift it, TIMES is 0 when it was banned by hand. */
static json_t *
describe (const Ban *ban)
{
  g_autofree char *address = network_print (ban->network);
  json_t *answer = json_pack ("{s:s, s:I, s:I}", "address", address, "since",
                              (json_int_t)ban->since, "times", (json_int_t)ban->times);

  if (ban->until != BAN_FOREVER)
    json_object_set_new (answer, "until", json_integer (ban->until));
  return answer;
}

/* Of one address, or which there are. */
json_t *
ban_state (const AdminCall *call, Database *database)
{
  g_autoptr (GArray) bans = guard_list (authenticator_guard (call->service->authenticator));
  json_t *state = call->argument ? NULL : json_object ();
  guint64 network = 0;

  if (call->argument && !network_parse (call->argument, &network))
    return NULL;

  for (guint i = 0; i < bans->len; i++) {
    const Ban *ban = &g_array_index (bans, Ban, i);
    g_autofree char *address = network_print (ban->network);

    if (call->argument && ban->network == network)
      return describe (ban);
    if (state)
      json_object_set_new (state, address, json_integer (ban->until));
  }
  return state;
}

gboolean
bans_get (AdminCall *call, GError **error)
{
  g_autoptr (GArray) bans = guard_list (guard_of (call));
  json_t *list = json_array ();

  for (guint i = 0; i < bans->len; i++)
    json_array_append_new (list, describe (&g_array_index (bans, Ban, i)));
  json_object_set_new (call->answer, "bans", list);
  return TRUE;
}

/* {"time": "2h"}, or without it until it is lifted. */
gboolean
ban_put (AdminCall *call, GError **error)
{
  json_t *time = json_object_get (call->body, "time");
  gint64 seconds = 0;

  if (time != NULL
      && (!json_is_string (time) || !seconds_parse (json_string_value (time), &seconds)
          || seconds == 0 || seconds > G_GINT64_CONSTANT (3650) * 86400)) {
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                         _ ("The time must be one such as 30m, 2h or 14d."));
    return FALSE;
  }
  return guard_ban (guard_of (call), call->argument, seconds, error);
}

gboolean
ban_delete (AdminCall *call, GError **error)
{
  return guard_lift (guard_of (call), call->argument, error);
}

gboolean
bans_delete (AdminCall *call, GError **error)
{
  return guard_lift_all (guard_of (call), error);
}

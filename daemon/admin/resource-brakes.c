/* Users whose outgoing mail is held, as somebody else may know their password. */
#include "admin/resources.h"
#include "accounts/brake.h"
#include "mail/address.h"
#include "queue/queue-brake.h"
#include <string.h>

/* HELD: recipients in the queue. */
static json_t *
describe (Database *database, const Braked *braked, GError **error)
{
  gint64 held;

  if (!queue_count_braked (database, braked->account, &held, error))
    return NULL;
  return json_pack ("{s:I, s:s, s:I, s:s, s:I, s:I, s:b, s:I}", "account",
                    (json_int_t)braked->account, "address", braked->address, "since",
                    (json_int_t)braked->since, "reason", brake_reason_name (braked->reason),
                    "count", (json_int_t)braked->count, "usual", (json_int_t)braked->usual,
                    "locked", braked->locked, "held", (json_int_t)held);
}

static gboolean
read_list (StoreSnapshot *snapshot, gpointer data, GError **error)
{
  AdminCall *call = data;
  Database *database = store_snapshot_database (snapshot);
  g_autoptr (GPtrArray) braked = brake_list (database, error);
  json_t *list = json_array ();

  json_object_set_new (call->answer, "brakes", list);
  for (guint i = 0; braked && i < braked->len; i++) {
    if (!caller_sees (call->caller, ((Braked *)braked->pdata[i])->address))
      continue;
    json_t *one = describe (database, braked->pdata[i], error);
    if (one == NULL)
      return FALSE;
    json_array_append_new (list, one);
  }
  return braked != NULL;
}

gboolean
brakes_get (AdminCall *call, GError **error)
{
  return store_read_sync (call->service->store, read_list, call, error);
}

static gboolean
read_one (StoreSnapshot *snapshot, gpointer data, GError **error)
{
  AdminCall *call = data;
  Database *database = store_snapshot_database (snapshot);
  g_autoptr (Braked) braked = brake_find (database, call->argument, error);
  json_t *one = braked ? describe (database, braked, error) : NULL;

  if (one)
    json_object_set_new (call->answer, "brake", one);
  return one != NULL;
}

json_t *
brake_state (const AdminCall *call, Database *database)
{
  g_autoptr (Braked) braked = brake_find (database, call->argument, NULL);

  return braked
      ? json_pack ("{s:I, s:b}", "since", (json_int_t)braked->since, "locked", braked->locked)
      : NULL;
}

gboolean
brake_get (AdminCall *call, GError **error)
{
  return store_read_sync (call->service->store, read_one, call, error);
}

/* {"action": "release"} */
gboolean
brake_post (AdminCall *call, GError **error)
{
  static const struct {
    const char *name;
    BrakeAction action;
  } actions[] = { { "release", BRAKE_RELEASE },
                  { "lock", BRAKE_LOCK },
                  { "remove", BRAKE_REMOVE },
                  { "bounce", BRAKE_BOUNCE } };
  const AdminService *service = call->service;
  const char *name = admin_call_text (call, "action", error);

  for (guint i = 0; name && i < G_N_ELEMENTS (actions); i++) {
    if (strcmp (actions[i].name, name) != 0)
      continue;
    if (actions[i].action == BRAKE_LOCK)
      call->ended_user = address_normalize (call->argument);
    return queue_brake_act (service->store, service->schedule, call->configuration->hostname,
                            call->argument, actions[i].action, error);
  }
  if (name)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                         _ ("The action must be release, lock, remove or bounce."));
  return FALSE;
}

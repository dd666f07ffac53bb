/* Mail that waits to be sent to other domains. */
#include "admin/resources.h"
#include "queue/queue-list.h"
#include "queue/queue.h"
#include <string.h>

#define ITEMS_MAX 1000

/* What is said of TLS on the way; NULL: nothing, the other domain's policies count. */
static const char *const ways[] = { [QUEUE_TLS_AS_PUBLISHED] = NULL,
                                    [QUEUE_TLS_REQUIRED] = "required",
                                    [QUEUE_TLS_PREFERRED] = "preferred",
                                    [QUEUE_TLS_OPTIONAL] = "optional" };

static void
describe (const QueueItem *item, gpointer data)
{
  json_t *row
      = json_pack ("{s:I, s:s, s:s, s:s, s:I, s:I, s:I, s:I, s:i, s:b}", "id", (json_int_t)item->id,
                   "sender", item->sender, "recipient", item->recipient, "domain", item->domain,
                   "size", (json_int_t)item->size, "created", (json_int_t)item->created, "due",
                   (json_int_t)item->due, "expires", (json_int_t)item->expires, "attempts",
                   (int)item->attempts, "held", item->held != QUEUE_IS_SENT);

  if (item->held == QUEUE_HELD_BY_BRAKE)
    json_object_set_new (row, "braked", json_true ());
  json_object_set_new (row, "account", json_integer ((json_int_t)item->account));
  if (item->released)
    json_object_set_new (row, "released", json_integer ((json_int_t)item->released));

  if (ways[item->tls])
    json_object_set_new (row, "tls", json_string (ways[item->tls]));
  if (item->reply)
    json_object_set_new (row, "reply", json_string (item->reply));
  json_array_append_new (data, row);
}

/* A read job. */
typedef struct {
  gint64 id;
  json_t *list;
  const Caller *caller; /* NULL: everything is seen */
} Listing;

static void
list_if_seen (const QueueItem *item, gpointer data)
{
  const Listing *self = data;

  if (self->caller == NULL || caller_sees (self->caller, item->sender)
      || caller_sees (self->caller, item->recipient))
    describe (item, self->list);
}

static gboolean
read_list (StoreSnapshot *snapshot, gpointer data, GError **error)
{
  Listing *listing = data;

  json_array_clear (listing->list);
  return queue_list (store_snapshot_database (snapshot), listing->id, ITEMS_MAX, list_if_seen,
                     listing, error);
}

gboolean
queue_get (AdminCall *call, GError **error)
{
  Listing listing = { 0, json_array (), call->caller };
  const gboolean done = store_read_sync (call->service->store, read_list, &listing, error);

  json_object_set_new (call->answer, "queue", listing.list);
  return done;
}

json_t *
queue_state (const AdminCall *call, Database *database)
{
  Listing listing = { .list = json_array () };
  guint64 id;
  json_t *state = NULL;

  if (g_ascii_string_to_unsigned (call->argument, 10, 1, G_MAXINT64, &id, NULL)
      && queue_list (database, (gint64)id, 1, list_if_seen, &listing, NULL)
      && json_array_size (listing.list) == 1) {
    json_t *row = json_array_get (listing.list, 0);
    state = json_pack ("{s:O, s:O, s:O, s:O, s:O}", "sender", json_object_get (row, "sender"),
                       "recipient", json_object_get (row, "recipient"), "held",
                       json_object_get (row, "held"), "due", json_object_get (row, "due"),
                       "attempts", json_object_get (row, "attempts"));
  }
  json_decref (listing.list);
  return state;
}

/* "17" or "all", which is 0. */
static gboolean
read_id (AdminCall *call, gint64 *id, GError **error)
{
  guint64 number = 0;

  if (strcmp (call->argument, "all") != 0
      && !g_ascii_string_to_unsigned (call->argument, 10, 1, G_MAXINT64, &number, NULL)) {
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                         _ ("A mail in the queue has a number."));
    return FALSE;
  }
  *id = (gint64)number;
  return TRUE;
}

static gboolean
act (AdminCall *call, QueueAction action, GError **error)
{
  gint64 id;

  return read_id (call, &id, error)
      && queue_act (call->service->store, call->service->schedule, id, action, error);
}

gboolean
queue_delete (AdminCall *call, GError **error)
{
  return act (call, QUEUE_REMOVE, error);
}

/* {"action": "retry"} */
gboolean
queue_post (AdminCall *call, GError **error)
{
  static const struct {
    const char *name;
    QueueAction action;
  } actions[] = { { "retry", QUEUE_RETRY }, { "hold", QUEUE_HOLD }, { "release", QUEUE_RELEASE } };
  const char *name = admin_call_text (call, "action", error);
  gint64 id;

  if (name && strcmp (name, "bounce") == 0)
    return read_id (call, &id, error)
        && queue_bounce (call->service->store, call->service->schedule,
                         call->configuration->hostname, id, error);
  for (guint i = 0; name && i < G_N_ELEMENTS (actions); i++)
    if (strcmp (actions[i].name, name) == 0)
      return act (call, actions[i].action, error);
  if (name)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                         _ ("The action must be retry, hold, release or bounce."));
  return FALSE;
}

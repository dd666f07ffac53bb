/* The server's state, its metrics and its settings. */
#include "admin/resources.h"
#include "accounts/brake.h"
#include "config.h"
#include "metrics.h"
#include "platform/file.h"
#include "tls/certificate.h"

#define EXPIRY_SECONDS (21 * 86400)

static json_t *
describe_listeners (const Configuration *configuration)
{
  json_t *listeners = json_object ();

  for (guint i = 0; i < LISTEN_COUNT; i++) {
    json_t *addresses = json_array ();
    for (char **at = configuration->listen[i]; *at != NULL && listen_info (i)->served; at++)
      json_array_append_new (addresses, json_string (*at));
    if (json_array_size (addresses) > 0)
      json_object_set (listeners, listen_info (i)->key, addresses);
    json_decref (addresses);
  }
  return listeners;
}

static gboolean
count_directory (StoreSnapshot *snapshot, gpointer data, GError **error)
{
  json_t *answer = data;
  Database *database = store_snapshot_database (snapshot);
  g_autoptr (GPtrArray) domains = domain_list (database, error);
  g_autoptr (GPtrArray) users = domains != NULL ? account_list (database, error) : NULL;
  g_autoptr (GPtrArray) braked = users != NULL ? brake_list (database, error) : NULL;
  gint64 used = 0;

  if (braked == NULL)
    return FALSE;
  for (guint i = 0; i < users->len; i++)
    used += ((Account *)users->pdata[i])->used;
  json_object_set_new (answer, "domains", json_integer (domains->len));
  json_object_set_new (answer, "users", json_integer (users->len));
  json_object_set_new (answer, "braked", json_integer (braked->len));
  json_object_set_new (answer, "mail_bytes", json_integer (used));
  return TRUE;
}

/* Lists that keep nobody out, though somebody wanted it. */
static void
gather_block_lists (json_t *notices, BlockLists *lists)
{
  g_autoptr (GPtrArray) all = lists ? block_lists_describe (lists) : NULL;

  for (guint i = 0; all && i < all->len; i++) {
    const BlockListStatus *status = all->pdata[i];
    const char *reason = block_list_state_text (status->state);
    g_autofree char *text = reason
        ? g_strdup_printf (_ ("The block list %s is switched off: %s."), status->zone, reason)
        : NULL;

    if (text)
      json_array_append_new (notices, json_string (text));
  }
}

/* What an administrator should look at, as sentences. */
static json_t *
gather_notices (AdminCall *call)
{
  json_t *notices = json_array ();
  g_autofree char *folder = configuration_certificates (call->configuration);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) certificates = certificate_list (folder, &error);
  gint64 now = g_get_real_time () / G_USEC_PER_SEC;

  if (!store_takes_mail (call->service->store))
    json_array_append_new (
        notices,
        json_string (_ ("The disk is nearly full: new mail is refused until there is space.")));
  if (certificates == NULL)
    json_array_append_new (notices, json_string (error->message));
  for (guint i = 0; certificates != NULL && i < certificates->len; i++) {
    const Certificate *certificate = certificates->pdata[i];
    if (certificate->not_after - now < EXPIRY_SECONDS) {
      g_autofree char *text
          = g_strdup_printf (certificate->not_after < now ? _ ("The certificate %s has expired.")
                                                          : _ ("The certificate %s expires soon."),
                             certificate->name);
      json_array_append_new (notices, json_string (text));
    }
  }
  gather_block_lists (notices, call->service->block_lists);
  return notices;
}

gboolean
status_get (AdminCall *call, GError **error)
{
  const Configuration *configuration = call->configuration;
  guint64 space;

  if (!file_free_space (configuration->data, &space, error)
      || !store_read_sync (call->service->store, count_directory, call->answer, error))
    return FALSE;
  g_autoptr (GArray) bans = guard_list (authenticator_guard (call->service->authenticator));
  json_t *facts = json_pack (
      "{s:s, s:s, s:s, s:s, s:I, s:I, s:b, s:I, s:I, s:I, s:o, s:o}", "state", "running", "version",
      VERSION, "hostname", configuration->hostname, "data", configuration->data, "started",
      (json_int_t)call->started, "free_bytes", (json_int_t)space, "takes_mail",
      store_takes_mail (call->service->store), "connections",
      (json_int_t)metric_get (METRIC_CONNECTIONS_OPEN), "banned", (json_int_t)bans->len,
      "imap_sessions", (json_int_t)metric_get (METRIC_IMAP_SESSIONS), "listen",
      describe_listeners (configuration), "notices", gather_notices (call));
  json_object_update_new (call->answer, facts);
  return TRUE;
}

static gboolean
count_braked (StoreSnapshot *snapshot, gpointer data, GError **error)
{
  g_autoptr (GPtrArray) braked = brake_list (store_snapshot_database (snapshot), error);

  return braked != NULL;
}

gboolean
metrics_get (AdminCall *call, GError **error)
{
  g_autoptr (GArray) bans = guard_list (authenticator_guard (call->service->authenticator));

  if (!store_read_sync (call->service->store, count_braked, NULL, error))
    return FALSE;
  call->text = metrics_print (); /* the lists have brought their metrics up to date */
  return TRUE;
}

gboolean
stop_post (AdminCall *call, GError **error)
{
  call->stop = TRUE;
  return TRUE;
}

/* ?range=hour, day or month */
gboolean
graphs_get (AdminCall *call, GError **error)
{
  const char *range = admin_call_query (call, "range");
  json_t *answer = graphs_describe (call->graphs, range ? range : "hour");

  if (answer == NULL) {
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                         _ ("The range is hour, day or month."));
    return FALSE;
  }
  json_object_update_new (call->answer, answer);
  return TRUE;
}

gboolean
block_lists_get (AdminCall *call, GError **error)
{
  BlockLists *lists = call->service->block_lists;
  g_autoptr (GPtrArray) all = lists ? block_lists_describe (lists) : NULL;
  json_t *list = json_array ();

  for (guint i = 0; all && i < all->len; i++) {
    const BlockListStatus *status = all->pdata[i];
    const char *text = block_list_state_text (status->state);

    json_array_append_new (list,
                           json_pack ("{s:s, s:s, s:s?}", "list", status->zone, "state",
                                      block_list_state_name (status->state), "text", text));
  }
  json_object_set_new (call->answer, "block_lists", list);
  return TRUE;
}

/* The keys with which a domain's mail is signed: shown, prepared, rotated. */
#include "admin/resources.h"
#include "mail/address.h"
#include "policy/dkim-keys.h"

typedef struct {
  const char *domain;
  GPtrArray *keys;
} Keys;

static gboolean
read_keys (StoreSnapshot *snapshot, gpointer data, GError **error)
{
  Keys *self = data;
  Database *database = store_snapshot_database (snapshot);

  g_clear_pointer (&self->keys, g_ptr_array_unref);
  if (!domain_find (database, self->domain, error))
    return FALSE;
  self->keys = dkim_keys_list (database, self->domain, error);
  return self->keys != NULL;
}

static char *
find_domain (AdminCall *call, GError **error)
{
  char *domain = domain_normalize (call->argument);

  if (domain == NULL)
    g_set_error (error, STORE_ERROR, STORE_ERROR_NOT_FOUND, "There is no domain %s.",
                 call->argument);
  return domain;
}

static void
describe_key (json_t *list, const DkimStoredKey *key)
{
  g_autofree char *name = dkim_stored_key_name (key);
  g_autofree char *record = dkim_stored_key_record (key);

  json_array_append_new (list,
                         json_pack ("{s:s, s:s, s:s, s:I, s:s, s:s?}", "selector", key->selector,
                                    "algorithm", dkim_algorithm_name (key->algorithm), "state",
                                    dkim_key_state_name (key->state), "created",
                                    (json_int_t)key->created, "name", name, "record", record));
}

gboolean
dkim_get (AdminCall *call, GError **error)
{
  g_autofree char *domain = find_domain (call, error);
  Keys keys = { .domain = domain };
  json_t *list;

  if (domain == NULL || !store_read_sync (call->service->store, read_keys, &keys, error)) {
    g_clear_pointer (&keys.keys, g_ptr_array_unref);
    return FALSE;
  }
  list = json_array ();
  for (guint i = 0; i < keys.keys->len; i++)
    describe_key (list, keys.keys->pdata[i]);
  json_object_set_new (call->answer, "keys", list);
  g_ptr_array_unref (keys.keys);
  return TRUE;
}

/* New keys, whose records are to be published. */
gboolean
dkim_post (AdminCall *call, GError **error)
{
  g_autofree char *domain = find_domain (call, error);

  return domain && dkim_keys_prepare (call->service->store, domain, error)
      && dkim_get (call, error);
}

/* The prepared keys sign from now on. */
gboolean
dkim_put (AdminCall *call, GError **error)
{
  g_autofree char *domain = find_domain (call, error);

  return domain && dkim_keys_rotate (call->service->store, domain, error) && dkim_get (call, error);
}

/* The keys with which a domain's mail is signed: shown, prepared, rotated. */
#include "admin/resources.h"
#include "policy/dkim-keys.h"

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

json_t *
dkim_state (const AdminCall *call, Database *database)
{
  g_autofree char *domain = admin_call_domain ((AdminCall *)call, NULL);
  g_autoptr (GPtrArray) keys = domain ? dkim_keys_list (database, domain, NULL) : NULL;
  json_t *state = keys ? json_object () : NULL;

  for (guint i = 0; keys && i < keys->len; i++) {
    const DkimStoredKey *key = keys->pdata[i];
    json_object_set_new (state, key->selector, json_string (dkim_key_state_name (key->state)));
  }
  return state;
}

gboolean
dkim_get (AdminCall *call, GError **error)
{
  g_autofree char *domain = admin_call_domain (call, error);
  g_autoptr (GPtrArray) keys = domain ? dkim_keys_read (call->service->store, domain, error) : NULL;
  json_t *list;

  if (keys == NULL)
    return FALSE;
  list = json_array ();
  for (guint i = 0; i < keys->len; i++)
    describe_key (list, keys->pdata[i]);
  json_object_set_new (call->answer, "keys", list);
  return TRUE;
}

/* New keys, whose records are to be published. */
gboolean
dkim_post (AdminCall *call, GError **error)
{
  g_autofree char *domain = admin_call_domain (call, error);

  return domain && dkim_keys_prepare (call->service->store, domain, error)
      && dkim_get (call, error);
}

/* The prepared keys sign from now on. */
gboolean
dkim_put (AdminCall *call, GError **error)
{
  g_autofree char *domain = admin_call_domain (call, error);

  return domain && dkim_keys_rotate (call->service->store, domain, error) && dkim_get (call, error);
}

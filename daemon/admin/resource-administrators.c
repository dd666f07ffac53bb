/* Who administers, and who asks. */
#include "admin/change.h"
#include "config.h"

static json_t *
describe_names (char **names)
{
  json_t *list = json_array ();

  for (; *names; names++)
    json_array_append_new (list, json_string (*names));
  return list;
}

gboolean
whoami_get (AdminCall *call, GError **error)
{
  const Caller *caller = call->caller;

  json_object_update_new (call->answer,
                          json_pack ("{s:s, s:s, s:s, s:o, s:{s:s, s:s, s:i, s:I}}", "user",
                                     caller->user, "way", caller->way, "role",
                                     admin_role_name (caller->role), "domains",
                                     describe_names (caller->domains), "server", "hostname",
                                     call->configuration->hostname, "version", VERSION, "api", 1,
                                     "started", (json_int_t)call->started));
  return TRUE;
}

static json_t *
describe (const Administrator *one)
{
  return json_pack ("{s:s, s:s?, s:s, s:o, s:b, s:o}", "address", one->address, "display_name",
                    one->display_name, "role", admin_role_name (one->role), "domains",
                    describe_names (one->domains), "enabled", one->enabled, "last_login",
                    one->last_login ? json_integer (one->last_login) : json_null ());
}

static json_t *
describe_state (const Administrator *one)
{
  return json_pack ("{s:s, s:o}", "role", admin_role_name (one->role), "domains",
                    describe_names (one->domains));
}

/* In a list. */
static json_t *
describe_item (const Administrator *one)
{
  json_t *item = describe (one), *state = describe_state (one);

  admin_tag (item, state);
  json_decref (state);
  return item;
}

static gboolean
read_list (StoreSnapshot *snapshot, gpointer data, GError **error)
{
  AdminCall *call = data;
  g_autoptr (GPtrArray) all = administrator_list (store_snapshot_database (snapshot), error);
  json_t *list = json_array ();

  json_object_set_new (call->answer, "administrators", list);
  for (guint i = 0; all && i < all->len; i++)
    json_array_append_new (list, describe_item (all->pdata[i]));
  return all != NULL;
}

gboolean
administrators_get (AdminCall *call, GError **error)
{
  return store_read_sync (call->service->store, read_list, call, error);
}

static gboolean
read_one (StoreSnapshot *snapshot, gpointer data, GError **error)
{
  AdminCall *call = data;
  g_autoptr (Administrator) one
      = administrator_find (store_snapshot_database (snapshot), call->argument, error);

  if (one)
    json_object_set_new (call->answer, "administrator", describe (one));
  return one != NULL;
}

gboolean
administrator_get (AdminCall *call, GError **error)
{
  return store_read_sync (call->service->store, read_one, call, error);
}

json_t *
administrator_state (const AdminCall *call, Database *database)
{
  g_autoptr (Administrator) one = administrator_find (database, call->argument, NULL);

  return one ? describe_state (one) : NULL;
}

typedef struct {
  const char *address;
  AdminRole role;
  GPtrArray *domains; /* const char *, NULL at the end */
} Change;

static gboolean
set_role (StoreTransaction *transaction, gpointer data, GError **error)
{
  const Change *change = data;

  return administrator_set (transaction, change->address, change->role,
                            (const char *const *)change->domains->pdata, error);
}

/* {"role": "domain-administrator", "domains": [NAME, …]} */
gboolean
administrator_put (AdminCall *call, GError **error)
{
  g_autoptr (GPtrArray) domains = g_ptr_array_new ();
  Change change = { call->argument, ADMIN_NOTHING, domains };
  const char *role = admin_call_text (call, "role", error);
  json_t *domain;
  gsize i;

  if (role == NULL)
    return FALSE;
  if (!admin_role_parse (role, &change.role)) {
    g_set_error_literal (error, STORE_ERROR, STORE_ERROR_INVALID,
                         _ ("The role must be administrator, domain-administrator or read-only."));
    return FALSE;
  }
  json_array_foreach (json_object_get (call->body, "domains"), i, domain)
  {
    if (json_is_string (domain))
      g_ptr_array_add (domains, (char *)json_string_value (domain));
  }
  g_ptr_array_add (domains, NULL);
  return admin_call_write (call, set_role, &change, error);
}

static gboolean
remove_role (StoreTransaction *transaction, gpointer data, GError **error)
{
  return administrator_remove (transaction, data, error);
}

gboolean
administrator_delete (AdminCall *call, GError **error)
{
  return admin_call_write (call, remove_role, (gpointer)call->argument, error);
}

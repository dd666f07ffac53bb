/* Domains and aliases. */
#include "admin/change.h"
#include "accounts/group.h"
#include "mail/address.h"
#include "policy/dkim-keys.h"
#include <string.h>

typedef gboolean (*NameFunc) (StoreTransaction *transaction, const char *name, GError **error);

typedef struct {
  NameFunc func;
  const char *name;
} NameChange;

static gboolean
change_name (StoreTransaction *transaction, gpointer data, GError **error)
{
  NameChange *change = data;

  return change->func (transaction, change->name, error);
}

static gboolean
write_name (AdminCall *call, NameFunc func, GError **error)
{
  NameChange change = { func, call->argument };

  return admin_call_write (call, change_name, &change, error);
}

typedef struct {
  GPtrArray *domains, *aliases, *groups, *users;
  const char *domain; /* whose catch-all is read, or NULL */
  char *catch_all;
} Directory;

static void
directory_clear (Directory *self)
{
  g_clear_pointer (&self->domains, g_ptr_array_unref);
  g_clear_pointer (&self->aliases, g_ptr_array_unref);
  g_clear_pointer (&self->groups, g_ptr_array_unref);
  g_clear_pointer (&self->users, g_ptr_array_unref);
  g_free (self->catch_all);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Directory, directory_clear)

static gboolean
read_directory (StoreSnapshot *snapshot, gpointer data, GError **error)
{
  Directory *self = data;
  Database *database = store_snapshot_database (snapshot);
  GError *failure = NULL;

  if (self->domain != NULL)
    self->catch_all = domain_catch_all (database, self->domain, &failure);
  if (failure != NULL) {
    g_propagate_error (error, failure);
    return FALSE;
  }
  return (self->domains = domain_list (database, error)) != NULL
      && (self->aliases = alias_list (database, error)) != NULL
      && (self->groups = group_list (database, error)) != NULL
      && (self->users = account_list (database, error)) != NULL;
}

typedef struct {
  json_t *names, *details;
} Details;

static gboolean
count_domain (Database *database, const char *name, json_t *details, GError **error)
{
  Statement *row = database_query (
      database, error,
      "SELECT (SELECT count(*) FROM account WHERE domain = d.id AND role = 0),"
      " (SELECT count(DISTINCT address) FROM alias WHERE domain = d.id AND address NOT IN"
      " (SELECT address FROM mail_group WHERE domain = d.id)),"
      " (SELECT count(*) FROM mail_group WHERE domain = d.id), catch_all"
      " FROM domain d WHERE name = ?1",
      "t", name);

  if (row == NULL)
    return FALSE;
  if (statement_next (row, error))
    json_array_append_new (details,
                           json_pack ("{s:s, s:I, s:I, s:I, s:s?}", "name", name, "users",
                                      (json_int_t)statement_int (row, 0), "aliases",
                                      (json_int_t)statement_int (row, 1), "groups",
                                      (json_int_t)statement_int (row, 2), "catch_all",
                                      statement_text (row, 3)));
  statement_done (row);
  return error == NULL || *error == NULL;
}

static gboolean
read_details (StoreSnapshot *snapshot, gpointer data, GError **error)
{
  Details *self = data;
  g_autoptr (GError) problem = NULL;
  json_t *name;
  gsize i;

  json_array_foreach (self->names, i, name)
  {
    if (!count_domain (store_snapshot_database (snapshot), json_string_value (name), self->details,
                       &problem)) {
      g_propagate_error (error, g_steal_pointer (&problem));
      return FALSE;
    }
  }
  return TRUE;
}

static gboolean
add_details (AdminCall *call, json_t *names, GError **error)
{
  Details details = { names, json_array () };

  json_object_set_new (call->answer, "details", details.details);
  return store_read_sync (call->service->store, read_details, &details, error);
}

gboolean
domains_get (AdminCall *call, GError **error)
{
  g_auto (Directory) directory = { NULL };

  if (!store_read_sync (call->service->store, read_directory, &directory, error))
    return FALSE;
  json_t *list = json_array ();
  for (guint i = 0; i < directory.domains->len; i++)
    if (caller_sees (call->caller, directory.domains->pdata[i]))
      json_array_append_new (list, json_string (directory.domains->pdata[i]));
  json_object_set_new (call->answer, "domains", list);
  return add_details (call, list, error);
}

static gboolean
belongs_to (const char *address, const char *domain)
{
  return g_strcmp0 (address_domain (address), domain) == 0;
}

static void
describe_domain (AdminCall *call, Directory *directory, const char *domain)
{
  json_t *users = json_array (), *aliases = json_array (), *groups = json_array ();

  for (guint i = 0; i < directory->users->len; i++) {
    const Account *account = directory->users->pdata[i];
    if (belongs_to (account->address, domain))
      json_array_append_new (users, json_string (account->address));
  }
  for (guint i = 0; i < directory->aliases->len; i++) {
    const Alias *alias = directory->aliases->pdata[i];
    if (belongs_to (alias->address, domain))
      json_array_append_new (aliases, json_string (alias->address));
  }
  for (guint i = 0; i < directory->groups->len; i++) {
    const Group *group = directory->groups->pdata[i];
    if (belongs_to (group->address, domain))
      json_array_append_new (groups, json_string (group->address));
  }
  json_object_set_new (call->answer, "domain", json_string (domain));
  json_object_set_new (call->answer, "users", users);
  json_object_set_new (call->answer, "aliases", aliases);
  json_object_set_new (call->answer, "groups", groups);
  json_object_set_new (call->answer, "catch_all",
                       directory->catch_all ? json_string (directory->catch_all) : json_null ());
}

json_t *
domain_state (const AdminCall *call, Database *database)
{
  g_autofree char *domain = domain_normalize (call->argument);
  g_autofree char *catch_all = NULL;

  if (domain == NULL || domain_find (database, domain, NULL) == 0)
    return NULL;
  catch_all = domain_catch_all (database, domain, NULL);
  return json_pack ("{s:s?}", "catch_all", catch_all);
}

gboolean
domain_get (AdminCall *call, GError **error)
{
  g_auto (Directory) directory = { NULL };
  g_autofree char *domain = domain_normalize (call->argument);

  directory.domain = domain;
  if (!store_read_sync (call->service->store, read_directory, &directory, error))
    return FALSE;
  for (guint i = 0; i < directory.domains->len; i++)
    if (g_strcmp0 (directory.domains->pdata[i], domain) == 0) {
      describe_domain (call, &directory, domain);
      return TRUE;
    }
  g_set_error (error, STORE_ERROR, STORE_ERROR_NOT_FOUND, _ ("There is no domain %s."),
               call->argument);
  return FALSE;
}

/* With keys for its mail, so that it is signed from the first one on. */
gboolean
domain_put (AdminCall *call, GError **error)
{
  return write_name (call, domain_add, error) && dkim_keys_complete (call->service->store, error);
}

typedef struct {
  const char *domain, *address;
} CatchAllChange;

static gboolean
set_catch_all (StoreTransaction *transaction, gpointer data, GError **error)
{
  const CatchAllChange *change = data;

  return domain_set_catch_all (transaction, change->domain, change->address, error);
}

/* {"catch_all": ADDRESS}, or null for nobody. */
gboolean
domain_patch (AdminCall *call, GError **error)
{
  CatchAllChange change = { call->argument, NULL };

  if (!json_is_null (json_object_get (call->body, "catch_all"))
      && (change.address = admin_call_text (call, "catch_all", error)) == NULL)
    return FALSE;
  return admin_call_write (call, set_catch_all, &change, error);
}

static gboolean
remove_domain (StoreTransaction *transaction, const char *name, GError **error)
{
  g_autofree char *domain = domain_normalize (name);

  return domain_remove (transaction, name, error) && dkim_keys_remove (transaction, domain, error);
}

gboolean
domain_delete (AdminCall *call, GError **error)
{
  return write_name (call, remove_domain, error);
}

static json_t *
describe_targets (const GPtrArray *targets)
{
  json_t *list = json_array ();

  for (guint i = 0; i < targets->len; i++)
    json_array_append_new (list, json_string (targets->pdata[i]));
  return list;
}

json_t *
alias_state (const AdminCall *call, Database *database)
{
  g_autofree char *address = address_normalize (call->argument);
  g_autoptr (GPtrArray) targets = address ? alias_targets (database, address, NULL) : NULL;

  return targets && targets->len > 0 ? json_pack ("{s:o}", "targets", describe_targets (targets))
                                     : NULL;
}

static json_t *
describe_alias (const Alias *alias)
{
  json_t *state = json_pack ("{s:o}", "targets", describe_targets (alias->targets));
  json_t *item = json_copy (state);

  json_object_set_new (item, "address", json_string (alias->address));
  admin_tag (item, state);
  json_decref (state);
  return item;
}

gboolean
aliases_get (AdminCall *call, GError **error)
{
  g_auto (Directory) directory = { NULL };

  if (!store_read_sync (call->service->store, read_directory, &directory, error))
    return FALSE;
  json_t *list = json_array ();
  for (guint i = 0; i < directory.aliases->len; i++) {
    const Alias *alias = directory.aliases->pdata[i];
    if (caller_sees (call->caller, alias->address))
      json_array_append_new (list, describe_alias (alias));
  }
  json_object_set_new (call->answer, "aliases", list);
  return TRUE;
}

typedef struct {
  const char *address;
  const char *const *targets;
  gboolean replaces;
} AliasChange;

static gboolean
add_alias (StoreTransaction *transaction, gpointer data, GError **error)
{
  AliasChange *change = data;

  return (!change->replaces || alias_remove (transaction, change->address, error))
      && alias_add (transaction, change->address, change->targets, error);
}

/* {"targets": [ADDRESS, …]}; one that is there is replaced only by who says how it was. */
gboolean
alias_put (AdminCall *call, GError **error)
{
  g_autoptr (GPtrArray) targets = g_ptr_array_new ();
  json_t *list = json_object_get (call->body, "targets");
  json_t *target;
  gsize i;

  json_array_foreach (list, i, target)
  {
    if (!json_is_string (target)) {
      g_ptr_array_set_size (targets, 0);
      break;
    }
    g_ptr_array_add (targets, (char *)json_string_value (target));
  }
  if (targets->len == 0) {
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                         _ ("An alias needs at least one target address."));
    return FALSE;
  }
  g_ptr_array_add (targets, NULL);
  AliasChange change
      = { call->argument, (const char *const *)targets->pdata, call->if_match != NULL };
  return admin_call_write (call, add_alias, &change, error);
}

gboolean
alias_delete (AdminCall *call, GError **error)
{
  return write_name (call, alias_remove, error);
}

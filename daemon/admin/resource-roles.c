/* Role mailboxes and their members. */
#include "admin/change.h"
#include "accounts/removed-role.h"
#include "accounts/role.h"
#include "settings.h"

static json_t *
describe (const Role *role)
{
  json_t *members = json_array ();

  for (guint i = 0; i < role->members->len; i++) {
    const RoleMember *member = role->members->pdata[i];
    json_array_append_new (
        members, json_pack ("{s:s, s:b}", "address", member->address, "send_as", member->send_as));
  }
  return json_pack ("{s:s, s:s?, s:I, s:I, s:o}", "address", role->address, "display_name",
                    role->display_name, "quota", (json_int_t)role->quota, "used",
                    (json_int_t)role->used, "members", members);
}

static gboolean
read_roles (StoreSnapshot *snapshot, gpointer data, GError **error)
{
  AdminCall *call = data;
  g_autoptr (GPtrArray) roles = role_list (store_snapshot_database (snapshot), error);
  json_t *list;

  if (roles == NULL)
    return FALSE;
  list = json_array ();
  for (guint i = 0; i < roles->len; i++)
    if (caller_sees (call->caller, ((Role *)roles->pdata[i])->address))
      json_array_append_new (list, describe (roles->pdata[i]));
  json_object_set_new (call->answer, "roles", list);
  return TRUE;
}

gboolean
roles_get (AdminCall *call, GError **error)
{
  return store_read_sync (call->service->store, read_roles, call, error);
}

static gboolean
read_role (StoreSnapshot *snapshot, gpointer data, GError **error)
{
  AdminCall *call = data;
  g_autoptr (Role) role = role_find (store_snapshot_database (snapshot), call->argument, error);

  if (role != NULL)
    json_object_set_new (call->answer, "role", describe (role));
  return role != NULL;
}

json_t *
role_state (const AdminCall *call, Database *database)
{
  g_autoptr (Role) role = role_find (database, call->argument, NULL);
  json_t *state = role ? describe (role) : NULL;

  json_object_del (state, "used");
  return state;
}

gboolean
role_get (AdminCall *call, GError **error)
{
  return store_read_sync (call->service->store, read_role, call, error);
}

typedef struct {
  const char *address;
  const char *display_name;
  gint64 quota;
  json_t *admit, *dismiss; /* lists of addresses, or NULL */
  gboolean send_as;
} RoleChange;

static gboolean
is_list_of_texts (json_t *list)
{
  json_t *item;
  gsize i;

  if (list != NULL && !json_is_array (list))
    return FALSE;
  json_array_foreach (list, i, item) if (!json_is_string (item)) return FALSE;
  return TRUE;
}

/* {"admit": [ADDRESS, …], "dismiss": [ADDRESS, …], "send_as": bool, "quota": "2G" or bytes,
 * "display_name": text} */
static gboolean
parse_change (AdminCall *call, RoleChange *change, GError **error)
{
  json_t *send_as = json_object_get (call->body, "send_as");
  json_t *quota = json_object_get (call->body, "quota");

  *change = (RoleChange) {
    .address = call->argument,
    .display_name = admin_call_optional_text (call, "display_name"),
    .quota = setting_number (SETTING_QUOTA_DEFAULT),
    .admit = json_object_get (call->body, "admit"),
    .dismiss = json_object_get (call->body, "dismiss"),
    .send_as = send_as == NULL || json_is_true (send_as),
  };
  if (json_is_integer (quota))
    change->quota = json_integer_value (quota);
  if ((quota != NULL && !json_is_string (quota) && !json_is_integer (quota))
      || (json_is_string (quota) && !size_parse (json_string_value (quota), &change->quota))) {
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                         _ ("The quota must be a size such as 500M or 2G; 0 means no quota."));
    return FALSE;
  }
  if (is_list_of_texts (change->admit) && is_list_of_texts (change->dismiss))
    return TRUE;
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                       _ ("Members are a list of addresses."));
  return FALSE;
}

static gboolean
change_members (StoreTransaction *transaction, gpointer data, GError **error)
{
  RoleChange *change = data;
  json_t *member;
  gsize i;

  json_array_foreach (change->admit, i, member)
  {
    if (!role_admit (transaction, change->address, json_string_value (member), change->send_as,
                     error))
      return FALSE;
  }
  json_array_foreach (change->dismiss, i, member)
  {
    if (!role_dismiss (transaction, change->address, json_string_value (member), error))
      return FALSE;
  }
  return TRUE;
}

/* All or nothing: a member who is nobody leaves no role behind. */
static gboolean
add_role (StoreTransaction *transaction, gpointer data, GError **error)
{
  RoleChange *change = data;

  return role_add (transaction, change->address, change->display_name, change->quota, error) != 0
      && change_members (transaction, change, error);
}

gboolean
role_post (AdminCall *call, GError **error)
{
  RoleChange change;

  return parse_change (call, &change, error) && admin_call_write (call, add_role, &change, error);
}

gboolean
role_patch (AdminCall *call, GError **error)
{
  RoleChange change;

  return parse_change (call, &change, error)
      && admin_call_write (call, change_members, &change, error);
}

static gboolean
remove_role (StoreTransaction *transaction, gpointer data, GError **error)
{
  return role_remove (transaction, data, error);
}

gboolean
role_delete (AdminCall *call, GError **error)
{
  return admin_call_write (call, remove_role, (gpointer)call->argument, error);
}

static gboolean
restore_role (StoreTransaction *transaction, gpointer address, GError **error)
{
  return removed_role_restore (transaction, address, setting_number (SETTING_TOMBSTONE_RETENTION),
                               error);
}

/* Brings a removed one back as it was. */
gboolean
role_put (AdminCall *call, GError **error)
{
  return admin_call_write (call, restore_role, (gpointer)call->argument, error);
}

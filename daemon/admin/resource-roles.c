/* Role mailboxes and their members. */
#include "admin/change.h"
#include "admin/members.h"
#include "accounts/account.h"
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

/* What can be changed: no mail that comes in does. */
static json_t *
describe_state (const Role *role)
{
  json_t *state = describe (role);

  json_object_del (state, "used");
  return state;
}

/* In a list. */
static json_t *
describe_item (const Role *role)
{
  json_t *item = describe (role), *state = describe_state (role);

  admin_tag (item, state);
  json_decref (state);
  return item;
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
      json_array_append_new (list, describe_item (roles->pdata[i]));
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

  return role ? describe_state (role) : NULL;
}

gboolean
role_get (AdminCall *call, GError **error)
{
  return store_read_sync (call->service->store, read_role, call, error);
}

typedef struct {
  const char *address;
  const char *display_name; /* NULL: as it is, or none */
  gint64 quota;
  gboolean sets_quota;
  json_t *dismiss; /* a list of addresses, or NULL */
  json_t *admit; /* of addresses, with their right or without; or NULL */
  json_t *members; /* the same; all of them; NULL: as they are, but for the two above */
  gboolean send_as; /* of whoever is admitted without saying it */
} RoleChange;

/* {"members": [MEMBER, …], "admit": [MEMBER, …], "dismiss": [ADDRESS, …], "send_as": bool,
 * "quota": "2G" or bytes, "display_name": text}; MEMBER: ADDRESS or {"address", "send_as": bool} */
static gboolean
parse_change (AdminCall *call, RoleChange *change, GError **error)
{
  json_t *send_as = json_object_get (call->body, "send_as");
  json_t *quota = json_object_get (call->body, "quota");

  *change = (RoleChange) {
    .address = call->argument,
    .display_name = admin_call_optional_text (call, "display_name"),
    .quota = setting_number (SETTING_QUOTA_DEFAULT),
    .sets_quota = quota != NULL,
    .admit = json_object_get (call->body, "admit"),
    .dismiss = json_object_get (call->body, "dismiss"),
    .members = json_object_get (call->body, "members"),
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
  return members_with_rights_are_sound (change->admit, error)
      && members_are_sound (change->dismiss, error)
      && members_with_rights_are_sound (change->members, error);
}

static gboolean
admit (StoreTransaction *transaction, const RoleChange *change, const json_t *member,
       GError **error)
{
  const gboolean send_as = json_is_object (member)
      ? json_is_true (json_object_get (member, "send_as"))
      : change->send_as;

  return role_admit (transaction, change->address, member_address (member), send_as, error);
}

static gboolean
admit_all (StoreTransaction *transaction, const RoleChange *change, const json_t *members,
           GError **error)
{
  json_t *member;
  gsize i;

  json_array_foreach (members, i, member)
  {
    if (!admit (transaction, change, member, error))
      return FALSE;
  }
  return TRUE;
}

/* Who is dismissed makes room for others. */
static gboolean
change_members (StoreTransaction *transaction, const RoleChange *change, GError **error)
{
  json_t *member;
  gsize i;

  json_array_foreach (change->dismiss, i, member)
  {
    if (!role_dismiss (transaction, change->address, json_string_value (member), error))
      return FALSE;
  }
  return admit_all (transaction, change, change->admit, error);
}

/* All or nothing: a member who is nobody leaves no role behind. */
static gboolean
add_role (StoreTransaction *transaction, gpointer data, GError **error)
{
  const RoleChange *change = data;

  return role_add (transaction, change->address, change->display_name, change->quota, error) != 0
      && admit_all (transaction, change, change->members, error)
      && change_members (transaction, change, error);
}

/* Address → RoleMember, both borrowed. */
static GHashTable *
table_of (const Role *role)
{
  GHashTable *table = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < role->members->len; i++) {
    RoleMember *member = role->members->pdata[i];
    g_hash_table_insert (table, member->address, member);
  }
  return table;
}

/* HERE: as whom it is a member already, or NULL. */
static gboolean
is_as_wanted (const RoleMember *here, const json_t *member)
{
  return here != NULL
      && (!json_is_object (member)
          || here->send_as == json_is_true (json_object_get (member, "send_as")));
}

/* Who stays, and of whom nothing else is said, keeps the right to send as the role, or not to. */
static gboolean
set_members (StoreTransaction *transaction, const RoleChange *change, const Role *role,
             GError **error)
{
  g_autoptr (GPtrArray) now = g_ptr_array_new ();
  g_autoptr (GPtrArray) new = g_ptr_array_new (), old = g_ptr_array_new ();
  g_autoptr (GHashTable) here = table_of (role);
  json_t *member;
  gsize i;

  for (guint k = 0; k < role->members->len; k++)
    g_ptr_array_add (now, ((RoleMember *)role->members->pdata[k])->address);
  members_compare (change->members, now, new, old);
  for (guint k = 0; old->pdata[k] != NULL; k++)
    if (!role_dismiss (transaction, change->address, old->pdata[k], error))
      return FALSE;
  json_array_foreach (change->members, i, member)
  {
    g_autofree char *key = member_key (member_address (member));
    if (!is_as_wanted (g_hash_table_lookup (here, key), member)
        && !admit (transaction, change, member, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
change_role (StoreTransaction *transaction, gpointer data, GError **error)
{
  const RoleChange *change = data;
  g_autoptr (Role) role
      = role_find (store_transaction_database (transaction), change->address, error);

  if (role == NULL)
    return FALSE;
  if (change->display_name != NULL
      && !account_set_display_name (transaction, change->address, change->display_name, error))
    return FALSE;
  if (change->sets_quota && !account_set_quota (transaction, change->address, change->quota, error))
    return FALSE;
  if (change->members != NULL && !set_members (transaction, change, role, error))
    return FALSE;
  return change_members (transaction, change, error);
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
      && admin_call_write (call, change_role, &change, error);
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

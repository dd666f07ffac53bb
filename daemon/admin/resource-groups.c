/* Groups and their members. */
#include "admin/change.h"
#include "admin/members.h"
#include "accounts/group.h"

static json_t *
describe (const Group *group)
{
  json_t *members = json_array ();

  for (guint i = 0; i < group->members->len; i++)
    json_array_append_new (members, json_string (group->members->pdata[i]));
  return json_pack ("{s:s, s:s, s:b, s:o}", "address", group->address, "senders",
                    group_senders_name (group->senders), "send_as", group->send_as, "members",
                    members);
}

/* In a list. */
static json_t *
describe_item (const Group *group)
{
  json_t *state = describe (group), *item = json_copy (state);

  admin_tag (item, state);
  json_decref (state);
  return item;
}

static gboolean
read_groups (StoreSnapshot *snapshot, gpointer data, GError **error)
{
  AdminCall *call = data;
  g_autoptr (GPtrArray) groups = group_list (store_snapshot_database (snapshot), error);
  json_t *list;

  if (groups == NULL)
    return FALSE;
  list = json_array ();
  for (guint i = 0; i < groups->len; i++)
    if (caller_sees (call->caller, ((Group *)groups->pdata[i])->address))
      json_array_append_new (list, describe_item (groups->pdata[i]));
  json_object_set_new (call->answer, "groups", list);
  return TRUE;
}

gboolean
groups_get (AdminCall *call, GError **error)
{
  return store_read_sync (call->service->store, read_groups, call, error);
}

static gboolean
read_group (StoreSnapshot *snapshot, gpointer data, GError **error)
{
  AdminCall *call = data;
  g_autoptr (Group) group = group_find (store_snapshot_database (snapshot), call->argument, error);

  if (group != NULL)
    json_object_set_new (call->answer, "group", describe (group));
  return group != NULL;
}

json_t *
group_state (const AdminCall *call, Database *database)
{
  g_autoptr (Group) group = group_find (database, call->argument, NULL);

  return group ? describe (group) : NULL;
}

gboolean
group_get (AdminCall *call, GError **error)
{
  return store_read_sync (call->service->store, read_group, call, error);
}

typedef struct {
  const char *address;
  GPtrArray *admit, *dismiss; /* const char *, NULL at the end */
  json_t *members; /* all of them; NULL: as they are, but for the two above */
  GroupSenders senders;
  gboolean sets_senders, sets_send_as, send_as;
} GroupChange;

static void
change_clear (GroupChange *self)
{
  g_ptr_array_unref (self->admit);
  g_ptr_array_unref (self->dismiss);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (GroupChange, change_clear)

/* The addresses of the list KEY, which may be missing. */
static gboolean
take_list (AdminCall *call, const char *key, GPtrArray *texts, GError **error)
{
  json_t *list = json_object_get (call->body, key), *item;
  gboolean sound = list == NULL || json_is_array (list);
  gsize i;

  json_array_foreach (list, i, item)
  {
    sound = sound && json_is_string (item);
    if (sound)
      g_ptr_array_add (texts, (char *)json_string_value (item));
  }
  g_ptr_array_add (texts, NULL);
  if (!sound)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                         _ ("Members are a list of addresses."));
  return sound;
}

/* {"members": [ADDRESS, …], "admit": [ADDRESS, …], "dismiss": [ADDRESS, …], "senders": "anyone",
 * "local" or "members", "send_as": bool} */
static gboolean
parse_change (AdminCall *call, GroupChange *change, GError **error)
{
  json_t *senders = json_object_get (call->body, "senders");
  json_t *send_as = json_object_get (call->body, "send_as");

  change->address = call->argument;
  change->admit = g_ptr_array_new ();
  change->dismiss = g_ptr_array_new ();
  change->sets_senders = senders != NULL;
  change->sets_send_as = send_as != NULL;
  change->send_as = json_is_true (send_as);
  change->members = json_object_get (call->body, "members");
  if (!members_are_sound (change->members, error))
    return FALSE;
  if (!take_list (call, "admit", change->admit, error)
      || !take_list (call, "dismiss", change->dismiss, error))
    return FALSE;
  if (senders == NULL
      || (json_is_string (senders)
          && group_senders_parse (json_string_value (senders), &change->senders)))
    return TRUE;
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                       _ ("Who may write to a group is anyone, local or members."));
  return FALSE;
}

static gboolean
add_group (StoreTransaction *transaction, gpointer data, GError **error)
{
  const GroupChange *change = data;
  g_autoptr (GPtrArray) all = g_ptr_array_new ();
  json_t *member;
  gsize i;

  json_array_foreach (change->members, i, member)
      g_ptr_array_add (all, (char *)json_string_value (member));
  for (i = 0; i < change->admit->len; i++) /* with NULL at the end */
    g_ptr_array_add (all, change->admit->pdata[i]);
  return group_add (transaction, change->address, change->senders, change->send_as,
                    (const char *const *)all->pdata, error);
}

static gboolean
set_rules (StoreTransaction *transaction, const GroupChange *change, GError **error)
{
  g_autoptr (Group) group
      = group_find (store_transaction_database (transaction), change->address, error);

  return group
      && group_set (transaction, change->address,
                    change->sets_senders ? change->senders : group->senders,
                    change->sets_send_as ? change->send_as : group->send_as, error);
}

/* MEMBERS from FIRST to before LAST. */
static gboolean
each (StoreTransaction *transaction, const char *address, const GPtrArray *members, guint first,
      guint last,
      gboolean (*func) (StoreTransaction *, const char *address, const char *member, GError **),
      GError **error)
{
  for (guint i = first; i < last; i++)
    if (!func (transaction, address, members->pdata[i], error))
      return FALSE;
  return TRUE;
}

/* Who is dismissed makes room for others; but a group is never empty, so where all are to go the
 * last of them waits for the first who comes. LISTS: NULL at the end. */
static gboolean
change_members (StoreTransaction *transaction, const Group *group, const GPtrArray *admit,
                const GPtrArray *dismiss, GError **error)
{
  const guint coming = admit->len - 1, going = dismiss->len - 1;
  const gboolean all_go = going > 0 && going >= group->members->len;
  const guint before = all_go ? going - 1 : going, first = all_go ? MIN (coming, 1) : 0;

  return each (transaction, group->address, dismiss, 0, before, group_dismiss, error)
      && each (transaction, group->address, admit, 0, first, group_admit, error)
      && each (transaction, group->address, dismiss, before, going, group_dismiss, error)
      && each (transaction, group->address, admit, first, coming, group_admit, error);
}

static gboolean
set_members (StoreTransaction *transaction, const GroupChange *change, GError **error)
{
  g_autoptr (Group) group
      = group_find (store_transaction_database (transaction), change->address, error);
  g_autoptr (GPtrArray) admit = g_ptr_array_new (), dismiss = g_ptr_array_new ();

  if (group == NULL)
    return FALSE;
  members_compare (change->members, group->members, admit, dismiss);
  return change_members (transaction, group, admit, dismiss, error);
}

static gboolean
admit_and_dismiss (StoreTransaction *transaction, const GroupChange *change, GError **error)
{
  g_autoptr (Group) group
      = group_find (store_transaction_database (transaction), change->address, error);

  return group && change_members (transaction, group, change->admit, change->dismiss, error);
}

/* All or nothing. */
static gboolean
change_group (StoreTransaction *transaction, gpointer data, GError **error)
{
  const GroupChange *change = data;

  return set_rules (transaction, change, error)
      && (change->members == NULL || set_members (transaction, change, error))
      && admit_and_dismiss (transaction, change, error);
}

gboolean
group_post (AdminCall *call, GError **error)
{
  g_auto (GroupChange) change = { NULL };

  return parse_change (call, &change, error) && admin_call_write (call, add_group, &change, error);
}

gboolean
group_patch (AdminCall *call, GError **error)
{
  g_auto (GroupChange) change = { NULL };

  return parse_change (call, &change, error)
      && admin_call_write (call, change_group, &change, error);
}

static gboolean
remove_group (StoreTransaction *transaction, gpointer data, GError **error)
{
  return group_remove (transaction, data, error);
}

gboolean
group_delete (AdminCall *call, GError **error)
{
  return admin_call_write (call, remove_group, (gpointer)call->argument, error);
}

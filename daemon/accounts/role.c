/* Role mailboxes. */
#include "accounts/role.h"

#include "accounts/account.h"
#include "accounts/removed-role.h"
#include "language.h"
#include "mail/address.h"

#include <string.h>

#define MEMBERS_MAX 1000

static void
member_free (gpointer data)
{
  RoleMember *member = data;

  g_free (member->address);
  g_free (member);
}

void
role_free (Role *role)
{
  g_free (role->address);
  g_free (role->display_name);
  g_ptr_array_unref (role->members);
  g_free (role);
}

gint64
role_add (StoreTransaction *transaction, const char *address, const char *display_name,
          gint64 quota, GError **error)
{
  gint64 id;

  /* It is a level of the names of its mailboxes. */
  if (strchr (address, '/')) {
    g_set_error_literal (error, STORE_ERROR, STORE_ERROR_INVALID,
                         _ ("A role's address cannot hold a slash"));
    return 0;
  }
  id = account_add (transaction, address, NULL, display_name, quota, FALSE, error);
  return id
          && database_run (store_transaction_database (transaction), error,
                           "UPDATE account SET role = 1 WHERE id = ?1", "i", id)
      ? id
      : 0;
}

/* The account ADDRESS, which is a role or is none; 0 with ERROR. */
static gint64
find (Database *database, const char *address, gboolean role, GError **error)
{
  g_autofree char *normalized = address_normalize (address);
  GError *failure = NULL;
  gint64 id = 0;
  Statement *row
      = database_query (database, error, "SELECT id FROM account WHERE address = ?1 AND role = ?2",
                        "ti", normalized, (gint64)(role != FALSE));

  if (!row)
    return 0;
  if (statement_next (row, &failure)) {
    id = statement_int (row, 0);
    statement_done (row);
  } else if (!failure)
    g_set_error (&failure, STORE_ERROR, STORE_ERROR_NOT_FOUND,
                 role ? _ ("There is no role %s.") : _ ("There is no user %s."), address);
  if (failure)
    g_propagate_error (error, failure);
  return id;
}

/* Sessions that have one of the role's mailboxes open look at their rights anew. */
static gboolean
touch_mailboxes (StoreTransaction *transaction, gint64 role, GError **error)
{
  GError *failure = NULL;
  Statement *row = database_query (store_transaction_database (transaction), error,
                                   "SELECT id FROM mailbox WHERE account = ?1", "i", role);

  if (!row)
    return FALSE;
  while (statement_next (row, &failure))
    store_transaction_touch (transaction, statement_int (row, 0));
  if (failure)
    g_propagate_error (error, failure);
  return !failure;
}

gboolean
role_admit (StoreTransaction *transaction, const char *address, const char *member,
            gboolean send_as, GError **error)
{
  Database *database = store_transaction_database (transaction);
  gint64 role = find (database, address, TRUE, error);
  gint64 account = role ? find (database, member, FALSE, error) : 0;

  if (!account
      || !database_run (database, error,
                        "INSERT OR REPLACE INTO role_member (role, account, send_as)"
                        " SELECT ?1, ?2, ?3 WHERE (SELECT count (*) FROM role_member"
                        " WHERE role = ?1 AND account <> ?2) < ?4",
                        "iiii", role, account, (gint64)(send_as != FALSE), (gint64)MEMBERS_MAX))
    return FALSE;
  if (database_changes (database) > 0) {
    store_transaction_touch_account (transaction, account, WATCH_NAMES);
    return touch_mailboxes (transaction, role, error);
  }
  g_set_error (error, STORE_ERROR, STORE_ERROR_INVALID,
               _ ("A role can have %d members, and has them"), MEMBERS_MAX);
  return FALSE;
}

gboolean
role_dismiss (StoreTransaction *transaction, const char *address, const char *member,
              GError **error)
{
  Database *database = store_transaction_database (transaction);
  gint64 role = find (database, address, TRUE, error);
  gint64 account = role ? find (database, member, FALSE, error) : 0;

  if (!account
      || !database_run (database, error, "DELETE FROM role_member WHERE role = ?1 AND account = ?2",
                        "ii", role, account))
    return FALSE;
  if (database_changes (database) > 0) {
    store_transaction_touch_account (transaction, account, WATCH_NAMES);
    return touch_mailboxes (transaction, role, error);
  }
  g_set_error (error, STORE_ERROR, STORE_ERROR_NOT_FOUND, _ ("%s is no member of %s"), member,
               address);
  return FALSE;
}

gboolean
role_remove (StoreTransaction *transaction, const char *address, GError **error)
{
  const gint64 id = find (store_transaction_database (transaction), address, TRUE, error);
  gboolean done;

  return id && removed_role_keep (transaction, id, error)
      && account_remove (transaction, (gpointer)address, &done, error);
}

/* Rows: role's address, name, quota, used, a member's address or NULL, send_as. */
#define ROLES                                                                                      \
  "SELECT o.address, o.display_name, o.quota, o.used, a.address, r.send_as FROM account o"         \
  " LEFT JOIN role_member r ON r.role = o.id LEFT JOIN account a ON a.id = r.account"              \
  " WHERE o.role = 1"

static void
collect (GPtrArray *roles, Statement *row)
{
  Role *role = roles->len > 0 ? roles->pdata[roles->len - 1] : NULL;

  if (!role || !g_str_equal (role->address, statement_text (row, 0))) {
    role = g_new0 (Role, 1);
    role->address = g_strdup (statement_text (row, 0));
    role->display_name = g_strdup (statement_text (row, 1));
    role->quota = statement_int (row, 2);
    role->used = statement_int (row, 3);
    role->members = g_ptr_array_new_with_free_func (member_free);
    g_ptr_array_add (roles, role);
  }
  if (!statement_text (row, 4))
    return;
  RoleMember *member = g_new0 (RoleMember, 1);
  member->address = g_strdup (statement_text (row, 4));
  member->send_as = statement_int (row, 5) != 0;
  g_ptr_array_add (role->members, member);
}

static GPtrArray *
read_roles (Statement *row, GError **error)
{
  g_autoptr (GPtrArray) roles = g_ptr_array_new_with_free_func ((GDestroyNotify)role_free);
  GError *failure = NULL;

  if (!row)
    return NULL;
  while (statement_next (row, &failure))
    collect (roles, row);
  if (!failure)
    return g_steal_pointer (&roles);
  g_propagate_error (error, failure);
  return NULL;
}

GPtrArray *
role_list (Database *database, GError **error)
{
  return read_roles (database_query (database, error, ROLES " ORDER BY o.address, a.address", ""),
                     error);
}

Role *
role_find (Database *database, const char *address, GError **error)
{
  g_autofree char *normalized = address_normalize (address);
  g_autoptr (GPtrArray) roles
      = read_roles (database_query (database, error, ROLES " AND o.address = ?1 ORDER BY a.address",
                                    "t", normalized),
                    error);

  if (roles && roles->len == 0)
    g_set_error (error, STORE_ERROR, STORE_ERROR_NOT_FOUND, _ ("There is no role %s."), address);
  return roles && roles->len > 0 ? g_ptr_array_steal_index (roles, 0) : NULL;
}

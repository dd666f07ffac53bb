/* The rows of groups: one for the group; its members are those of an alias. */
#include "accounts/group.h"
#include "language.h"

#include "accounts/alias.h"
#include "accounts/domain.h"
#include "mail/address.h"

#define MEMBERS_MAX 1000
#define REACH_MAX "100000" /* addresses, of groups within groups */

static const char *const names[] = {
  [GROUP_ANYONE] = "anyone",
  [GROUP_LOCAL] = "local",
  [GROUP_MEMBERS] = "members",
};

void
group_free (Group *group)
{
  g_free (group->address);
  g_ptr_array_unref (group->members);
  g_free (group);
}

const char *
group_senders_name (GroupSenders senders)
{
  return names[senders];
}

gboolean
group_senders_parse (const char *name, GroupSenders *senders)
{
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (g_str_equal (names[i], name)) {
      *senders = i;
      return TRUE;
    }
  return FALSE;
}

/* The number that SQL asks for of ADDRESS and MORE; 0 when there is no row. */
static gboolean
ask (Database *database, const char *sql, const char *address, gint64 more, gint64 *number,
     GError **error)
{
  GError *failure = NULL;
  Statement *row = database_query (database, error, sql, "ti", address, more);

  if (!row)
    return FALSE;
  *number = statement_next (row, &failure) ? statement_int (row, 0) : 0;
  statement_done (row);
  if (failure)
    g_propagate_error (error, failure);
  return !failure;
}

/* The normalized address of a group; NULL with ERROR. */
static char *
require_group (Database *database, const char *address, GError **error)
{
  g_autofree char *normalized = address_normalize (address);
  gint64 there = 0;

  if (normalized
      && !ask (database, "SELECT 1 FROM mail_group WHERE address = ?1 AND ?2", normalized, 1,
               &there, error))
    return NULL;
  if (there)
    return g_steal_pointer (&normalized);
  g_set_error (error, STORE_ERROR, STORE_ERROR_NOT_FOUND, _ ("There is no group %s"), address);
  return NULL;
}

/* GROUP is normalized. A name that nobody has would lose mail unnoticed. */
static gboolean
add_member (Database *database, const char *group, const char *member, GError **error)
{
  g_autofree char *normalized = address_normalize (member);
  gint64 count = 0;

  if (normalized == NULL) {
    g_set_error (error, STORE_ERROR, STORE_ERROR_INVALID, _ ("\"%s\" cannot be an address"), member);
    return FALSE;
  }
  if (!domain_require_named (database, normalized, error))
    return FALSE;
  if (g_str_equal (normalized, group)) {
    g_set_error (error, STORE_ERROR, STORE_ERROR_INVALID, _ ("%s cannot be a member of itself"), group);
    return FALSE;
  }
  if (!ask (database, "SELECT count (*) FROM alias WHERE address = ?1 AND ?2", group, 1, &count,
            error))
    return FALSE;
  if (count >= MEMBERS_MAX) {
    g_set_error (error, STORE_ERROR, STORE_ERROR_INVALID,
                 _ ("A group can have %d members, and has them"), MEMBERS_MAX);
    return FALSE;
  }
  return database_run (database, error,
                       "INSERT OR IGNORE INTO alias (address, domain, target)"
                       " SELECT address, domain, ?2 FROM mail_group WHERE address = ?1",
                       "tt", group, normalized);
}

gboolean
group_add (StoreTransaction *transaction, const char *address, GroupSenders senders,
           gboolean send_as, const char *const *members, GError **error)
{
  Database *database = store_transaction_database (transaction);
  g_autofree char *normalized = address_normalize (address);
  gint64 domain;

  if (normalized == NULL || address_domain (normalized) == NULL) {
    g_set_error (error, STORE_ERROR, STORE_ERROR_INVALID, _ ("\"%s\" cannot be an address"), address);
    return FALSE;
  }
  if (members == NULL || members[0] == NULL) {
    g_set_error_literal (error, STORE_ERROR, STORE_ERROR_INVALID,
                         _ ("A group needs at least one member"));
    return FALSE;
  }
  domain = domain_find (database, address_domain (normalized), error);
  if (domain == 0 || !address_require_free (database, normalized, error)
      || !database_run (database, error, "INSERT INTO mail_group VALUES (?1, ?2, ?3, ?4)", "tiii",
                        normalized, domain, (gint64)senders, (gint64)(send_as != FALSE)))
    return FALSE;
  for (guint i = 0; members[i]; i++)
    if (!add_member (database, normalized, members[i], error))
      return FALSE;
  return TRUE;
}

gboolean
group_set (StoreTransaction *transaction, const char *address, GroupSenders senders,
           gboolean send_as, GError **error)
{
  Database *database = store_transaction_database (transaction);
  g_autofree char *group = require_group (database, address, error);

  return group
      && database_run (database, error,
                       "UPDATE mail_group SET senders = ?2, send_as = ?3 WHERE address = ?1", "tii",
                       group, (gint64)senders, (gint64)(send_as != FALSE));
}

gboolean
group_admit (StoreTransaction *transaction, const char *address, const char *member, GError **error)
{
  Database *database = store_transaction_database (transaction);
  g_autofree char *group = require_group (database, address, error);

  return group && add_member (database, group, member, error);
}

gboolean
group_dismiss (StoreTransaction *transaction, const char *address, const char *member,
               GError **error)
{
  Database *database = store_transaction_database (transaction);
  g_autofree char *group = require_group (database, address, error);
  g_autofree char *normalized = address_normalize (member);
  gint64 left = 0;

  if (!group
      || !database_run (database, error, "DELETE FROM alias WHERE address = ?1 AND target = ?2",
                        "tt", group, normalized ? normalized : ""))
    return FALSE;
  if (database_changes (database) == 0) {
    g_set_error (error, STORE_ERROR, STORE_ERROR_NOT_FOUND, _ ("%s is no member of %s"), member,
                 address);
    return FALSE;
  }
  if (!ask (database, "SELECT count (*) FROM alias WHERE address = ?1 AND ?2", group, 1, &left,
            error))
    return FALSE;
  if (left == 0)
    g_set_error (error, STORE_ERROR, STORE_ERROR_INVALID,
                 _ ("%s is the last member of %s: remove the group instead"), member, address);
  return left > 0;
}

gboolean
group_remove (StoreTransaction *transaction, const char *address, GError **error)
{
  Database *database = store_transaction_database (transaction);
  g_autofree char *group = require_group (database, address, error);

  return group
      && database_run (database, error, "DELETE FROM alias WHERE address = ?1 OR target = ?1", "t",
                       group)
      && database_run (database, error, "DELETE FROM mail_group WHERE address = ?1", "t", group);
}

/* Rows: a group's address, senders, send_as, a member or NULL. */
#define GROUPS                                                                                     \
  "SELECT g.address, g.senders, g.send_as, a.target FROM mail_group g"                             \
  " LEFT JOIN alias a ON a.address = g.address"

static void
collect (GPtrArray *groups, Statement *row)
{
  Group *group = groups->len > 0 ? groups->pdata[groups->len - 1] : NULL;

  if (!group || !g_str_equal (group->address, statement_text (row, 0))) {
    group = g_new0 (Group, 1);
    group->address = g_strdup (statement_text (row, 0));
    group->senders = (GroupSenders)CLAMP (statement_int (row, 1), GROUP_ANYONE, GROUP_MEMBERS);
    group->send_as = statement_int (row, 2) != 0;
    group->members = g_ptr_array_new_with_free_func (g_free);
    g_ptr_array_add (groups, group);
  }
  if (statement_text (row, 3))
    g_ptr_array_add (group->members, g_strdup (statement_text (row, 3)));
}

static GPtrArray *
read_groups (Statement *row, GError **error)
{
  g_autoptr (GPtrArray) groups = g_ptr_array_new_with_free_func ((GDestroyNotify)group_free);
  GError *failure = NULL;

  if (!row)
    return NULL;
  while (statement_next (row, &failure))
    collect (groups, row);
  if (!failure)
    return g_steal_pointer (&groups);
  g_propagate_error (error, failure);
  return NULL;
}

GPtrArray *
group_list (Database *database, GError **error)
{
  return read_groups (database_query (database, error, GROUPS " ORDER BY g.address, a.target", ""),
                      error);
}

Group *
group_find (Database *database, const char *address, GError **error)
{
  g_autofree char *group = require_group (database, address, error);
  g_autoptr (GPtrArray) groups = group
      ? read_groups (database_query (database, error,
                                     GROUPS " WHERE g.address = ?1 ORDER BY a.target", "t", group),
                     error)
      : NULL;

  return groups && groups->len > 0 ? g_ptr_array_steal_index (groups, 0) : NULL;
}

/* UNION follows each address once, so circles end. */
static gboolean
is_member (Database *database, const char *group, gint64 account, gboolean *member, GError **error)
{
  gint64 found = 0;
  gboolean asked
      = ask (database,
             "WITH RECURSIVE reach (address) AS (VALUES (?1) UNION SELECT a.target FROM reach r"
             " JOIN alias a ON a.address = r.address LIMIT " REACH_MAX ")"
             " SELECT 1 FROM reach r JOIN account o ON o.address = r.address WHERE o.id = ?2"
             " OR EXISTS (SELECT 1 FROM role_member m WHERE m.role = o.id AND m.account = ?2)"
             " LIMIT 1",
             group, account, &found, error);

  *member = found != 0;
  return asked;
}

gboolean
group_admits (Database *database, const char *address, gint64 account, gboolean *is_group,
              gboolean *admits, GError **error)
{
  gint64 senders = 0; /* one more than in the row */

  if (!ask (database, "SELECT senders + 1 FROM mail_group WHERE address = ?1 AND ?2", address, 1,
            &senders, error))
    return FALSE;
  *is_group = senders != 0;
  *admits = senders <= GROUP_ANYONE + 1 || account != 0;
  return senders != GROUP_MEMBERS + 1 || account == 0
      || is_member (database, address, account, admits, error);
}

gboolean
group_may_send_as (Database *database, gint64 account, const char *address, gboolean *may,
                   GError **error)
{
  gint64 lets = 0;

  *may = FALSE;
  if (!ask (database, "SELECT send_as FROM mail_group WHERE address = ?1 AND ?2", address, 1, &lets,
            error))
    return FALSE;
  return lets == 0 || is_member (database, address, account, may, error);
}

/* Keeps what a role was beside its mail, which compaction frees after the retention. */
#include "accounts/removed-role.h"
#include "language.h"

#include "accounts/alias.h"
#include "accounts/domain.h"
#include "mail/address.h"

#define DAY G_GINT64_CONSTANT (86400)
#define KEPT_DAYS 3650 /* as long as SETTING_TOMBSTONE_RETENTION can ask for */

static gboolean
forget (Database *database, gint64 role, GError **error)
{
  return database_run (database, error, "DELETE FROM removed_mailbox WHERE role = ?1", "i", role)
      && database_run (database, error, "DELETE FROM removed_member WHERE role = ?1", "i", role)
      && database_run (database, error, "DELETE FROM removed_role WHERE id = ?1", "i", role);
}

static gboolean
forget_old (Database *database, gint64 before, GError **error)
{
  return database_run (database, error,
                       "DELETE FROM removed_mailbox WHERE role IN"
                       " (SELECT id FROM removed_role WHERE removed < ?1)",
                       "i", before)
      && database_run (database, error,
                       "DELETE FROM removed_member WHERE role IN"
                       " (SELECT id FROM removed_role WHERE removed < ?1)",
                       "i", before)
      && database_run (database, error, "DELETE FROM removed_role WHERE removed < ?1", "i", before);
}

gboolean
removed_role_keep (StoreTransaction *transaction, gint64 role, GError **error)
{
  Database *database = store_transaction_database (transaction);
  const gint64 now = store_transaction_now (transaction);

  return database_run (database, error,
                       "INSERT INTO removed_role (id, address, display_name, quota, removed)"
                       " SELECT id, address, display_name, quota, ?2 FROM account WHERE id = ?1",
                       "ii", role, now)
      && database_run (database, error,
                       "INSERT INTO removed_mailbox (id, role, name, special_use)"
                       " SELECT id, account, name, special_use FROM mailbox"
                       " WHERE account = ?1 AND deleted IS NULL",
                       "i", role)
      && database_run (database, error,
                       "INSERT INTO removed_member (role, account, send_as)"
                       " SELECT role, account, send_as FROM role_member WHERE role = ?1",
                       "i", role)
      && forget_old (database, now - KEPT_DAYS * DAY, error);
}

/* The last one of this address whose mail is still there; 0 with ERROR. */
static gint64
find (Database *database, const char *address, gint64 since, GError **error)
{
  GError *failure = NULL;
  gint64 id = 0;
  Statement *row = database_query (database, error,
                                   "SELECT id FROM removed_role WHERE address = ?1 AND removed > ?2"
                                   " ORDER BY removed DESC, id DESC",
                                   "ti", address, since);

  if (row == NULL)
    return 0;
  if (statement_next (row, &failure)) {
    id = statement_int (row, 0);
    statement_done (row);
  } else if (failure == NULL)
    g_set_error (&failure, STORE_ERROR, STORE_ERROR_NOT_FOUND,
                 _ ("No role %s was removed whose mail is still kept"), address);
  if (failure)
    g_propagate_error (error, failure);
  return id;
}

gboolean
removed_role_restore (StoreTransaction *transaction, const char *address, gint64 retention,
                      GError **error)
{
  Database *database = store_transaction_database (transaction);
  g_autofree char *normalized = address_normalize (address);
  const gint64 since = store_transaction_now (transaction) - retention;
  const gint64 id = find (database, normalized ? normalized : address, since, error);
  gint64 domain;

  /* Its members get it back, and who they are is only known below. */
  store_transaction_touch_account (transaction, WATCH_EVERYBODY, WATCH_NAMES);
  if (id == 0 || !address_require_free (database, normalized, error)
      || (domain = domain_find (database, address_domain (normalized), error)) == 0)
    return FALSE;
  return database_run (database, error,
                       "INSERT INTO account (id, domain, address, display_name, quota, role)"
                       " SELECT id, ?2, address, display_name, quota, 1 FROM removed_role"
                       " WHERE id = ?1",
                       "ii", id, domain)
      && database_run (database, error,
                       "UPDATE mailbox SET deleted = NULL, modseq = modseq + 1,"
                       " (name, special_use) = (SELECT name, special_use FROM removed_mailbox r"
                       " WHERE r.id = mailbox.id)"
                       " WHERE id IN (SELECT id FROM removed_mailbox WHERE role = ?1)",
                       "i", id)
      && database_run (database, error,
                       "UPDATE account SET used = (SELECT coalesce (sum (size), 0) FROM mailbox"
                       " WHERE account = ?1 AND deleted IS NULL) WHERE id = ?1",
                       "i", id)
      && database_run (database, error,
                       "INSERT INTO role_member (role, account, send_as)"
                       " SELECT r.role, r.account, r.send_as FROM removed_member r"
                       " JOIN account a ON a.id = r.account WHERE r.role = ?1",
                       "i", id)
      && forget (database, id, error);
}

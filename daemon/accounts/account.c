/* The rows of users, and the mailboxes a new user starts with. */
#include "accounts/account.h"
#include "language.h"

#include "accounts/alias.h"
#include "accounts/domain.h"
#include "mail/address.h"

#include <string.h>

#define HIDDEN_MAX 1000

#define ACCOUNT_COLUMNS                                                                            \
  "SELECT id, address, display_name, enabled, quota, administrator, used, hash, role,"             \
  " hidden, locked, EXISTS (SELECT 1 FROM device WHERE account = account.id), last_login"           \
  " FROM account"

/* What every mail program looks for: made and subscribed at once, so that none makes a twin in its
 * own language. */
static const struct {
  const char *name, *special_use;
} first_mailboxes[] = {
  { "INBOX", NULL },    { "Drafts", "\\Drafts" }, { "Sent", "\\Sent" },
  { "Junk", "\\Junk" }, { "Trash", "\\Trash" },   { "Archive", "\\Archive" },
};

void
account_free (Account *account)
{
  g_free (account->address);
  g_free (account->display_name);
  g_free (account->hidden);
  g_free (account);
}

static Account *
load (Statement *statement)
{
  Account *account = g_new0 (Account, 1);

  account->id = statement_int (statement, 0);
  account->address = g_strdup (statement_text (statement, 1));
  account->display_name = g_strdup (statement_text (statement, 2));
  account->enabled = statement_int (statement, 3) != 0;
  account->quota = statement_int (statement, 4);
  account->admin_role = (AdminRole)statement_int (statement, 5);
  account->administrator = account->admin_role == ADMIN_EVERYTHING;
  account->used = statement_int (statement, 6);
  account->role = statement_int (statement, 8) != 0;
  account->hidden = g_strdup (statement_text (statement, 9));
  account->locked = statement_int (statement, 10) != 0;
  account->device = statement_int (statement, 11) != 0;
  account->last_login = statement_int (statement, 12);
  return account;
}

static gboolean
add_mailboxes (StoreTransaction *transaction, gint64 account, GError **error)
{
  for (guint i = 0; i < G_N_ELEMENTS (first_mailboxes); i++)
    if (mailbox_create (transaction, account, first_mailboxes[i].name,
                        first_mailboxes[i].special_use, error)
            == 0
        || !mailbox_subscribe (transaction, account, first_mailboxes[i].name, TRUE, error))
      return FALSE;
  return TRUE;
}

gint64
account_add (StoreTransaction *transaction, const char *address, const char *hash,
             const char *display_name, gint64 quota, gboolean administrator, GError **error)
{
  Database *database = store_transaction_database (transaction);
  g_autofree char *normalized = address_normalize (address);
  gint64 domain, id;

  if (normalized == NULL || address_domain (normalized) == NULL || quota < 0) {
    g_set_error (error, STORE_ERROR, STORE_ERROR_INVALID, _ ("\"%s\" cannot be a user's address"),
                 address);
    return 0;
  }
  domain = domain_find (database, address_domain (normalized), error);
  if (domain == 0 || !address_require_free (database, normalized, error)
      || !database_run (database, error,
                        "INSERT INTO account (domain, address, hash, display_name, enabled, quota,"
                        " administrator) VALUES (?1, ?2, ?3, ?4, 1, ?5, ?6)",
                        "itttii", domain, normalized, hash, display_name ? display_name : "", quota,
                        (gint64)(administrator != FALSE)))
    return 0;
  id = database_last_id (database);
  return add_mailboxes (transaction, id, error) ? id : 0;
}

/* After an UPDATE or DELETE by address: was there such a user? */
static gboolean
require_change (Database *database, const char *address, GError **error)
{
  if (database_changes (database) > 0)
    return TRUE;
  g_set_error (error, STORE_ERROR, STORE_ERROR_NOT_FOUND, _ ("There is no user %s"), address);
  return FALSE;
}

gboolean
account_set_password (StoreTransaction *transaction, const char *address, const char *hash,
                      GError **error)
{
  Database *database = store_transaction_database (transaction);
  g_autofree char *normalized = address_normalize (address);

  /* The keys that SCRAM kept of the old password go with it. */
  return database_run (database, error, "UPDATE account SET hash = ?2 WHERE address = ?1", "tt",
                       normalized, hash)
      && require_change (database, address, error)
      && database_run (database, error,
                       "DELETE FROM credential WHERE name = '' AND account ="
                       " (SELECT id FROM account WHERE address = ?1)",
                       "t", normalized);
}

gboolean
account_set_enabled (StoreTransaction *transaction, const char *address, gboolean enabled,
                     GError **error)
{
  Database *database = store_transaction_database (transaction);
  g_autofree char *normalized = address_normalize (address);

  return database_run (database, error, "UPDATE account SET enabled = ?2 WHERE address = ?1", "ti",
                       normalized, (gint64)(enabled != FALSE))
      && require_change (database, address, error);
}

gboolean
account_set_quota (StoreTransaction *transaction, const char *address, gint64 quota, GError **error)
{
  Database *database = store_transaction_database (transaction);
  g_autofree char *normalized = address_normalize (address);

  if (quota < 0) {
    g_set_error_literal (error, STORE_ERROR, STORE_ERROR_INVALID, _ ("A quota cannot be negative"));
    return FALSE;
  }
  return database_run (database, error, "UPDATE account SET quota = ?2 WHERE address = ?1", "ti",
                       normalized, quota)
      && require_change (database, address, error);
}

gboolean
account_set_display_name (StoreTransaction *transaction, const char *address, const char *name,
                          GError **error)
{
  Database *database = store_transaction_database (transaction);
  g_autofree char *normalized = address_normalize (address);

  return database_run (database, error, "UPDATE account SET display_name = ?2 WHERE address = ?1",
                       "tt", normalized, name)
      && require_change (database, address, error);
}

gboolean
account_note_login (StoreTransaction *transaction, gint64 id, const char *from, GError **error)
{
  return database_run (store_transaction_database (transaction), error,
                       "UPDATE account SET last_login = ?2 WHERE id = ?1", "ii", id,
                       store_transaction_now (transaction));
}

/* Atoms of printable characters, one space between them; FALSE: something else. */
static gboolean
are_capabilities (const char *text)
{
  for (const char *c = text; *c; c++)
    if (!g_ascii_isgraph (*c) && (*c != ' ' || c == text || c[1] == ' ' || c[1] == '\0'))
      return FALSE;
  return strlen (text) <= HIDDEN_MAX;
}

gboolean
account_set_hidden (StoreTransaction *transaction, const char *address, const char *capabilities,
                    GError **error)
{
  Database *database = store_transaction_database (transaction);
  g_autofree char *normalized = address_normalize (address);

  if (!are_capabilities (capabilities)) {
    g_set_error_literal (error, STORE_ERROR, STORE_ERROR_INVALID,
                         _ ("Capabilities are words with a space between them"));
    return FALSE;
  }
  return database_run (database, error, "UPDATE account SET hidden = ?2 WHERE address = ?1", "tt",
                       normalized, capabilities)
      && require_change (database, address, error);
}

Account *
account_find_with_hash (Database *database, const char *address, char **hash, GError **error)
{
  g_autofree char *normalized = address_normalize (address);
  g_autoptr (GError) problem = NULL;
  g_autoptr (Account) account = NULL;
  Statement *statement
      = database_query (database, error, ACCOUNT_COLUMNS " WHERE address = ?1", "t", normalized);

  if (statement == NULL)
    return NULL;
  if (statement_next (statement, &problem)) {
    account = load (statement);
    if (hash)
      *hash = g_strdup (statement_text (statement, 7));
    statement_done (statement);
  } else if (problem)
    g_propagate_error (error, g_steal_pointer (&problem));
  else
    g_set_error (error, STORE_ERROR, STORE_ERROR_NOT_FOUND, _ ("There is no user %s"), address);
  return g_steal_pointer (&account);
}

Account *
account_find (Database *database, const char *address, GError **error)
{
  return account_find_with_hash (database, address, NULL, error);
}

GPtrArray *
account_list (Database *database, GError **error)
{
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func ((GDestroyNotify)account_free);
  g_autoptr (GError) problem = NULL;
  Statement *statement = database_query (database, error, ACCOUNT_COLUMNS " ORDER BY address", "");

  if (statement == NULL)
    return NULL;
  while (statement_next (statement, &problem))
    g_ptr_array_add (list, load (statement));
  if (problem) {
    g_propagate_error (error, g_steal_pointer (&problem));
    return NULL;
  }
  return g_steal_pointer (&list);
}

gboolean
account_is_open (Database *database, gint64 id, gboolean *open, GError **error)
{
  g_autoptr (GError) problem = NULL;
  Statement *row = database_query (
      database, error, "SELECT 1 FROM account WHERE id = ?1 AND enabled = 1 AND locked = 0", "i",
      id);

  if (row == NULL)
    return FALSE;
  *open = statement_next (row, &problem);
  statement_done (row);
  if (problem)
    g_propagate_error (error, g_steal_pointer (&problem));
  return problem == NULL;
}

/* Only rows of the directory change, whatever the size of the user's mail: one slice is enough.
 * Compaction frees the mail later. */
gboolean
account_remove (StoreTransaction *transaction, gpointer address, gboolean *done, GError **error)
{
  Database *database = store_transaction_database (transaction);
  g_autoptr (Account) account = account_find (database, address, error);

  *done = TRUE;
  return account != NULL && mailbox_delete_all (transaction, account->id, error)
      && database_run (database, error, "DELETE FROM alias WHERE target = ?1", "t",
                       account->address)
      && database_run (database, error, "DELETE FROM credential WHERE account = ?1", "i",
                       account->id)
      && database_run (database, error, "DELETE FROM account WHERE id = ?1", "i", account->id);
}

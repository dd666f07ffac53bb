/* Access control lists. */
#include "accounts/acl.h"

#include "mail/address.h"

#define ENTRIES_MAX 1000 /* of one mailbox */

void
acl_entry_free (AclEntry *entry)
{
  g_free (entry->identifier);
  g_free (entry);
}

char *
acl_normalize (const char *identifier)
{
  gboolean negative = *identifier == '-';
  const char *name = identifier + negative;
  g_autofree char *normalized
      = g_ascii_strcasecmp (name, "anyone") == 0 ? g_strdup ("anyone") : address_normalize (name);

  return normalized ? g_strconcat (negative ? "-" : "", normalized, NULL) : NULL;
}

static gboolean
add_rows (Database *database, const char *sql, gint64 argument, GPtrArray *entries, GError **error)
{
  GError *failure = NULL;
  Statement *row = database_query (database, error, sql, "i", argument);

  if (!row)
    return FALSE;
  while (statement_next (row, &failure)) {
    AclEntry *entry = g_new0 (AclEntry, 1);
    entry->identifier = g_strdup (statement_text (row, 0));
    entry->rights = (guint)statement_int (row, 1) & RIGHTS_ALL;
    g_ptr_array_add (entries, entry);
  }
  if (failure)
    g_propagate_error (error, failure);
  return !failure;
}

GPtrArray *
acl_list (Database *database, const Mailbox *mailbox, GError **error)
{
  g_autoptr (GPtrArray) entries = g_ptr_array_new_with_free_func ((GDestroyNotify)acl_entry_free);

  return add_rows (database, "SELECT address, -1 FROM account WHERE id = ?1", mailbox->account,
                   entries, error)
          && add_rows (database,
                       "SELECT identifier, rights FROM acl WHERE mailbox = ?1 ORDER BY identifier",
                       mailbox->id, entries, error)
      ? g_steal_pointer (&entries)
      : NULL;
}

/* One number; FALSE with ERROR. */
static gboolean
read_number (Statement *row, gint64 *number, GError **error)
{
  GError *failure = NULL;

  *number = 0;
  if (!row)
    return FALSE;
  if (statement_next (row, &failure)) {
    *number = statement_int (row, 0);
    statement_done (row);
  }
  if (failure)
    g_propagate_error (error, failure);
  return !failure;
}

static gboolean
require_somebody (Database *database, const Mailbox *mailbox, const char *identifier,
                  GError **error)
{
  const char *name = identifier + (*identifier == '-');
  gint64 id;

  if (g_str_equal (name, "anyone"))
    return TRUE;
  if (!read_number (
          database_query (database, error, "SELECT id FROM account WHERE address = ?1", "t", name),
          &id, error))
    return FALSE;
  if (id != 0 && id != mailbox->account)
    return TRUE;
  if (id == 0)
    g_set_error (error, STORE_ERROR, STORE_ERROR_NOT_FOUND, "There is no user %s", name);
  else
    g_set_error_literal (error, STORE_ERROR, STORE_ERROR_INVALID,
                         "The owner's rights stay as they are");
  return FALSE;
}

static gboolean
has_room (Database *database, const Mailbox *mailbox, GError **error)
{
  gint64 count;

  if (!read_number (database_query (database, error, "SELECT count (*) FROM acl WHERE mailbox = ?1",
                                    "i", mailbox->id),
                    &count, error))
    return FALSE;
  if (count < ENTRIES_MAX)
    return TRUE;
  g_set_error (error, STORE_ERROR, STORE_ERROR_INVALID,
               "A mailbox can be shared with %d people, and is", ENTRIES_MAX);
  return FALSE;
}

/* Who is named, or everybody, looks anew at what there is to see. */
static gboolean
touch_named (StoreTransaction *transaction, const char *identifier, GError **error)
{
  const char *name = identifier + (*identifier == '-');
  gint64 account = WATCH_EVERYBODY;

  if (!g_str_equal (name, "anyone")
      && !read_number (database_query (store_transaction_database (transaction), error,
                                       "SELECT id FROM account WHERE address = ?1", "t", name),
                       &account, error))
    return FALSE;
  store_transaction_touch_account (transaction, account, WATCH_NAMES);
  return TRUE;
}

gboolean
acl_change (StoreTransaction *transaction, const Mailbox *mailbox, const char *identifier,
            AclChange change, guint rights, GError **error)
{
  Database *database = store_transaction_database (transaction);
  gint64 old, new;

  if (!require_somebody (database, mailbox, identifier, error)
      || !read_number (database_query (database, error,
                                       "SELECT rights FROM acl WHERE mailbox = ?1"
                                       " AND identifier = ?2",
                                       "it", mailbox->id, identifier),
                       &old, error)
      || !touch_named (transaction, identifier, error))
    return FALSE;
  new = change == ACL_ADD ? old | rights : change == ACL_REMOVE ? old & ~(gint64)rights : rights;
  store_transaction_touch (transaction, mailbox->id);
  if (new == 0)
    return database_run (database, error, "DELETE FROM acl WHERE mailbox = ?1 AND identifier = ?2",
                         "it", mailbox->id, identifier);
  return (old != 0 || has_room (database, mailbox, error))
      && database_run (database, error,
                       "INSERT OR REPLACE INTO acl (mailbox, identifier, rights)"
                       " VALUES (?1, ?2, ?3)",
                       "iti", mailbox->id, identifier, new);
}

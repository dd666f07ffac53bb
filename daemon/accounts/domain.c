/* The rows of the domains whose mail is ours. */
#include "accounts/domain.h"
#include "language.h"

#include "mail/address.h"

gboolean
domain_add (StoreTransaction *transaction, const char *name, GError **error)
{
  g_autofree char *domain = domain_normalize (name);
  g_autoptr (GError) problem = NULL;

  if (domain == NULL) {
    g_set_error (error, STORE_ERROR, STORE_ERROR_INVALID, _ ("\"%s\" cannot be a domain"), name);
    return FALSE;
  }
  if (database_run (store_transaction_database (transaction), &problem,
                    "INSERT INTO domain (name) VALUES (?1)", "t", domain))
    return TRUE;
  if (g_error_matches (problem, STORE_ERROR, STORE_ERROR_EXISTS))
    g_set_error (error, STORE_ERROR, STORE_ERROR_EXISTS, _ ("The domain %s is there already"), domain);
  else
    g_propagate_error (error, g_steal_pointer (&problem));
  return FALSE;
}

/* SQL selects by the domain's name (?1). *THERE: it gave a row. */
static gboolean
has_rows (Database *database, const char *sql, const char *domain, gboolean *there, GError **error)
{
  g_autoptr (GError) problem = NULL;
  Statement *statement = database_query (database, error, sql, "t", domain);

  if (statement == NULL)
    return FALSE;
  *there = statement_next (statement, &problem);
  if (problem) {
    g_propagate_error (error, g_steal_pointer (&problem));
    return FALSE;
  }
  statement_done (statement);
  return TRUE;
}

gboolean
domain_remove (StoreTransaction *transaction, const char *name, GError **error)
{
  Database *database = store_transaction_database (transaction);
  g_autofree char *domain = domain_normalize (name);
  gboolean has_users = FALSE;

  if (domain
      && !has_rows (database,
                    "SELECT 1 FROM account JOIN domain ON account.domain = domain.id"
                    " WHERE domain.name = ?1 UNION ALL"
                    " SELECT 1 FROM alias JOIN domain ON alias.domain = domain.id"
                    " WHERE domain.name = ?1 UNION ALL"
                    " SELECT 1 FROM mail_group JOIN domain ON mail_group.domain = domain.id"
                    " WHERE domain.name = ?1 LIMIT 1",
                    domain, &has_users, error))
    return FALSE;
  if (has_users) {
    g_set_error (error, STORE_ERROR, STORE_ERROR_INVALID,
                 _ ("The domain %s still has users, aliases or groups: remove them first"), domain);
    return FALSE;
  }
  if (domain && !database_run (database, error, "DELETE FROM domain WHERE name = ?1", "t", domain))
    return FALSE;
  if (domain && database_changes (database) > 0)
    return TRUE;
  g_set_error (error, STORE_ERROR, STORE_ERROR_NOT_FOUND, _ ("There is no domain %s"), name);
  return FALSE;
}

GPtrArray *
domain_list (Database *database, GError **error)
{
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GError) problem = NULL;
  Statement *statement
      = database_query (database, error, "SELECT name FROM domain ORDER BY name", "");

  if (statement == NULL)
    return NULL;
  while (statement_next (statement, &problem))
    g_ptr_array_add (list, g_strdup (statement_text (statement, 0)));
  if (problem) {
    g_propagate_error (error, g_steal_pointer (&problem));
    return NULL;
  }
  return g_steal_pointer (&list);
}

gint64
domain_find (Database *database, const char *name, GError **error)
{
  g_autoptr (GError) problem = NULL;
  Statement *statement
      = database_query (database, error, "SELECT id FROM domain WHERE name = ?1", "t", name);
  gint64 id = 0;

  if (statement == NULL)
    return 0;
  if (statement_next (statement, &problem)) {
    id = statement_int (statement, 0);
    statement_done (statement);
  } else if (problem)
    g_propagate_error (error, g_steal_pointer (&problem));
  else
    g_set_error (error, STORE_ERROR, STORE_ERROR_NOT_FOUND,
                 _ ("The domain %s is not one of this server's: add it first"), name);
  return id;
}

char *
domain_catch_all (Database *database, const char *name, GError **error)
{
  GError *failure = NULL;
  char *address = NULL;
  Statement *row
      = database_query (database, error, "SELECT catch_all FROM domain WHERE name = ?1", "t", name);

  if (row == NULL)
    return NULL;
  if (statement_next (row, &failure)) {
    address = g_strdup (statement_text (row, 0));
    statement_done (row);
  }
  if (failure)
    g_propagate_error (error, failure);
  return address;
}

gboolean
domain_require_named (Database *database, const char *address, GError **error)
{
  gboolean there = FALSE;

  if (address == NULL
      || !has_rows (database,
                    "SELECT 1 FROM account WHERE address = ?1 UNION ALL"
                    " SELECT 1 FROM alias WHERE address = ?1 UNION ALL"
                    " SELECT 1 FROM mail_group WHERE address = ?1 LIMIT 1",
                    address, &there, error)
      || there)
    return there;
  g_set_error (error, STORE_ERROR, STORE_ERROR_NOT_FOUND, _ ("Nobody here has the address %s"),
               address);
  return FALSE;
}

gboolean
domain_set_catch_all (StoreTransaction *transaction, const char *name, const char *address,
                      GError **error)
{
  Database *database = store_transaction_database (transaction);
  g_autofree char *domain = domain_normalize (name);
  g_autofree char *normalized = address ? address_normalize (address) : NULL;
  gint64 id;

  if (address && normalized == NULL) {
    g_set_error (error, STORE_ERROR, STORE_ERROR_INVALID, _ ("\"%s\" cannot be an address"), address);
    return FALSE;
  }
  id = domain_find (database, domain ? domain : name, error);
  return id != 0 && (address == NULL || domain_require_named (database, normalized, error))
      && database_run (database, error, "UPDATE domain SET catch_all = ?2 WHERE id = ?1", "it", id,
                       normalized);
}

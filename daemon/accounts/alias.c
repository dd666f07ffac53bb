/* The rows of aliases: one row for each target. */
#include "accounts/alias.h"
#include "language.h"

#include "accounts/domain.h"
#include "mail/address.h"

#define TARGETS_MAX 1000

void
alias_free (Alias *alias)
{
  g_free (alias->address);
  g_ptr_array_unref (alias->targets);
  g_free (alias);
}

gboolean
address_require_free (Database *database, const char *address, GError **error)
{
  g_autoptr (GError) problem = NULL;
  Statement *statement = database_query (database, error,
                                         "SELECT 1 FROM account WHERE address = ?1 UNION ALL"
                                         " SELECT 1 FROM alias WHERE address = ?1 UNION ALL"
                                         " SELECT 1 FROM mail_group WHERE address = ?1 LIMIT 1",
                                         "t", address);

  if (statement == NULL)
    return FALSE;
  if (statement_next (statement, &problem)) {
    statement_done (statement);
    g_set_error (error, STORE_ERROR, STORE_ERROR_EXISTS, _ ("The address %s is taken already"),
                 address);
    return FALSE;
  }
  if (problem) {
    g_propagate_error (error, g_steal_pointer (&problem));
    return FALSE;
  }
  return TRUE;
}

static gboolean
add_target (Database *database, const char *address, gint64 domain, const char *target,
            GError **error)
{
  g_autofree char *normalized = address_normalize (target);

  if (normalized == NULL || address_domain (normalized) == NULL) {
    g_set_error (error, STORE_ERROR, STORE_ERROR_INVALID, _ ("\"%s\" cannot be an address"), target);
    return FALSE;
  }
  return database_run (database, error,
                       "INSERT OR IGNORE INTO alias (address, domain, target) VALUES (?1, ?2, ?3)",
                       "tit", address, domain, normalized);
}

gboolean
alias_add (StoreTransaction *transaction, const char *address, const char *const *targets,
           GError **error)
{
  Database *database = store_transaction_database (transaction);
  g_autofree char *normalized = address_normalize (address);
  guint count = targets ? g_strv_length ((char **)targets) : 0;
  gint64 domain;

  if (normalized == NULL || address_domain (normalized) == NULL) {
    g_set_error (error, STORE_ERROR, STORE_ERROR_INVALID, _ ("\"%s\" cannot be an address"), address);
    return FALSE;
  }
  if (count == 0 || count > TARGETS_MAX) {
    g_set_error (error, STORE_ERROR, STORE_ERROR_INVALID, _ ("An alias needs 1 to %d targets"),
                 TARGETS_MAX);
    return FALSE;
  }
  domain = domain_find (database, address_domain (normalized), error);
  if (domain == 0 || !address_require_free (database, normalized, error))
    return FALSE;
  for (guint i = 0; i < count; i++)
    if (!add_target (database, normalized, domain, targets[i], error))
      return FALSE;
  return TRUE;
}

gboolean
alias_remove (StoreTransaction *transaction, const char *address, GError **error)
{
  Database *database = store_transaction_database (transaction);
  g_autofree char *normalized = address_normalize (address);

  if (normalized
      && !database_run (database, error,
                        "DELETE FROM alias WHERE address = ?1"
                        " AND address NOT IN (SELECT address FROM mail_group)",
                        "t", normalized))
    return FALSE;
  if (normalized && database_changes (database) > 0)
    return database_run (database, error,
                         "DELETE FROM alias WHERE target = ?1"
                         " AND address IN (SELECT address FROM mail_group)",
                         "t", normalized);
  g_set_error (error, STORE_ERROR, STORE_ERROR_NOT_FOUND, _ ("There is no alias %s"), address);
  return FALSE;
}

/* Rows come sorted by address: a new address begins a new alias. */
static void
collect (GPtrArray *list, const char *address, const char *target)
{
  Alias *last = list->len ? list->pdata[list->len - 1] : NULL;

  if (last == NULL || !g_str_equal (last->address, address)) {
    last = g_new (Alias, 1);
    last->address = g_strdup (address);
    last->targets = g_ptr_array_new_with_free_func (g_free);
    g_ptr_array_add (list, last);
  }
  g_ptr_array_add (last->targets, g_strdup (target));
}

GPtrArray *
alias_list (Database *database, GError **error)
{
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func ((GDestroyNotify)alias_free);
  g_autoptr (GError) problem = NULL;
  Statement *statement = database_query (
      database, error,
      "SELECT address, target FROM alias WHERE address NOT IN (SELECT address FROM mail_group)"
      " ORDER BY address, target",
      "");

  if (statement == NULL)
    return NULL;
  while (statement_next (statement, &problem))
    collect (list, statement_text (statement, 0), statement_text (statement, 1));
  if (problem) {
    g_propagate_error (error, g_steal_pointer (&problem));
    return NULL;
  }
  return g_steal_pointer (&list);
}

GPtrArray *
alias_targets (Database *database, const char *address, GError **error)
{
  g_autoptr (GPtrArray) targets = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GError) problem = NULL;
  Statement *statement = database_query (
      database, error, "SELECT target FROM alias WHERE address = ?1 ORDER BY target", "t", address);

  if (statement == NULL)
    return NULL;
  while (statement_next (statement, &problem))
    g_ptr_array_add (targets, g_strdup (statement_text (statement, 0)));
  if (problem) {
    g_propagate_error (error, g_steal_pointer (&problem));
    return NULL;
  }
  return g_steal_pointer (&targets);
}

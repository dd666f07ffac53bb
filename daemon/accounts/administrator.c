/* Roles of administration: a number of the account, and the domains that go with it. */
#include "accounts/administrator.h"

#include "accounts/domain.h"
#include "language.h"
#include "mail/address.h"

#include <string.h>

static const char *const names[] = { [ADMIN_EVERYTHING] = "administrator",
                                     [ADMIN_DOMAINS] = "domain-administrator",
                                     [ADMIN_LOOKS] = "read-only" };

void
administrator_free (Administrator *self)
{
  g_free (self->address);
  g_free (self->display_name);
  g_strfreev (self->domains);
  g_free (self);
}

const char *
admin_role_name (AdminRole role)
{
  return role < G_N_ELEMENTS (names) ? names[role] : NULL;
}

gboolean
admin_role_parse (const char *name, AdminRole *role)
{
  for (guint i = ADMIN_EVERYTHING; i < G_N_ELEMENTS (names); i++)
    if (strcmp (names[i], name) == 0) {
      *role = (AdminRole)i;
      return TRUE;
    }
  return FALSE;
}

gboolean
administrator_has_domain (const char *const *domains, const char *domain)
{
  return domains && domain && g_strv_contains (domains, domain);
}

static char **
read_domains (Database *database, gint64 account, GError **error)
{
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GError) problem = NULL;
  Statement *row
      = database_query (database, error,
                        "SELECT d.name FROM administrator_domain a JOIN domain d ON d.id = a.domain"
                        " WHERE a.account = ?1 ORDER BY d.name",
                        "i", account);

  while (row && statement_next (row, &problem))
    g_ptr_array_add (list, g_strdup (statement_text (row, 0)));
  if (problem)
    g_propagate_error (error, g_steal_pointer (&problem));
  else if (row) {
    g_ptr_array_add (list, NULL);
    g_ptr_array_set_free_func (list, NULL);
    return (char **)g_ptr_array_free (g_steal_pointer (&list), FALSE);
  }
  return NULL;
}

static Administrator *
describe (Database *database, const Account *account, GError **error)
{
  g_autoptr (Administrator) self = g_new0 (Administrator, 1);

  self->address = g_strdup (account->address);
  self->display_name = g_strdup (account->display_name);
  self->role = account->admin_role;
  self->enabled = account->enabled && !account->locked;
  self->last_login = account->last_login;
  self->domains = self->role == ADMIN_DOMAINS ? read_domains (database, account->id, error)
                                              : g_new0 (char *, 1);
  return self->domains ? g_steal_pointer (&self) : NULL;
}

static void
set_not_found (const char *address, GError **error)
{
  g_set_error (error, STORE_ERROR, STORE_ERROR_NOT_FOUND, _ ("%s administers nothing."), address);
}

Administrator *
administrator_find (Database *database, const char *address, GError **error)
{
  g_autoptr (Account) account = account_find (database, address, error);

  if (account == NULL)
    return NULL;
  if (account->admin_role != ADMIN_NOTHING)
    return describe (database, account, error);
  set_not_found (address, error);
  return NULL;
}

/* Few among many users: found by their number, not by reading all. */
GPtrArray *
administrator_list (Database *database, GError **error)
{
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func ((GDestroyNotify)administrator_free);
  g_autoptr (GPtrArray) addresses = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GError) problem = NULL;
  Statement *row = database_query (
      database, error, "SELECT address FROM account WHERE administrator > 0 ORDER BY address", "");

  while (row && statement_next (row, &problem))
    g_ptr_array_add (addresses, g_strdup (statement_text (row, 0)));
  if (problem)
    g_propagate_error (error, g_steal_pointer (&problem));
  else
    for (guint i = 0; row && i < addresses->len; i++) {
      Administrator *one = administrator_find (database, addresses->pdata[i], error);
      if (one == NULL)
        return NULL;
      g_ptr_array_add (list, one);
    }
  return row && problem == NULL ? g_steal_pointer (&list) : NULL;
}

static gboolean
check_domains (AdminRole role, const char *const *domains, GError **error)
{
  const gboolean any = domains && *domains;

  if (any == (role == ADMIN_DOMAINS))
    return TRUE;
  g_set_error_literal (error, STORE_ERROR, STORE_ERROR_INVALID,
                       any ? _ ("Only a domain administrator has domains.")
                           : _ ("Say which domains the domain administrator has."));
  return FALSE;
}

static gboolean
add_domain (Database *database, gint64 account, const char *name, GError **error)
{
  g_autofree char *normalized = domain_normalize (name);
  const gint64 domain = domain_find (database, normalized ? normalized : name, error);

  return domain != 0
      && database_run (database, error,
                       "INSERT OR IGNORE INTO administrator_domain (account, domain)"
                       " VALUES (?1, ?2)",
                       "ii", account, domain);
}

static gboolean
set_role (Database *database, gint64 account, AdminRole role, GError **error)
{
  return database_run (database, error, "DELETE FROM administrator_domain WHERE account = ?1", "i",
                       account)
      && database_run (database, error, "UPDATE account SET administrator = ?2 WHERE id = ?1", "ii",
                       account, (gint64)role);
}

gboolean
administrator_set (StoreTransaction *transaction, const char *address, AdminRole role,
                   const char *const *domains, GError **error)
{
  Database *database = store_transaction_database (transaction);
  g_autoptr (Account) account = account_find (database, address, error);

  if (account == NULL || !check_domains (role, domains, error))
    return FALSE;
  if (account->role || account->device) {
    g_set_error (error, STORE_ERROR, STORE_ERROR_INVALID,
                 _ ("%s is a role or a device: make a user who administers."), account->address);
    return FALSE;
  }
  if (!set_role (database, account->id, role, error))
    return FALSE;
  for (; domains && *domains; domains++)
    if (!add_domain (database, account->id, *domains, error))
      return FALSE;
  return TRUE;
}

gboolean
administrator_remove (StoreTransaction *transaction, const char *address, GError **error)
{
  Database *database = store_transaction_database (transaction);
  g_autoptr (Account) account = account_find (database, address, error);

  if (account && account->admin_role != ADMIN_NOTHING)
    return set_role (database, account->id, ADMIN_NOTHING, error);
  if (account)
    set_not_found (address, error);
  return FALSE;
}

/* Who administers what. An administrator is a user with a role of administration; domain
 * administrators have domains. Inside store jobs; addresses are normalized inside. */
#pragma once
#include "accounts/account.h"

typedef struct {
  char *address;
  char *display_name;
  AdminRole role;
  char **domains; /* names, sorted, NULL at the end; empty unless ADMIN_DOMAINS */
  gboolean enabled;
  gint64 last_login; /* as of Account */
} Administrator;
void administrator_free (Administrator *administrator);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Administrator, administrator_free)

/* STORE_ERROR_NOT_FOUND: there is no such user, or it administers nothing. */
Administrator *administrator_find (Database *database, const char *address, GError **error);
GPtrArray *administrator_list (Database *database, GError **error); /* Administrator, by address */
/* DOMAINS: names, NULL at the end; at least one for ADMIN_DOMAINS, none else. */
gboolean administrator_set (StoreTransaction *transaction, const char *address, AdminRole role,
                            const char *const *domains, GError **error);
/* The user stays. STORE_ERROR_NOT_FOUND as above. */
gboolean administrator_remove (StoreTransaction *transaction, const char *address, GError **error);

gboolean administrator_has_domain (const char *const *domains, const char *domain);
/* "administrator", "domain-administrator", "read-only"; NULL for ADMIN_NOTHING. */
const char *admin_role_name (AdminRole role);
gboolean admin_role_parse (const char *name, AdminRole *role);

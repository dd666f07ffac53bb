/* The domains whose mail is ours. Inside store jobs; errors are STORE_ERROR_EXISTS, _NOT_FOUND or
 * _INVALID with a sentence a person understands. */
#pragma once
#include "store/store.h"

gboolean domain_add (StoreTransaction *transaction, const char *name, GError **error);
/* Refused while it has users, aliases or groups. */
gboolean domain_remove (StoreTransaction *transaction, const char *name, GError **error);
GPtrArray *domain_list (Database *database, GError **error); /* char *, sorted */
/* STORE_ERROR_NOT_FOUND unless a user, a role, an alias or a group has ADDRESS (normalized). */
gboolean domain_require_named (Database *database, const char *address, GError **error);
/* Who gets the mail for names that nobody has: a user, an alias or a group of ours; NULL: nobody.
 */
gboolean domain_set_catch_all (StoreTransaction *transaction, const char *name, const char *address,
                               GError **error);
/* NULL without ERROR: nobody. NAME is normalized; free with g_free. */
char *domain_catch_all (Database *database, const char *name, GError **error);
/* The id of the domain NAME (normalized); 0 with ERROR, STORE_ERROR_NOT_FOUND when it is not ours.
 */
gint64 domain_find (Database *database, const char *name, GError **error);

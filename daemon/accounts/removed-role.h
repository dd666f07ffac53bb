/* Roles that were removed, and the way back while their mail is still kept. Inside store jobs. */
#pragma once
#include "store/store.h"

/* Before the role's rows go: what the way back needs. */
gboolean removed_role_keep (StoreTransaction *transaction, gint64 role, GError **error);
/* The role as it was, with its mail and those of its members who are still there. RETENTION: how
 * many seconds mail is kept. STORE_ERROR_NOT_FOUND: it was not removed, or too long ago; _EXISTS:
 * the address has been given to somebody else. */
gboolean removed_role_restore (StoreTransaction *transaction, const char *address, gint64 retention,
                               GError **error);

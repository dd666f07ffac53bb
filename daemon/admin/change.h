/* How the admin API changes something: whether it is still as the caller saw it, the change, and
 * what is written down about it are one. For workers. */
#pragma once
#include "admin/resources.h"

/* As store_write_sync, with the caller's conditions checked before and the audit log written after
 * FUNC, in the same transaction. Every resource that changes the store uses it, once. */
gboolean admin_call_write (AdminCall *call, StoreWriteFunc func, gpointer data, GError **error);
/* The same for what is not, or not alone, in the store (RESOURCE_APART): nobody else does so
 * through the admin API meanwhile; the log is written before, and nothing is done if it cannot be,
 * and told the outcome right after. Runs the resource. */
gboolean admin_call_run_apart (AdminCall *call, GError **error);

/* The ETag of a thing in STATE (NULL: it is not there), or of a whole answer; free with g_free. */
char *admin_etag (const json_t *state);
/* "etag" of ITEM, of a list: what a GET of the thing alone would have in its head. */
void admin_tag (json_t *item, const json_t *state);
/* What of the thing in the call's path can be changed, read now; NULL: it is not there, or nothing
 * is known of it. */
json_t *admin_call_read_state (AdminCall *call);

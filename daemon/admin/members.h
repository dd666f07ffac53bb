/* Members of groups and roles, as bodies of the admin API name them. */
#pragma once
#include <glib.h>
#include <jansson.h>

/* A list of addresses, or NULL. */
gboolean members_are_sound (const json_t *list, GError **error);
/* A list of addresses, and of {"address", "send_as": bool} as answers have them; or NULL. */
gboolean members_with_rights_are_sound (const json_t *list, GError **error);
/* Of an item of such a list, borrowed. */
const char *member_address (const json_t *item);
/* The same address in whatever form has the same key; free with g_free. */
char *member_key (const char *address);
/* From NOW (char *) to MEMBERS, which is sound: who is to be admitted and who dismissed, borrowed
 * from both, with NULL at the end. The same address is known in any form (RFC 5321 §2.4). */
void members_compare (json_t *members, const GPtrArray *now, GPtrArray *admit, GPtrArray *dismiss);

/* Members of groups and roles, as bodies of the admin API name them. */
#pragma once
#include <glib.h>
#include <jansson.h>

/* A list of addresses, or NULL. */
gboolean members_are_sound (const json_t *list, GError **error);
/* From NOW (char *) to MEMBERS, which is sound: who is to be admitted and who dismissed, borrowed
 * from both, with NULL at the end. The same address is known in any form (RFC 5321 §2.4). */
void members_compare (json_t *members, const GPtrArray *now, GPtrArray *admit, GPtrArray *dismiss);

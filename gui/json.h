/* Reading what the admin API has answered: what is missing, or of another kind, is empty. All
 * results are borrowed from OBJECT, which may be NULL. */
#pragma once
#include <glib.h>
#include <jansson.h>

const char *object_text (const json_t *object, const char *key); /* "" */
gint64 object_number (const json_t *object, const char *key); /* 0 */
gboolean object_flag (const json_t *object, const char *key);
json_t *object_list (const json_t *object, const char *key); /* NULL is an empty list, too */
gboolean object_has (const json_t *object, const char *key); /* and is not null */

G_DEFINE_AUTOPTR_CLEANUP_FUNC (json_t, json_decref)

/* A list of JSON objects as a GListModel, for lists of any length: an item is made when somebody
 * looks at it. Texts (a list of plain JSON strings) become objects {"name": TEXT}. */
#pragma once
#include "json.h"
#include <gtk/gtk.h>

#define PANEL_TYPE_JSON_ITEM (json_item_get_type ())
G_DECLARE_FINAL_TYPE (JsonItem, json_item, PANEL, JSON_ITEM, GObject)

/* Borrowed; "notify::object" tells that it was replaced by a newer one. */
json_t *json_item_object (JsonItem *item);
const char *json_item_text (JsonItem *item, const char *key);
/* Whether one of its texts has WORDS (casefolded, see json_fold); all of them must be somewhere. */
gboolean json_item_matches (JsonItem *item, const char *const *words);
/* What a person typed, as words to compare with; free with g_strfreev. */
char **json_fold (const char *typed);

#define PANEL_TYPE_JSON_LIST (json_list_get_type ())
G_DECLARE_FINAL_TYPE (JsonList, json_list, PANEL, JSON_LIST, GObject)

/* KEY: what names an object for good ("address"); objects are sorted by it when SORTED. */
JsonList *json_list_new (const char *key, gboolean sorted);
/* Takes what the server says now. Objects that are still there keep their items and places, so
 * that a list does not jump under a person's eyes. */
void json_list_set (JsonList *list, json_t *array);
/* The item of NAME, borrowed, or NULL. */
JsonItem *json_list_find (JsonList *list, const char *name);

/* A filter of JsonItems for GtkFilterListModel: those that match what was typed ("" is all). */
GtkFilter *json_filter_new (void);
void json_filter_set (GtkFilter *filter, const char *typed);

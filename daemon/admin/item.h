/* What an object in an answer of the admin API says under a key, for printing. */
#pragma once
#include <glib.h>
#include <jansson.h>

/* "" when there is no such text; belongs to ITEM. */
const char *item_text (const json_t *item, const char *key);
/* For a cell of a table: free with g_free; NULL when there is none. */
char *item_copy (const json_t *item, const char *key);
gint64 item_number (const json_t *item, const char *key);
/* Seconds (UTC) as the day or as the time here; NULL: never. Free with g_free. */
char *item_day (const json_t *item, const char *key);
char *item_time (const json_t *item, const char *key);
/* A list of texts with blanks between; free with g_free. */
char *item_words (const json_t *item, const char *key);

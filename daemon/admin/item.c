/* Texts, numbers, times and lists. */
#include "admin/item.h"
#include "admin/console.h"

const char *
item_text (const json_t *item, const char *key)
{
  const char *text = json_string_value (json_object_get (item, key));

  return text != NULL ? text : "";
}

char *
item_copy (const json_t *item, const char *key)
{
  return g_strdup (json_string_value (json_object_get (item, key)));
}

gint64
item_number (const json_t *item, const char *key)
{
  return json_integer_value (json_object_get (item, key));
}

char *
item_day (const json_t *item, const char *key)
{
  const gint64 seconds = item_number (item, key);

  return seconds > 0 ? console_day (seconds) : NULL;
}

char *
item_time (const json_t *item, const char *key)
{
  const gint64 seconds = item_number (item, key);

  return seconds > 0 ? console_time (seconds) : NULL;
}

char *
item_words (const json_t *item, const char *key)
{
  GString *text = g_string_new (NULL);
  json_t *word;
  gsize i;

  json_array_foreach (json_object_get (item, key), i, word)
      g_string_append_printf (text, "%s%s", i > 0 ? " " : "", json_string_value (word));
  return g_string_free (text, FALSE);
}

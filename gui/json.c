/* jansson's own functions take NULL and other kinds, and give NULL or 0. */
#include "json.h"

const char *
object_text (const json_t *object, const char *key)
{
  const char *text = json_string_value (json_object_get (object, key));

  return text ? text : "";
}

gint64
object_number (const json_t *object, const char *key)
{
  return (gint64)json_number_value (json_object_get (object, key));
}

gboolean
object_flag (const json_t *object, const char *key)
{
  return json_is_true (json_object_get (object, key));
}

json_t *
object_list (const json_t *object, const char *key)
{
  json_t *list = json_object_get (object, key);

  return json_is_array (list) ? list : NULL;
}

gboolean
object_has (const json_t *object, const char *key)
{
  const json_t *value = json_object_get (object, key);

  return value != NULL && !json_is_null (value);
}

/* ObjectIDs. */
#include "store/object.h"

gboolean
object_epoch (Database *database, guint32 *epoch, GError **error)
{
  GError *failure = NULL;
  Statement *row
      = database_query (database, error, "SELECT value FROM counter WHERE name = 'object'", "");

  if (!row)
    return FALSE;
  if (!statement_next (row, &failure)) {
    if (failure)
      g_propagate_error (error, failure);
    else
      g_set_error_literal (error, STORE_ERROR, STORE_ERROR_CORRUPT,
                           "The store does not know which one it is");
    return FALSE;
  }
  *epoch = (guint32)statement_int (row, 0);
  statement_done (row);
  return TRUE;
}

static void
print_hex (GString *out, guint64 number, guint least)
{
  char digits[16];
  guint at = sizeof digits;

  do
    digits[--at] = "0123456789abcdef"[number & 15];
  while ((number >>= 4) > 0 || sizeof digits - at < least);
  g_string_append_len (out, digits + at, (gssize)(sizeof digits - at));
}

void
object_print (GString *out, ObjectKind kind, guint32 epoch, gint64 id)
{
  g_string_append_c (out, (char)kind);
  print_hex (out, epoch, 8);
  g_string_append_c (out, '-');
  print_hex (out, (guint64)id, 1);
}

/* An id has one form; what would be printed differently is none of ours. */
gint64
object_parse (const char *text, ObjectKind kind, guint32 epoch)
{
  const char *dash = strchr (text, '-');
  gint64 id = dash ? g_ascii_strtoll (dash + 1, NULL, 16) : 0;
  g_autoptr (GString) printed = g_string_new (NULL);

  if (id <= 0)
    return 0;
  object_print (printed, kind, epoch, id);
  return g_str_equal (printed->str, text) ? id : 0;
}

/* Sets of normalized addresses. */
#include "admin/members.h"
#include "language.h"
#include "mail/address.h"
#include <gio/gio.h>

gboolean
members_are_sound (const json_t *list, GError **error)
{
  gboolean sound = list == NULL || json_is_array (list);
  json_t *item;
  gsize i;

  json_array_foreach (list, i, item) sound = sound && json_is_string (item);
  if (!sound)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                         _ ("Members are a list of addresses."));
  return sound;
}

/* What is no address stays as it is: whoever admits it says so. */
static char *
key_of (const char *address)
{
  char *normal = address_normalize (address);

  return normal ? normal : g_strdup (address);
}

/* Those of LIST that are not in OTHERS. Each once. */
static void
difference (const GPtrArray *list, GHashTable *others, GPtrArray *found)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < list->len; i++) {
    char *key = key_of (list->pdata[i]);
    const gboolean is_other = g_hash_table_contains (others, key);
    if (g_hash_table_add (seen, key) && !is_other)
      g_ptr_array_add (found, list->pdata[i]);
  }
  g_ptr_array_add (found, NULL);
}

static GHashTable *
set_of (const GPtrArray *list)
{
  GHashTable *set = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < list->len; i++)
    g_hash_table_add (set, key_of (list->pdata[i]));
  return set;
}

void
members_compare (json_t *members, const GPtrArray *now, GPtrArray *admit, GPtrArray *dismiss)
{
  g_autoptr (GPtrArray) wanted = g_ptr_array_new ();
  json_t *member;
  gsize i;

  json_array_foreach (members, i, member)
      g_ptr_array_add (wanted, (char *)json_string_value (member));
  g_autoptr (GHashTable) here = set_of (now), there = set_of (wanted);
  difference (wanted, here, admit);
  difference (now, there, dismiss);
}

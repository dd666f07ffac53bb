/* Sets of normalized addresses. */
#include "admin/members.h"
#include "language.h"
#include "mail/address.h"
#include <gio/gio.h>

const char *
member_address (const json_t *item)
{
  return json_string_value (json_is_object (item) ? json_object_get (item, "address") : item);
}

static gboolean
is_with_rights (const json_t *item)
{
  return json_is_string (json_object_get (item, "address"))
      && json_is_boolean (json_object_get (item, "send_as"));
}

static gboolean
are_sound (const json_t *list, gboolean may_have_rights, GError **error)
{
  gboolean sound = list == NULL || json_is_array (list);
  json_t *item;
  gsize i;

  json_array_foreach (list, i, item)
  {
    sound = sound && (json_is_string (item) || (may_have_rights && is_with_rights (item)));
  }
  if (!sound)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                         _ ("Members are a list of addresses."));
  return sound;
}

gboolean
members_are_sound (const json_t *list, GError **error)
{
  return are_sound (list, FALSE, error);
}

gboolean
members_with_rights_are_sound (const json_t *list, GError **error)
{
  return are_sound (list, TRUE, error);
}

/* What is no address stays as it is: whoever admits it says so. */
char *
member_key (const char *address)
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
    char *key = member_key (list->pdata[i]);
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
    g_hash_table_add (set, member_key (list->pdata[i]));
  return set;
}

void
members_compare (json_t *members, const GPtrArray *now, GPtrArray *admit, GPtrArray *dismiss)
{
  g_autoptr (GPtrArray) wanted = g_ptr_array_new ();
  json_t *member;
  gsize i;

  json_array_foreach (members, i, member) g_ptr_array_add (wanted, (char *)member_address (member));
  g_autoptr (GHashTable) here = set_of (now), there = set_of (wanted);
  difference (wanted, here, admit);
  difference (now, there, dismiss);
}

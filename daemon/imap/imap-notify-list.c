/* LIST responses of NOTIFY. */
#include "imap/imap-notify-list.h"

#include <string.h>

#include "imap/imap-print.h"

struct _ImapNotifyList {
  GPtrArray *tellings; /* ImapNotifyTelling */
  GHashTable *by_name; /* char * → the same */
  guint renamed; /* how many of them are renames */
};

/* What attributes depend on (RFC 5465 §5.5: they must be right). */
typedef struct {
  GHashTable *levels; /* set of char *: names that have a mailbox below */
  GHashTable *uses; /* char * → special use */
} Attributes;

static void
telling_free (gpointer data)
{
  ImapNotifyTelling *self = data;

  g_free (self->name);
  g_free (self->old);
  g_free (self);
}

ImapNotifyList *
imap_notify_list_new (void)
{
  ImapNotifyList *self = g_new0 (ImapNotifyList, 1);

  self->tellings = g_ptr_array_new_with_free_func (telling_free);
  self->by_name = g_hash_table_new (g_str_hash, g_str_equal);
  return self;
}

void
imap_notify_list_free (ImapNotifyList *self)
{
  g_hash_table_unref (self->by_name);
  g_ptr_array_unref (self->tellings);
  g_free (self);
}

static ImapNotifyTelling *
add_telling (ImapNotifyList *self, const char *name)
{
  ImapNotifyTelling *telling = g_new0 (ImapNotifyTelling, 1);

  telling->name = g_strdup (name);
  telling->turn = G_MAXUINT;
  g_ptr_array_add (self->tellings, telling);
  g_hash_table_replace (self->by_name, telling->name, telling);
  return telling;
}

ImapNotifyTelling *
imap_notify_list_add (ImapNotifyList *self, const char *name)
{
  ImapNotifyTelling *telling = g_hash_table_lookup (self->by_name, name);

  return telling ? telling : add_telling (self, name);
}

void
imap_notify_list_add_renamed (ImapNotifyList *self, const char *name, const char *old)
{
  ImapNotifyTelling *telling = add_telling (self, name);

  telling->old = g_strdup (old);
  telling->turn = self->renamed++;
}

static int
compare_tellings (gconstpointer a, gconstpointer b)
{
  const ImapNotifyTelling *one = *(ImapNotifyTelling *const *)a;
  const ImapNotifyTelling *other = *(ImapNotifyTelling *const *)b;

  if (one->turn == other->turn)
    return strcmp (one->name, other->name);
  return one->turn < other->turn ? -1 : 1;
}

static Attributes
gather_attributes (const GPtrArray *places)
{
  Attributes self = { g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL),
                      g_hash_table_new (g_str_hash, g_str_equal) };

  for (guint i = 0; i < places->len; i++) {
    const Place *place = g_ptr_array_index (places, i);
    if (place->mailbox->id == 0)
      continue;
    for (const char *c = strchr (place->name, '/'); c; c = strchr (c + 1, '/'))
      g_hash_table_add (self.levels, g_strndup (place->name, (gsize)(c - place->name)));
    if (place->mailbox->special_use)
      g_hash_table_insert (self.uses, place->name, place->mailbox->special_use);
  }
  return self;
}

static void
print_telling (GString *out, const ImapNotifyTelling *telling, const ImapKnownRow *row,
               const Attributes *attributes, gboolean utf8)
{
  gboolean children = g_hash_table_contains (attributes->levels, telling->name);
  const char *use = g_hash_table_lookup (attributes->uses, telling->name);

  g_string_append_printf (out, "* LIST (%s", children ? "\\HasChildren" : "\\HasNoChildren");
  if (!row || row->id == 0)
    g_string_append (out, " \\NonExistent");
  if (telling->no_access || (row && row->no_access))
    g_string_append (out, " \\NoAccess");
  if (row && row->subscribed)
    g_string_append (out, " \\Subscribed");
  if (use)
    g_string_append_printf (out, " %s", use);
  g_string_append (out, ") \"/\" ");
  imap_print_mailbox (out, telling->name, utf8);
  if (telling->old) {
    g_string_append (out, " (\"OLDNAME\" (");
    imap_print_mailbox (out, telling->old, utf8);
    g_string_append (out, "))");
  }
  g_string_append (out, "\r\n");
}

void
imap_notify_list_print (ImapNotifyList *self, const ImapKnown *now, const GPtrArray *places,
                        gboolean utf8, GString *out)
{
  Attributes attributes;

  if (self->tellings->len == 0)
    return;
  attributes = gather_attributes (places);
  g_ptr_array_sort (self->tellings, compare_tellings);
  for (guint i = 0; i < self->tellings->len; i++) {
    const ImapNotifyTelling *telling = g_ptr_array_index (self->tellings, i);
    print_telling (out, telling, imap_known_find (now, telling->name), &attributes, utf8);
  }
  g_hash_table_unref (attributes.levels);
  g_hash_table_unref (attributes.uses);
}

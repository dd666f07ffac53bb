/* The table of bans. */
#include "accounts/bans.h"

#define DAY G_GINT64_CONSTANT (86400)
#define LONGEST (7 * DAY)
#define FORGOTTEN_AFTER (30 * DAY) /* since its end */
#define FACTOR 4
#define BANS_MAX 20000

struct _Bans {
  GHashTable *table; /* Ban, by itself */
};

Bans *
bans_new (void)
{
  Bans *self = g_new0 (Bans, 1);

  self->table = g_hash_table_new_full (g_int64_hash, g_int64_equal, NULL, g_free);
  return self;
}

void
bans_free (Bans *self)
{
  g_hash_table_unref (self->table);
  g_free (self);
}

gboolean
ban_is_forgotten (const Ban *ban, gint64 now)
{
  return ban->until != BAN_FOREVER && now - ban->until > FORGOTTEN_AFTER;
}

const Ban *
bans_find (Bans *self, guint64 network)
{
  return g_hash_table_lookup (self->table, &network);
}

gboolean
bans_hold (Bans *self, guint64 network, gint64 now)
{
  const Ban *ban = bans_find (self, network);

  return ban != NULL && ban->until > now;
}

static gboolean
is_over (gpointer key, gpointer value, gpointer now)
{
  return ((Ban *)value)->until <= *(gint64 *)now;
}

/* Room for one more: those that are over go; when all hold, the ones that end first. What somebody
 * banned by hand stays. */
static void
make_room (Bans *self, gint64 now)
{
  GHashTableIter iter;
  gpointer value;
  gint64 first = BAN_FOREVER;

  if (g_hash_table_size (self->table) < BANS_MAX
      || g_hash_table_foreach_remove (self->table, is_over, &now) > 0)
    return;
  g_hash_table_iter_init (&iter, self->table);
  while (g_hash_table_iter_next (&iter, &value, NULL))
    first = MIN (first, ((Ban *)value)->until);
  if (first != BAN_FOREVER) {
    first += DAY / 24;
    g_hash_table_foreach_remove (self->table, is_over, &first);
  }
}

static gint64
length_of (gint64 times, gint64 first)
{
  gint64 length = first;

  for (gint64 i = 1; i < times && length < LONGEST; i++)
    length *= FACTOR;
  return MIN (length, MAX (first, LONGEST));
}

const Ban *
bans_punish (Bans *self, guint64 network, gint64 first, gint64 now)
{
  const Ban *old = bans_find (self, network);
  Ban ban = { network, now, now, 1 };

  if (old && !ban_is_forgotten (old, now))
    ban.times = old->times + 1;
  ban.until = now + length_of (ban.times, first);
  bans_put (self, &ban);
  return bans_find (self, network);
}

void
bans_put (Bans *self, const Ban *ban)
{
  if (!g_hash_table_contains (self->table, &ban->network))
    make_room (self, ban->since);
  g_hash_table_add (self->table, g_memdup2 (ban, sizeof *ban));
}

gboolean
bans_remove (Bans *self, guint64 network)
{
  return g_hash_table_remove (self->table, &network);
}

static int
compare_age (gconstpointer a, gconstpointer b)
{
  const Ban *first = a, *second = b;

  return first->since != second->since   ? (first->since < second->since ? 1 : -1)
      : first->network < second->network ? -1
                                         : first->network > second->network;
}

GArray *
bans_list (Bans *self, gint64 now)
{
  GArray *list = g_array_new (FALSE, FALSE, sizeof (Ban));
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->table);
  while (g_hash_table_iter_next (&iter, &value, NULL))
    if (((Ban *)value)->until > now)
      g_array_append_vals (list, value, 1);
  g_array_sort (list, compare_age);
  return list;
}

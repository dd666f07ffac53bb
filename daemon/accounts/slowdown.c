/* Counts failed sign-ons for each user + address and spaces the next tries. */
#include "accounts/slowdown.h"

#define FREE_FAILURES 3
#define FIRST_DELAY (1 * G_USEC_PER_SEC)
#define DELAY_MAX (30 * G_USEC_PER_SEC)
#define WAIT_MAX (45 * G_USEC_PER_SEC) /* beyond, a client is told to come again */
#define FORGOTTEN_AFTER (3600 * (gint64)G_USEC_PER_SEC)
#define ENTRIES_MAX 20000

typedef struct {
  guint failures;
  gint64 last; /* when it failed last */
  gint64 next; /* when the next try may begin */
} Failures;

struct _Slowdown {
  GMutex lock;
  GHashTable *entries; /* "user\naddress" → Failures */
};

Slowdown *
slowdown_new (void)
{
  Slowdown *self = g_new0 (Slowdown, 1);

  g_mutex_init (&self->lock);
  self->entries = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  return self;
}

void
slowdown_free (Slowdown *self)
{
  g_hash_table_unref (self->entries);
  g_mutex_clear (&self->lock);
  g_free (self);
}

static char *
key_of (const char *user, const char *address)
{
  return g_strconcat (user, "\n", address, NULL);
}

static gint64
delay_after (guint failures)
{
  if (failures < FREE_FAILURES)
    return 0;
  return MIN (DELAY_MAX, (gint64)FIRST_DELAY << MIN (failures - FREE_FAILURES, 10));
}

gint64
slowdown_claim (Slowdown *self, const char *user, const char *address, gint64 now)
{
  g_autofree char *key = key_of (user, address);
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  Failures *entry = g_hash_table_lookup (self->entries, key);
  gint64 start;

  if (entry == NULL)
    return 0;
  if (now - entry->last > FORGOTTEN_AFTER) {
    g_hash_table_remove (self->entries, key);
    return 0;
  }
  start = MAX (now, entry->next);
  if (start - now > WAIT_MAX)
    return -1;
  entry->next = start + delay_after (entry->failures);
  return start - now;
}

static gboolean
is_forgotten (gpointer key, gpointer value, gpointer now)
{
  return *(gint64 *)now - ((Failures *)value)->last > FORGOTTEN_AFTER;
}

/* Room for one more. When all are fresh (an attack from many addresses) any one goes. */
static void
make_room (Slowdown *self, gint64 now)
{
  GHashTableIter iter;

  if (g_hash_table_size (self->entries) < ENTRIES_MAX
      || g_hash_table_foreach_remove (self->entries, is_forgotten, &now) > 0)
    return;
  g_hash_table_iter_init (&iter, self->entries);
  for (guint i = 0; i < ENTRIES_MAX / 16 && g_hash_table_iter_next (&iter, NULL, NULL); i++)
    g_hash_table_iter_remove (&iter);
}

guint
slowdown_failed (Slowdown *self, const char *user, const char *address, gint64 now)
{
  g_autofree char *key = key_of (user, address);
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  Failures *entry = g_hash_table_lookup (self->entries, key);

  if (entry == NULL) {
    make_room (self, now);
    entry = g_new0 (Failures, 1);
    g_hash_table_insert (self->entries, g_steal_pointer (&key), entry);
  } else if (now - entry->last > FORGOTTEN_AFTER)
    entry->failures = 0;
  entry->failures++;
  entry->last = now;
  entry->next = MAX (entry->next, now + delay_after (entry->failures));
  return entry->failures;
}

void
slowdown_succeeded (Slowdown *self, const char *user, const char *address)
{
  g_autofree char *key = key_of (user, address);
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  g_hash_table_remove (self->entries, key);
}

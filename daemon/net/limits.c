/* Counts connections and bytes against the settings. */
#include "net/limits.h"
#include "metrics.h"
#include "net/network.h"
#include "settings.h"

struct _Limits {
  GMutex lock; /* for everything but the bytes */
  guint connections;
  GHashTable *addresses; /* of Count, by itself */
  GHashTable *users; /* "user address" to a number */
  Networks *exempt;
  gsize bytes; /* atomic */
};

typedef struct {
  guint64 key; /* first, for g_int64_hash */
  guint count;
} Count;

Limits *
limits_new (void)
{
  Limits *self = g_new0 (Limits, 1);

  g_mutex_init (&self->lock);
  self->addresses = g_hash_table_new_full (g_int64_hash, g_int64_equal, NULL, g_free);
  self->users = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->exempt = networks_new (SETTING_EXEMPT_NETWORKS);
  return self;
}

void
limits_free (Limits *self)
{
  g_mutex_clear (&self->lock);
  g_hash_table_unref (self->addresses);
  g_hash_table_unref (self->users);
  networks_free (self->exempt);
  g_free (self);
}

static gboolean
is_exempt (Limits *self, GInetAddress *peer)
{
  return g_inet_address_get_is_loopback (peer) || networks_contain (self->exempt, peer);
}

static gboolean
claim_address (Limits *self, GInetAddress *peer)
{
  guint64 key = network_of (peer);
  Count *count = g_hash_table_lookup (self->addresses, &key);

  if (count != NULL && count->count >= setting_number (SETTING_CONNECTIONS_PER_ADDRESS)
      && !is_exempt (self, peer))
    return FALSE;
  if (count == NULL) {
    count = g_new0 (Count, 1);
    count->key = key;
    g_hash_table_add (self->addresses, count);
  }
  count->count++;
  return TRUE;
}

gboolean
limits_claim_connection (Limits *self, GInetAddress *peer)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  if (self->connections >= setting_number (SETTING_CONNECTIONS_MAX)
      || !claim_address (self, peer)) {
    metric_add (METRIC_CONNECTIONS_REFUSED, 1);
    return FALSE;
  }
  self->connections++;
  metric_add (METRIC_CONNECTIONS_OPEN, 1);
  return TRUE;
}

void
limits_release_connection (Limits *self, GInetAddress *peer)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  guint64 key = network_of (peer);
  Count *count = g_hash_table_lookup (self->addresses, &key);

  g_assert (self->connections > 0 && count != NULL);
  self->connections--;
  if (--count->count == 0)
    g_hash_table_remove (self->addresses, &key);
  metric_add (METRIC_CONNECTIONS_OPEN, -1);
}

static char *
user_key (const char *user, GInetAddress *peer)
{
  return g_strdup_printf ("%s %016" G_GINT64_MODIFIER "x", user, network_of (peer));
}

gboolean
limits_claim_user (Limits *self, const char *user, GInetAddress *peer)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  g_autofree char *key = user_key (user, peer);
  guint count = GPOINTER_TO_UINT (g_hash_table_lookup (self->users, key));

  if (count >= setting_number (SETTING_CONNECTIONS_PER_USER_AND_ADDRESS) && !is_exempt (self, peer))
    return FALSE;
  g_hash_table_insert (self->users, g_steal_pointer (&key), GUINT_TO_POINTER (count + 1));
  return TRUE;
}

void
limits_release_user (Limits *self, const char *user, GInetAddress *peer)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  g_autofree char *key = user_key (user, peer);
  guint count = GPOINTER_TO_UINT (g_hash_table_lookup (self->users, key));

  g_assert (count > 0);
  if (count == 1)
    g_hash_table_remove (self->users, key);
  else
    g_hash_table_insert (self->users, g_steal_pointer (&key), GUINT_TO_POINTER (count - 1));
}

void
limits_add_bytes (Limits *self, gsize bytes)
{
  g_atomic_pointer_add (&self->bytes, (gssize)bytes);
  metric_add (METRIC_BYTES_BUFFERED, bytes);
}

gboolean
limits_are_over (Limits *self)
{
  return (gsize)g_atomic_pointer_get (&self->bytes) > (gsize)setting_number (SETTING_BYTE_BUDGET);
}

gboolean
limits_claim_bytes (Limits *self, gsize bytes)
{
  gsize budget = setting_number (SETTING_BYTE_BUDGET);
  gsize before = (gsize)g_atomic_pointer_add (&self->bytes, (gssize)bytes);

  if (before > budget || bytes > budget - before) {
    g_atomic_pointer_add (&self->bytes, -(gssize)bytes);
    return FALSE;
  }
  metric_add (METRIC_BYTES_BUFFERED, bytes);
  return TRUE;
}

void
limits_release_bytes (Limits *self, gsize bytes)
{
  g_atomic_pointer_add (&self->bytes, -(gssize)bytes);
  metric_add (METRIC_BYTES_BUFFERED, -(gint64)bytes);
}

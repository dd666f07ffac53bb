/* Keeps the table of known clients, in memory and in the store. */
#include "policy/known-clients.h"
#include "log.h"
#include "net/network.h"
#include "policy/iprev.h"

#define DAY G_GINT64_CONSTANT (86400)
#define FORGOTTEN_AFTER (36 * DAY) /* a newsletter that comes each month stays known */

typedef struct {
  guint64 network; /* first, for g_int64_hash */
  gint64 seen; /* seconds, UTC, to the day */
} Client;

struct _KnownClients {
  Store *store;
  GMutex lock;
  GHashTable *table; /* Client, by itself */
};

static gint64
seconds_now (void)
{
  return g_get_real_time () / G_USEC_PER_SEC;
}

KnownClients *
known_clients_new (Store *store)
{
  KnownClients *self = g_new0 (KnownClients, 1);

  self->store = store;
  g_mutex_init (&self->lock);
  self->table = g_hash_table_new_full (g_int64_hash, g_int64_equal, NULL, g_free);
  return self;
}

void
known_clients_free (KnownClients *self)
{
  g_hash_table_unref (self->table);
  g_mutex_clear (&self->lock);
  g_free (self);
}

guint64
known_clients_network (GInetAddress *peer)
{
  g_autoptr (GInetAddress) address = address_unmapped (peer);
  const guint64 network = network_of (address);

  return g_inet_address_get_family (address) == G_SOCKET_FAMILY_IPV4 ? network & ~(guint64)0xff
                                                                     : network;
}

static void
put (KnownClients *self, guint64 network, gint64 seen)
{
  Client *client = g_new (Client, 1);

  *client = (Client) { network, seen };
  g_hash_table_replace (self->table, client, client);
}

static gboolean
read_rows (StoreSnapshot *snapshot, gpointer data, GError **error)
{
  KnownClients *self = data;
  GError *failure = NULL;
  Statement *row
      = database_query (store_snapshot_database (snapshot), error,
                        "SELECT network, seen FROM known_client WHERE seen > ?1"
                        " ORDER BY seen DESC LIMIT ?2",
                        "ii", seconds_now () - FORGOTTEN_AFTER, (gint64)KNOWN_CLIENTS_MAX);

  if (row == NULL)
    return FALSE;
  g_hash_table_remove_all (self->table); /* a job may run twice */
  while (statement_next (row, &failure))
    put (self, (guint64)statement_int (row, 0), statement_int (row, 1));
  if (failure)
    g_propagate_error (error, failure);
  return failure == NULL;
}

gboolean
known_clients_load (KnownClients *self, GError **error)
{
  return store_read_sync (self->store, read_rows, self, error);
}

gboolean
known_clients_know (KnownClients *self, GInetAddress *peer)
{
  const guint64 network = known_clients_network (peer);
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  const Client *client = g_hash_table_lookup (self->table, &network);

  return client && client->seen > seconds_now () - FORGOTTEN_AFTER;
}

/* One row to write, and until when others are forgotten. */
typedef struct {
  guint64 network;
  gint64 seen, forget;
} Change;

static gboolean
write_change (StoreTransaction *transaction, gpointer data, GError **error)
{
  const Change *change = data;
  Database *database = store_transaction_database (transaction);

  return database_run (database, error,
                       "INSERT OR REPLACE INTO known_client (network, seen) VALUES (?1, ?2)", "ii",
                       (gint64)change->network, change->seen)
      && database_run (database, error, "DELETE FROM known_client WHERE seen <= ?1", "i",
                       change->forget);
}

static void
did_write (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;

  if (!store_write_finish (data, result, &error))
    log_event (LOG_WARNING, "A known client is not written down", "error", error->message, NULL);
}

static int
compare_seen (gconstpointer a, gconstpointer b)
{
  const gint64 first = *(const gint64 *)a, second = *(const gint64 *)b;

  return first < second ? -1 : first > second;
}

static gboolean
is_older (gpointer key, gpointer value, gpointer limit)
{
  return ((Client *)value)->seen <= *(gint64 *)limit;
}

/* Room for one more, when the table is full: the quarter that was away the longest goes. Returns
 * the last time that is forgotten. Locked. */
static gint64
make_room (KnownClients *self, gint64 now)
{
  gint64 limit = now - FORGOTTEN_AFTER;
  g_autoptr (GArray) times = NULL;
  GHashTableIter iter;
  gpointer value;

  if (g_hash_table_size (self->table) < KNOWN_CLIENTS_MAX)
    return limit;
  times = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_hash_table_iter_init (&iter, self->table);
  while (g_hash_table_iter_next (&iter, &value, NULL))
    g_array_append_val (times, ((Client *)value)->seen);
  g_array_sort (times, compare_seen);
  limit = MAX (limit, g_array_index (times, gint64, times->len / 4));
  g_hash_table_foreach_remove (self->table, is_older, &limit);
  return limit;
}

/* Each network is written once a day at most. */
void
known_clients_welcome (KnownClients *self, GInetAddress *peer)
{
  const gint64 now = seconds_now ();
  Change change = { .network = known_clients_network (peer), .seen = now };
  const Client *client;

  g_mutex_lock (&self->lock);
  client = g_hash_table_lookup (self->table, &change.network);
  if (client && client->seen > now - DAY) {
    g_mutex_unlock (&self->lock);
    return;
  }
  change.forget = make_room (self, now);
  put (self, change.network, now);
  g_mutex_unlock (&self->lock);
  store_write_async (self->store, write_change, g_memdup2 (&change, sizeof change), g_free, NULL,
                     did_write, self->store);
}

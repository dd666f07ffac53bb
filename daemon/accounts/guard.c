/* Decides who is banned, and tells it. */
#include "accounts/guard.h"
#include "language.h"

#include "accounts/guard-rows.h"
#include "accounts/guesses.h"
#include "log.h"
#include "metrics.h"
#include "net/network.h"
#include "settings.h"

#include <openssl/hmac.h>
#include <openssl/rand.h>
#include <string.h>

#define DAY G_GINT64_CONSTANT (86400)
#define GOOD_MAX 20000
#define KEY_LENGTH 32

struct _Guard {
  gatomicrefcount references;
  Store *store;
  guint8 key[KEY_LENGTH]; /* guesses are kept as digests under it, which die with the process */
  GMutex lock; /* for all below */
  Bans *bans;
  Guesses *guesses;
  Networks *exempt;
  GHashTable *good; /* GoodAddress, by itself */
  GuardRows *changes; /* not written yet */
  GSource *save; /* will write them, or NULL */
  gboolean closed;
  GMutex save_lock; /* taken first: changes reach the store in their order */
};

static gint64
now_seconds (void)
{
  return g_get_real_time () / G_USEC_PER_SEC;
}

Guard *
guard_new (Store *store)
{
  Guard *self = g_new0 (Guard, 1);

  g_atomic_ref_count_init (&self->references);
  self->store = store;
  /* Without randomness there is no TLS either; a key of zeros only tells guesses apart. */
  if (RAND_bytes (self->key, sizeof self->key) != 1)
    memset (self->key, 0, sizeof self->key);
  g_mutex_init (&self->lock);
  g_mutex_init (&self->save_lock);
  self->bans = bans_new ();
  self->guesses = guesses_new ();
  self->exempt = networks_new (SETTING_BAN_EXEMPT_NETWORKS);
  self->good = g_hash_table_new_full (g_int64_hash, g_int64_equal, NULL, g_free);
  self->changes = guard_rows_new ();
  return self;
}

Guard *
guard_ref (Guard *self)
{
  g_atomic_ref_count_inc (&self->references);
  return self;
}

void
guard_unref (Guard *self)
{
  if (!g_atomic_ref_count_dec (&self->references))
    return;
  bans_free (self->bans);
  guesses_free (self->guesses);
  networks_free (self->exempt);
  g_hash_table_unref (self->good);
  guard_rows_free (self->changes);
  g_mutex_clear (&self->lock);
  g_mutex_clear (&self->save_lock);
  g_free (self);
}

static GuardRows *
take_changes (Guard *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  GuardRows *changes = self->changes;

  self->changes = guard_rows_new ();
  return changes;
}

static gboolean
write_changes (StoreTransaction *transaction, gpointer data, GError **error)
{
  return guard_rows_write (transaction, data, error);
}

static void
did_write (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (Guard) self = data;
  g_autoptr (GError) error = NULL;

  if (!store_write_finish (self->store, result, &error))
    log_event (LOG_WARNING, "Bans hold, but are not written down", "error", error->message, NULL);
}

static gboolean
save (gpointer data)
{
  Guard *self = data;
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->save_lock);

  g_mutex_lock (&self->lock);
  g_clear_pointer (&self->save, g_source_unref);
  const gboolean closed = self->closed;
  g_mutex_unlock (&self->lock);
  if (!closed)
    store_write_async (self->store, write_changes, take_changes (self),
                       (GDestroyNotify)guard_rows_free, NULL, did_write, guard_ref (self));
  return G_SOURCE_REMOVE;
}

/* In the main thread: who counts a guess may be a worker, or a session that ends. Locked. */
static void
save_soon (Guard *self)
{
  if (self->save || self->closed)
    return;
  self->save = g_idle_source_new ();
  g_source_set_callback (self->save, save, guard_ref (self), (GDestroyNotify)guard_unref);
  g_source_attach (self->save, NULL);
}

static gboolean
save_now (Guard *self, GError **error)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->save_lock);
  g_autoptr (GuardRows) changes = take_changes (self);

  return store_write_sync (self->store, write_changes, changes, error);
}

static gboolean
read_rows (StoreSnapshot *snapshot, gpointer data, GError **error)
{
  return guard_rows_read (store_snapshot_database (snapshot), data, error);
}

static gboolean
is_oldest (gpointer key, gpointer value, gpointer limit)
{
  return ((GoodAddress *)value)->seen <= *(gint64 *)limit;
}

/* Only who knows a password fills this: half of it goes by age, then all. */
static void
make_room (Guard *self, gint64 now)
{
  for (gint64 days = 180; g_hash_table_size (self->good) >= GOOD_MAX; days /= 2) {
    gint64 limit = days > 0 ? now - days * DAY : G_MAXINT64;
    g_hash_table_foreach_remove (self->good, is_oldest, &limit);
  }
}

static void
put_good (Guard *self, const GoodAddress *good)
{
  make_room (self, good->seen);
  g_hash_table_add (self->good, g_memdup2 (good, sizeof *good));
}

gboolean
guard_load (Guard *self, GError **error)
{
  g_autoptr (GuardRows) rows = guard_rows_new ();

  if (!store_read_sync (self->store, read_rows, rows, error))
    return FALSE;
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  for (guint i = 0; i < rows->bans->len; i++)
    bans_put (self->bans, &g_array_index (rows->bans, Ban, i));
  for (guint i = 0; i < rows->good->len; i++)
    put_good (self, &g_array_index (rows->good, GoodAddress, i));
  return TRUE;
}

void
guard_close (Guard *self)
{
  g_autoptr (GError) error = NULL;

  g_mutex_lock (&self->lock);
  self->closed = TRUE;
  GSource *planned = g_steal_pointer (&self->save);
  g_mutex_unlock (&self->lock);
  if (planned == NULL)
    return;
  g_source_destroy (planned);
  g_source_unref (planned);
  if (!save_now (self, &error))
    log_event (LOG_WARNING, "Bans are lost with this restart", "error", error->message, NULL);
}

gboolean
guard_refuses (Guard *self, GInetAddress *peer)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  return bans_hold (self->bans, network_of (peer), now_seconds ());
}

gboolean
guard_refuses_text (Guard *self, const char *peer)
{
  g_autoptr (GInetAddress) address = peer ? g_inet_address_new_from_string (peer) : NULL;

  return address && guard_refuses (self, address);
}

static guint64
digest_of (const Guard *self, const char *user, const char *secret)
{
  g_autofree char *text = g_strconcat (user, "\n", secret, NULL);
  guint8 digest[EVP_MAX_MD_SIZE] = { 0 };
  guint64 number;

  HMAC (EVP_sha256 (), self->key, sizeof self->key, (const guint8 *)text, strlen (text), digest,
        NULL);
  OPENSSL_cleanse (text, strlen (text));
  memcpy (&number, digest, sizeof number);
  return number;
}

static gboolean
is_good (Guard *self, guint64 network, gint64 now)
{
  const GoodAddress *good = g_hash_table_lookup (self->good, &network);

  return good && now - good->seen < setting_number (SETTING_GOOD_ADDRESS_TIME);
}

typedef enum { GUESS_COUNTED, GUESS_SPARED, GUESS_BANNED } Judgement;

/* Locked. */
static Judgement
judge (Guard *self, GInetAddress *peer, guint64 guess, gint64 after, Ban *ban)
{
  const guint64 network = network_of (peer);
  const gint64 now = now_seconds ();

  if (networks_contain (self->exempt, peer) || bans_hold (self->bans, network, now)
      || guesses_add (self->guesses, network, guess, now) < after)
    return GUESS_COUNTED;
  guesses_forget (self->guesses, network);
  if (is_good (self, network, now))
    return GUESS_SPARED;
  *ban = *bans_punish (self->bans, network, setting_number (SETTING_BAN_TIME), now);
  g_array_append_val (self->changes->bans, *ban);
  save_soon (self);
  return GUESS_BANNED;
}

static void
tell (Judgement judgement, const Ban *ban, const char *peer)
{
  g_autofree char *times = g_strdup_printf ("%" G_GINT64_FORMAT, ban->times);
  g_autofree char *seconds = g_strdup_printf ("%" G_GINT64_FORMAT, ban->until - ban->since);

  if (judgement == GUESS_BANNED) {
    metric_add (METRIC_BANS, 1);
    log_event (LOG_WARNING, "Address banned: it guesses passwords", "address", peer, "seconds",
               seconds, "times", times, NULL);
  } else if (judgement == GUESS_SPARED)
    log_event (LOG_WARNING, "Passwords are guessed from an address where somebody has logged in",
               "address", peer, NULL);
}

void
guard_guessed (Guard *self, const char *peer, const char *user, const char *secret)
{
  const gint64 after = setting_number (SETTING_BAN_AFTER);
  g_autoptr (GInetAddress) address = peer ? g_inet_address_new_from_string (peer) : NULL;
  Ban ban = { 0 };

  if (address == NULL || after == 0)
    return;
  const guint64 guess = digest_of (self, user, secret);
  g_mutex_lock (&self->lock);
  const Judgement judgement = judge (self, address, guess, after, &ban);
  g_mutex_unlock (&self->lock);
  tell (judgement, &ban, peer);
}

void
guard_welcomed (Guard *self, const char *peer)
{
  g_autoptr (GInetAddress) address = peer ? g_inet_address_new_from_string (peer) : NULL;
  GoodAddress good = { 0, now_seconds () };

  if (address == NULL)
    return;
  good.network = network_of (address);
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  const GoodAddress *known = g_hash_table_lookup (self->good, &good.network);
  if (known && good.seen - known->seen < DAY)
    return;
  put_good (self, &good);
  g_array_append_val (self->changes->good, good);
  save_soon (self);
}

static gboolean
parse (const char *address, guint64 *network, GError **error)
{
  if (network_parse (address, network))
    return TRUE;
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
               _ ("“%s” is not an address such as 192.0.2.7 or 2001:db8::7."), address);
  return FALSE;
}

gboolean
guard_ban (Guard *self, const char *address, gint64 seconds, GError **error)
{
  Ban ban = { .since = now_seconds () };

  if (!parse (address, &ban.network, error))
    return FALSE;
  ban.until = seconds > 0 ? ban.since + seconds : BAN_FOREVER;
  g_mutex_lock (&self->lock);
  const Ban *old = bans_find (self->bans, ban.network);
  ban.times = old ? old->times : 0;
  bans_put (self->bans, &ban);
  g_array_append_val (self->changes->bans, ban);
  g_mutex_unlock (&self->lock);
  return save_now (self, error);
}

/* Locked. */
static void
lift (Guard *self, guint64 network)
{
  GArray *written = self->changes->bans;

  for (guint i = written->len; i > 0; i--)
    if (g_array_index (written, Ban, i - 1).network == network)
      g_array_remove_index (written, i - 1);
  bans_remove (self->bans, network);
  guesses_forget (self->guesses, network);
  g_array_append_val (self->changes->lifted, network);
}

gboolean
guard_lift (Guard *self, const char *address, GError **error)
{
  guint64 network;

  if (!parse (address, &network, error))
    return FALSE;
  g_mutex_lock (&self->lock);
  const gboolean holds = bans_hold (self->bans, network, now_seconds ());
  if (holds)
    lift (self, network);
  g_mutex_unlock (&self->lock);
  if (holds)
    return save_now (self, error);
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, _ ("%s is not banned."), address);
  return FALSE;
}

gboolean
guard_lift_all (Guard *self, GError **error)
{
  g_mutex_lock (&self->lock);
  g_autoptr (GArray) list = bans_list (self->bans, G_MININT64);
  for (guint i = 0; i < list->len; i++)
    lift (self, g_array_index (list, Ban, i).network);
  g_mutex_unlock (&self->lock);
  return save_now (self, error);
}

GArray *
guard_list (Guard *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  GArray *list = bans_list (self->bans, now_seconds ());

  metric_set (METRIC_BANNED, list->len);
  return list;
}

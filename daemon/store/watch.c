/* Sessions that want to know when a mailbox or an account has changed: atomic flags and one
 * wake-up.
 */
#include "store/parts.h"

struct _Watch {
  gint references;
  guint fired; /* atomic: WatchKind bits */
  WatchKey key;
  GMainContext *context;
  Watches *watches;
  void (*func) (gpointer data); /* NULL after watch_free; the registering thread's */
  gpointer data;
};

struct _Watches {
  GMutex lock;
  GHashTable *by_key; /* WatchKey → GPtrArray of Watch */
};

static void
watch_unref (gpointer data)
{
  Watch *self = data;

  if (!g_atomic_int_dec_and_test (&self->references))
    return;
  g_main_context_unref (self->context);
  g_free (self);
}

static guint
hash_key (gconstpointer key)
{
  const WatchKey *self = key;

  return g_int64_hash (&self->id) ^ (self->is_account ? 0x9e3779b9 : 0);
}

static gboolean
keys_are_equal (gconstpointer a, gconstpointer b)
{
  const WatchKey *left = a, *right = b;

  return left->id == right->id && left->is_account == right->is_account;
}

Watches *
watches_new (void)
{
  Watches *self = g_new0 (Watches, 1);

  g_mutex_init (&self->lock);
  self->by_key
      = g_hash_table_new_full (hash_key, keys_are_equal, g_free, (GDestroyNotify)g_ptr_array_unref);
  return self;
}

void
watches_free (Watches *watches)
{
  if (!watches)
    return;
  g_hash_table_unref (watches->by_key);
  g_mutex_clear (&watches->lock);
  g_free (watches);
}

static void
tell (gpointer data)
{
  Watch *self = data;

  if (self->func)
    self->func (self->data);
  watch_unref (self);
}

void
watches_fire (Watches *watches, Delivery *delivery, const WatchKey *key, guint kinds)
{
  g_mutex_lock (&watches->lock);
  GPtrArray *list = g_hash_table_lookup (watches->by_key, key);
  for (guint i = 0; list && i < list->len; i++) {
    Watch *watch = list->pdata[i];
    if (g_atomic_int_or (&watch->fired, kinds) != 0)
      continue;
    g_atomic_int_inc (&watch->references);
    delivery_send (delivery, watch->context, tell, watch);
  }
  g_mutex_unlock (&watches->lock);
}

static Watch *
register_watch (Store *store, WatchKey key, void (*func) (gpointer data), gpointer data)
{
  Watch *self = g_new0 (Watch, 1);
  Watches *watches = store->watches;

  self->references = 1;
  self->key = key;
  self->context = g_main_context_ref_thread_default ();
  self->watches = watches;
  self->func = func;
  self->data = data;
  g_mutex_lock (&watches->lock);
  GPtrArray *list = g_hash_table_lookup (watches->by_key, &key);
  if (!list) {
    list = g_ptr_array_new ();
    g_hash_table_insert (watches->by_key, g_memdup2 (&key, sizeof key), list);
  }
  g_ptr_array_add (list, self);
  g_mutex_unlock (&watches->lock);
  return self;
}

Watch *
watch_new (Store *store, gint64 mailbox, void (*func) (gpointer data), gpointer data)
{
  return register_watch (store, (WatchKey) { mailbox, FALSE }, func, data);
}

Watch *
watch_new_account (Store *store, gint64 account, void (*func) (gpointer data), gpointer data)
{
  return register_watch (store, (WatchKey) { account, TRUE }, func, data);
}

guint
watch_rearm (Watch *watch)
{
  return g_atomic_int_and (&watch->fired, 0);
}

void
watch_free (Watch *watch)
{
  if (!watch)
    return;
  Watches *watches = watch->watches;
  g_mutex_lock (&watches->lock);
  GPtrArray *list = g_hash_table_lookup (watches->by_key, &watch->key);
  g_ptr_array_remove_fast (list, watch);
  if (list->len == 0)
    g_hash_table_remove (watches->by_key, &watch->key);
  g_mutex_unlock (&watches->lock);
  watch->func = NULL;
  watch_unref (watch);
}

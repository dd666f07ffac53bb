/* Sessions that want to know when a mailbox has changed: an atomic flag and one wake-up. */
#include "store/parts.h"

struct _Watch {
  gint references;
  gint fired; /* atomic */
  gint64 mailbox;
  GMainContext *context;
  Watches *watches;
  void (*func) (gpointer data); /* NULL after watch_free; the registering thread's */
  gpointer data;
};

struct _Watches {
  GMutex lock;
  GHashTable *by_mailbox; /* gint64 → GPtrArray of Watch */
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

Watches *
watches_new (void)
{
  Watches *self = g_new0 (Watches, 1);

  g_mutex_init (&self->lock);
  self->by_mailbox = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free,
                                            (GDestroyNotify)g_ptr_array_unref);
  return self;
}

void
watches_free (Watches *watches)
{
  if (!watches)
    return;
  g_hash_table_unref (watches->by_mailbox);
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
watches_fire (Watches *watches, Delivery *delivery, gint64 mailbox)
{
  g_mutex_lock (&watches->lock);
  GPtrArray *list = g_hash_table_lookup (watches->by_mailbox, &mailbox);
  for (guint i = 0; list && i < list->len; i++) {
    Watch *watch = list->pdata[i];
    if (!g_atomic_int_compare_and_exchange (&watch->fired, FALSE, TRUE))
      continue;
    g_atomic_int_inc (&watch->references);
    delivery_send (delivery, watch->context, tell, watch);
  }
  g_mutex_unlock (&watches->lock);
}

Watch *
watch_new (Store *store, gint64 mailbox, void (*func) (gpointer data), gpointer data)
{
  Watch *self = g_new0 (Watch, 1);
  Watches *watches = store->watches;

  self->references = 1;
  self->mailbox = mailbox;
  self->context = g_main_context_ref_thread_default ();
  self->watches = watches;
  self->func = func;
  self->data = data;
  g_mutex_lock (&watches->lock);
  GPtrArray *list = g_hash_table_lookup (watches->by_mailbox, &mailbox);
  if (!list) {
    list = g_ptr_array_new ();
    g_hash_table_insert (watches->by_mailbox, g_memdup2 (&mailbox, sizeof mailbox), list);
  }
  g_ptr_array_add (list, self);
  g_mutex_unlock (&watches->lock);
  return self;
}

gboolean
watch_rearm (Watch *watch)
{
  return g_atomic_int_compare_and_exchange (&watch->fired, TRUE, FALSE);
}

void
watch_free (Watch *watch)
{
  if (!watch)
    return;
  Watches *watches = watch->watches;
  g_mutex_lock (&watches->lock);
  GPtrArray *list = g_hash_table_lookup (watches->by_mailbox, &watch->mailbox);
  g_ptr_array_remove_fast (list, watch);
  if (list->len == 0)
    g_hash_table_remove (watches->by_mailbox, &watch->mailbox);
  g_mutex_unlock (&watches->lock);
  watch->func = NULL;
  watch_unref (watch);
}

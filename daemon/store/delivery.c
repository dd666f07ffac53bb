/* Brings answers to the GMainContext that waits for them, a batch with one wake-up. */
#include "store/delivery.h"

typedef struct {
  void (*func) (gpointer data);
  gpointer data;
} Letter;

typedef struct {
  GSource source;
  GMutex lock;
  GArray *letters; /* of Letter */
  gboolean awake, last;
} Box;

struct _Delivery {
  GMutex lock;
  GHashTable *boxes; /* GMainContext → Box */
  GPtrArray *filled; /* Box */
};

static gboolean
dispatch_box (GSource *source, GSourceFunc callback, gpointer data)
{
  Box *box = (Box *)source;

  g_mutex_lock (&box->lock);
  GArray *letters = g_steal_pointer (&box->letters);
  box->letters = g_array_new (FALSE, FALSE, sizeof (Letter));
  g_source_set_ready_time (source, -1);
  box->awake = FALSE;
  gboolean last = box->last;
  g_mutex_unlock (&box->lock);

  for (guint i = 0; i < letters->len; i++) {
    const Letter *letter = &g_array_index (letters, Letter, i);
    letter->func (letter->data);
  }
  g_array_unref (letters);
  return last ? G_SOURCE_REMOVE : G_SOURCE_CONTINUE;
}

static void
finalize_box (GSource *source)
{
  Box *box = (Box *)source;

  g_array_unref (box->letters);
  g_mutex_clear (&box->lock);
}

static GSourceFuncs box_functions = { .dispatch = dispatch_box, .finalize = finalize_box };

static Box *
box_new (GMainContext *context)
{
  GSource *source = g_source_new (&box_functions, sizeof (Box));
  Box *box = (Box *)source;

  g_mutex_init (&box->lock);
  box->letters = g_array_new (FALSE, FALSE, sizeof (Letter));
  g_source_set_static_name (source, "store answers");
  g_source_attach (source, context);
  return box;
}

static void
box_close (gpointer data)
{
  Box *box = data;

  g_mutex_lock (&box->lock);
  gboolean empty = box->letters->len == 0;
  box->last = TRUE;
  g_mutex_unlock (&box->lock);
  if (empty)
    g_source_destroy (&box->source);
  g_source_unref (&box->source);
}

Delivery *
delivery_new (void)
{
  Delivery *self = g_new0 (Delivery, 1);

  g_mutex_init (&self->lock);
  self->boxes = g_hash_table_new_full (NULL, NULL, (GDestroyNotify)g_main_context_unref, box_close);
  self->filled = g_ptr_array_new ();
  return self;
}

void
delivery_free (Delivery *delivery)
{
  if (!delivery)
    return;
  delivery_flush (delivery);
  g_hash_table_unref (delivery->boxes);
  g_ptr_array_unref (delivery->filled);
  g_mutex_clear (&delivery->lock);
  g_free (delivery);
}

void
delivery_send (Delivery *delivery, GMainContext *context, void (*func) (gpointer data),
               gpointer data)
{
  Letter letter = { func, data };

  g_mutex_lock (&delivery->lock);
  Box *box = g_hash_table_lookup (delivery->boxes, context);
  if (!box) {
    box = box_new (context);
    g_hash_table_insert (delivery->boxes, g_main_context_ref (context), box);
  }
  g_mutex_lock (&box->lock);
  g_array_append_val (box->letters, letter);
  if (!box->awake) {
    box->awake = TRUE;
    g_ptr_array_add (delivery->filled, box);
  }
  g_mutex_unlock (&box->lock);
  g_mutex_unlock (&delivery->lock);
}

void
delivery_flush (Delivery *delivery)
{
  g_mutex_lock (&delivery->lock);
  for (guint i = 0; i < delivery->filled->len; i++) {
    Box *box = delivery->filled->pdata[i];
    g_mutex_lock (&box->lock);
    /* The source may have run since, woken for an older letter, and taken everything along. */
    if (box->letters->len > 0)
      g_source_set_ready_time (&box->source, 0);
    else
      box->awake = FALSE;
    g_mutex_unlock (&box->lock);
  }
  g_ptr_array_set_size (delivery->filled, 0);
  g_mutex_unlock (&delivery->lock);
}

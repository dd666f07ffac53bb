/* A ring of the last notes. */
#include "store/parts.h"

struct _Notes {
  GMutex lock;
  guint64 last;
  Note *kept[NOTES_KEPT]; /* serial S lies at S % NOTES_KEPT */
};

void
note_free (Note *note)
{
  if (!note)
    return;
  g_free (note->text);
  g_free (note);
}

Notes *
notes_new (void)
{
  Notes *self = g_new0 (Notes, 1);

  g_mutex_init (&self->lock);
  return self;
}

void
notes_free (Notes *notes)
{
  if (!notes)
    return;
  for (guint i = 0; i < NOTES_KEPT; i++)
    note_free (notes->kept[i]);
  g_mutex_clear (&notes->lock);
  g_free (notes);
}

void
notes_publish (Notes *self, GPtrArray *notes)
{
  g_mutex_lock (&self->lock);
  for (guint i = 0; i < notes->len; i++) {
    Note *note = g_steal_pointer (&notes->pdata[i]);
    note->serial = ++self->last;
    note_free (self->kept[note->serial % NOTES_KEPT]);
    self->kept[note->serial % NOTES_KEPT] = note;
  }
  g_mutex_unlock (&self->lock);
  g_ptr_array_set_size (notes, 0);
}

guint64
store_notes_last (Store *store)
{
  Notes *self = store->notes;
  guint64 last;

  g_mutex_lock (&self->lock);
  last = self->last;
  g_mutex_unlock (&self->lock);
  return last;
}

gboolean
store_notes_since (Store *store, guint64 *serial, void (*func) (const Note *note, gpointer data),
                   gpointer data)
{
  Notes *self = store->notes;
  gboolean whole;

  g_mutex_lock (&self->lock);
  whole = self->last - *serial <= NOTES_KEPT;
  for (guint64 i = *serial + 1; whole && i <= self->last; i++)
    func (self->kept[i % NOTES_KEPT], data);
  *serial = self->last;
  g_mutex_unlock (&self->lock);
  return whole;
}

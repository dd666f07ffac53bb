/* Who must still hear that a sync failed. A file's pages belong to all who have it open: when one
 * of them learns that bytes are lost, those of the others may be among them. So each one's next
 * sync fails, too, even where the disk works again (fsync(2): all descriptors that were open). */
#include "trace-private.h"

typedef struct {
  char *path;
  gboolean owes_error;
} Opening;

static GMutex lock;
static GHashTable *openings; /* guint64 * → Opening * */

static void
opening_free (gpointer data)
{
  Opening *opening = data;

  g_free (opening->path);
  g_free (opening);
}

void
trace_errors_start (void)
{
  openings = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, opening_free);
}

void
trace_errors_stop (void)
{
  g_clear_pointer (&openings, g_hash_table_unref);
}

void
trace_add_opening (guint64 handle, const char *path)
{
  Opening *opening = g_new0 (Opening, 1);

  opening->path = g_strdelimit (g_strdup (path), G_DIR_SEPARATOR_S, '/');
  g_mutex_lock (&lock);
  g_hash_table_insert (openings, g_memdup2 (&handle, sizeof handle), opening);
  g_mutex_unlock (&lock);
  trace_add (TRACE_OPEN, handle, 0, path, NULL, NULL, 0);
}

void
trace_end_opening (guint64 handle)
{
  g_mutex_lock (&lock);
  if (openings != NULL)
    g_hash_table_remove (openings, &handle);
  g_mutex_unlock (&lock);
}

static void
owe_error (guint64 handle)
{
  const Opening *failed = g_hash_table_lookup (openings, &handle);
  GHashTableIter iter;
  gpointer value;

  if (failed == NULL)
    return;
  g_hash_table_iter_init (&iter, openings);
  while (g_hash_table_iter_next (&iter, NULL, &value)) {
    Opening *other = value;

    other->owes_error |= other != failed && g_str_equal (other->path, failed->path);
  }
}

/* The others owe before the log knows: whoever's sync comes behind the record then sees it. */
void
trace_add_failed_sync (guint64 handle, guint64 position)
{
  g_mutex_lock (&lock);
  owe_error (handle);
  g_mutex_unlock (&lock);
  trace_add (TRACE_SYNC_FAILED, handle, position, NULL, NULL, NULL, 0);
}

gboolean
trace_add_sync (guint64 handle, guint64 position)
{
  Opening *opening;
  gboolean owed;

  trace_add (TRACE_SYNC, handle, position, NULL, NULL, NULL, 0);
  g_mutex_lock (&lock);
  opening = g_hash_table_lookup (openings, &handle);
  owed = opening != NULL && opening->owes_error;
  if (owed)
    opening->owes_error = FALSE;
  g_mutex_unlock (&lock);
  return !owed;
}

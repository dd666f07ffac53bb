/* The files that hold messages: written at their end, read through a few open handles, deleted when
 * nobody pins them. */
#include "store/segment.h"
#include "log.h"
#include "metrics.h"

#define HANDLES_MAX 64
#define COPY_SIZE (1024 * 1024)

typedef struct {
  guint64 number;
  File *file;
  gint references; /* under the lock */
} Handle;

typedef struct {
  guint64 number;
  guint64 pins_before;
} Doomed;

struct _Segments {
  char *folder;
  /* The writer's. */
  File *current;
  guint64 current_number, current_size;
  gboolean dirty;

  GMutex lock; /* what follows */
  guint64 last_number;
  GQueue handles; /* most recently used first */
  guint64 last_pin;
  GArray *pins; /* guint64, ascending */
  GArray *doomed; /* Doomed */
};

char *
segments_path (Segments *segments, guint64 number)
{
  return g_strdup_printf ("%s/%08" G_GUINT64_FORMAT ".seg", segments->folder, number);
}

static char *
tail_path (Segments *self, guint64 number, guint64 offset)
{
  return g_strdup_printf ("%s/tail-%08" G_GUINT64_FORMAT "-%" G_GUINT64_FORMAT, self->folder,
                          number, offset);
}

/* "00000012.seg" and, when tails count as well, "tail-00000012-0". */
static gboolean
parse_name (const char *name, gboolean tails, guint64 *number)
{
  char *end;
  gboolean tail = g_str_has_prefix (name, "tail-");

  if (tail && !tails)
    return FALSE;
  const char *digits = tail ? name + strlen ("tail-") : name;
  *number = g_ascii_strtoull (digits, &end, 10);
  return end != digits && *number > 0 && *number < G_MAXINT64
      && (tail ? *end == '-' : g_str_equal (end, ".seg"));
}

static int
compare_numbers (gconstpointer a, gconstpointer b)
{
  guint64 left = *(const guint64 *)a, right = *(const guint64 *)b;

  return left < right ? -1 : left > right;
}

static GArray *
list_numbers (Segments *self, gboolean tails, GError **error)
{
  g_autoptr (GPtrArray) names = file_list (self->folder, error);
  guint64 number;

  if (!names)
    return NULL;
  GArray *numbers = g_array_new (FALSE, FALSE, sizeof (guint64));
  for (guint i = 0; i < names->len; i++)
    if (parse_name (names->pdata[i], tails, &number))
      g_array_append_val (numbers, number);
  g_array_sort (numbers, compare_numbers);
  return numbers;
}

GArray *
segments_list (Segments *segments, GError **error)
{
  return list_numbers (segments, FALSE, error);
}

Segments *
segments_open (const char *folder, guint64 after, GError **error)
{
  g_autoptr (Segments) self = g_new0 (Segments, 1);

  self->folder = g_strdup (folder);
  g_mutex_init (&self->lock);
  g_queue_init (&self->handles);
  self->pins = g_array_new (FALSE, FALSE, sizeof (guint64));
  self->doomed = g_array_new (FALSE, FALSE, sizeof (Doomed));
  if (!file_make_folder (folder, error))
    return NULL;
  g_autoptr (GArray) numbers = list_numbers (self, TRUE, error);
  if (!numbers)
    return NULL;
  self->last_number = after;
  if (numbers->len > 0)
    self->last_number = MAX (after, g_array_index (numbers, guint64, numbers->len - 1));
  return g_steal_pointer (&self);
}

static void
handle_free (gpointer data)
{
  Handle *handle = data;

  file_close (handle->file);
  g_free (handle);
}

void
segments_free (Segments *segments)
{
  if (!segments)
    return;
  file_close (segments->current);
  g_queue_clear_full (&segments->handles, handle_free);
  g_array_unref (segments->pins);
  g_array_unref (segments->doomed);
  g_mutex_clear (&segments->lock);
  g_free (segments->folder);
  g_free (segments);
}

static gboolean
sync_counted (File *file, GError **error)
{
  metric_add (METRIC_STORE_FLUSHES, 1);
  return file_sync (file, error);
}

/* A new file whose name is durable. */
static File *
create (Segments *self, guint64 *number, GError **error)
{
  g_mutex_lock (&self->lock);
  *number = ++self->last_number;
  g_mutex_unlock (&self->lock);
  g_autofree char *path = segments_path (self, *number);
  g_autoptr (File) file = file_open (path, FILE_MODE_CREATE, error);
  if (!file)
    return NULL;
  metric_add (METRIC_STORE_FLUSHES, 1);
  if (!file_sync_folder (self->folder, error))
    return NULL;
  return g_steal_pointer (&file);
}

gboolean
segments_begin (Segments *segments, guint64 *number, guint64 *offset, GError **error)
{
  if (segments->current && segments->current_size >= SEGMENT_SIZE && !segments->dirty)
    segments_abandon (segments);
  if (!segments->current) {
    segments->current = create (segments, &segments->current_number, error);
    segments->current_size = 0;
    segments->dirty = FALSE;
  }
  if (!segments->current)
    return FALSE;
  *number = segments->current_number;
  *offset = segments->current_size;
  return TRUE;
}

gboolean
segments_append (Segments *segments, const void *bytes, gsize length, GError **error)
{
  g_assert (segments->current);
  segments->dirty = TRUE;
  if (!file_write (segments->current, segments->current_size, bytes, length, error))
    return FALSE;
  segments->current_size += length;
  metric_add (METRIC_STORE_BYTES_APPENDED, length);
  return TRUE;
}

gboolean
segments_sync (Segments *segments, GError **error)
{
  g_assert (segments->current);
  if (!sync_counted (segments->current, error))
    return FALSE;
  segments->dirty = FALSE;
  return TRUE;
}

void
segments_abandon (Segments *segments)
{
  g_clear_pointer (&segments->current, file_close);
  segments->dirty = FALSE;
}

gboolean
segments_is_dirty (Segments *segments)
{
  return segments->dirty;
}

File *
segments_create_own (Segments *segments, guint64 *number, GError **error)
{
  return create (segments, number, error);
}

gboolean
segments_finish_own (File *file, guint64 length, GError **error)
{
  metric_add (METRIC_STORE_BYTES_APPENDED, length);
  return sync_counted (file, error);
}

static Handle *
find_handle (Segments *self, guint64 number)
{
  for (GList *link = self->handles.head; link; link = link->next) {
    Handle *handle = link->data;
    if (handle->number == number) {
      g_queue_unlink (&self->handles, link);
      g_queue_push_head_link (&self->handles, link);
      return handle;
    }
  }
  return NULL;
}

/* Closes the least recently used ones that nobody reads from. */
static void
trim_handles (Segments *self)
{
  GList *link = self->handles.tail;

  while (link && self->handles.length > HANDLES_MAX) {
    GList *previous = link->prev;
    Handle *handle = link->data;
    if (handle->references == 0) {
      g_queue_delete_link (&self->handles, link);
      handle_free (handle);
    }
    link = previous;
  }
}

static Handle *
claim_handle (Segments *self, guint64 number, GError **error)
{
  g_mutex_lock (&self->lock);
  Handle *handle = find_handle (self, number);
  if (!handle) {
    g_autofree char *path = segments_path (self, number);
    File *file = file_open (path, FILE_MODE_READ, error);
    if (file) {
      handle = g_new0 (Handle, 1);
      handle->number = number;
      handle->file = file;
      g_queue_push_head (&self->handles, handle);
    }
  }
  if (handle)
    handle->references++;
  trim_handles (self);
  g_mutex_unlock (&self->lock);
  return handle;
}

static void
release_handle (Segments *self, Handle *handle)
{
  g_mutex_lock (&self->lock);
  handle->references--;
  g_mutex_unlock (&self->lock);
}

gboolean
segments_read (Segments *segments, guint64 number, guint64 offset, void *data, gsize length,
               gsize *done, GError **error)
{
  Handle *handle = claim_handle (segments, number, error);

  if (!handle)
    return FALSE;
  gboolean read = file_read (handle->file, offset, data, length, done, error);
  release_handle (segments, handle);
  return read;
}

gboolean
segments_measure (Segments *segments, guint64 number, guint64 *size, GError **error)
{
  Handle *handle = claim_handle (segments, number, error);

  if (!handle)
    return FALSE;
  gboolean measured = file_size (handle->file, size, error);
  release_handle (segments, handle);
  return measured;
}

guint64
segments_pin (Segments *segments)
{
  g_mutex_lock (&segments->lock);
  guint64 pin = ++segments->last_pin;
  g_array_append_val (segments->pins, pin);
  g_mutex_unlock (&segments->lock);
  return pin;
}

static void
close_handle (Segments *self, guint64 number)
{
  Handle *handle = find_handle (self, number);

  if (!handle)
    return;
  /* Only a pinned snapshot reads, and no pin is left. */
  g_assert (handle->references == 0);
  g_queue_remove (&self->handles, handle);
  handle_free (handle);
}

/* With the lock held. A file that stays after all is found at the next start and set aside. */
static void
delete_doomed (Segments *self)
{
  guint64 oldest = self->pins->len > 0 ? g_array_index (self->pins, guint64, 0) : G_MAXUINT64;

  for (guint i = self->doomed->len; i-- > 0;) {
    Doomed doomed = g_array_index (self->doomed, Doomed, i);
    g_autoptr (GError) error = NULL;
    if (doomed.pins_before >= oldest)
      continue;
    g_array_remove_index_fast (self->doomed, i);
    close_handle (self, doomed.number);
    g_autofree char *path = segments_path (self, doomed.number);
    if (!file_remove (path, &error))
      log_event (LOG_WARNING, "Cannot delete a segment that is no longer used", "file", path,
                 "error", error->message, NULL);
  }
}

void
segments_unpin (Segments *segments, guint64 pin)
{
  g_mutex_lock (&segments->lock);
  for (guint i = 0; i < segments->pins->len; i++)
    if (g_array_index (segments->pins, guint64, i) == pin) {
      g_array_remove_index (segments->pins, i);
      break;
    }
  delete_doomed (segments);
  g_mutex_unlock (&segments->lock);
}

static gboolean
is_doomed (Segments *self, guint64 number)
{
  for (guint i = 0; i < self->doomed->len; i++)
    if (g_array_index (self->doomed, Doomed, i).number == number)
      return TRUE;
  return FALSE;
}

void
segments_remove (Segments *segments, guint64 number)
{
  g_autofree char *path = segments_path (segments, number);

  g_mutex_lock (&segments->lock);
  Doomed doomed = { number, segments->last_pin };
  if (!is_doomed (segments, number) && file_exists (path))
    g_array_append_val (segments->doomed, doomed);
  delete_doomed (segments);
  g_mutex_unlock (&segments->lock);
}

gboolean
segments_sync_folder (Segments *segments, GError **error)
{
  metric_add (METRIC_STORE_FLUSHES, 1);
  return file_sync_folder (segments->folder, error);
}

static gboolean
copy_tail (Segments *self, guint64 number, guint64 from, File *to, GError **error)
{
  g_autofree guint8 *block = g_malloc (COPY_SIZE);
  gsize done = 0;
  guint64 at = 0;

  do {
    if (!segments_read (self, number, from + at, block, COPY_SIZE, &done, error)
        || (done > 0 && !file_write (to, at, block, done, error)))
      return FALSE;
    at += done;
  } while (done == COPY_SIZE);
  return sync_counted (to, error);
}

gboolean
segments_keep_tail (Segments *segments, guint64 number, guint64 size, GError **error)
{
  guint64 actual;
  g_autofree char *path = tail_path (segments, number, size);
  g_autofree char *unfinished = g_strconcat (path, ".new", NULL);

  if (!segments_measure (segments, number, &actual, error))
    return FALSE;
  if (actual <= size || file_exists (path))
    return TRUE;
  g_autoptr (File) file = file_open (unfinished, FILE_MODE_WRITE, error);
  if (!file || !copy_tail (segments, number, size, file, error)
      || !file_publish (unfinished, path, error))
    return FALSE;
  log_event (LOG_NOTICE, "Kept the unacknowledged end of a segment aside", "file", path, NULL);
  return TRUE;
}

gboolean
segments_set_aside (Segments *segments, guint64 number, GError **error)
{
  g_autofree char *from = segments_path (segments, number);
  g_autofree char *to = tail_path (segments, number, 0);

  g_mutex_lock (&segments->lock);
  close_handle (segments, number);
  g_mutex_unlock (&segments->lock);
  if (!file_publish (from, to, error))
    return FALSE;
  log_event (LOG_NOTICE, "Set a segment aside that the database does not know", "file", to, NULL);
  return TRUE;
}

/* Gathers a message in memory, and beyond 256 KiB in a file that workers write chunk by chunk. */
#include "net/spool.h"
#include "net/channel-private.h"
#include "platform/file.h"

enum { CHUNK = 256 * 1024 };

/* What is on the disk. Belongs to the worker while a job runs, else to the spool. */
typedef struct {
  char *path;
  File *file;
  guint64 length;
} SpoolFile;

struct _Spool {
  guint refs; /* the owner's and one for the job that runs */
  Channel *channel;
  Limits *limits;
  char *folder;
  GByteArray *chunk; /* not yet handed to a worker */
  guint64 length;
  SpoolFile *file; /* NULL while everything fits in memory */
  GError *error;
  GTask *finish;
  gboolean busy, paused, freed;
};

/* One chunk on its way to the disk. */
typedef struct {
  SpoolFile *file;
  GByteArray *chunk;
} SpoolWrite;

/* A message that has been yielded: gives the budget back, and the file. */
typedef struct {
  Limits *limits;
  GByteArray *memory;
  GBytes *map;
  SpoolFile *file;
} Yield;

static void
spool_write_free (gpointer data)
{
  SpoolWrite *write = data;

  g_byte_array_unref (write->chunk);
  g_free (write);
}

static void
spool_file_remove (SpoolFile *file)
{
  g_clear_pointer (&file->file, file_close);
  /* What cannot be removed now is removed by spool_clean at the next start. */
  file_remove (file->path, NULL);
  g_free (file->path);
  g_free (file);
}

static void
run_removal (gpointer data, gpointer unused)
{
  Yield *yield = data;

  g_clear_pointer (&yield->map, g_bytes_unref);
  spool_file_remove (yield->file);
  g_free (yield);
}

/* The last reference to a message may be dropped in an I/O thread, which must not touch the disk.
 */
static GThreadPool *
removals (void)
{
  static GThreadPool *pool = NULL;

  if (g_once_init_enter (&pool))
    g_once_init_leave (&pool, g_thread_pool_new (run_removal, NULL, 1, FALSE, NULL));
  return pool;
}

static void
remove_later (SpoolFile *file, GBytes *map)
{
  Yield *yield = g_new0 (Yield, 1);

  yield->file = file;
  yield->map = map;
  g_thread_pool_push (removals (), yield, NULL);
}

static void
yield_free (gpointer data)
{
  Yield *yield = data;

  if (yield->file != NULL) {
    g_thread_pool_push (removals (), yield, NULL);
    return;
  }
  if (yield->limits != NULL)
    limits_release_bytes (yield->limits, yield->memory->len);
  g_byte_array_unref (yield->memory);
  g_free (yield);
}

static void
count_bytes (Spool *self, gssize change)
{
  if (self->limits == NULL)
    return;
  if (change > 0)
    limits_add_bytes (self->limits, change);
  else
    limits_release_bytes (self->limits, -change);
}

static void
drop_chunk (Spool *self)
{
  count_bytes (self, -(gssize)self->chunk->len);
  g_byte_array_unref (self->chunk);
  self->chunk = g_byte_array_new ();
}

static void
pause_channel (Spool *self)
{
  if (self->paused || self->channel == NULL)
    return;
  self->paused = TRUE;
  channel_pause (self->channel);
}

static void
resume_channel (Spool *self)
{
  if (!self->paused)
    return;
  self->paused = FALSE;
  channel_resume (self->channel);
}

Spool *
spool_new (Channel *channel, const char *folder)
{
  Spool *self = g_new0 (Spool, 1);

  self->refs = 1;
  if (channel != NULL) {
    self->channel = channel_ref (channel);
    self->limits = channel->limits;
  }
  self->folder = g_strdup (folder);
  self->chunk = g_byte_array_new ();
  return self;
}

static void
spool_unref (Spool *self)
{
  if (--self->refs > 0)
    return;
  drop_chunk (self);
  g_byte_array_unref (self->chunk);
  if (self->file != NULL)
    remove_later (self->file, NULL);
  g_clear_error (&self->error);
  if (self->channel != NULL)
    channel_unref (self->channel);
  g_free (self->folder);
  g_free (self);
}

static void
answer_with_error (GTask *task, const GError *error)
{
  g_task_return_error (task, g_error_copy (error));
  g_object_unref (task);
}

void
spool_free (Spool *self)
{
  g_autoptr (GError) ended = NULL;

  self->freed = TRUE;
  resume_channel (self);
  if (self->finish != NULL) {
    ended = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "The message was dropped");
    answer_with_error (g_steal_pointer (&self->finish), ended);
  }
  spool_unref (self);
}

static gboolean
open_file (SpoolFile *file, GError **error)
{
  if (file->file == NULL)
    file->file = file_open (file->path, FILE_MODE_CREATE, error);
  return file->file != NULL;
}

/* In a worker. */
static void
write_chunk (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  SpoolWrite *write = data;
  g_autoptr (GError) error = NULL;

  if (open_file (write->file, &error)
      && file_write (write->file->file, write->file->length, write->chunk->data, write->chunk->len,
                     &error)) {
    write->file->length += write->chunk->len;
    g_task_return_boolean (task, TRUE);
  } else {
    g_task_return_error (task, g_steal_pointer (&error));
  }
}

/* In a worker. */
static void
map_file (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  SpoolFile *file = data;
  g_autoptr (GError) error = NULL;

  g_clear_pointer (&file->file, file_close);
  GBytes *map = file_map (file->path, &error);
  if (map != NULL)
    g_task_return_pointer (task, map, (GDestroyNotify)g_bytes_unref);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static void
did_map (GObject *source, GAsyncResult *result, gpointer data)
{
  Spool *self = data;
  GBytes *map = g_task_propagate_pointer (G_TASK (result), &self->error);

  self->busy = FALSE;
  if (map == NULL && self->finish != NULL) {
    answer_with_error (g_steal_pointer (&self->finish), self->error);
  } else if (map != NULL && self->finish != NULL) {
    g_autoptr (GTask) finish = g_steal_pointer (&self->finish);
    Yield *yield = g_new0 (Yield, 1);
    gsize length;
    const void *bytes = g_bytes_get_data (map, &length);
    *yield = (Yield) { .map = map, .file = g_steal_pointer (&self->file) };
    g_task_return_pointer (finish, g_bytes_new_with_free_func (bytes, length, yield_free, yield),
                           (GDestroyNotify)g_bytes_unref);
  } else if (map != NULL) {
    remove_later (g_steal_pointer (&self->file), map);
  }
  spool_unref (self);
}

static void
start_job (Spool *self, GAsyncReadyCallback done, GTaskThreadFunc func, gpointer job,
           GDestroyNotify destroy)
{
  g_autoptr (GTask) task = g_task_new (NULL, NULL, done, self);

  self->busy = TRUE;
  self->refs++;
  g_task_set_task_data (task, job, destroy);
  g_task_run_in_thread (task, func);
}

static void
yield_memory (Spool *self)
{
  g_autoptr (GTask) finish = g_steal_pointer (&self->finish);
  Yield *yield = g_new0 (Yield, 1);

  *yield = (Yield) { .limits = self->limits, .memory = g_steal_pointer (&self->chunk) };
  self->chunk = g_byte_array_new ();
  g_task_return_pointer (
      finish,
      g_bytes_new_with_free_func (yield->memory->data, yield->memory->len, yield_free, yield),
      (GDestroyNotify)g_bytes_unref);
}

static void did_write_chunk (GObject *source, GAsyncResult *result, gpointer data);

static void
start_write (Spool *self)
{
  SpoolWrite *write = g_new0 (SpoolWrite, 1);

  if (self->file == NULL) {
    g_autofree char *name = g_uuid_string_random ();
    self->file = g_new0 (SpoolFile, 1);
    self->file->path = g_build_filename (self->folder, name, NULL);
  }
  write->file = self->file;
  write->chunk = g_steal_pointer (&self->chunk);
  self->chunk = g_byte_array_new ();
  start_job (self, did_write_chunk, write_chunk, write, spool_write_free);
}

static gboolean
must_write (Spool *self)
{
  if (self->chunk->len == 0 || self->error != NULL)
    return FALSE;
  if (self->finish != NULL)
    return self->file != NULL;
  return self->chunk->len >= CHUNK || (self->limits != NULL && limits_are_over (self->limits));
}

/* Does the next thing that is due; one job at a time. */
static void
go_on (Spool *self)
{
  if (self->error != NULL)
    drop_chunk (self);
  if (self->busy) {
    if (must_write (self))
      pause_channel (self);
    return;
  }
  if (self->finish != NULL && self->error != NULL)
    answer_with_error (g_steal_pointer (&self->finish), self->error);
  else if (must_write (self))
    start_write (self);
  else if (self->finish != NULL && self->file == NULL)
    yield_memory (self);
  else if (self->finish != NULL)
    start_job (self, did_map, map_file, self->file, NULL);
  resume_channel (self);
}

static void
did_write_chunk (GObject *source, GAsyncResult *result, gpointer data)
{
  Spool *self = data;
  SpoolWrite *write = g_task_get_task_data (G_TASK (result));

  self->busy = FALSE;
  count_bytes (self, -(gssize)write->chunk->len);
  g_task_propagate_boolean (G_TASK (result), self->error == NULL ? &self->error : NULL);
  if (!self->freed)
    go_on (self);
  spool_unref (self);
}

void
spool_append (Spool *self, const void *bytes, gsize length)
{
  self->length += length;
  if (self->error == NULL) {
    g_byte_array_append (self->chunk, bytes, length);
    count_bytes (self, length);
  }
  go_on (self);
}

guint64
spool_length (Spool *self)
{
  return self->length;
}

void
spool_finish_async (Spool *self, GAsyncReadyCallback callback, gpointer data)
{
  g_assert (self->finish == NULL);
  self->finish = g_task_new (NULL, NULL, callback, data);
  g_task_set_source_tag (self->finish, spool_finish_async);
  if (!self->busy)
    go_on (self);
}

GBytes *
spool_finish_finish (Spool *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

gboolean
spool_clean (const char *folder, GError **error)
{
  g_autoptr (GPtrArray) names = NULL;

  if (!file_make_folder (folder, error))
    return FALSE;
  names = file_list (folder, error);
  if (names == NULL)
    return FALSE;
  for (guint i = 0; i < names->len; i++) {
    g_autofree char *path = g_build_filename (folder, names->pdata[i], NULL);
    if (!file_remove (path, error))
      return FALSE;
  }
  return TRUE;
}

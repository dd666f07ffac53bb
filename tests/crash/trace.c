/* The log, the counters and the faults behind both shims. */
#include "trace-private.h"
#include <errno.h>
#include <gio/gio.h>
#include <stdio.h>
#include <string.h>

#define MAGIC 0x52455031

typedef struct {
  guint32 magic, kind;
  gint64 time;
  guint64 handle, offset, length;
  guint32 path_length, to_length;
} Header;

static struct {
  GMutex lock;
  char *root; /* with slashes, also at its end */
  FILE *log;
  guint64 records, handles, flushes;
  Fault fault;
  guint64 operations;
  gboolean struck, skip_files, skip_folders;
} tracer;

/* A system with two separators lets programs mix them; the log knows one. */
static char *
with_slashes (const char *path)
{
  return g_strdelimit (g_strdup (path), G_DIR_SEPARATOR_S, '/');
}

/* A folder itself is watched, too: its sync must be seen. */
gboolean
trace_watches (const char *path)
{
  g_autofree char *name = NULL;
  gsize length;

  if (path == NULL || tracer.root == NULL)
    return FALSE;
  name = with_slashes (path);
  length = strlen (tracer.root);
  return strncmp (name, tracer.root, length) == 0
      || (strlen (name) == length - 1 && strncmp (name, tracer.root, length - 1) == 0);
}

/* "" for the root itself and for no path. */
static char *
below_root (const char *path)
{
  gsize length = strlen (tracer.root);

  return path == NULL || strlen (path) < length ? g_strdup ("") : with_slashes (path + length);
}

int
trace_operation (FaultKind kind, const char *path)
{
  gboolean strikes;

  if (!trace_watches (path))
    return 0;
  g_mutex_lock (&tracer.lock);
  if ((tracer.fault.kinds & kind) != 0)
    tracer.operations++;
  strikes = (tracer.fault.kinds & kind) != 0 && tracer.fault.at != 0
      && (tracer.fault.lasting ? tracer.operations >= tracer.fault.at
                               : tracer.operations == tracer.fault.at);
  tracer.struck |= strikes;
  g_mutex_unlock (&tracer.lock);
  if (!strikes)
    return 0;
  return tracer.fault.full ? ENOSPC : EIO;
}

guint64
trace_position (void)
{
  guint64 records;

  g_mutex_lock (&tracer.lock);
  records = tracer.records;
  g_mutex_unlock (&tracer.lock);
  return records;
}

guint64
trace_new_handle (void)
{
  guint64 handle;

  g_mutex_lock (&tracer.lock);
  handle = ++tracer.handles;
  g_mutex_unlock (&tracer.lock);
  return handle;
}

static void
put (const void *data, gsize length)
{
  if (length != 0 && fwrite (data, 1, length, tracer.log) != length)
    g_error ("Cannot write the crash log: %s", g_strerror (errno));
}

void
trace_add (TraceKind kind, guint64 handle, guint64 offset, const char *path, const char *to,
           const void *data, gsize length)
{
  Header header = { .magic = MAGIC, .kind = kind, .handle = handle, .offset = offset };
  g_autofree char *from = below_root (path);
  g_autofree char *target = below_root (to);

  g_mutex_lock (&tracer.lock);
  tracer.flushes += kind == TRACE_SYNC || kind == TRACE_SYNC_FOLDER;
  if (tracer.log != NULL) {
    header.time = g_get_monotonic_time ();
    header.length = length;
    header.path_length = path != NULL ? (guint32)strlen (from) + 1 : 0;
    header.to_length = to != NULL ? (guint32)strlen (target) + 1 : 0;
    put (&header, sizeof header);
    put (from, header.path_length);
    put (target, header.to_length);
    put (data, length);
    if (fflush (tracer.log) != 0)
      g_error ("Cannot write the crash log: %s", g_strerror (errno));
  }
  tracer.records++;
  g_mutex_unlock (&tracer.lock);
}

gboolean
trace_start (const char *root, const char *log, GError **error)
{
  g_return_val_if_fail (tracer.root == NULL, FALSE);
  if (log != NULL && (tracer.log = fopen (log, "wb")) == NULL) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "Cannot make %s: %s", log,
                 g_strerror (errno));
    return FALSE;
  }
  g_autofree char *folder = with_slashes (root);
  tracer.root = g_strconcat (folder, "/", NULL);
  tracer.records = tracer.flushes = 0;
  trace_fault (NULL);
  trace_errors_start ();
  trace_files_start ();
  return trace_database_start ();
}

void
trace_stop (void)
{
  trace_files_stop ();
  trace_database_stop ();
  trace_errors_stop ();
  g_clear_pointer (&tracer.log, fclose);
  g_clear_pointer (&tracer.root, g_free);
  trace_skip_syncs (FALSE, FALSE);
}

void
trace_fault (const Fault *fault)
{
  static const Fault none = { .kinds = FAULT_ALL };

  g_mutex_lock (&tracer.lock);
  tracer.fault = fault != NULL ? *fault : none;
  tracer.operations = 0;
  tracer.struck = FALSE;
  g_mutex_unlock (&tracer.lock);
}

guint64
trace_operations (void)
{
  guint64 operations;

  g_mutex_lock (&tracer.lock);
  operations = tracer.operations;
  g_mutex_unlock (&tracer.lock);
  return operations;
}

gboolean
trace_fault_struck (void)
{
  gboolean struck;

  g_mutex_lock (&tracer.lock);
  struck = tracer.struck;
  g_mutex_unlock (&tracer.lock);
  return struck;
}

gboolean
fault_parse (const char *text, Fault *fault)
{
  static const struct {
    const char *name;
    FaultKind kinds;
  } kinds[] = {
    { "open", FAULT_OPEN }, { "write", FAULT_WRITE }, { "sync", FAULT_SYNC },
    { "name", FAULT_NAME }, { "all", FAULT_ALL },
  };
  g_auto (GStrv) words = g_strsplit (text, " ", -1);

  if (g_strv_length (words) != 4)
    return FALSE;
  *fault = (Fault) { .at = g_ascii_strtoull (words[1], NULL, 10),
                     .full = g_str_equal (words[2], "full"),
                     .lasting = g_str_equal (g_strstrip (words[3]), "lasting") };
  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (g_str_equal (words[0], kinds[i].name))
      fault->kinds = kinds[i].kinds;
  return fault->kinds != 0;
}

guint64
trace_flushes (void)
{
  guint64 flushes;

  g_mutex_lock (&tracer.lock);
  flushes = tracer.flushes;
  g_mutex_unlock (&tracer.lock);
  return flushes;
}

void
trace_skip_syncs (gboolean files, gboolean folders)
{
  tracer.skip_files = files;
  tracer.skip_folders = folders;
}

gboolean
trace_skips (gboolean folder)
{
  return folder ? tracer.skip_folders : tracer.skip_files;
}

struct _TraceLog {
  GMappedFile *map;
  gsize offset;
  TraceRecord record;
};

TraceLog *
trace_log_open (const char *path, GError **error)
{
  GMappedFile *map = g_mapped_file_new (path, FALSE, error);
  TraceLog *log;

  if (map == NULL)
    return NULL;
  log = g_new0 (TraceLog, 1);
  log->map = map;
  return log;
}

static gsize
log_left (TraceLog *log)
{
  return g_mapped_file_get_length (log->map) - log->offset;
}

static char *
take_path (TraceLog *log, guint32 length)
{
  char *path = length == 0
      ? NULL
      : g_strndup (g_mapped_file_get_contents (log->map) + log->offset, length - 1);

  log->offset += length;
  return path;
}

static void
clear_record (TraceRecord *record)
{
  g_free (record->path);
  g_free (record->to);
  *record = (TraceRecord) { 0 };
}

const TraceRecord *
trace_log_next (TraceLog *log)
{
  Header header;

  clear_record (&log->record);
  if (log_left (log) < sizeof header)
    return NULL;
  memcpy (&header, g_mapped_file_get_contents (log->map) + log->offset, sizeof header);
  if (header.magic != MAGIC)
    g_error ("The crash log is damaged at %" G_GSIZE_FORMAT, log->offset);
  if (log_left (log) - sizeof header
      < header.length + (guint64)header.path_length + header.to_length)
    return NULL;
  log->offset += sizeof header;
  log->record = (TraceRecord) { .kind = (TraceKind)header.kind,
                                .time = header.time,
                                .handle = header.handle,
                                .offset = header.offset,
                                .length = header.length };
  log->record.path = take_path (log, header.path_length);
  log->record.to = take_path (log, header.to_length);
  log->record.data = (const guint8 *)g_mapped_file_get_contents (log->map) + log->offset;
  log->offset += header.length;
  return &log->record;
}

void
trace_log_free (TraceLog *log)
{
  clear_record (&log->record);
  g_mapped_file_unref (log->map);
  g_free (log);
}

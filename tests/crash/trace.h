/* Records what a program does to the files below one folder, byte by byte, and makes chosen
 * operations fail: a FileSystem (platform/file.h) and an SQLite VFS over the real ones.
 *
 * A log is a row of records in the order in which the operations ended. Times are
 * g_get_monotonic_time's (CLOCK_MONOTONIC on Linux), so another process on the machine can say
 * what it knew before a record. */
#pragma once
#include <glib.h>

typedef enum {
  TRACE_OPEN, /* path, handle; makes the file if it is not there */
  TRACE_WRITE, /* handle, offset, data */
  TRACE_TRUNCATE, /* handle, offset: the new size */
  TRACE_SYNC, /* handle, offset: the sync began after this many records */
  TRACE_SYNC_FAILED, /* handle, offset: as with TRACE_SYNC */
  TRACE_RENAME, /* path, to */
  TRACE_REMOVE, /* path */
  TRACE_MAKE_FOLDER, /* path */
  TRACE_REMOVE_FOLDER, /* path */
  TRACE_SYNC_FOLDER, /* path, offset: as with TRACE_SYNC */
} TraceKind;

typedef struct {
  TraceKind kind;
  gint64 time; /* microseconds */
  guint64 handle; /* one for each opening of a file */
  guint64 offset;
  char *path; /* below the recorded folder; NULL when the record has none */
  char *to;
  const guint8 *data; /* belongs to the log */
  gsize length;
} TraceRecord;

/* Lays both shims under the program. LOG lies outside ROOT. Call it before any file is opened.
 * LOG may be NULL: only faults and counters. */
gboolean trace_start (const char *root, const char *log, GError **error);
/* The real file system again; for after the last store is closed. */
void trace_stop (void);

/* Reading a log. NULL at its end (also at a last record that was cut off). */
typedef struct _TraceLog TraceLog;
TraceLog *trace_log_open (const char *path, GError **error);
const TraceRecord *trace_log_next (TraceLog *log); /* valid until the next call */
void trace_log_free (TraceLog *log);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TraceLog, trace_log_free)

/* Faults. Operations are counted from the last trace_fault on; number AT (from 1) fails, alone or
 * with all that follow. A write that fails because the disk is full writes its first half. */
typedef enum {
  FAULT_OPEN = 1 << 0,
  FAULT_WRITE = 1 << 1, /* also truncation and new folders */
  FAULT_SYNC = 1 << 2,
  FAULT_NAME = 1 << 3, /* renames and removals */
  FAULT_ALL = 15,
} FaultKind;

typedef struct {
  FaultKind kinds;
  guint64 at; /* 0: none fails, only count */
  gboolean full; /* ENOSPC instead of EIO (a sync, too: delayed allocation) */
  gboolean lasting;
} Fault;
void trace_fault (const Fault *fault);
guint64 trace_operations (void); /* of the fault's kinds, since trace_fault */
gboolean trace_fault_struck (void);
/* "open|write|sync|name|all NUMBER full|broken once|lasting"; FALSE if it is none. */
gboolean fault_parse (const char *text, Fault *fault);

/* Syncs that reached the disk since trace_start. */
guint64 trace_flushes (void);
/* Pretend syncs: they say yes and do and record nothing. For the tests of the tests. */
void trace_skip_syncs (gboolean files, gboolean folders);

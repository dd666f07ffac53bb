/* What the two shims share. */
#pragma once
#include "trace.h"

/* 0, or the errno that the operation on PATH must fail with. NULL or foreign paths never fail. */
int trace_operation (FaultKind kind, const char *path);
gboolean trace_watches (const char *path);
guint64 trace_position (void);
guint64 trace_new_handle (void);
void trace_add (TraceKind kind, guint64 handle, guint64 offset, const char *path, const char *to,
                const void *data, gsize length);
gboolean trace_skips (gboolean folder);

/* An opening of PATH, recorded, until its end. */
void trace_add_opening (guint64 handle, const char *path);
void trace_end_opening (guint64 handle);
void trace_add_failed_sync (guint64 handle, guint64 position);
/* FALSE: the bytes are on the disk now, but the caller must be told of an earlier loss. */
gboolean trace_add_sync (guint64 handle, guint64 position);

void trace_errors_start (void);
void trace_errors_stop (void);
void trace_files_start (void);
void trace_files_stop (void);
gboolean trace_database_start (void);
void trace_database_stop (void);

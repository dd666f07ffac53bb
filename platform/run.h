/* Programs that an administrator has named in the configuration. */
#pragma once
#include <gio/gio.h>

/* Runs PROGRAM (a path) with ARGUMENTS (NULL-terminated), without a shell and without input, and
 * waits until it has ended: at most SECONDS, then it is killed. FALSE: it cannot be started, took
 * too long, or its status was not 0; ERROR ends with what it said last. For a worker. */
gboolean program_run (const char *program, const char *const *arguments, guint seconds,
                      GCancellable *cancellable, GError **error);

/* What tests and benches ask the system about their own process. */
#pragma once
#include <gio/gio.h>

/* Descriptors or handles that are open. */
guint process_handles (void);
/* As many as the administrator allows. */
void process_lift_handle_limit (void);
/* From now on no more can be opened (on Windows: no socket); and again. */
void process_forbid_handles (void);
void process_allow_handles (void);

/* Another handle of a socket, as a child has it between its birth and its program; -1: not here. */
gintptr process_copy_socket (gintptr handle);

/* CPU seconds of all threads, and of the one that asks. */
gdouble process_seconds (void);
gdouble process_thread_seconds (void);
/* KiB of memory that this process alone holds. */
gdouble process_memory (void);

/* Of a process that has ended: g_subprocess_force_exit did it. */
gboolean process_was_killed (GSubprocess *process);

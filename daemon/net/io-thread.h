/* A thread with its own GMainContext and Reactor. A session lives and dies on one of them. */
#pragma once
#include <gio/gio.h>

typedef struct _IoThread IoThread;

/* Starts the thread. NULL and ERROR when the reactor cannot be made. */
IoThread *io_thread_new (const char *name, GError **error);
/* Runs FUNC (DATA) in THREAD soon, in the order of the calls. Any thread. */
void io_thread_invoke (IoThread *thread, void (*func) (gpointer data), gpointer data);
GMainContext *io_thread_context (IoThread *thread);
/* Says goodbye to the sessions that wait for their client; those in the middle of a command finish
 * it and may be aborted by io_thread_free. Returns at once. Any thread. */
void io_thread_dismiss (IoThread *thread);
/* Ends the sessions of USER (channel_claim_user) at once. Returns before that. Any thread. */
void io_thread_end_user (IoThread *thread, const char *user);
/* Ends the loop, joins and frees. Every channel of the thread must be closed before. */
void io_thread_free (IoThread *thread);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (IoThread, io_thread_free)

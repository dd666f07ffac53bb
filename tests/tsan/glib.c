/* Tells the race detector what GLib, built without it, does between threads: which locks are taken
 * and where one thread hands something over to another. Preloaded into the unit tests of the
 * detector's build; every function calls GLib's own. A real race stays one (racy.c). */
#include <dlfcn.h>
#include <glib-object.h>
#include <gio/gio.h>

extern void __tsan_acquire (void *address) __attribute__ ((weak));
extern void __tsan_release (void *address) __attribute__ ((weak));

static void
acquire (gconstpointer address)
{
  if (__tsan_acquire)
    __tsan_acquire ((void *)address);
}

static void
release (gconstpointer address)
{
  if (__tsan_release)
    __tsan_release ((void *)address);
}

/* NAME's own function in GLib, looked up once. */
#define REAL(name)                                                                                 \
  static __typeof__ (name) *real;                                                                  \
  if (!real)                                                                                       \
  real = (__typeof__ (name) *)dlsym (RTLD_NEXT, #name)

#define LOCKS(name, type)                                                                          \
  void name (type *lock)                                                                           \
  {                                                                                                \
    REAL (name);                                                                                   \
    real (lock);                                                                                   \
    acquire (lock);                                                                                \
  }
#define TRIES(name, type)                                                                          \
  gboolean name (type *lock)                                                                       \
  {                                                                                                \
    REAL (name);                                                                                   \
    gboolean locked = real (lock);                                                                 \
    if (locked)                                                                                    \
      acquire (lock);                                                                              \
    return locked;                                                                                 \
  }
#define UNLOCKS(name, type)                                                                        \
  void name (type *lock)                                                                           \
  {                                                                                                \
    REAL (name);                                                                                   \
    release (lock);                                                                                \
    real (lock);                                                                                   \
  }

LOCKS (g_mutex_lock, GMutex)
TRIES (g_mutex_trylock, GMutex)
UNLOCKS (g_mutex_unlock, GMutex)
LOCKS (g_rec_mutex_lock, GRecMutex)
TRIES (g_rec_mutex_trylock, GRecMutex)
UNLOCKS (g_rec_mutex_unlock, GRecMutex)
LOCKS (g_rw_lock_writer_lock, GRWLock)
UNLOCKS (g_rw_lock_writer_unlock, GRWLock)
LOCKS (g_rw_lock_reader_lock, GRWLock)
UNLOCKS (g_rw_lock_reader_unlock, GRWLock)

void
g_cond_wait (GCond *cond, GMutex *mutex)
{
  REAL (g_cond_wait);
  release (mutex);
  real (cond, mutex);
  acquire (mutex);
}

gboolean
g_cond_wait_until (GCond *cond, GMutex *mutex, gint64 end)
{
  REAL (g_cond_wait_until);
  release (mutex);
  gboolean woken = real (cond, mutex, end);
  acquire (mutex);
  return woken;
}

/* Queues and pools: what was written before the push is seen after the pop. */
void
g_async_queue_push (GAsyncQueue *queue, gpointer data)
{
  REAL (g_async_queue_push);
  release (queue);
  real (queue, data);
}

#define POPS(name, parameters, arguments)                                                          \
  gpointer name parameters                                                                         \
  {                                                                                                \
    REAL (name);                                                                                   \
    gpointer data = real arguments;                                                                \
    acquire (queue);                                                                               \
    return data;                                                                                   \
  }
POPS (g_async_queue_pop, (GAsyncQueue * queue), (queue))
POPS (g_async_queue_try_pop, (GAsyncQueue * queue), (queue))
POPS (g_async_queue_timeout_pop, (GAsyncQueue * queue, guint64 timeout), (queue, timeout))

/* Every hand-over whose receiving end is a callback goes over this one place: a pool's function, a
 * source's callback, a task's callback. It hides no race between two threads that never hand over
 * anything; it may hide one between threads that do at the same moment. */
static int handover;

typedef struct {
  GFunc func;
  gpointer data;
} PoolWork;

static void
run_pool_work (gpointer item, gpointer data)
{
  PoolWork *work = data;

  acquire (&handover);
  work->func (item, work->data);
  release (&handover);
}

GThreadPool *
g_thread_pool_new (GFunc func, gpointer data, gint threads, gboolean exclusive, GError **error)
{
  REAL (g_thread_pool_new);
  PoolWork *work = g_new (PoolWork, 1); /* lives as long as the program */

  *work = (PoolWork) { func, data };
  return real (run_pool_work, work, threads, exclusive, error);
}

gboolean
g_thread_pool_push (GThreadPool *pool, gpointer data, GError **error)
{
  REAL (g_thread_pool_push);
  release (&handover);
  return real (pool, data, error);
}

void
g_thread_pool_free (GThreadPool *pool, gboolean immediate, gboolean wait)
{
  REAL (g_thread_pool_free);
  real (pool, immediate, wait);
  acquire (&handover);
}

typedef struct {
  GSourceFunc func;
  gpointer data;
  GDestroyNotify destroy;
} SourceWork;

static gboolean
run_source_work (gpointer data)
{
  SourceWork *work = data;

  acquire (&handover);
  return work->func (work->data);
}

static void
free_source_work (gpointer data)
{
  SourceWork *work = data;

  acquire (&handover);
  if (work->destroy)
    work->destroy (work->data);
  release (&handover);
  g_free (work);
}

/* Only callbacks that take their data alone: an idle, a timeout, an invocation. */
void
g_main_context_invoke_full (GMainContext *context, gint priority, GSourceFunc func, gpointer data,
                            GDestroyNotify destroy)
{
  REAL (g_main_context_invoke_full);
  SourceWork *work = g_new (SourceWork, 1);

  *work = (SourceWork) { func, data, destroy };
  release (&handover);
  real (context, priority, run_source_work, work, free_source_work);
}

void
g_main_context_invoke (GMainContext *context, GSourceFunc func, gpointer data)
{
  g_main_context_invoke_full (context, G_PRIORITY_DEFAULT, func, data, NULL);
}

guint
g_idle_add_full (gint priority, GSourceFunc func, gpointer data, GDestroyNotify destroy)
{
  REAL (g_idle_add_full);
  SourceWork *work = g_new (SourceWork, 1);

  *work = (SourceWork) { func, data, destroy };
  release (&handover);
  return real (priority, run_source_work, work, free_source_work);
}

guint
g_source_attach (GSource *source, GMainContext *context)
{
  REAL (g_source_attach);
  release (source);
  release (&handover);
  return real (source, context);
}

void
g_source_set_callback (GSource *source, GSourceFunc func, gpointer data, GDestroyNotify destroy)
{
  REAL (g_source_set_callback);
  release (source);
  release (&handover);
  real (source, func, data, destroy);
}

void
g_main_context_wakeup (GMainContext *context)
{
  REAL (g_main_context_wakeup);
  release (context);
  release (&handover);
  real (context);
}

gboolean
g_main_context_iteration (GMainContext *context, gboolean may_block)
{
  REAL (g_main_context_iteration);
  gboolean dispatched = real (context, may_block);
  acquire (&handover);
  return dispatched;
}

void
g_main_loop_run (GMainLoop *loop)
{
  REAL (g_main_loop_run);
  real (loop);
  acquire (&handover);
}

void
g_main_loop_quit (GMainLoop *loop)
{
  REAL (g_main_loop_quit);
  release (&handover);
  real (loop);
}

/* Tasks: the answer of one thread is read in another. */
#define RETURNS(name, parameters, arguments)                                                       \
  void name parameters                                                                             \
  {                                                                                                \
    REAL (name);                                                                                   \
    release (task);                                                                                \
    release (&handover);                                                                           \
    real arguments;                                                                                \
  }
RETURNS (g_task_return_boolean, (GTask * task, gboolean value), (task, value))
RETURNS (g_task_return_int, (GTask * task, gssize value), (task, value))
RETURNS (g_task_return_pointer, (GTask * task, gpointer value, GDestroyNotify destroy),
         (task, value, destroy))
RETURNS (g_task_return_error, (GTask * task, GError *error), (task, error))

/* GLib calls its own g_task_return_error past us: build the error and call ours. */
void
g_task_return_new_error (GTask *task, GQuark domain, gint code, const char *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  g_task_return_error (task, g_error_new_valist (domain, code, format, arguments));
  va_end (arguments);
}

#define ARRIVES(type, name, parameters, arguments)                                                 \
  type name parameters                                                                             \
  {                                                                                                \
    REAL (name);                                                                                   \
    acquire (task);                                                                                \
    return real arguments;                                                                         \
  }
ARRIVES (gboolean, g_task_propagate_boolean, (GTask * task, GError **error), (task, error))
ARRIVES (gssize, g_task_propagate_int, (GTask * task, GError **error), (task, error))
ARRIVES (gpointer, g_task_propagate_pointer, (GTask * task, GError **error), (task, error))
ARRIVES (gpointer, g_task_get_task_data, (GTask * task), (task))

/* The last reference may go in another thread than the one before. */
#define UNREFS(name, type)                                                                         \
  void name (type object)                                                                          \
  {                                                                                                \
    REAL (name);                                                                                   \
    release (object);                                                                              \
    acquire (object);                                                                              \
    real (object);                                                                                 \
  }
UNREFS (g_object_unref, gpointer)
UNREFS (g_bytes_unref, GBytes *)
UNREFS (g_source_unref, GSource *)

/* Whoever gives the last reference back has seen all that the others did. */
gboolean (g_atomic_ref_count_dec) (gatomicrefcount *count)
{
  REAL (g_atomic_ref_count_dec);
  release (count);
  const gboolean last = real (count);
  if (last)
    acquire (count);
  return last;
}

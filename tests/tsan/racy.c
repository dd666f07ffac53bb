/* Proof that the detector is awake: `racy race` holds a data race that must be found, every other
 * word a right program that must pass. */
#include <gio/gio.h>
#include <string.h>

static GMutex lock;
static GCond cond;
static int number;
static gboolean ready;

static gpointer
count (gpointer locked)
{
  for (int i = 0; i < 1000; i++) {
    if (locked)
      g_mutex_lock (&lock);
    number++;
    if (locked)
      g_mutex_unlock (&lock);
  }
  return NULL;
}

static void
count_in_two_threads (gpointer locked)
{
  GThread *one = g_thread_new ("one", count, locked);
  GThread *two = g_thread_new ("two", count, locked);

  g_thread_join (one);
  g_thread_join (two);
}

static gpointer
announce (gpointer data)
{
  number = 7;
  g_mutex_lock (&lock);
  ready = TRUE;
  g_cond_signal (&cond);
  g_mutex_unlock (&lock);
  return NULL;
}

static void
wait_for_announcement (void)
{
  GThread *thread = g_thread_new ("announce", announce, NULL);

  g_mutex_lock (&lock);
  while (!ready)
    g_cond_wait (&cond, &lock);
  g_mutex_unlock (&lock);
  g_assert_cmpint (number, ==, 7);
  g_thread_join (thread);
}

static void
work (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  int *result = g_new (int, 1);

  *result = 7;
  g_task_return_pointer (task, result, g_free);
}

static void
did_work (GObject *source, GAsyncResult *result, gpointer loop)
{
  g_autofree int *number_there = g_task_propagate_pointer (G_TASK (result), NULL);

  g_assert_cmpint (*number_there, ==, 7);
  g_main_loop_quit (loop);
}

/* As a pool's worker does: the task ends while the thread goes on. */
static gpointer
fail (gpointer task)
{
  g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_BUSY, "number %d", 7);
  g_usleep (G_USEC_PER_SEC / 2); /* what it does later must not tell the other thread anything */
  return NULL;
}

static void
did_fail (GObject *source, GAsyncResult *result, gpointer loop)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (g_task_propagate_boolean (G_TASK (result), &error));
  g_assert_true (error->message[strlen (error->message) - 1] == '7');
  g_main_loop_quit (loop);
}

static void
run_task (void)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (GTask) task = g_task_new (NULL, NULL, did_work, loop);

  g_task_run_in_thread (task, work);
  g_main_loop_run (loop);
}

static void
fail_task (void)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  GTask *task = g_task_new (NULL, NULL, did_fail, loop);
  GThread *thread = g_thread_new ("fail", fail, task);

  g_usleep (G_USEC_PER_SEC / 10); /* no poll must be woken, which would tell it as well */
  g_main_loop_run (loop);
  g_thread_join (thread);
  g_object_unref (task);
}

int
main (int argc, char **argv)
{
  const char *what = argc > 1 ? argv[1] : "";

  if (!g_strcmp0 (what, "race"))
    count_in_two_threads (NULL);
  else if (!g_strcmp0 (what, "mutex"))
    count_in_two_threads (GINT_TO_POINTER (1));
  else if (!g_strcmp0 (what, "cond"))
    wait_for_announcement ();
  else if (!g_strcmp0 (what, "task"))
    run_task ();
  else if (!g_strcmp0 (what, "failure"))
    fail_task ();
  else
    return 2;
  return 0;
}

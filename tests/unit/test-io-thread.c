/* Calls into a thread: order, from several threads, and from the thread itself. */
#include "daemon/net/io-thread.h"

enum { CALLERS = 4, CALLS = 2000 };

typedef struct {
  guint caller, number;
} Call;

static guint next_number[CALLERS];
static IoThread *thread;
static GThread *ran_in;
static gint done;

static void
note (gpointer data)
{
  g_autofree Call *call = data;

  g_assert_cmpuint (call->number, ==, next_number[call->caller]++);
  g_assert_true (ran_in == NULL || ran_in == g_thread_self ());
  ran_in = g_thread_self ();
  g_assert_true (g_main_context_get_thread_default () == io_thread_context (thread));
  g_atomic_int_inc (&done);
}

static gpointer
call_often (gpointer data)
{
  for (guint i = 0; i < CALLS; i++) {
    Call *call = g_new (Call, 1);
    *call = (Call) { GPOINTER_TO_UINT (data), i };
    io_thread_invoke (thread, note, call);
  }
  return NULL;
}

static void
test_order (void)
{
  GThread *callers[CALLERS];

  thread = io_thread_new ("test-io", NULL);
  for (guint i = 0; i < CALLERS; i++)
    callers[i] = g_thread_new ("caller", call_often, GUINT_TO_POINTER (i));
  for (guint i = 0; i < CALLERS; i++)
    g_thread_join (callers[i]);
  io_thread_free (thread); /* what was asked before is still done */
  g_assert_cmpint (done, ==, CALLERS * CALLS);
}

static void
count_down (gpointer data)
{
  guint *left = data;

  if (--*left > 0)
    io_thread_invoke (thread, count_down, left);
  else
    g_atomic_int_set (&done, TRUE);
}

static void
test_from_inside (void)
{
  guint left = 100;

  done = FALSE;
  thread = io_thread_new ("test-io", NULL);
  io_thread_invoke (thread, count_down, &left);
  for (guint i = 0; i < 500 && !g_atomic_int_get (&done); i++)
    g_usleep (10000);
  io_thread_free (thread);
  g_assert_cmpuint (left, ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/io-thread/order", test_order);
  g_test_add_func ("/io-thread/from-inside", test_from_inside);
  return g_test_run ();
}

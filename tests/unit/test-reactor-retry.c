/* Retries: once, not at once, and cancelled. */
#include "platform/reactor-retry.h"

static guint runs;

static void
count_run (ReactorTask *task)
{
  runs++;
}

static void
iterate_for (guint milliseconds)
{
  gint64 end = g_get_monotonic_time () + milliseconds * G_TIME_SPAN_MILLISECOND;

  while (g_get_monotonic_time () < end) {
    g_main_context_iteration (NULL, FALSE);
    g_usleep (1000);
  }
}

static void
test_retry (void)
{
  g_autoptr (Reactor) reactor = reactor_new (g_main_context_default (), NULL);
  ReactorTask task = { .run = count_run };
  ReactorRetry retry = { 0 };

  reactor_retry_later (&retry, reactor, &task);
  reactor_retry_later (&retry, reactor, &task); /* keeps its time */
  while (g_main_context_iteration (NULL, FALSE)) { }
  g_assert_cmpuint (runs, ==, 0);
  iterate_for (400);
  g_assert_cmpuint (runs, ==, 1);
  reactor_retry_later (&retry, reactor, &task); /* can be used again */
  iterate_for (400);
  g_assert_cmpuint (runs, ==, 2);
}

static void
test_cancel (void)
{
  g_autoptr (Reactor) reactor = reactor_new (g_main_context_default (), NULL);
  ReactorTask task = { .run = count_run };
  ReactorRetry retry = { 0 };

  runs = 0;
  reactor_retry_cancel (&retry); /* when none waits */
  reactor_retry_later (&retry, reactor, &task);
  reactor_retry_cancel (&retry);
  iterate_for (400);
  g_assert_cmpuint (runs, ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/reactor-retry/retry", test_retry);
  g_test_add_func ("/reactor-retry/cancel", test_cancel);
  return g_test_run ();
}

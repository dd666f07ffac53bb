/* Tasks of a reactor: order, once, forgetting, and the turn of the other sources. */
#include "platform/reactor.h"

typedef struct {
  ReactorTask task;
  char name;
  gboolean again; /* defers itself for ever */
} Probe;

static Reactor *reactor;
static GString *ran;

static void
run (ReactorTask *task)
{
  Probe *probe = (Probe *)task;

  g_string_append_c (ran, probe->name);
  if (probe->again)
    reactor_defer (reactor, task);
}

static void
test_tasks (void)
{
  Probe a = { .task.run = run, .name = 'a' }, b = { .task.run = run, .name = 'b' },
        c = { .task.run = run, .name = 'c' };

  ran = g_string_new (NULL);
  reactor = reactor_new (g_main_context_default (), NULL);
  g_assert_true (reactor_context (reactor) == g_main_context_default ());
  reactor_defer (reactor, &b.task);
  reactor_defer (reactor, &a.task);
  reactor_defer (reactor, &c.task);
  reactor_defer (reactor, &b.task); /* keeps its place */
  reactor_forget (reactor, &c.task);
  reactor_forget (reactor, &c.task);
  g_assert_cmpstr (ran->str, ==, ""); /* never inside the call */
  while (g_main_context_iteration (NULL, FALSE)) { }
  g_assert_cmpstr (ran->str, ==, "ba");
  reactor_defer (reactor, &c.task);
  reactor_free (reactor); /* forgets c */
  g_assert_null (c.task.link.data);
  g_string_free (ran, TRUE);
}

static gboolean
count (gpointer data)
{
  ++*(guint *)data;
  return G_SOURCE_CONTINUE;
}

/* A task that is always due does not starve another source of the same priority. */
static void
test_fair (void)
{
  Probe busy = { .task.run = run, .name = 'x', .again = TRUE };
  guint turns = 0;
  guint source = g_timeout_add_full (G_PRIORITY_DEFAULT, 0, count, &turns, NULL);

  ran = g_string_new (NULL);
  reactor = reactor_new (g_main_context_default (), NULL);
  reactor_defer (reactor, &busy.task);
  for (guint i = 0; i < 10; i++)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (turns, >=, 8);
  g_source_remove (source);
  reactor_forget (reactor, &busy.task);
  reactor_free (reactor);
  g_string_free (ran, TRUE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/reactor/tasks", test_tasks);
  g_test_add_func ("/reactor/fair", test_fair);
  return g_test_run ();
}

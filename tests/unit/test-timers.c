/* The wheel of seconds: order, moving, clearing, and timers that touch each other. */
#include "daemon/net/timers.h"

typedef struct {
  Timer timer;
  gint64 ran; /* second, 0: not yet */
  gint64 again; /* sets itself once more, so many seconds later */
  Timer *victim; /* is cleared when this one runs */
} Probe;

static Timers *timers;

static void
run (Timer *timer)
{
  Probe *probe = (Probe *)timer;

  probe->ran = timers_now ();
  if (probe->again > 0)
    timers_set (timers, timer, timers_now () + probe->again);
  probe->again = 0;
  if (probe->victim != NULL)
    timers_clear (timers, probe->victim);
}

static void
iterate_until (gint64 second)
{
  while (timers_now () < second || g_main_context_pending (NULL)) {
    g_main_context_iteration (NULL, FALSE);
    g_usleep (5000);
  }
}

static void
test_all (void)
{
  enum { MANY = 5000 };
  g_autofree Probe *many = g_new0 (Probe, MANY);
  gint64 now = timers_now ();
  Probe past = { .timer.run = run }, one = past, two = past, cleared = past, moved = past,
        far = past, turn = past, killer = past, killed = past;

  timers = timers_new (NULL);
  one.again = 1;
  killer.victim = &killed.timer;
  timers_set (timers, &past.timer, now - 5);
  timers_set (timers, &one.timer, now + 1);
  timers_set (timers, &two.timer, now + 2);
  timers_set (timers, &cleared.timer, now + 1);
  timers_clear (timers, &cleared.timer);
  timers_clear (timers, &cleared.timer);
  timers_set (timers, &moved.timer, now + 1);
  timers_set (timers, &moved.timer, now + 1000);
  timers_set (timers, &far.timer, now + 2);
  timers_set (timers, &far.timer, now + 1 + 256); /* the same slot as `one` */
  timers_set (timers, &killer.timer, now + 1);
  timers_set (timers, &killed.timer, now + 1);
  timers_set (timers, &turn.timer, now + 1 + 256);
  timers_set (timers, &turn.timer, now + 1);
  for (guint i = 0; i < MANY; i++) {
    many[i].timer.run = run;
    timers_set (timers, &many[i].timer, now + 1 + (i % 2) * 256);
  }
  iterate_until (now + 4);
  g_assert_cmpint (past.ran, >, 0);
  g_assert_cmpint (one.ran, >=, now + 2); /* ran twice */
  g_assert_cmpint (one.again, ==, 0);
  g_assert_cmpint (two.ran, >=, now + 2);
  g_assert_cmpint (two.ran, <=, now + 3);
  g_assert_cmpint (turn.ran, >=, now + 1);
  g_assert_cmpint (cleared.ran + moved.ran + far.ran + killed.ran, ==, 0);
  for (guint i = 0; i < MANY; i++) /* every one of its second, and nobody of the next turn's */
    g_assert_cmpint (many[i].ran != 0, ==, i % 2 == 0);
  timers_free (timers);
}

/* After a pause with nothing to do the wheel starts at the present. */
static void
test_idle (void)
{
  Probe probe = { .timer.run = run };

  timers = timers_new (NULL);
  for (guint i = 0; i < 2; i++) {
    gint64 now = timers_now ();
    probe.ran = 0;
    timers_set (timers, &probe.timer, now + 1);
    while (probe.ran == 0 && timers_now () <= now + 3) {
      g_main_context_iteration (NULL, FALSE);
      g_usleep (5000);
    }
    g_assert_cmpint (probe.ran, >=, now + 1);
    g_assert_cmpint (probe.ran, <=, now + 2);
    if (i == 0)
      g_usleep (1200000);
  }
  timers_free (timers);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/timers/all", test_all);
  g_test_add_func ("/timers/idle", test_idle);
  return g_test_run ();
}

/* Long jobs: one at a time, with progress, a result or an error. */
#include "admin/jobs.h"

typedef struct {
  GMutex lock;
  GCond changed;
  gboolean may_end, fails, destroyed;
} Gate;

static void
gate_clear (gpointer data)
{
  ((Gate *)data)->destroyed = TRUE;
}

static json_t *
run_gate (Job *job, gpointer data, GError **error)
{
  Gate *gate = data;

  job_progress (30, 100, job);
  g_mutex_lock (&gate->lock);
  while (!gate->may_end)
    g_cond_wait (&gate->changed, &gate->lock);
  g_mutex_unlock (&gate->lock);
  if (gate->fails)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED, "The disk is gone.");
  return gate->fails ? NULL : json_pack ("{s:i}", "answer", 42);
}

static void
open_gate (Gate *gate)
{
  g_mutex_lock (&gate->lock);
  gate->may_end = TRUE;
  g_cond_signal (&gate->changed);
  g_mutex_unlock (&gate->lock);
}

static json_t *
wait_for_state (Jobs *jobs, guint64 number, const char *state)
{
  for (guint i = 0; i < 500; i++) {
    json_t *job = jobs_describe (jobs, number);
    if (g_strcmp0 (json_string_value (json_object_get (job, "state")), state) == 0)
      return job;
    json_decref (job);
    g_usleep (10000);
  }
  g_assert_not_reached ();
}

static void
test_life (gconstpointer fails)
{
  Gate gate = { .fails = GPOINTER_TO_INT (fails) };
  g_autoptr (GError) error = NULL, busy = NULL;
  Jobs *jobs = jobs_new ();

  guint64 number = jobs_start (jobs, "check", JOB_ALONE, run_gate, &gate, gate_clear, &error);
  g_assert_no_error (error);
  json_t *running = wait_for_state (jobs, number, "running");
  g_assert_cmpint (json_integer_value (json_object_get (running, "job")), ==, (gint64)number);
  json_decref (running);
  g_assert_cmpuint (jobs_start (jobs, "backup", JOB_ALONE, run_gate, &gate, NULL, &busy), ==, 0);
  g_assert_error (busy, G_IO_ERROR, G_IO_ERROR_BUSY);
  g_assert_null (jobs_describe (jobs, number + 1));

  open_gate (&gate);
  json_t *done = wait_for_state (jobs, number, gate.fails ? "failed" : "done");
  g_assert_true (gate.destroyed);
  g_assert_cmpint (json_integer_value (json_object_get (done, "done")), ==, 30);
  g_assert_cmpstr (json_string_value (json_object_get (done, "error")), ==,
                   gate.fails ? "The disk is gone." : NULL);
  json_decref (done);
  g_assert_true (jobs_free (jobs, 1));
}

static void
test_stop (void)
{
  static Gate gate; /* outlives the test: the job goes on */
  Jobs *jobs = jobs_new ();

  jobs_start (jobs, "check", JOB_ALONE, run_gate, &gate, NULL, NULL);
  g_assert_false (jobs_free (jobs, 0));
  open_gate (&gate);
}

static void
test_forgets (void)
{
  Gate gate = { .may_end = TRUE };
  Jobs *jobs = jobs_new ();

  for (guint64 i = 1; i <= 25; i++) {
    g_assert_cmpuint (jobs_start (jobs, "check", JOB_ALONE, run_gate, &gate, NULL, NULL), ==, i);
    json_decref (wait_for_state (jobs, i, "done"));
  }
  g_assert_null (jobs_describe (jobs, 5));
  json_t *kept = jobs_describe (jobs, 6);
  g_assert_nonnull (kept);
  json_decref (kept);
  g_assert_true (jobs_free (jobs, 1));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/jobs/done", GINT_TO_POINTER (FALSE), test_life);
  g_test_add_data_func ("/jobs/failed", GINT_TO_POINTER (TRUE), test_life);
  g_test_add_func ("/jobs/stop", test_stop);
  g_test_add_func ("/jobs/forgets", test_forgets);
  return g_test_run ();
}

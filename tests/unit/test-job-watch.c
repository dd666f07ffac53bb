/* Long work as the control panel follows it: to its end, and when the server does not know it. */
#include "admin-fixture.h"
#include "admin/access.h"
#include "job-watch.h"
#include "json.h"

typedef struct {
  Connection *connection;
  JobWatch *watch;
  char *state; /* as last told; "": the server does not know the job */
  guint told;
  gboolean has_started;
} Following;

static void
following_begin (Following *self, Office *office)
{
  g_autoptr (Access) access = access_load (office->folder, NULL);
  g_autofree char *address = g_strdup_printf ("127.0.0.1:%u", admin_server_port (office->server));

  *self = (Following) { .connection = connection_new_remote (
                            address, access->fingerprint, "admin@office.example", ADMIN_PASSWORD) };
}

static void
following_end (Following *self)
{
  g_clear_pointer (&self->watch, job_watch_free);
  connection_close (self->connection);
  g_object_unref (self->connection);
  g_free (self->state);
}

/* As pages do, it forgets the watch inside the last call. */
static void
did_look (json_t *job, gpointer data)
{
  Following *self = data;

  g_free (self->state);
  self->state = g_strdup (object_text (job, "state"));
  self->told++;
  if (strcmp (self->state, "running") != 0)
    g_clear_pointer (&self->watch, job_watch_free);
}

static void
did_start (GObject *source, GAsyncResult *result, gpointer data)
{
  Following *self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (json_t) answer = connection_call_finish (self->connection, result, NULL, &error);

  g_assert_no_error (error);
  self->has_started = TRUE;
  self->watch = job_watch_new (self->connection, object_number (answer, "job"), did_look, self);
}

static gboolean
wake (gpointer data)
{
  return G_SOURCE_CONTINUE;
}

static void
run_for (gint64 milliseconds, const gboolean *until)
{
  const gint64 end = g_get_monotonic_time () + milliseconds * 1000;
  const guint timer = g_timeout_add (20, wake, NULL);

  while (g_get_monotonic_time () < end && !(until && *until))
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (timer);
}

static void
wait_for_end (Following *self)
{
  for (guint i = 0; i < 300 && (!self->state || strcmp (self->state, "running") == 0); i++)
    run_for (100, NULL);
  g_assert_null (self->watch);
}

static void
test_done (Office *office, gconstpointer data)
{
  Following self;
  guint told;

  following_begin (&self, office);
  connection_call_async (self.connection, "POST", "/v1/backups", NULL, NULL, NULL, did_start,
                         &self);
  run_for (20000, &self.has_started);
  g_assert_true (self.has_started);
  wait_for_end (&self);
  g_assert_cmpstr (self.state, ==, "done");
  told = self.told;
  run_for (1500, NULL); /* it does not ask again */
  g_assert_cmpuint (self.told, ==, told);
  following_end (&self);
}

/* The server was started anew. */
static void
test_unknown (Office *office, gconstpointer data)
{
  Following self;

  following_begin (&self, office);
  self.watch = job_watch_new (self.connection, 99, did_look, &self);
  wait_for_end (&self);
  g_assert_cmpstr (self.state, ==, "");
  g_assert_cmpuint (self.told, ==, 1);
  following_end (&self);
}

/* Nobody hears of a watch that is gone while its question is under way. */
static void
test_freed (Office *office, gconstpointer data)
{
  Following self;

  following_begin (&self, office);
  self.watch = job_watch_new (self.connection, 99, did_look, &self);
  g_clear_pointer (&self.watch, job_watch_free);
  run_for (1500, NULL);
  g_assert_cmpuint (self.told, ==, 0);
  following_end (&self);
}

/* Where nobody answers for a while it goes on asking. */
static void
test_away (Office *office, gconstpointer data)
{
  Following self;

  following_begin (&self, office);
  g_object_unref (self.connection);
  self.connection = connection_new_remote ("127.0.0.1:1", NULL, "admin@office.example", "x");
  self.watch = job_watch_new (self.connection, 1, did_look, &self);
  run_for (1500, NULL);
  g_assert_cmpuint (self.told, ==, 0);
  g_assert_nonnull (self.watch);
  following_end (&self);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/job-watch/done", Office, NULL, office_set_up, test_done, office_tear_down);
  g_test_add ("/job-watch/unknown", Office, NULL, office_set_up, test_unknown, office_tear_down);
  g_test_add ("/job-watch/freed", Office, NULL, office_set_up, test_freed, office_tear_down);
  g_test_add ("/job-watch/away", Office, NULL, office_set_up, test_away, office_tear_down);
  return g_test_run ();
}

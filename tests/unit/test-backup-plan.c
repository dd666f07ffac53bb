/* Backups: made, proved by restoring, damaged and found out, removed when there are too many. */
#include "admin-calls.h"
#include "admin/backup-plan.h"
#include "archive/backup.h"
#include "settings.h"

static void
prove (Office *office)
{
  g_autoptr (AdminClient) client = admin_client_new_local (office->configuration, NULL);
  g_autofree char *proof = g_build_filename (office->folder, "temporary", "proof", NULL);
  json_t *job, *answer;
  const char *folder;

  job = api_job (client, "/v1/backups/prove", NULL);
  g_assert_cmpstr (api_text (job, "state"), ==, "failed"); /* there is none yet */
  json_decref (job);
  json_decref (api_job (client, "/v1/backups", NULL));
  job = api_job (client, "/v1/backups/prove", NULL);
  g_assert_cmpstr (api_text (job, "state"), ==, "done");
  g_assert_false (g_file_test (proof, G_FILE_TEST_EXISTS));
  json_decref (job);

  answer = api_call (client, "GET", "/v1/backups", NULL, -1);
  g_assert_true (json_is_integer (
      json_object_get (json_array_get (json_object_get (answer, "details"), 0), "proved")));
  folder = json_string_value (json_array_get (json_object_get (answer, "backups"), 0));
  g_autofree char *database = g_build_filename (folder, "store.db", NULL);
  g_assert_true (g_file_set_contents (database, "rubbish", -1, NULL));
  json_decref (answer);
  job = api_job (client, "/v1/backups/prove", NULL);
  g_assert_cmpstr (api_text (job, "state"), ==, "failed");
  g_assert_nonnull (api_text (job, "error"));
  g_assert_false (g_file_test (proof, G_FILE_TEST_EXISTS));
  json_decref (job);
}

static void
test_prove (Office *self, gconstpointer data)
{
  office_with_client (self, prove);
}

static json_t *
make_due (Job *job, gpointer data, GError **error)
{
  Office *office = data;
  BackupWork *work = backup_work_new (office->store, office->configuration, NULL);
  json_t *result = backup_work_due (job, work, error);

  backup_work_free (work);
  return result;
}

/* What the server does by itself; only what it has named itself is removed. */
static void
test_due (Office *self, gconstpointer data)
{
  g_autofree char *folder = backups_folder (self->configuration);
  g_autofree char *mine = g_build_filename (folder, "before the move", NULL);
  Jobs *jobs = jobs_new ();
  g_autoptr (GError) error = NULL;

  g_assert_true (backup_create (self->store, mine, NULL, NULL, &error));
  for (guint i = 0; i < 3; i++) {
    g_autofree char *name = g_strdup_printf ("2020010%uT000000Z", i + 1);
    g_autofree char *old = g_build_filename (folder, name, NULL);
    g_assert_true (backup_create (self->store, old, NULL, NULL, &error));
  }
  g_assert_true (setting_set (SETTING_BACKUP_KEEP, "2", NULL));
  g_assert_cmpuint (jobs_start (jobs, "backup", JOB_ALONE, make_due, self, NULL, &error), ==, 1);
  json_t *job = NULL;
  for (guint i = 0; i < 1000; i++) {
    job = jobs_describe (jobs, 1);
    if (g_strcmp0 (api_text (job, "state"), "running") != 0)
      break;
    json_decref (job);
    g_usleep (10000);
  }
  g_assert_cmpstr (api_text (job, "state"), ==, "done");
  g_assert_true (json_is_object (json_object_get (json_object_get (job, "result"), "proof")));
  json_decref (job);
  g_autoptr (GPtrArray) left = backups_list (self->configuration, &error);
  g_assert_cmpuint (left->len, ==, 3); /* two, and the one that somebody else has named */
  g_assert_true (g_file_test (mine, G_FILE_TEST_IS_DIR));
  g_assert_cmpint (backups_newest (self->configuration), >, 1700000000);
  g_assert_true (jobs_free (jobs, 10));
  g_assert_true (setting_set (SETTING_BACKUP_KEEP, "7", NULL));
}

static void
test_begun (void)
{
  g_assert_cmpint (backup_begun ("/x/20261130T045313Z"), ==, 1796014393);
  g_assert_cmpint (backup_begun ("/x/before the move"), ==, 0);
  g_assert_cmpint (backup_begun ("/x/20269930T045313Z"), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/backup-plan/prove", Office, NULL, office_set_up, test_prove, office_tear_down);
  g_test_add ("/backup-plan/due", Office, NULL, office_set_up, test_due, office_tear_down);
  g_test_add_func ("/backup-plan/begun", test_begun);
  return g_test_run ();
}

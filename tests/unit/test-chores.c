/* What is due by itself: a backup, once, and only when the last one is old; the end of old audit
 * entries. The minute between two looks is not waited for. */
#include "admin-fixture.h"
#include "admin/audit.h"
#include "admin/backup-plan.h"
#include "admin/chores.h"
#include "settings.h"

typedef struct {
  Office office;
  Jobs *jobs;
  Chores *chores;
} House;

static void
set_up (House *self, gconstpointer data)
{
  office_set_up (&self->office, NULL);
  self->jobs = jobs_new ();
  self->chores = chores_new (self->office.store, self->jobs, self->office.configuration);
}

static void
tear_down (House *self, gconstpointer data)
{
  chores_free (self->chores);
  g_assert_true (jobs_free (self->jobs, 10));
  g_assert_true (setting_set (SETTING_BACKUP_EVERY, "0", NULL));
  office_tear_down (&self->office, NULL);
}

/* A minute has passed. What that starts is asynchronous: half a second of the loop. */
static void
look (House *self)
{
  GSource *source = g_main_context_find_source_by_user_data (NULL, self->chores);
  const gint64 end = g_get_monotonic_time () + G_USEC_PER_SEC / 2;

  g_assert_nonnull (source);
  g_source_set_ready_time (source, 0);
  while (g_get_monotonic_time () < end) {
    g_main_context_iteration (NULL, FALSE);
    g_usleep (2000);
  }
}

static gsize
count_jobs (House *self)
{
  json_t *list = jobs_list (self->jobs, NULL);
  const gsize count = json_array_size (list);

  json_decref (list);
  return count;
}

static void
wait_for_backup (House *self)
{
  for (guint i = 0; i < 1000 && backups_newest (self->office.configuration) == 0; i++)
    g_usleep (10000);
  g_assert_cmpint (backups_newest (self->office.configuration), !=, 0);
}

static void
test_off (House *self, gconstpointer data)
{
  g_assert_true (setting_set (SETTING_BACKUP_EVERY, "0", NULL));
  look (self);
  g_assert_cmpuint (count_jobs (self), ==, 0);
}

static void
test_due (House *self, gconstpointer data)
{
  g_assert_true (setting_set (SETTING_BACKUP_EVERY, "1d", NULL));
  look (self);
  g_assert_cmpuint (count_jobs (self), ==, 1);
  wait_for_backup (self);
  look (self);
  g_assert_cmpuint (count_jobs (self), ==, 1);
}

/* Whoever starts anew while there is a fresh one makes no other. */
static void
test_fresh (House *self, gconstpointer data)
{
  g_assert_true (setting_set (SETTING_BACKUP_EVERY, "1d", NULL));
  look (self);
  wait_for_backup (self);
  chores_free (self->chores);
  g_assert_true (jobs_free (self->jobs, 10));
  self->jobs = jobs_new ();
  self->chores = chores_new (self->office.store, self->jobs, self->office.configuration);
  look (self);
  g_assert_cmpuint (count_jobs (self), ==, 0);
}

/* A backup that failed is not tried again each minute. */
static void
test_failed (House *self, gconstpointer data)
{
  g_autofree char *folder = backups_folder (self->office.configuration);

  g_assert_true (g_file_set_contents (folder, "in the way", -1, NULL));
  g_assert_true (setting_set (SETTING_BACKUP_EVERY, "1d", NULL));
  look (self);
  look (self);
  json_t *list = jobs_list (self->jobs, NULL);
  g_assert_cmpuint (json_array_size (list), ==, 1);
  g_assert_cmpstr (json_string_value (json_object_get (json_array_get (list, 0), "state")), ==,
                   "failed");
  json_decref (list);
  g_remove (folder);
}

static gboolean
write_audit (StoreTransaction *transaction, gpointer data, GError **error)
{
  const AuditEntry entry = { .user = "admin@office.example",
                             .way = "password",
                             .address = "192.0.2.7",
                             .method = "PUT",
                             .path = "/v1/settings/log.level",
                             .changes = "[]" };

  return audit_write (transaction, &entry, error) && audit_write (transaction, &entry, error)
      && database_run (store_transaction_database (transaction), error,
                       "UPDATE audit SET time = 1000 WHERE id = (SELECT min (id) FROM audit)", "");
}

static gboolean
count_audit (StoreSnapshot *snapshot, gpointer data, GError **error)
{
  Statement *row = database_query (store_snapshot_database (snapshot), error,
                                   "SELECT count(*) FROM audit", "");

  g_assert_true (row && statement_next (row, error));
  *(gint64 *)data = statement_int (row, 0);
  statement_done (row);
  return TRUE;
}

static void
test_tidy (House *self, gconstpointer data)
{
  gint64 count = 0;

  g_assert_true (store_write_sync (self->office.store, write_audit, NULL, NULL));
  g_assert_true (store_read_sync (self->office.store, count_audit, &count, NULL));
  g_assert_cmpint (count, ==, 2);
  look (self);
  g_assert_true (store_read_sync (self->office.store, count_audit, &count, NULL));
  g_assert_cmpint (count, ==, 1);
}

int
main (int argc, char **argv)
{
  static const struct {
    const char *path;
    void (*func) (House *, gconstpointer);
  } tests[] = {
    { "/chores/off", test_off },     { "/chores/due", test_due },
    { "/chores/fresh", test_fresh }, { "/chores/failed", test_failed },
    { "/chores/tidy", test_tidy },
  };

  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, House, NULL, set_up, tests[i].func, tear_down);
  return g_test_run ();
}

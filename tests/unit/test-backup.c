/* A backup made beside the store's work is whole, its damage is seen, and it comes back. */
#include "archive/backup.h"
#include "archive/manifest.h"
#include "store/check.h"
#include "store-fixture.h"

static char *
beside (Fixture *self, const char *name)
{
  return g_strconcat (self->folder, "-", name, NULL);
}

static void
fill (Fixture *self)
{
  g_autofree char *configuration = g_build_filename (self->folder, "hauspost.conf", NULL);
  g_autofree char *certificates = g_build_filename (self->folder, "certificates", NULL);
  g_autofree char *certificate = g_build_filename (certificates, "a.pem", NULL);
  g_autofree char *big = g_strnfill (1500000, 'x');

  for (guint i = 0; i < 50; i++)
    fixture_add (self, self->inbox, "text", 0);
  fixture_add (self, self->inbox, big, 0);
  g_assert_cmpint (g_mkdir (certificates, 0700), ==, 0);
  g_assert_true (g_file_set_contents (configuration, "[server]\n", -1, NULL));
  g_assert_true (g_file_set_contents (certificate, "pem", -1, NULL));
}

static void
test_round_trip (Fixture *self, gconstpointer data)
{
  g_autofree char *backup = beside (self, "backup");
  g_autofree char *restored = beside (self, "restored");
  g_autofree char *certificate = g_build_filename (restored, "certificates", "a.pem", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (CheckReport) report = NULL;

  fill (self);
  backup_create (self->store, backup, NULL, NULL, &error);
  g_assert_no_error (error);
  fixture_add (self, self->inbox, "later", 0);
  backup_verify (backup, NULL, NULL, &error);
  g_assert_no_error (error);
  backup_restore (backup, restored, NULL, NULL, &error);
  g_assert_no_error (error);

  StoreOptions options = { .folder = restored };
  g_autoptr (Store) store = store_open (&options, &error);
  g_assert_no_error (error);
  report = store_check (store, FALSE, NULL, NULL, &error);
  g_assert_cmpuint (report->lines->len, ==, 0);
  g_assert_cmpuint (report->messages, ==, 51);
  g_assert_true (g_file_test (certificate, G_FILE_TEST_EXISTS));
  g_clear_pointer (&store, store_close);
  remove_tree (backup);
  remove_tree (restored);
}

static void
test_refusals (Fixture *self, gconstpointer data)
{
  g_autofree char *backup = beside (self, "backup");
  g_autofree char *manifest = g_build_filename (backup, MANIFEST_NAME, NULL);
  g_autoptr (GError) used = NULL;
  g_autoptr (GError) occupied = NULL;
  g_autoptr (GError) unfinished = NULL;

  fill (self);
  g_assert_true (backup_create (self->store, backup, NULL, NULL, NULL));
  g_assert_false (backup_create (self->store, backup, NULL, NULL, &used));
  g_assert_error (used, G_IO_ERROR, G_IO_ERROR_NOT_EMPTY);
  g_assert_false (backup_restore (backup, self->folder, NULL, NULL, &occupied));
  g_assert_error (occupied, G_IO_ERROR, G_IO_ERROR_NOT_EMPTY);
  g_assert_cmpint (g_remove (manifest), ==, 0);
  g_assert_false (backup_verify (backup, NULL, NULL, &unfinished));
  g_assert_error (unfinished, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  remove_tree (backup);
}

static void
test_below (Fixture *self, gconstpointer data)
{
  g_autofree char *outer = g_build_filename (self->folder, "mine", NULL);
  g_autofree char *backup = g_build_filename (outer, "backup", NULL);
  g_autofree char *itself = g_build_filename (backup, "mine", "backup", NULL);
  g_autoptr (GError) error = NULL;

  fill (self);
  backup_create (self->store, backup, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_false (g_file_test (itself, G_FILE_TEST_EXISTS));
  g_assert_true (backup_verify (backup, NULL, NULL, NULL));
}

/* A byte changed in any file, a file cut or gone. */
static void
test_damage (Fixture *self, gconstpointer data)
{
  g_autofree char *backup = beside (self, "backup");
  g_autofree char *restored = beside (self, "restored");
  g_autoptr (GPtrArray) files = NULL;

  fill (self);
  g_assert_true (backup_create (self->store, backup, NULL, NULL, NULL));
  files = manifest_load (backup, NULL);
  g_assert_cmpuint (files->len, >=, 5);
  for (guint i = 0; i < files->len; i++) {
    const ManifestFile *file = files->pdata[i];
    g_autofree char *path = g_build_filename (backup, file->name, NULL);
    g_autofree char *text = NULL;
    gsize length;

    g_assert_true (g_file_get_contents (path, &text, &length, NULL));
    text[length / 2] ^= 1;
    g_assert_true (g_file_set_contents (path, text, length, NULL));
    g_assert_false (backup_verify (backup, NULL, NULL, NULL));
    g_assert_false (backup_restore (backup, restored, NULL, NULL, NULL));
    g_assert_false (g_file_test (restored, G_FILE_TEST_EXISTS));
    g_assert_true (g_file_set_contents (path, text, length - 1, NULL));
    g_assert_false (backup_verify (backup, NULL, NULL, NULL));
    g_assert_cmpint (g_remove (path), ==, 0);
    g_assert_false (backup_verify (backup, NULL, NULL, NULL));
    text[length / 2] ^= 1;
    g_assert_true (g_file_set_contents (path, text, length, NULL));
  }
  g_assert_true (backup_verify (backup, NULL, NULL, NULL));
  remove_tree (backup);
}

/* The first piece of work is allowed, the second one is not. */
static gboolean
stop_soon (guint64 done, guint64 total, gpointer data)
{
  guint *calls = data;

  return (*calls)++ == 0;
}

/* What was not finished is not in the way of another attempt; a folder that was there stays. */
static void
test_unfinished (Fixture *self, gconstpointer data)
{
  g_autofree char *backup = beside (self, "backup");
  g_autofree char *restored = beside (self, "restored");

  fill (self);
  for (guint was_there = 0; was_there < 2; was_there++) {
    g_autoptr (GError) error = NULL;
    guint calls = 0;

    g_assert_false (backup_create (self->store, backup, stop_soon, &calls, &error));
    g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
    g_assert_cmpint (g_file_test (backup, G_FILE_TEST_EXISTS), ==, was_there);
    g_assert_cmpint (g_mkdir (backup, 0700) == 0, ==, !was_there);
  }
  g_assert_true (backup_create (self->store, backup, NULL, NULL, NULL));
  for (guint was_there = 0; was_there < 2; was_there++) {
    guint calls = 0;

    g_assert_false (backup_restore (backup, restored, stop_soon, &calls, NULL));
    g_assert_cmpint (g_file_test (restored, G_FILE_TEST_EXISTS), ==, was_there);
    g_assert_cmpint (g_mkdir (restored, 0700) == 0, ==, !was_there);
  }
  g_assert_true (backup_restore (backup, restored, NULL, NULL, NULL));
  remove_tree (backup);
  remove_tree (restored);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  fixture_test ("/backup/round-trip", test_round_trip);
  fixture_test ("/backup/refusals", test_refusals);
  fixture_test ("/backup/below", test_below);
  fixture_test ("/backup/damage", test_damage);
  fixture_test ("/backup/unfinished", test_unfinished);
  return g_test_run ();
}

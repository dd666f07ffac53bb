/* Opening: what a crash has left is kept aside, and nobody else may read the database. */
#include "store-fixture.h"

static char *
segment_file (Fixture *self, const char *name)
{
  return g_build_filename (self->folder, "segments", name, NULL);
}

/* The file that holds the first message; later starts open others. */
static guint64
first_segment (Fixture *self)
{
  g_autoptr (GArray) numbers = segments_list (self->store->segments, NULL);

  g_assert_cmpuint (numbers->len, >, 0);
  return g_array_index (numbers, guint64, 0);
}

static void
test_tail (Fixture *self, gconstpointer data)
{
  fixture_add (self, self->inbox, "first", 0);
  guint64 number = first_segment (self);
  g_autofree char *path = segments_path (self->store->segments, number);
  GStatBuf before, after;

  g_assert_cmpint (g_stat (path, &before), ==, 0);
  store_close (self->store);
  FILE *file = fopen (path, "a");
  fputs ("never acknowledged", file);
  fclose (file);
  fixture_open (self);
  g_autofree char *name = g_strdup_printf ("tail-%08" G_GUINT64_FORMAT "-%" G_GINT64_FORMAT, number,
                                           (gint64)before.st_size);
  g_autofree char *tail = segment_file (self, name);
  g_autofree char *content = NULL;
  g_assert_true (g_file_get_contents (tail, &content, NULL, NULL));
  g_assert_cmpstr (content, ==, "never acknowledged");
  /* Nothing is cut off, and nothing is written behind it. */
  fixture_add (self, self->inbox, "second", 0);
  g_assert_cmpint (g_stat (path, &after), ==, 0);
  g_assert_cmpint (after.st_size, ==, before.st_size + strlen ("never acknowledged"));
  g_assert_cmpuint (first_segment (self), ==, number);
}

static void
test_unknown_segment (Fixture *self, gconstpointer data)
{
  g_autofree char *path = segment_file (self, "00000077.seg");
  g_autofree char *aside = segment_file (self, "tail-00000077-0");

  store_close (self->store);
  g_assert_true (g_file_set_contents (path, "bytes", -1, NULL));
  fixture_open (self);
  g_assert_false (file_exists (path));
  g_assert_true (file_exists (aside));
  fixture_add (self, self->inbox, "text", 0);
  g_autofree char *next = segment_file (self, "00000078.seg");
  g_assert_true (file_exists (next));
}

/* Starting again and again leaves nothing behind. */
static void
test_empty_segments (Fixture *self, gconstpointer data)
{
  for (guint i = 0; i < 5; i++)
    fixture_reopen (self);
  g_autofree char *folder = segment_file (self, "");
  g_autoptr (GPtrArray) names = file_list (folder, NULL);
  g_assert_cmpuint (names->len, ==, 1);
}

/* The WAL is lost, and with it the rows: the bytes survive. */
static void
test_lost_wal (Fixture *self, gconstpointer data)
{
  g_autofree char *folder = segment_file (self, "");
  g_autofree char *path = g_build_filename (self->folder, "store.db", NULL);
  g_autofree char *old = NULL;
  gsize length;

  store_close (self->store);
  g_assert_true (g_file_get_contents (path, &old, &length, NULL));
  fixture_open (self);
  fixture_add (self, self->inbox, "acknowledged", 0);
  store_close (self->store);
  g_assert_true (g_file_set_contents (path, old, (gssize)length, NULL));
  fixture_open (self);
  g_autoptr (GPtrArray) names = file_list (folder, NULL);
  guint tails = 0;
  for (guint i = 0; i < names->len; i++)
    tails += g_str_has_prefix (names->pdata[i], "tail-");
  g_assert_cmpuint (tails, ==, 1);
}

/* An empty database in place of a lost one would hide all mail. */
static void
test_lost_database (Fixture *self, gconstpointer data)
{
  g_autofree char *path = g_build_filename (self->folder, "store.db", NULL);
  g_autoptr (GError) error = NULL;
  StoreOptions options = { .folder = self->folder };

  fixture_add (self, self->inbox, "acknowledged", 0);
  g_clear_pointer (&self->store, store_close);
  g_remove (path);
  g_assert_null (store_open (&options, &error));
  g_assert_error (error, STORE_ERROR, STORE_ERROR_CORRUPT);
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
}

#ifdef G_OS_UNIX /* Windows: test-privacy.c */
static void
test_private (Fixture *self, gconstpointer data)
{
  static const char *const names[] = { "store.db", "store.db-wal", "store.db-shm" };

  fixture_add (self, self->inbox, "text", 0);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autofree char *path = g_build_filename (self->folder, names[i], NULL);
    GStatBuf status;
    g_assert_cmpint (g_stat (path, &status), ==, 0);
    g_assert_cmpuint (status.st_mode & 077, ==, 0);
  }
}
#endif

static void
test_not_ours (Fixture *self, gconstpointer data)
{
  g_autofree char *path = g_build_filename (self->folder, "store.db", NULL);
  g_autofree char *old = NULL;
  gsize length;
  g_autoptr (GError) error = NULL;
  StoreOptions options = { .folder = self->folder };

  g_clear_pointer (&self->store, store_close);
  g_assert_true (g_file_get_contents (path, &old, &length, NULL));
  g_assert_true (g_file_set_contents (path, "no database, but something else", -1, NULL));
  g_assert_null (store_open (&options, &error));
  g_assert_error (error, STORE_ERROR, STORE_ERROR_CORRUPT);
  /* The refusal has let go of the folder. */
  g_assert_true (g_file_set_contents (path, old, (gssize)length, NULL));
  fixture_open (self);
}

static void
test_no_place (void)
{
  g_autoptr (GError) error = NULL;
  StoreOptions options = { .folder = "/proc/nowhere" };

  g_assert_null (store_open (&options, &error));
  g_assert_error (error, STORE_ERROR, STORE_ERROR_FAILED);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  fixture_test ("/open/tail", test_tail);
  fixture_test ("/open/unknown-segment", test_unknown_segment);
  fixture_test ("/open/empty-segments", test_empty_segments);
  fixture_test ("/open/lost-wal", test_lost_wal);
  fixture_test ("/open/lost-database", test_lost_database);
#ifdef G_OS_UNIX
  fixture_test ("/open/private", test_private);
#endif
  fixture_test ("/open/not-ours", test_not_ours);
  g_test_add_func ("/open/no-place", test_no_place);
  return g_test_run ();
}

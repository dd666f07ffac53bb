/* Files: whole reads and writes, errors with sentences, names made durable, a table to replace. */
#include "platform/file.h"
#include <glib/gstdio.h>
#include <string.h>

typedef struct {
  char *folder;
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  self->folder = g_dir_make_tmp ("file-XXXXXX", NULL);
  g_assert_nonnull (self->folder);
}

static void
remove_all (const char *folder)
{
  g_autoptr (GPtrArray) names = file_list (folder, NULL);

  for (guint i = 0; names != NULL && i < names->len; i++) {
    g_autofree char *path = g_build_filename (folder, names->pdata[i], NULL);

    if (g_file_test (path, G_FILE_TEST_IS_DIR))
      remove_all (path);
    else
      g_assert_true (file_remove (path, NULL));
  }
  g_assert_true (file_remove_folder (folder, NULL));
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  file_system_replace (NULL);
  remove_all (self->folder);
  g_free (self->folder);
}

static char *
path_of (Fixture *self, const char *name)
{
  return g_build_filename (self->folder, name, NULL);
}

static void
test_read_write (Fixture *self, gconstpointer data)
{
  g_autofree char *path = path_of (self, "a");
  g_autoptr (GError) error = NULL;
  g_autoptr (File) file = file_open (path, FILE_MODE_CREATE, &error);
  char bytes[16] = "";
  guint64 offset, size;
  gsize done;

  g_assert_no_error (error);
  g_assert_cmpstr (file_path (file), ==, path);
  g_assert_true (file_append (file, "hello", 5, &offset, &error));
  g_assert_cmpuint (offset, ==, 0);
  g_assert_true (file_append (file, " world", 6, &offset, &error));
  g_assert_cmpuint (offset, ==, 5);
  g_assert_true (file_write (file, 0, "J", 1, &error));
  g_assert_true (file_sync (file, &error));
  g_assert_true (file_read (file, 1, bytes, 4, &done, &error));
  g_assert_cmpmem (bytes, done, "ello", 4);
  g_assert_true (file_read (file, 6, bytes, sizeof bytes, &done, &error));
  g_assert_cmpmem (bytes, done, "world", 5);
  g_assert_true (file_read (file, 100, bytes, 1, &done, &error));
  g_assert_cmpuint (done, ==, 0);
  g_assert_true (file_size (file, &size, &error));
  g_assert_cmpuint (size, ==, 11);
}

static void
test_modes (Fixture *self, gconstpointer data)
{
  g_autofree char *path = path_of (self, "a");
  g_autoptr (GError) missing = NULL;
  g_autoptr (GError) exists = NULL;
  g_autoptr (GError) refused = NULL;
  g_autoptr (File) first = NULL;
  g_autoptr (File) reader = NULL;

  g_assert_null (file_open (path, FILE_MODE_READ, &missing));
  g_assert_error (missing, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  g_assert_nonnull (strstr (missing->message, path));
  first = file_open (path, FILE_MODE_WRITE, NULL);
  g_assert_nonnull (first);
  g_assert_null (file_open (path, FILE_MODE_CREATE, &exists));
  g_assert_error (exists, G_IO_ERROR, G_IO_ERROR_EXISTS);
  reader = file_open (path, FILE_MODE_READ, NULL);
  g_assert_false (file_write (reader, 0, "x", 1, &refused));
  g_assert_nonnull (refused);
}

static void
test_lock (Fixture *self, gconstpointer data)
{
  g_autofree char *path = path_of (self, "lock");
  g_autoptr (GError) error = NULL;
  File *first = file_open (path, FILE_MODE_WRITE, NULL);
  g_autoptr (File) second = file_open (path, FILE_MODE_WRITE, NULL);

  g_assert_true (file_lock (first, NULL));
  g_assert_false (file_lock (second, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_BUSY);
  file_close (first);
  g_assert_true (file_lock (second, NULL));
}

static void
test_names (Fixture *self, gconstpointer data)
{
  g_autofree char *folder = path_of (self, "one/two");
  g_autofree char *target = path_of (self, "one/b");
  g_autoptr (GBytes) old = g_bytes_new_static ("old", 3);
  g_autoptr (GBytes) new = g_bytes_new_static ("newer", 5);
  g_autoptr (GBytes) seen = NULL;
  g_autoptr (GPtrArray) names = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *parent = path_of (self, "one");
  guint64 space = 0;

  g_assert_true (file_make_folder (folder, NULL));
  g_assert_true (file_make_folder (folder, NULL));
  g_assert_true (file_replace (target, old, NULL));
  g_assert_true (file_replace (target, new, NULL));
  seen = file_map (target, NULL);
  g_assert_true (g_bytes_equal (seen, new));
  names = file_list (parent, NULL);
  g_assert_cmpuint (names->len, ==, 2);
  g_assert_cmpstr (names->pdata[0], ==, "b");
  g_assert_cmpstr (names->pdata[1], ==, "two");
  g_assert_false (file_remove_folder (parent, &error));
  g_assert_nonnull (error);
  g_assert_true (file_free_space (parent, &space, NULL));
  g_assert_cmpuint (space, >, 0);
}

#ifdef G_OS_UNIX
static void
test_private (Fixture *self, gconstpointer data)
{
  g_autofree char *folder = path_of (self, "private");
  g_autofree char *path = g_build_filename (folder, "a", NULL);
  g_autoptr (File) file = NULL;
  GStatBuf status;

  g_assert_true (file_make_folder (folder, NULL));
  g_assert_cmpint (g_stat (folder, &status), ==, 0);
  g_assert_cmpint (status.st_mode & 0777, ==, 0700);
  file = file_open (path, FILE_MODE_CREATE, NULL);
  g_assert_cmpint (g_stat (path, &status), ==, 0);
  g_assert_cmpint (status.st_mode & 0777, ==, 0600);
}

/* /dev/full refuses every write as a full disk does. */
static void
test_full (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (File) file = file_open ("/dev/full", FILE_MODE_WRITE, NULL);

  g_assert_false (file_write (file, 0, "x", 1, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE);
  g_assert_cmpstr (error->message, ==, "Cannot write to /dev/full: No space left on device");
}
#endif

static gboolean
refuse_sync (File *file, GError **error)
{
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "Cannot sync %s", file_path (file));
  return FALSE;
}

static void
test_replaced (Fixture *self, gconstpointer data)
{
  FileSystem system = *file_system_default ();
  g_autofree char *path = path_of (self, "a");
  g_autofree char *beside = path_of (self, "a.new");
  g_autoptr (GBytes) bytes = g_bytes_new_static ("x", 1);
  g_autoptr (GError) error = NULL;

  system.sync = refuse_sync;
  file_system_replace (&system);
  g_assert_false (file_replace (path, bytes, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_FAILED);
  g_assert_false (file_exists (path));
  g_assert_false (file_exists (beside));
}

int
main (int argc, char **argv)
{
  static const struct {
    const char *path;
    void (*run) (Fixture *, gconstpointer);
  } tests[] = {
    { "/file/read-write", test_read_write },
    { "/file/modes", test_modes },
    { "/file/lock", test_lock },
    { "/file/names", test_names },
#ifdef G_OS_UNIX
    { "/file/private", test_private },
    { "/file/full", test_full },
#endif
    { "/file/replaced", test_replaced },
  };

  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, NULL, set_up, tests[i].run, tear_down);
  return g_test_run ();
}

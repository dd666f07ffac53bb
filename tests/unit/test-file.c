/* Files: whole reads and writes, errors with sentences, names made durable, a table to replace. */
#include "platform/file.h"
#ifdef G_OS_UNIX
#include <glib/gstdio.h>
#endif
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

    if (file_is_folder (path))
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

/* Longer than what Windows' older calls take (260), with letters of several alphabets. */
static void
test_long_names (Fixture *self, gconstpointer data)
{
  GString *path = g_string_new (self->folder);
  g_autoptr (GBytes) bytes = g_bytes_new_static ("x", 1);
  g_autoptr (GBytes) seen = NULL;
  g_autoptr (GPtrArray) names = NULL;
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < 6; i++)
    g_string_append (path, "/Schöne Ordner, длинные имена, 長い名前, und noch mehr davon");
  g_assert_cmpuint (g_utf8_strlen (path->str, -1), >, 300);
  g_assert_true (file_make_folder (path->str, &error));
  g_assert_no_error (error);
  names = file_list (path->str, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (names->len, ==, 0);
  g_string_append (path, "/Größe.eml");
  g_assert_true (file_replace (path->str, bytes, &error));
  g_assert_no_error (error);
  g_assert_true (file_exists (path->str));
  g_assert_false (file_is_folder (path->str));
  seen = file_map (path->str, &error);
  g_assert_true (g_bytes_equal (seen, bytes));
  g_string_free (path, TRUE);
}

/* A file that is open can be renamed and removed: who has it open still reads it. */
static void
test_open_names (Fixture *self, gconstpointer data)
{
  g_autofree char *path = path_of (self, "a");
  g_autofree char *target = path_of (self, "b");
  g_autoptr (GBytes) old = g_bytes_new_static ("old", 3);
  g_autoptr (GError) error = NULL;
  g_autoptr (File) file = NULL;
  char bytes[4] = "";
  gsize done;

  g_assert_true (file_replace (path, old, NULL));
  file = file_open (path, FILE_MODE_READ, NULL);
  g_assert_true (file_rename (path, target, &error));
  g_assert_no_error (error);
  g_assert_false (file_exists (path));
  g_assert_true (file_remove (target, &error));
  g_assert_no_error (error);
  g_assert_true (file_read (file, 0, bytes, 3, &done, &error));
  g_assert_cmpmem (bytes, done, "old", 3);
}

static const struct {
  const char *what;
  GIOErrorEnum code;
} refusals[] = {
  { "open a folder", G_IO_ERROR_IS_DIRECTORY },
  { "remove nothing", G_IO_ERROR_NOT_FOUND },
  { "rename nothing", G_IO_ERROR_NOT_FOUND },
  { "map nothing", G_IO_ERROR_NOT_FOUND },
  { "list nothing", G_IO_ERROR_NOT_FOUND },
  { "remove a full folder", G_IO_ERROR_NOT_EMPTY },
  { "remove nothing as a folder", G_IO_ERROR_NOT_FOUND },
  { "sync nothing", G_IO_ERROR_NOT_FOUND },
};

/* The same error on every system. */
static void
test_refusals (Fixture *self, gconstpointer data)
{
  g_autofree char *folder = path_of (self, "folder");
  g_autofree char *nothing = path_of (self, "nothing");
  g_autofree char *inside = g_build_filename (folder, "a", NULL);
  GError *errors[G_N_ELEMENTS (refusals)] = { NULL };

  g_assert_true (file_make_folder (inside, NULL));
  g_assert_null (file_open (folder, FILE_MODE_WRITE, &errors[0]));
  g_assert_false (file_remove (nothing, &errors[1]));
  g_assert_false (file_rename (nothing, inside, &errors[2]));
  g_assert_null (file_map (nothing, &errors[3]));
  g_assert_null (file_list (nothing, &errors[4]));
  g_assert_false (file_remove_folder (folder, &errors[5]));
  g_assert_false (file_remove_folder (nothing, &errors[6]));
  g_assert_false (file_sync_folder (nothing, &errors[7]));
  for (guint i = 0; i < G_N_ELEMENTS (refusals); i++) {
    g_test_message ("%s: %s", refusals[i].what, errors[i]->message);
    g_assert_error (errors[i], G_IO_ERROR, (int)refusals[i].code);
    g_clear_error (&errors[i]);
  }
}

static void
test_map (Fixture *self, gconstpointer data)
{
  g_autofree char *path = path_of (self, "a");
  g_autoptr (GBytes) nothing = g_bytes_new_static ("", 0);
  g_autoptr (GBytes) empty = NULL;

  g_assert_true (file_replace (path, nothing, NULL));
  empty = file_map (path, NULL);
  g_assert_cmpuint (g_bytes_get_size (empty), ==, 0);
}

enum { THREADS = 4, BLOCKS = 200, BLOCK = 512 };

/* Each looks at its own places of one File: nobody's position is another's. */
static gpointer
read_blocks (gpointer data)
{
  guint8 block[BLOCK];
  gsize done;

  for (guint i = 0; i < BLOCKS; i++) {
    g_assert_true (file_read (data, (guint64)i * BLOCK, block, BLOCK, &done, NULL));
    g_assert_cmpuint (done, ==, BLOCK);
    for (guint at = 0; at < BLOCK; at++)
      g_assert_cmpuint (block[at], ==, i);
  }
  return NULL;
}

static void
test_threads (Fixture *self, gconstpointer data)
{
  g_autofree char *path = path_of (self, "a");
  g_autoptr (File) file = file_open (path, FILE_MODE_CREATE, NULL);
  GThread *threads[THREADS];
  guint8 block[BLOCK];

  for (guint i = 0; i < BLOCKS; i++) {
    memset (block, (int)i, sizeof block);
    g_assert_true (file_write (file, (guint64)i * BLOCK, block, BLOCK, NULL));
  }
  for (guint i = 0; i < THREADS; i++)
    threads[i] = g_thread_new ("reader", read_blocks, file);
  g_assert_true (file_sync (file, NULL));
  for (guint i = 0; i < THREADS; i++)
    g_thread_join (threads[i]);
}

#ifdef G_OS_WIN32
/* NTFS would put these bytes into a stream inside "a", where nobody finds them. */
static void
test_streams (Fixture *self, gconstpointer data)
{
  g_autofree char *path = path_of (self, "a:b");
  g_autoptr (GError) error = NULL;

  g_assert_null (file_open (path, FILE_MODE_WRITE, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_FILENAME);
}
#endif

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
    { "/file/long-names", test_long_names },
    { "/file/open-names", test_open_names },
    { "/file/refusals", test_refusals },
    { "/file/map", test_map },
    { "/file/threads", test_threads },
#ifdef G_OS_WIN32
    { "/file/streams", test_streams },
#endif
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

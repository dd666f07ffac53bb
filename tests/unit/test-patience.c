/* A program that holds a file for a moment is waited for, one that keeps it is not. */
#include "platform/file.h"
#include "platform/windows/patience.h"
#include "platform/windows/wide.h"

typedef struct {
  char *folder, *path, *target;
  HANDLE held; /* as a virus scanner would */
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static ("x", 1);

  self->folder = g_dir_make_tmp ("patience-XXXXXX", NULL);
  self->path = g_build_filename (self->folder, "a", NULL);
  self->target = g_build_filename (self->folder, "b", NULL);
  g_assert_true (file_replace (self->path, bytes, NULL));
  g_assert_true (file_replace (self->target, bytes, NULL));
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  file_remove (self->path, NULL);
  file_remove (self->target, NULL);
  g_assert_true (file_remove_folder (self->folder, NULL));
  g_free (self->folder);
  g_free (self->path);
  g_free (self->target);
}

static void
hold (Fixture *self, const char *path)
{
  g_autofree wchar_t *wide = wide_path (path, NULL);

  self->held = CreateFileW (wide, GENERIC_READ, FILE_SHARE_READ, NULL, OPEN_EXISTING, 0, NULL);
  g_assert_true (self->held != INVALID_HANDLE_VALUE);
}

static gpointer
let_go (gpointer data)
{
  g_usleep (200000);
  CloseHandle (((Fixture *)data)->held);
  return NULL;
}

static void
test_passes (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  GThread *thread;

  hold (self, self->path);
  thread = g_thread_new ("scanner", let_go, self);
  g_assert_true (file_rename (self->path, self->target, &error));
  g_thread_join (thread);
  hold (self, self->target);
  thread = g_thread_new ("scanner", let_go, self);
  g_autoptr (File) file = file_open (self->target, FILE_MODE_WRITE, &error);
  g_assert_no_error (error);
  g_thread_join (thread);
  g_clear_pointer (&file, file_close);
  hold (self, self->target);
  thread = g_thread_new ("scanner", let_go, self);
  g_assert_true (file_remove (self->target, &error));
  g_thread_join (thread);
}

static void
test_stays (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  gint64 before = g_get_monotonic_time ();

  hold (self, self->path);
  g_assert_false (file_remove (self->path, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_BUSY);
  g_assert_cmpint (g_get_monotonic_time () - before, >, 1800000);
  g_assert_cmpint (g_get_monotonic_time () - before, <, 10 * G_USEC_PER_SEC);
  CloseHandle (self->held);
}

static void
test_wait (void)
{
  Patience patience = { 0, 0 };

  g_assert_false (patience_wait (&patience, ERROR_SUCCESS, PATIENCE_ALL, "a"));
  g_assert_false (patience_wait (&patience, ERROR_FILE_NOT_FOUND, PATIENCE_ALL, "a"));
  g_assert_false (patience_wait (&patience, ERROR_ACCESS_DENIED, PATIENCE_SHARING, "a"));
  g_assert_cmpuint (patience.waited, ==, 0);
  for (guint i = 1; i <= 64; i *= 2) {
    g_assert_true (patience_wait (&patience, ERROR_ACCESS_DENIED, PATIENCE_ALL, "a"));
    g_assert_cmpuint (patience.pause, ==, i);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/patience/passes", Fixture, NULL, set_up, test_passes, tear_down);
  g_test_add ("/patience/stays", Fixture, NULL, set_up, test_stays, tear_down);
  g_test_add_func ("/patience/wait", test_wait);
  return g_test_run ();
}

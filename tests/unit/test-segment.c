/* Segment files: writing on, pins, tails, what a failed sync leaves. */
#include "store-fixture.h"

typedef struct {
  char *folder;
  Segments *segments;
} Place;

static void
set_up (Place *self, gconstpointer data)
{
  self->folder = g_dir_make_tmp ("segment-XXXXXX", NULL);
  self->segments = segments_open (self->folder, 0, NULL);
}

static void
tear_down (Place *self, gconstpointer data)
{
  file_system_replace (NULL);
  segments_free (self->segments);
  remove_tree (self->folder);
  g_free (self->folder);
}

static guint64
append (Place *self, const char *text, guint64 *offset)
{
  g_autoptr (GError) error = NULL;
  guint64 number;

  g_assert_true (segments_begin (self->segments, &number, offset, &error));
  g_assert_true (segments_append (self->segments, text, strlen (text), &error));
  g_assert_true (segments_is_dirty (self->segments));
  g_assert_true (segments_sync (self->segments, &error));
  g_assert_no_error (error);
  return number;
}

static void
assert_reads (Place *self, guint64 number, guint64 offset, const char *text)
{
  g_autoptr (GError) error = NULL;
  char buffer[64];
  gsize done;

  g_assert_true (
      segments_read (self->segments, number, offset, buffer, sizeof buffer, &done, &error));
  g_assert_cmpmem (buffer, done, text, strlen (text));
}

static gboolean
is_there (Place *self, guint64 number)
{
  g_autofree char *path = segments_path (self->segments, number);

  return file_exists (path);
}

static void
test_append (Place *self, gconstpointer data)
{
  guint64 offset;

  g_assert_cmpuint (append (self, "first", &offset), ==, 1);
  g_assert_cmpuint (offset, ==, 0);
  g_assert_cmpuint (append (self, "second", &offset), ==, 1);
  g_assert_cmpuint (offset, ==, 5);
  assert_reads (self, 1, 0, "firstsecond");
  assert_reads (self, 1, 5, "second");
  assert_reads (self, 1, 11, "");
  segments_abandon (self->segments);
  g_assert_cmpuint (append (self, "third", &offset), ==, 2);
  assert_reads (self, 2, 0, "third");
}

/* A number is never used again while any trace of it is there. */
static void
test_numbers (Place *self, gconstpointer data)
{
  guint64 offset;
  g_autofree char *tail = g_build_filename (self->folder, "tail-00000041-0", NULL);
  g_autofree char *strange = g_build_filename (self->folder, "99999999.old", NULL);

  g_file_set_contents (tail, "x", 1, NULL);
  g_file_set_contents (strange, "x", 1, NULL);
  segments_free (self->segments);
  self->segments = segments_open (self->folder, 7, NULL);
  g_assert_cmpuint (append (self, "x", &offset), ==, 42);
  segments_free (self->segments);
  self->segments = segments_open (self->folder, 99, NULL);
  g_assert_cmpuint (append (self, "x", &offset), ==, 100);
  g_autoptr (GArray) numbers = segments_list (self->segments, NULL);
  g_assert_cmpuint (numbers->len, ==, 2);
  g_assert_cmpuint (g_array_index (numbers, guint64, 0), ==, 42);
}

static void
test_rotation (Place *self, gconstpointer data)
{
  g_autofree char *block = g_malloc0 (SEGMENT_SIZE);
  guint64 number, offset;

  g_assert_true (segments_begin (self->segments, &number, &offset, NULL));
  g_assert_true (segments_append (self->segments, block, SEGMENT_SIZE, NULL));
  /* Not in the middle of a batch. */
  g_assert_true (segments_begin (self->segments, &number, &offset, NULL));
  g_assert_cmpuint (number, ==, 1);
  g_assert_true (segments_sync (self->segments, NULL));
  g_assert_cmpuint (append (self, "x", &offset), ==, 2);
}

static void
test_pins (Place *self, gconstpointer data)
{
  guint64 offset;

  append (self, "x", &offset);
  segments_abandon (self->segments);
  guint64 first = segments_pin (self->segments);
  guint64 second = segments_pin (self->segments);
  assert_reads (self, 1, 0, "x");
  segments_remove (self->segments, 1);
  guint64 later = segments_pin (self->segments);
  segments_unpin (self->segments, first);
  g_assert_true (is_there (self, 1));
  assert_reads (self, 1, 0, "x");
  segments_unpin (self->segments, second);
  g_assert_false (is_there (self, 1));
  segments_unpin (self->segments, later);
}

static void
test_many_handles (Place *self, gconstpointer data)
{
  guint64 offset;

  for (guint i = 1; i <= 200; i++) {
    append (self, "x", &offset);
    segments_abandon (self->segments);
  }
  for (guint round = 0; round < 2; round++)
    for (guint i = 1; i <= 200; i++)
      assert_reads (self, i, 0, "x");
}

static void
test_own (Place *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  guint64 number, next;
  g_autoptr (File) file = segments_create_own (self->segments, &number, &error);
  g_autoptr (File) other = segments_create_own (self->segments, &next, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (next, ==, number + 1);
  g_assert_true (file_write (file, 0, "head body", 9, &error));
  g_assert_true (segments_finish_own (file, 9, &error));
  assert_reads (self, number, 0, "head body");
}

static gboolean
fail_sync (File *file, GError **error)
{
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED, "sync");
  return FALSE;
}

static void
test_own_fails (Place *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  FileSystem failing = *file_system_default ();
  guint64 number;

  failing.sync = fail_sync;
  file_system_replace (&failing);
  File *file = segments_create_own (self->segments, &number, &error);
  g_assert_no_error (error);
  g_assert_false (segments_finish_own (file, 0, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_FAILED);
  file_close (file);
  segments_remove (self->segments, number);
  g_assert_false (is_there (self, number));
}

static void
test_tail (Place *self, gconstpointer data)
{
  guint64 offset;
  g_autofree char *tail = g_build_filename (self->folder, "tail-00000001-5", NULL);
  g_autofree char *whole = g_build_filename (self->folder, "tail-00000001-0", NULL);
  g_autofree char *content = NULL;
  g_autoptr (GError) error = NULL;

  append (self, "known unknown", &offset);
  g_assert_true (segments_keep_tail (self->segments, 1, 13, &error));
  g_assert_true (segments_keep_tail (self->segments, 1, 5, &error));
  g_assert_true (segments_keep_tail (self->segments, 1, 5, &error));
  g_assert_true (g_file_get_contents (tail, &content, NULL, NULL));
  g_assert_cmpstr (content, ==, " unknown");
  assert_reads (self, 1, 0, "known unknown");
  g_assert_true (segments_set_aside (self->segments, 1, &error));
  g_assert_false (is_there (self, 1));
  g_assert_true (file_exists (whole));
}

#define place_test(path, function) g_test_add (path, Place, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  place_test ("/segment/append", test_append);
  place_test ("/segment/numbers", test_numbers);
  place_test ("/segment/rotation", test_rotation);
  place_test ("/segment/pins", test_pins);
  place_test ("/segment/many-handles", test_many_handles);
  place_test ("/segment/own", test_own);
  place_test ("/segment/own-fails", test_own_fails);
  place_test ("/segment/tail", test_tail);
  return g_test_run ();
}

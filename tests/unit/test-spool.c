/* Spools in memory and on disk, on a full disk, dropped half-way, and what a crash leaves. */
#include "daemon/net/spool.h"
#include "platform/file.h"
#include <string.h>

static FileSystem disk; /* the system's, but it can be full */
static gint disk_is_full;
static char *folder;

static gboolean
write_unless_full (File *file, guint64 offset, const void *data, gsize length, GError **error)
{
  if (!g_atomic_int_get (&disk_is_full))
    return file_system_default ()->write (file, offset, data, length, error);
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE, "disk full");
  return FALSE;
}

static guint
files_in_folder (void)
{
  g_autoptr (GPtrArray) names = file_list (folder, NULL);

  return names->len;
}

/* Removal happens in a worker. */
static void
expect_empty_folder (void)
{
  for (guint i = 0; i < 500 && files_in_folder () > 0; i++)
    g_usleep (10000);
  g_assert_cmpuint (files_in_folder (), ==, 0);
}

typedef struct {
  Spool *spool;
  GBytes *bytes;
  GError *error;
  gboolean done;
} Outcome;

static void
did_finish (GObject *source, GAsyncResult *result, gpointer data)
{
  Outcome *outcome = data;

  outcome->bytes = spool_finish_finish (outcome->spool, result, &outcome->error);
  outcome->done = TRUE;
}

static void
finish (Outcome *outcome)
{
  spool_finish_async (outcome->spool, did_finish, outcome);
  g_assert_false (outcome->done);
  while (!outcome->done)
    g_main_context_iteration (NULL, TRUE);
}

static guint8
byte_at (gsize offset)
{
  return (offset * 31 + offset / 4099) & 0xff;
}

static void
append_pattern (Spool *spool, gsize length, gsize step)
{
  g_autofree guint8 *piece = g_malloc (step);

  for (gsize done = 0; done < length; done += step) {
    gsize part = MIN (step, length - done);
    for (gsize i = 0; i < part; i++)
      piece[i] = byte_at (done + i);
    spool_append (spool, piece, part);
  }
}

static const struct {
  gsize length, step;
  gboolean on_disk;
} sizes[] = {
  { 0, 1, FALSE },
  { 1, 1, FALSE },
  { 256 * 1024 - 1, 1000, FALSE },
  { 256 * 1024, 8192, TRUE },
  { 3 * 1024 * 1024 + 17, 5000, TRUE },
  { 1024 * 1024, 1024 * 1024, TRUE },
};

static void
test_sizes (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++) {
    g_autoptr (Spool) spool = spool_new (NULL, folder);
    Outcome outcome = { .spool = spool };
    append_pattern (spool, sizes[i].length, sizes[i].step);
    g_assert_cmpuint (spool_length (spool), ==, sizes[i].length);
    finish (&outcome);
    g_assert_no_error (outcome.error);
    g_assert_cmpuint (files_in_folder (), ==, sizes[i].on_disk ? 1 : 0);
    gsize length;
    const guint8 *bytes = g_bytes_get_data (outcome.bytes, &length);
    g_assert_cmpuint (length, ==, sizes[i].length);
    for (gsize k = 0; k < length; k++)
      g_assert_true (bytes[k] == byte_at (k));
    g_bytes_unref (outcome.bytes);
    expect_empty_folder ();
  }
}

static void
test_full_disk (void)
{
  g_autoptr (Spool) spool = spool_new (NULL, folder);
  Outcome outcome = { .spool = spool };

  g_atomic_int_set (&disk_is_full, TRUE);
  append_pattern (spool, 1024 * 1024, 4096);
  finish (&outcome);
  g_assert_error (outcome.error, G_IO_ERROR, G_IO_ERROR_NO_SPACE);
  g_assert_null (outcome.bytes);
  g_clear_error (&outcome.error);
  g_atomic_int_set (&disk_is_full, FALSE);
  g_clear_pointer (&spool, spool_free);
  expect_empty_folder ();
}

static void
test_missing_folder (void)
{
  g_autoptr (Spool) spool = spool_new (NULL, "/nonexistent/folder");
  Outcome outcome = { .spool = spool };

  append_pattern (spool, 1024 * 1024, 4096);
  finish (&outcome);
  g_assert_error (outcome.error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  g_clear_error (&outcome.error);
}

/* Dropped while a worker writes, and while a finish is under way. */
static void
test_dropped (void)
{
  Outcome outcome = { .spool = spool_new (NULL, folder) };
  Spool *other = spool_new (NULL, folder);

  append_pattern (other, 1024 * 1024, 4096);
  spool_free (other);
  append_pattern (outcome.spool, 1024 * 1024, 4096);
  spool_finish_async (outcome.spool, did_finish, &outcome);
  spool_free (outcome.spool);
  while (!outcome.done)
    g_main_context_iteration (NULL, TRUE);
  g_assert_error (outcome.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&outcome.error);
  for (guint i = 0; i < 100; i++) {
    g_main_context_iteration (NULL, FALSE);
    g_usleep (2000);
  }
  expect_empty_folder ();
}

static void
test_clean (void)
{
  g_autofree char *deep = g_build_filename (folder, "deep", NULL);
  g_autofree char *left = g_build_filename (deep, "left-by-a-crash", NULL);
  g_autoptr (GBytes) bytes = g_bytes_new_static ("x", 1);
  g_autoptr (GError) error = NULL;

  g_assert_true (spool_clean (deep, &error));
  g_assert_no_error (error);
  file_replace (left, bytes, &error);
  g_assert_no_error (error);
  g_assert_true (spool_clean (deep, &error));
  g_assert_no_error (error);
  g_assert_false (file_exists (left));
  file_remove_folder (deep, &error);
  g_assert_no_error (error);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  disk = *file_system_default ();
  disk.write = write_unless_full;
  file_system_replace (&disk);
  folder = g_dir_make_tmp ("spool-XXXXXX", NULL);
  g_test_add_func ("/spool/sizes", test_sizes);
  g_test_add_func ("/spool/full-disk", test_full_disk);
  g_test_add_func ("/spool/missing-folder", test_missing_folder);
  g_test_add_func ("/spool/dropped", test_dropped);
  g_test_add_func ("/spool/clean", test_clean);
  int status = g_test_run ();
  file_remove_folder (folder, NULL);
  g_free (folder);
  return status;
}

/* How full the disk is: of a folder that is there, and of one that is not. */
#include "admin/disk-space.h"
#include <glib/gstdio.h>

#define WRITTEN (32 << 20)

static void
test_there (void)
{
  g_autofree char *folder = g_dir_make_tmp ("space-XXXXXX", NULL);
  DiskSpace space = { -1, -1, -1 };

  g_assert_true (disk_space_read (folder, &space));
  g_test_message ("%" G_GINT64_FORMAT " of %" G_GINT64_FORMAT, space.free, space.total);
  g_assert_cmpint (space.total, >, 0);
  g_assert_cmpint (space.free, >=, 0);
  g_assert_cmpint (space.free, <=, space.total);
  g_assert_cmpint (space.used, ==, space.total - space.free);
  g_rmdir (folder);
}

/* The whole disk is meant: its folders say the same (others may write meanwhile). */
static void
test_same_disk (void)
{
  g_autofree char *folder = g_dir_make_tmp ("space-XXXXXX", NULL);
  g_autofree char *below = g_build_filename (folder, "below", NULL);
  DiskSpace space, deeper;

  g_assert_cmpint (g_mkdir (below, 0700), ==, 0);
  g_assert_true (disk_space_read (folder, &space) && disk_space_read (below, &deeper));
  g_assert_cmpint (space.total, ==, deeper.total);
  g_assert_cmpint (ABS (space.free - deeper.free), <, space.total / 10 + WRITTEN);
  g_rmdir (below);
  g_rmdir (folder);
}

static void
test_missing (void)
{
  g_autofree char *folder = g_dir_make_tmp ("space-XXXXXX", NULL);
  g_autofree char *missing = g_build_filename (folder, "no", "such", NULL);
  DiskSpace space;

  g_assert_false (disk_space_read (missing, &space));
  g_rmdir (folder);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/disk-space/there", test_there);
  g_test_add_func ("/disk-space/same-disk", test_same_disk);
  g_test_add_func ("/disk-space/missing", test_missing);
  return g_test_run ();
}

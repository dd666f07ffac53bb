/* The administrator acts as the owner of a folder: what is made there is the owner's. */
#include "platform/file.h"
#include "platform/owner.h"

#define OTHER 65534 /* nobody */

typedef struct {
  char *folder;
} Place;

static guint32
number_of (const char *path, const char *attribute)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GError) error = NULL;
  g_autoptr (GFileInfo) info
      = g_file_query_info (file, attribute, G_FILE_QUERY_INFO_NONE, NULL, &error);

  g_assert_no_error (error);
  return g_file_info_get_attribute_uint32 (info, attribute);
}

static gboolean
give_away (const char *path)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);

  return g_file_set_attribute_uint32 (file, "unix::gid", OTHER, G_FILE_QUERY_INFO_NONE, NULL, NULL)
      && g_file_set_attribute_uint32 (file, "unix::uid", OTHER, G_FILE_QUERY_INFO_NONE, NULL, NULL);
}

static void
set_up (Place *place, gconstpointer data)
{
  place->folder = g_dir_make_tmp ("owner-XXXXXX", NULL);
  g_assert_nonnull (place->folder);
}

static void
tear_down (Place *place, gconstpointer data)
{
  g_autoptr (GPtrArray) names = file_list (place->folder, NULL);

  for (guint i = 0; names != NULL && i < names->len; i++) {
    g_autofree char *path = g_build_filename (place->folder, names->pdata[i], NULL);
    g_assert_true (file_remove (path, NULL) || file_remove_folder (path, NULL));
  }
  g_assert_true (file_remove_folder (place->folder, NULL));
  g_free (place->folder);
}

static void
write_file (const char *path)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = g_bytes_new_static ("x", 1);

  g_assert_true (file_replace (path, bytes, &error));
  g_assert_no_error (error);
}

/* In a folder of our own nothing changes. */
static void
test_own (Place *place, gconstpointer data)
{
  g_autofree char *path = g_build_filename (place->folder, "file", NULL);

  g_assert_false (owner_is_other (place->folder));
  g_assert_true (owner_become (place->folder, NULL));
  write_file (path);
  g_assert_true (owner_let_read (place->folder, path, NULL));
  g_assert_true (owner_resign (NULL));
  g_assert_true (owner_resign (NULL));
}

static void
test_other (Place *place, gconstpointer data)
{
  g_autofree char *below = g_build_filename (place->folder, "data", NULL);
  g_autofree char *path = g_build_filename (below, "file", NULL);
  g_autofree char *ours = g_build_filename (place->folder, "ours", NULL);

  if (!give_away (place->folder)) {
    g_test_skip ("only root can give a folder away");
    return;
  }
  g_assert_true (owner_is_other (below)); /* it is not there: the folder above counts */
  g_assert_true (owner_become (below, NULL));
  g_assert_true (file_make_folder (below, NULL));
  write_file (path);
  g_assert_cmpuint (number_of (below, "unix::uid"), ==, OTHER);
  g_assert_cmpuint (number_of (path, "unix::uid"), ==, OTHER);
  g_assert_cmpuint (number_of (path, "unix::gid"), ==, OTHER);
  g_assert_true (owner_resign (NULL));
  write_file (ours);
  g_assert_cmpuint (number_of (ours, "unix::uid"), ==, 0);
  g_assert_cmpuint (number_of (ours, "unix::gid"), ==, 0);
  g_assert_true (file_remove (path, NULL));
}

/* Once somebody else, root may not do what only root may. */
static void
test_powers (Place *place, gconstpointer data)
{
  g_autofree char *inner = g_build_filename (place->folder, "inner", NULL);
  g_autofree char *forbidden = g_build_filename (place->folder, "forbidden", NULL);
  g_autoptr (GBytes) bytes = g_bytes_new_static ("x", 1);
  g_autoptr (GError) error = NULL;

  g_assert_true (file_make_folder (inner, NULL));
  if (!give_away (inner)) {
    g_test_skip ("only root can give a folder away");
    return;
  }
  g_assert_true (owner_become (inner, NULL));
  g_assert_false (file_replace (forbidden, bytes, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED);
  g_assert_true (owner_resign (NULL));
}

static void
test_let_read (Place *place, gconstpointer data)
{
  g_autofree char *folder = g_build_filename (place->folder, "data", NULL);
  g_autofree char *path = g_build_filename (place->folder, "configuration", NULL);
  g_autofree char *missing = g_build_filename (place->folder, "missing", NULL);
  g_autoptr (GError) error = NULL;

  g_assert_true (file_make_folder (folder, NULL));
  if (!give_away (folder)) {
    g_test_skip ("only root can give a folder away");
    return;
  }
  write_file (path);
  g_assert_true (owner_let_read (folder, path, &error));
  g_assert_cmpuint (number_of (path, "unix::uid"), ==, 0);
  g_assert_cmpuint (number_of (path, "unix::gid"), ==, OTHER);
  g_assert_cmpuint (number_of (path, "unix::mode") & 0777, ==, 0640);
  g_assert_true (owner_let_read (folder, place->folder, &error));
  g_assert_cmpuint (number_of (place->folder, "unix::mode") & 0777, ==, 0750);
  g_assert_false (owner_let_read (folder, missing, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/owner/own", Place, NULL, set_up, test_own, tear_down);
  g_test_add ("/owner/other", Place, NULL, set_up, test_other, tear_down);
  g_test_add ("/owner/powers", Place, NULL, set_up, test_powers, tear_down);
  g_test_add ("/owner/let-read", Place, NULL, set_up, test_let_read, tear_down);
  return g_test_run ();
}

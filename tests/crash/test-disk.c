/* The disk's own rules: what a cut may take and what it must leave. */
#include "disk.h"
#include "platform/file.h"
#include <string.h>

typedef struct {
  char *folder, *root, *log, *found;
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  self->folder = g_dir_make_tmp ("disk-XXXXXX", NULL);
  self->root = g_build_filename (self->folder, "root", NULL);
  self->log = g_build_filename (self->folder, "log", NULL);
  self->found = g_build_filename (self->folder, "found", NULL);
  g_assert_true (file_make_folder (self->root, NULL));
  g_assert_true (trace_start (self->root, self->log, NULL));
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  g_assert_true (folder_remove_all (self->folder, NULL));
  g_free (self->folder);
  g_free (self->root);
  g_free (self->log);
  g_free (self->found);
}

static char *
path_of (Fixture *self, const char *name)
{
  return g_build_filename (self->root, name, NULL);
}

static Disk *
follow (Fixture *self)
{
  g_autoptr (TraceLog) log = NULL;
  Disk *disk = disk_new (NULL, NULL);
  const TraceRecord *record;

  trace_stop ();
  log = trace_log_open (self->log, NULL);
  while ((record = trace_log_next (log)) != NULL)
    disk_apply (disk, record);
  return disk;
}

/* NULL: no such file. */
static char *
after_cut (Fixture *self, Disk *disk, CutKind kind, guint32 seed, const char *name)
{
  g_autofree char *path = g_build_filename (self->found, name, NULL);
  g_autoptr (GError) error = NULL;
  char *text = NULL;

  g_assert_true (disk_cut (disk, kind, seed, self->found, &error));
  g_assert_no_error (error);
  g_file_get_contents (path, &text, NULL, NULL);
  return text;
}

static void
check_cut (Fixture *self, Disk *disk, CutKind kind, const char *name, const char *expected)
{
  g_autofree char *text = after_cut (self, disk, kind, 1, name);

  g_assert_cmpstr (text, ==, expected);
}

static File *
new_file (Fixture *self, const char *name, const char *text, gboolean sync, gboolean sync_name)
{
  g_autofree char *path = path_of (self, name);
  g_autofree char *folder = g_path_get_dirname (path);
  File *file = file_open (path, FILE_MODE_CREATE, NULL);

  g_assert_nonnull (file);
  g_assert_true (file_write (file, 0, text, strlen (text), NULL));
  g_assert_true (!sync || file_sync (file, NULL));
  g_assert_true (!sync_name || file_sync_folder (folder, NULL));
  return file;
}

static void
test_syncs (Fixture *self, gconstpointer data)
{
  static const struct {
    const char *name;
    gboolean sync, sync_name;
    const char *lost;
  } rows[] = {
    { "both", TRUE, TRUE, "text" },
    { "bytes", TRUE, FALSE, NULL }, /* nobody can find them */
    { "name", FALSE, TRUE, "" },
    { "none", FALSE, FALSE, NULL },
  };

  /* Each row in a folder of its own: a later folder sync covers all earlier names. */
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autofree char *folder = path_of (self, rows[i].name);
    g_autofree char *name = g_build_filename (rows[i].name, "file", NULL);

    g_assert_true (file_make_folder (folder, NULL));
    file_close (new_file (self, name, "text", rows[i].sync, rows[i].sync_name));
  }
  g_autoptr (Disk) disk = follow (self);
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autofree char *name = g_build_filename (rows[i].name, "file", NULL);

    check_cut (self, disk, CUT_LOSES, name, rows[i].lost);
    check_cut (self, disk, CUT_KEEPS, name, "text");
  }
}

static void
test_rename (Fixture *self, gconstpointer data)
{
  g_autofree char *from = path_of (self, "from");
  g_autofree char *to = path_of (self, "to");

  file_close (new_file (self, "to", "old", TRUE, TRUE));
  file_close (new_file (self, "from", "new", TRUE, TRUE));
  g_assert_true (file_rename (from, to, NULL));
  g_autoptr (Disk) disk = follow (self);
  check_cut (self, disk, CUT_LOSES, "to", "old");
  check_cut (self, disk, CUT_LOSES, "from", "new");
  check_cut (self, disk, CUT_KEEPS, "to", "new");
  check_cut (self, disk, CUT_KEEPS, "from", NULL);
}

static void
test_removal (Fixture *self, gconstpointer data)
{
  g_autofree char *path = path_of (self, "a");

  file_close (new_file (self, "a", "text", TRUE, TRUE));
  g_assert_true (file_remove (path, NULL));
  g_autoptr (Disk) disk = follow (self);
  check_cut (self, disk, CUT_LOSES, "a", "text");
  check_cut (self, disk, CUT_KEEPS, "a", NULL);
}

/* A sync that failed has lost the bytes, whatever a later one says. */
static void
test_failed_sync (Fixture *self, gconstpointer data)
{
  static const Fault fault = { .kinds = FAULT_SYNC, .at = 1 };
  g_autoptr (File) file = new_file (self, "a", "old", TRUE, TRUE);

  g_assert_true (file_write (file, 0, "new", 3, NULL));
  trace_fault (&fault);
  g_assert_false (file_sync (file, NULL));
  g_assert_true (file_write (file, 3, "er", 2, NULL));
  g_assert_true (file_sync (file, NULL));
  g_autoptr (Disk) disk = follow (self);
  check_cut (self, disk, CUT_LOSES, "a", "older");
  check_cut (self, disk, CUT_KEEPS, "a", "older");
}

/* By chance: sectors are old or new, whole; everything that can happen does happen. */
static void
test_torn (Fixture *self, gconstpointer data)
{
  g_autofree char *old = g_strnfill (1024, 'o');
  g_autofree char *new = g_strnfill (1024, 'n');
  File *file = new_file (self, "a", old, TRUE, TRUE);
  guint seen[4] = { 0 };

  g_assert_true (file_write (file, 0, new, 1024, NULL));
  file_close (file);
  g_autoptr (Disk) disk = follow (self);
  for (guint32 seed = 0; seed < 100; seed++) {
    g_autofree char *text = after_cut (self, disk, CUT_MIXES, seed, "a");

    g_assert_cmpuint (strlen (text), ==, 1024);
    g_assert_cmpmem (text, 512, text[0] == 'n' ? new : old, 512);
    g_assert_cmpmem (text + 512, 512, text[512] == 'n' ? new : old, 512);
    seen[(text[0] == 'n') * 2 + (text[512] == 'n')]++;
  }
  for (guint i = 0; i < 4; i++)
    g_assert_cmpuint (seen[i], >, 0);
}

static void
test_same_seed (Fixture *self, gconstpointer data)
{
  for (guint i = 0; i < 20; i++) {
    g_autofree char *name = g_strdup_printf ("%u", i);

    file_close (new_file (self, name, "text", TRUE, FALSE));
  }
  g_autoptr (Disk) disk = follow (self);
  g_autofree char *again = g_strconcat (self->found, "-again", NULL);
  g_assert_true (disk_cut (disk, CUT_MIXES, 7, self->found, NULL));
  g_assert_true (disk_cut (disk, CUT_MIXES, 7, again, NULL));
  g_autoptr (GPtrArray) first = file_list (self->found, NULL);
  g_autoptr (GPtrArray) second = file_list (again, NULL);
  g_assert_cmpuint (first->len, ==, second->len);
  for (guint i = 0; i < first->len; i++)
    g_assert_cmpstr (first->pdata[i], ==, second->pdata[i]);
}

int
main (int argc, char **argv)
{
  static const struct {
    const char *path;
    void (*run) (Fixture *, gconstpointer);
  } tests[] = {
    { "/disk/syncs", test_syncs },     { "/disk/rename", test_rename },
    { "/disk/removal", test_removal }, { "/disk/failed-sync", test_failed_sync },
    { "/disk/torn", test_torn },       { "/disk/same-seed", test_same_seed },
  };

  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, NULL, set_up, tests[i].run, tear_down);
  return g_test_run ();
}

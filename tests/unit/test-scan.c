/* Walking through segments: sound records are found around damage, torn ones are not. */
#include "store/scan.h"
#include "store-fixture.h"
#include "platform/file.h"

typedef struct {
  gsize from, length; /* what is overwritten with 'x'; LENGTH 0: nothing */
  gsize cut; /* bytes that are missing at the end */
  const char *found; /* first letters of the messages that must be found */
} Damage;

static char *
count (const char *path, guint64 *damaged)
{
  g_autoptr (Scan) scan = scan_new (path, NULL);
  GString *found = g_string_new (NULL);
  guint64 offset, last = 0;

  while (scan_next (scan, &offset)) {
    g_autoptr (GBytes) bytes = scan_message (scan, NULL);
    g_autoptr (GBytes) record = scan_bytes (scan);

    g_assert_cmpuint (offset, >=, last);
    last = offset + g_bytes_get_size (record);
    g_string_append_c (found, bytes ? *(const char *)g_bytes_get_data (bytes, NULL) : '?');
  }
  *damaged = scan_damaged (scan);
  return g_string_free (found, FALSE);
}

static void
test_damage (Fixture *self, gconstpointer data)
{
  static const Damage rows[] = {
    { 0, 0, 0, "abc" }, { 0, 4, 0, "bc" },   { 50, 1, 0, "bc" },  { 0, 0, 1, "ab" },
    { 0, 0, 90, "ab" }, { 0, 20000, 0, "" }, { 0, 0, 20000, "" },
  };
  g_autofree char *path = g_build_filename (self->folder, "segments", "00000001.seg", NULL);
  g_autofree char *damaged_path = g_build_filename (self->folder, "damaged", NULL);
  g_autofree char *whole = NULL;
  gsize length;

  fixture_add (self, self->inbox, "a message", 0);
  fixture_add (self, self->inbox, "b message", 0);
  fixture_add (self, self->inbox, "c message", 0);
  g_assert_true (g_file_get_contents (path, &whole, &length, NULL));
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autofree char *damaged = g_memdup2 (whole, length);
    gsize left = length - MIN (rows[i].cut, length);
    guint64 skipped;

    memset (damaged + MIN (rows[i].from, length), 'x', MIN (rows[i].length, length));
    g_assert_true (g_file_set_contents (damaged_path, damaged, (gssize)left, NULL));
    g_autofree char *found = count (damaged_path, &skipped);
    g_assert_cmpstr (found, ==, rows[i].found);
    g_assert_cmpint (skipped > 0, ==, strlen (rows[i].found) < 3 && left > 0);
  }
}

/* A sound header whose frames are damaged is found, its message is not given out. */
static void
test_frames (Fixture *self, gconstpointer data)
{
  g_autofree char *path = g_build_filename (self->folder, "segments", "00000001.seg", NULL);
  g_autoptr (File) file = NULL;
  guint64 length, skipped;
  guint8 byte;
  gsize done;

  fixture_add (self, self->inbox, "a message", 0);
  file = file_open (path, FILE_MODE_WRITE, NULL); /* the store has it open, too */
  g_assert_true (file_size (file, &length, NULL));
  g_assert_true (file_read (file, length - 6, &byte, 1, &done, NULL) && done == 1);
  byte ^= 1;
  g_assert_true (file_write (file, length - 6, &byte, 1, NULL));
  g_autofree char *found = count (path, &skipped);
  g_assert_cmpstr (found, ==, "?");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  fixture_test ("/scan/damage", test_damage);
  fixture_test ("/scan/frames", test_frames);
  return g_test_run ();
}

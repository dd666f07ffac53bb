/* Spools in memory and on disk, on a full disk, dropped half-way, and what a crash leaves. */
#include "tests/unit/net-fixture.h"
#include "daemon/metrics.h"
#include "daemon/net/spool.h"
#include "daemon/settings.h"

static FileSystem disk; /* the system's, but it can be full */
static gint disk_is_full, disk_is_slow;
static char *folder;

static gboolean
write_unless_full (File *file, guint64 offset, const void *data, gsize length, GError **error)
{
  if (g_atomic_int_get (&disk_is_slow))
    g_usleep (5000);
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

/* Removal happens in a worker, after what a worker still writes was answered. */
static void
expect_empty_folder (void)
{
  for (guint i = 0; i < 1000 && files_in_folder () > 0; i++) {
    while (g_main_context_iteration (NULL, FALSE)) { }
    g_usleep (10000);
  }
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

enum { UPLOAD = 8 * 1024 * 1024 };
static Spool *upload;
static gint64 most_buffered;

static void
did_upload (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = spool_finish_finish (upload, result, &error);

  g_assert_no_error (error);
  channel_print (data, "%" G_GSIZE_FORMAT "\n", g_bytes_get_size (bytes));
  channel_close (data);
}

static gsize
received (Channel *channel, const guint8 *bytes, gsize length, gpointer data)
{
  spool_append (upload, bytes, length);
  most_buffered = MAX (most_buffered, metric_get (METRIC_BYTES_BUFFERED));
  if (spool_length (upload) == UPLOAD)
    spool_finish_async (upload, did_upload, channel);
  return length;
}

static void
closed (Channel *channel, const GError *reason, gpointer data)
{
  g_clear_pointer (&upload, spool_free);
  g_atomic_int_inc (&net.closed);
}

static const ChannelEvents events = { .received = received, .closed = closed };

static void
accepted (Channel *channel, gpointer data)
{
  channel_set_events (channel, &events, NULL);
  channel_set_input_limit (channel, 65536);
  upload = spool_new (channel, folder);
  g_atomic_int_inc (&net.open);
}

/* A disk slower than the network, and a byte budget that is used up: the sender has to wait. */
static const struct {
  const char *name, *budget;
  gint64 most;
} uploads[] = {
  { "slow-disk", "1G", 800 * 1024 },
  { "no-budget", "16M", 16 * 1024 * 1024 + 300 * 1024 },
};

static void
test_upload (gconstpointer data)
{
  const guint i = GPOINTER_TO_UINT (data);
  ListenerService service = { "test", NULL, FALSE, accepted, NULL, NULL };
  g_autofree char *block = g_strnfill (65536, 'x');
  gsize taken = i == 1 ? 16 * 1024 * 1024 : 0;

  g_assert_true (setting_set (SETTING_BYTE_BUDGET, uploads[i].budget, NULL));
  most_buffered = 0;
  net_start_threads ();
  net_listen (&service);
  limits_add_bytes (net.limits, taken);
  g_atomic_int_set (&disk_is_slow, TRUE);
  g_autoptr (GSocket) client = net_connect ();
  for (gsize sent = 0; sent < UPLOAD; sent += 65536)
    net_send (client, block, 65536);
  net_expect (client, "8388608\n");
  net_expect_end (client);
  g_clear_object (&client); /* for which the server would wait some seconds */
  net_wait_for (&net.closed, 1);
  g_atomic_int_set (&disk_is_slow, FALSE);
  limits_release_bytes (net.limits, taken);
  g_assert_cmpint (most_buffered, <=, uploads[i].most);
  net_stop ();
  g_assert_cmpint (metric_get (METRIC_BYTES_BUFFERED), ==, 0);
  expect_empty_folder ();
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
  for (guint i = 0; i < G_N_ELEMENTS (uploads); i++) {
    g_autofree char *path = g_strconcat ("/spool/upload/", uploads[i].name, NULL);
    g_test_add_data_func (path, GUINT_TO_POINTER (i), test_upload);
  }
  int status = g_test_run ();
  file_remove_folder (folder, NULL);
  g_free (folder);
  return status;
}

/* The writer when the disk fails: whatever operation it is, what was acknowledged can be read, what
 * was refused is not there, and the store goes on. And bulk work beside urgent work. */
#include "mailbox-fixture.h"
#include "../crash/trace.h"
#include "metrics.h"
#include "store/parts.h"

#define REOPEN_INTERVAL 20000 /* microseconds: nobody waits for a second of each fault */

typedef struct {
  Fixture fixture;
  GString *acknowledged; /* "UID " of each */
} Faulty;

static void
start (Faulty *self)
{
  g_autoptr (GError) error = NULL;

  self->fixture.folder = g_dir_make_tmp ("writer-XXXXXX", NULL);
  trace_start (self->fixture.folder, NULL, &error);
  g_assert_no_error (error);
  fixture_open (&self->fixture);
  self->fixture.store->reopen_interval = REOPEN_INTERVAL;
  g_assert_true (store_write_sync (self->fixture.store, fixture_fill, &self->fixture, &error));
  self->acknowledged = g_string_new (NULL);
}

static void
end (Faulty *self)
{
  fixture_tear_down (&self->fixture, NULL);
  trace_stop ();
  g_string_free (self->acknowledged, TRUE);
}

/* FALSE when it was refused. */
static gboolean
try_to_add (Faulty *self, gsize size)
{
  g_autofree char *text = g_strnfill (size, 'm');
  g_autoptr (GBytes) bytes = g_bytes_new (text, size);
  g_autoptr (GError) error = NULL;
  g_autoptr (PreparedMessage) message
      = prepared_message_new (self->fixture.store, bytes, NULL, NULL, &error);
  Adding adding = { .mailbox = self->fixture.inbox, .message = message };

  if (!message || !store_write_sync (self->fixture.store, add_message, &adding, &error)) {
    g_assert_true (error->domain == STORE_ERROR);
    return FALSE;
  }
  g_string_append_printf (self->acknowledged, "%u ", adding.uid);
  return TRUE;
}

typedef struct {
  gint64 mailbox;
  GArray *messages;
  GString *uids;
} Reading;

static gboolean
note_message (const Entry *entry, gpointer data)
{
  Reading *self = data;

  g_array_append_val (self->messages, entry->message);
  g_string_append_printf (self->uids, "%u ", entry->uid);
  return TRUE;
}

static gboolean
read_all (StoreSnapshot *snapshot, gpointer data, GError **error)
{
  Reading *self = data;

  if (!mailbox_each (store_snapshot_database (snapshot), self->mailbox, 1, G_MAXUINT32, FALSE,
                     note_message, self, error))
    return FALSE;
  for (guint i = 0; i < self->messages->len; i++) {
    g_autoptr (GBytes) bytes
        = message_read (snapshot, g_array_index (self->messages, gint64, i), 0, G_MAXUINT64, error);
    if (!bytes)
      return FALSE;
  }
  return TRUE;
}

static void
assert_whole (Faulty *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) messages = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (GString) uids = g_string_new (NULL);
  Reading reading = { self->fixture.inbox, messages, uids };

  store_read_sync (self->fixture.store, read_all, &reading, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (uids->str, ==, self->acknowledged->str);
}

/* Until the disk is well again and the writer has opened the database anew. */
static void
wait_until_it_takes (Faulty *self)
{
  gint64 until = g_get_monotonic_time () + 10 * G_USEC_PER_SEC;

  while (!try_to_add (self, 5)) {
    g_assert_cmpint (g_get_monotonic_time (), <, until);
    g_usleep (5000);
  }
}

static gboolean
run_with_fault (const Fault *fault)
{
  Faulty self = { 0 };

  start (&self);
  g_assert_true (try_to_add (&self, 10));
  trace_fault (fault);
  for (guint i = 0; i < 3; i++) {
    try_to_add (&self, 4000);
    try_to_add (&self, i == 1 ? 1200000 : 100);
  }
  gboolean struck = trace_fault_struck ();
  trace_fault (NULL);
  wait_until_it_takes (&self);
  assert_whole (&self);
  fixture_reopen (&self.fixture);
  assert_whole (&self);
  end (&self);
  return struck;
}

static void
test_faults (gconstpointer data)
{
  Fault fault = *(const Fault *)data;
  guint struck = 0;

  for (fault.at = 1; fault.at < 40; fault.at += fault.kinds == FAULT_SYNC ? 1 : 3, struck++)
    if (!run_with_fault (&fault))
      break;
  g_test_message ("%u operations failed", struck);
  g_assert_cmpuint (struck, >, 3);
}

/* What an SQLite error in the middle of many means to each of them. */
static gboolean
run_out_of_pages (StoreTransaction *transaction, gpointer data, GError **error)
{
  Database *database = store_transaction_database (transaction);

  database_execute (database, "PRAGMA max_page_count = 1", NULL);
  gboolean done = database_run (database, error,
                                "INSERT INTO setting VALUES ('big', zeroblob (10000000))", "");
  database_execute (database, "PRAGMA max_page_count = 4294967294", NULL);
  return done;
}

typedef struct {
  GMainLoop *loop;
  guint left, full, other;
} Counting;

static void
did_write (GObject *source, GAsyncResult *result, gpointer data)
{
  Counting *self = data;
  g_autoptr (GError) error = NULL;

  if (!store_write_finish (NULL, result, &error))
    *(g_error_matches (error, STORE_ERROR, STORE_ERROR_FULL) ? &self->full : &self->other) += 1;
  if (--self->left == 0)
    g_main_loop_quit (self->loop);
}

static void
test_full_in_the_middle (Fixture *self, gconstpointer data)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  Counting counting = { .loop = loop, .left = 21 };
  Adding adding[20];

  for (guint i = 0; i < 20; i++) {
    if (i == 10)
      store_write_async (self->store, run_out_of_pages, NULL, NULL, NULL, did_write, &counting);
    adding[i] = (Adding) { .mailbox = self->inbox, .message = prepare_text (self->store, "text") };
    store_write_async (self->store, add_message, &adding[i], NULL, NULL, did_write, &counting);
  }
  g_main_loop_run (loop);
  g_assert_cmpuint (counting.full, ==, 1);
  g_assert_cmpuint (counting.other, ==, 0);
  assert_mailbox (self, self->inbox, 20, 20, 80);
  for (guint i = 0; i < 20; i++)
    prepared_message_unref (adding[i].message);
}

static gboolean
spin (StoreTransaction *transaction, gpointer data, gboolean *done, GError **error)
{
  guint *slices = data;

  while (!store_transaction_slice_over (transaction))
    ;
  *done = ++*slices == 30;
  return TRUE;
}

static gboolean
nothing (StoreTransaction *transaction, gpointer data, GError **error)
{
  return TRUE;
}

/* Neither waits for the end of the other. */
static void
test_bulk_beside_urgent (Fixture *self, gconstpointer data)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  Counting counting = { .loop = loop, .left = 1 };
  guint slices = 0, urgent = 0;
  gint64 longest = 0;

  store_write_bulk_async (self->store, spin, &slices, NULL, NULL, did_write, &counting);
  while (counting.left > 0) {
    gint64 start_time = g_get_monotonic_time ();
    g_assert_true (store_write_sync (self->store, nothing, NULL, NULL));
    longest = MAX (longest, g_get_monotonic_time () - start_time);
    urgent++;
    while (g_main_context_iteration (NULL, FALSE))
      ;
    g_assert_cmpuint (urgent, <, 100000);
  }
  g_test_message ("%u urgent jobs beside 30 slices, the longest %d ms", urgent,
                  (int)(longest / 1000));
  g_assert_cmpuint (slices, ==, 30);
  g_assert_cmpuint (urgent, >=, 10);
}

/* A WAL that has grown large is emptied between two batches, though readers come and go. */
static gboolean
write_much (StoreTransaction *transaction, gpointer data, GError **error)
{
  return database_run (store_transaction_database (transaction), error,
                       "INSERT OR REPLACE INTO setting VALUES ('big', randomblob (20000000))", "");
}

static gboolean
look_at_settings (StoreSnapshot *snapshot, gpointer data, GError **error)
{
  return database_run (store_snapshot_database (snapshot), error, "SELECT count(*) FROM setting",
                       "");
}

static void
test_wal_is_bounded (Fixture *self, gconstpointer data)
{
  g_autofree char *wal = g_strconcat (self->store->database_path, "-wal", NULL);
  GStatBuf status;

  for (guint i = 0; i < 7; i++) { /* 140 MB, more than is allowed below */
    g_assert_true (store_write_sync (self->store, write_much, NULL, NULL));
    g_assert_true (store_read_sync (self->store, look_at_settings, NULL, NULL));
  }
  g_assert_cmpint (g_stat (wal, &status), ==, 0);
  g_assert_cmpint (status.st_size, <, 110000000);
  g_assert_cmpint (metric_get (METRIC_STORE_CHECKPOINTS), >, 0);
}

int
main (int argc, char **argv)
{
  static const Fault faults[] = {
    { .kinds = FAULT_SYNC },
    { .kinds = FAULT_WRITE },
    { .kinds = FAULT_WRITE, .full = TRUE },
    { .kinds = FAULT_SYNC, .lasting = TRUE },
    { .kinds = FAULT_WRITE, .full = TRUE, .lasting = TRUE },
  };
  static const char *const names[] = { "sync", "write", "full", "sync-lasting", "full-lasting" };

  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (faults); i++) {
    g_autofree char *path = g_strconcat ("/writer/faults/", names[i], NULL);
    g_test_add_data_func (path, &faults[i], test_faults);
  }
  fixture_test ("/writer/full-in-the-middle", test_full_in_the_middle);
  fixture_test ("/writer/bulk-beside-urgent", test_bulk_beside_urgent);
  fixture_test ("/writer/wal-is-bounded", test_wal_is_bounded);
  return g_test_run ();
}

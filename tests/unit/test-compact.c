/* Compaction gives back what is expunged, and nothing else; pins hold files. */
#include "store/check.h"
#include "store/compact.h"
#include "store-fixture.h"

typedef struct {
  GMainLoop *loop;
  Store *store;
  CompactReport report;
} Waiting;

static void
did_compact (GObject *source, GAsyncResult *result, gpointer data)
{
  Waiting *waiting = data;
  g_autoptr (GError) error = NULL;

  store_compact_finish (waiting->store, result, &waiting->report, &error);
  g_assert_no_error (error);
  g_main_loop_quit (waiting->loop);
}

static CompactReport
compact (Fixture *self, gint64 retention)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  Waiting waiting = { loop, self->store };

  store_compact_async (self->store, retention, did_compact, &waiting);
  g_main_loop_run (loop);
  return waiting.report;
}

typedef struct {
  gint64 mailbox;
  UidRange range;
} Expunging;

static gboolean
run_expunge (StoreTransaction *transaction, gpointer data, GError **error)
{
  const Expunging *self = data;
  guint32 next;

  return mailbox_expunge (transaction, self->mailbox, &self->range, 1, 0, &next, error);
}

static void
expunge (Fixture *self, guint32 first, guint32 last)
{
  Expunging expunging = { self->inbox, { first, last } };
  g_autoptr (GError) error = NULL;

  store_write_sync (self->store, run_expunge, &expunging, &error);
  g_assert_no_error (error);
}

static gboolean
run_sql (StoreTransaction *transaction, gpointer data, GError **error)
{
  return database_execute (store_transaction_database (transaction), data, error);
}

static void
change (Fixture *self, const char *sql)
{
  g_assert_true (store_write_sync (self->store, run_sql, (gpointer)sql, NULL));
}

static char *
random_text (gsize length)
{
  char *text = g_malloc (length + 1);

  for (gsize i = 0; i < length; i++)
    text[i] = (char)g_random_int_range (33, 127);
  text[length] = '\0';
  return text;
}

static guint
count_segments (Fixture *self)
{
  g_autoptr (GArray) numbers = segments_list (self->store->segments, NULL);

  return numbers->len;
}

static void
expect_clean (Fixture *self, guint messages)
{
  g_autoptr (CheckReport) report = store_check (self->store, FALSE, NULL, NULL, NULL);

  for (guint i = 0; i < report->lines->len; i++)
    g_test_message ("%s", (const char *)report->lines->pdata[i]);
  g_assert_cmpuint (report->lines->len, ==, 0);
  g_assert_cmpuint (report->messages, ==, messages);
}

static gboolean
load_floor (StoreSnapshot *snapshot, gpointer data, GError **error)
{
  Mailbox **mailbox = data;

  *mailbox = mailbox_load (store_snapshot_database (snapshot), 1, error);
  return *mailbox != NULL;
}

static void
test_retention (Fixture *self, gconstpointer data)
{
  g_autoptr (Mailbox) mailbox = NULL;

  for (guint i = 0; i < 1000; i++)
    fixture_add (self, self->inbox, "text", 0);
  expunge (self, 1, 700);
  g_assert_cmpuint (compact (self, 3600).tombstones, ==, 0);
  CompactReport report = compact (self, 0);
  g_assert_cmpuint (report.tombstones, ==, 700);
  g_assert_cmpuint (report.messages, ==, 700);
  g_assert_true (store_read_sync (self->store, load_floor, &mailbox, NULL));
  g_assert_cmpuint (mailbox->modseq_floor, ==, mailbox->modseq);
  g_assert_cmpuint (mailbox->uid_next, ==, 1001);
  expect_clean (self, 300);
}

/* A sparse segment is rewritten, places of big messages along with it, and goes. */
static void
test_rewrite (Fixture *self, gconstpointer data)
{
  g_autofree char *big = random_text (2000000);
  g_autofree char *filler = random_text (900000);

  fixture_add (self, self->inbox, "first", 0);
  fixture_add (self, self->inbox, big, 0);
  for (guint i = 0; i < 4; i++)
    fixture_add (self, self->inbox, filler, 0);
  fixture_reopen (self); /* writes on in a new segment */
  fixture_add (self, self->inbox, "later", 0);
  g_assert_cmpuint (count_segments (self), ==, 3);
  expunge (self, 3, 6);
  compact (self, 0);
  CompactReport report = compact (self, 0);
  expect_clean (self, 3);
  g_assert_cmpuint (count_segments (self), ==, 2);
  fixture_reopen (self);
  expect_clean (self, 3);
  g_assert_cmpuint (report.tombstones, ==, 0);

  g_clear_pointer (&self->store, store_close);
  g_autoptr (CheckReport) rebuilt = store_rebuild (self->folder, NULL, NULL, NULL);
  g_assert_cmpuint (rebuilt->entries, ==, 3);
  fixture_open (self);
}

static void
test_big (Fixture *self, gconstpointer data)
{
  g_autofree char *big = random_text (2000000);

  fixture_add (self, self->inbox, big, 0);
  expunge (self, 1, 1);
  guint64 pin = segments_pin (self->store->segments);
  compact (self, 0);
  g_assert_cmpuint (count_segments (self), ==, 2);
  segments_unpin (self->store->segments, pin);
  g_assert_cmpuint (count_segments (self), ==, 1);
  g_assert_cmpuint (compact (self, 0).bytes_freed, >, 1000000);
  fixture_reopen (self);
  expect_clean (self, 0);
}

static void
test_queued (Fixture *self, gconstpointer data)
{
  fixture_add (self, self->inbox, "waits to be sent", 0);
  change (self,
          "INSERT INTO queue (message, account, sender, recipient, created, due, expires)"
          " VALUES (1, 1, 'a@example.com', 'b@example.net', 0, 0, 0)");
  expunge (self, 1, 1);
  g_assert_cmpuint (compact (self, 0).messages, ==, 0);
  change (self, "DELETE FROM queue");
  g_assert_cmpuint (compact (self, 0).messages, ==, 1);
}

static gboolean
run_delete (StoreTransaction *transaction, gpointer data, GError **error)
{
  Fixture *self = data;
  gint64 mailbox = mailbox_create (transaction, self->account, "Old", NULL, error);

  return mailbox != 0;
}

static gboolean
run_drop (StoreTransaction *transaction, gpointer data, GError **error)
{
  Fixture *self = data;

  return mailbox_delete (transaction, self->account, "Old", error);
}

static void
test_deleted_mailbox (Fixture *self, gconstpointer data)
{
  g_assert_true (store_write_sync (self->store, run_delete, self, NULL));
  for (guint i = 0; i < 450; i++)
    fixture_add (self, 2, "text", 0);
  g_assert_true (store_write_sync (self->store, run_drop, self, NULL));
  expect_clean (self, 450);
  g_assert_cmpuint (compact (self, 3600).messages, ==, 0);
  g_assert_cmpuint (compact (self, 0).messages, ==, 450);
  expect_clean (self, 0);
}

typedef struct {
  Store *store;
  guint64 done, calls;
  GError *refused;
} Watcher;

/* In the writer's thread, while a round runs: another one cannot begin. */
static void
watch_progress (guint64 done, guint64 total, gpointer data)
{
  Watcher *self = data;
  CompactReport report;

  g_assert_cmpuint (done, <=, total);
  g_assert_cmpuint (done, >=, self->done);
  self->done = done;
  self->calls++;
  g_clear_error (&self->refused);
  g_assert_false (store_compact_sync (self->store, 0, NULL, NULL, &report, &self->refused));
}

static void
test_sync (Fixture *self, gconstpointer data)
{
  Watcher watcher = { self->store };
  g_autoptr (GError) error = NULL;
  CompactReport report;

  for (guint i = 0; i < 300; i++)
    fixture_add (self, self->inbox, "text", 0);
  expunge (self, 1, 250);
  for (guint i = 0; i < 2; i++) {
    watcher.done = watcher.calls = 0;
    g_assert_true (store_compact_sync (self->store, 0, watch_progress, &watcher, &report, &error));
    g_assert_no_error (error);
    g_assert_cmpuint (report.tombstones, ==, i == 0 ? 250 : 0);
    g_assert_cmpuint (watcher.calls, >=, 5);
    g_assert_cmpuint (watcher.done, ==, 500);
    g_assert_error (watcher.refused, STORE_ERROR, STORE_ERROR_EXISTS);
  }
  g_clear_error (&watcher.refused);
  expect_clean (self, 50);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  fixture_test ("/compact/retention", test_retention);
  fixture_test ("/compact/rewrite", test_rewrite);
  fixture_test ("/compact/sync", test_sync);
  fixture_test ("/compact/big", test_big);
  fixture_test ("/compact/queued", test_queued);
  fixture_test ("/compact/deleted-mailbox", test_deleted_mailbox);
  return g_test_run ();
}

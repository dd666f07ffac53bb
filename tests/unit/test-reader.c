/* Read jobs: one snapshot each, errors told, segments pinned while they run. */
#include "store-fixture.h"

static gboolean
look_at_setting (StoreSnapshot *snapshot, gboolean *there, GError **error)
{
  Statement *row = database_query (store_snapshot_database (snapshot), error,
                                   "SELECT 1 FROM setting WHERE key = 'a'", "");

  if (!row)
    return FALSE;
  *there = statement_next (row, NULL);
  statement_done (row);
  return TRUE;
}

static gboolean
insert (StoreTransaction *transaction, gpointer data, GError **error)
{
  return database_run (store_transaction_database (transaction), error,
                       "INSERT INTO setting VALUES ('a', 'b')", "");
}

typedef struct {
  Fixture *fixture;
  gboolean before, after;
} Looking;

/* A commit in the middle of a read job is not seen by it. */
static gboolean
look_twice (StoreSnapshot *snapshot, gpointer data, GError **error)
{
  Looking *self = data;

  return look_at_setting (snapshot, &self->before, error)
      && store_write_sync (self->fixture->store, insert, NULL, error)
      && look_at_setting (snapshot, &self->after, error);
}

static gboolean
look_once (StoreSnapshot *snapshot, gpointer data, GError **error)
{
  return look_at_setting (snapshot, &((Looking *)data)->after, error);
}

static void
test_snapshot (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  Looking looking = { self };

  store_read_sync (self->store, look_twice, &looking, &error);
  g_assert_no_error (error);
  g_assert_false (looking.before);
  g_assert_false (looking.after);
  store_read_sync (self->store, look_once, &looking, &error);
  g_assert_no_error (error);
  g_assert_true (looking.after);
}

static gboolean
try_to_write (StoreSnapshot *snapshot, gpointer data, GError **error)
{
  return database_run (store_snapshot_database (snapshot), error,
                       "INSERT INTO setting VALUES ('a', 'b')", "");
}

static gboolean
say_no (StoreSnapshot *snapshot, gpointer data, GError **error)
{
  return FALSE;
}

static void
test_errors (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  Looking looking = { self };

  g_assert_false (store_read_sync (self->store, try_to_write, NULL, &error));
  g_assert_error (error, STORE_ERROR, STORE_ERROR_FAILED);
  g_clear_error (&error);
  g_assert_false (store_read_sync (self->store, say_no, NULL, &error));
  g_assert_error (error, STORE_ERROR, STORE_ERROR_FAILED);
  g_clear_error (&error);
  for (guint i = 0; i < 4; i++)
    g_assert_true (store_read_sync (self->store, look_once, &looking, &error));
  g_assert_false (looking.after);
}

/* The file goes only when the job is over. */
static gboolean
read_removed (StoreSnapshot *snapshot, gpointer data, GError **error)
{
  Store *store = ((Looking *)data)->fixture->store;
  g_autoptr (GBytes) before = message_read (snapshot, 1, 0, G_MAXUINT64, error);
  g_autoptr (GArray) numbers = segments_list (store->segments, error);

  segments_remove (store->segments, g_array_index (numbers, guint64, 0));
  g_autoptr (GBytes) after = message_read (snapshot, 1, 0, G_MAXUINT64, error);
  return before && after && g_bytes_equal (before, after);
}

static void
test_pinned (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  Looking looking = { self };

  g_assert_cmpint (fixture_add (self, self->inbox, "text", 0).id, ==, 1);
  fixture_reopen (self); /* the writer has let go of it, as of every segment that is removed */
  store_read_sync (self->store, read_removed, &looking, &error);
  g_assert_no_error (error);
  g_autoptr (GArray) numbers = segments_list (self->store->segments, NULL);
  g_assert_cmpuint (numbers->len, ==, 1); /* what the writer began when the store opened again */
  g_assert_cmpuint (g_array_index (numbers, guint64, 0), ==, 2);
}

typedef struct {
  GMainLoop *loop;
  guint left;
} Counting;

static void
did_read (GObject *source, GAsyncResult *result, gpointer data)
{
  Counting *self = data;

  g_assert_nonnull (store_job_data (result));
  g_assert_true (store_read_finish (NULL, result, NULL));
  if (--self->left == 0)
    g_main_loop_quit (self->loop);
}

static void
test_many (Fixture *self, gconstpointer data)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  Counting counting = { loop, 1000 };

  for (guint i = 0; i < counting.left; i++)
    store_read_async (self->store, look_once, g_new0 (Looking, 1), g_free, NULL, did_read,
                      &counting);
  g_main_loop_run (loop);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  fixture_test ("/reader/snapshot", test_snapshot);
  fixture_test ("/reader/errors", test_errors);
  fixture_test ("/reader/pinned", test_pinned);
  fixture_test ("/reader/many", test_many);
  return g_test_run ();
}

/* The store as a whole: jobs, answers, what a second opening finds. */
#include "store-fixture.h"
#include "language.h"

typedef struct {
  GMainLoop *loop;
  guint left;
  guint failed;
} Counting;

static void
did_write (GObject *source, GAsyncResult *result, gpointer data)
{
  Counting *self = data;
  g_autoptr (GError) error = NULL;

  if (!store_write_finish (NULL, result, &error))
    self->failed++;
  if (--self->left == 0)
    g_main_loop_quit (self->loop);
}

static gboolean
insert_setting (StoreTransaction *transaction, gpointer data, GError **error)
{
  return database_run (store_transaction_database (transaction), error,
                       "INSERT INTO setting VALUES (?1, 'value')", "t", (const char *)data);
}

static gboolean
count_settings (StoreSnapshot *snapshot, gpointer data, GError **error)
{
  Statement *row = database_query (store_snapshot_database (snapshot), error,
                                   "SELECT count(*) FROM setting", "");

  if (!row || !statement_next (row, error))
    return FALSE;
  *(gint64 *)data = statement_int (row, 0);
  return TRUE;
}

static gint64
settings_in (Store *store)
{
  g_autoptr (GError) error = NULL;
  gint64 count = -1;

  store_read_sync (store, count_settings, &count, &error);
  g_assert_no_error (error);
  return count;
}

static void
test_many (Fixture *self, gconstpointer data)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  Counting counting = { loop, 500, 0 };

  for (guint i = 0; i < 500; i++)
    store_write_async (self->store, insert_setting, g_strdup_printf ("%u", i), g_free, NULL,
                       did_write, &counting);
  g_main_loop_run (loop);
  g_assert_cmpuint (counting.failed, ==, 0);
  g_assert_cmpint (settings_in (self->store), ==, 500);
}

/* Every third breaks UNIQUE: its neighbours stay. */
static void
test_neighbours (Fixture *self, gconstpointer data)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  Counting counting = { loop, 300, 0 };

  for (guint i = 0; i < 300; i++)
    store_write_async (self->store, insert_setting,
                       i % 3 ? g_strdup_printf ("%u", i) : g_strdup ("same"), g_free, NULL,
                       did_write, &counting);
  g_main_loop_run (loop);
  g_assert_cmpuint (counting.failed, ==, 99);
  g_assert_cmpint (settings_in (self->store), ==, 201);
}

static gboolean
end_transaction (StoreTransaction *transaction, gpointer data, GError **error)
{
  g_set_error_literal (error, STORE_ERROR, STORE_ERROR_FULL, "as SQLITE_FULL does");
  database_execute (store_transaction_database (transaction), "ROLLBACK", NULL);
  return FALSE;
}

static void
test_transaction_ended (Fixture *self, gconstpointer data)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  Counting counting = { loop, 101, 0 };

  for (guint i = 0; i < 101; i++)
    store_write_async (self->store, i == 50 ? end_transaction : insert_setting,
                       g_strdup_printf ("%u", i), g_free, NULL, did_write, &counting);
  g_main_loop_run (loop);
  g_assert_cmpuint (counting.failed, ==, 1);
  g_assert_cmpint (settings_in (self->store), ==, 100);
}

static void
test_cancelled (Fixture *self, gconstpointer data)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  Counting counting = { loop, 1, 0 };

  g_cancellable_cancel (cancellable);
  store_write_async (self->store, insert_setting, g_strdup ("a"), g_free, cancellable, did_write,
                     &counting);
  g_main_loop_run (loop);
  g_assert_cmpuint (counting.failed, ==, 1);
  g_assert_cmpint (settings_in (self->store), ==, 0);
}

static gboolean
slice (StoreTransaction *transaction, gpointer data, gboolean *done, GError **error)
{
  guint *count = data;
  g_autofree char *key = g_strdup_printf ("slice %u", ++*count);

  *done = *count == 5;
  return insert_setting (transaction, key, error);
}

static void
test_bulk (Fixture *self, gconstpointer data)
{
  guint count = 0;
  g_autoptr (GError) error = NULL;

  g_assert_true (store_write_bulk_sync (self->store, slice, &count, &error));
  g_assert_no_error (error);
  g_assert_cmpint (settings_in (self->store), ==, 5);
}

static gboolean
note_read_speech (StoreSnapshot *snapshot, gpointer data, GError **error)
{
  *(Speech *)data = language_spoken ();
  return TRUE;
}

static gboolean
note_write_speech (StoreTransaction *transaction, gpointer data, GError **error)
{
  *(Speech *)data = language_spoken ();
  return TRUE;
}

/* Jobs speak as whoever asked for them, also one after the other in the same thread. */
static void
test_speech (Fixture *self, gconstpointer data)
{
  static const Speech speeches[] = { SPEAK_GERMAN, SPEAK_ENGLISH, SPEAK_LOCALE, SPEAK_GERMAN };

  for (guint i = 0; i < G_N_ELEMENTS (speeches); i++) {
    Speech read = -1, written = -1;
    language_speak (speeches[i]);
    g_assert_true (store_read_sync (self->store, note_read_speech, &read, NULL));
    g_assert_true (store_write_sync (self->store, note_write_speech, &written, NULL));
    g_assert_cmpint (read, ==, speeches[i]);
    g_assert_cmpint (written, ==, speeches[i]);
  }
  language_speak (SPEAK_LOCALE);
}

static void
test_reopen (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  StoreOptions options = { .folder = self->folder };

  g_assert_true (store_write_sync (self->store, insert_setting, (gpointer) "kept", &error));
  g_assert_null (store_open (&options, &error));
  g_assert_error (error, STORE_ERROR, STORE_ERROR_FAILED);
  g_assert_nonnull (strstr (error->message, "in use"));
  fixture_reopen (self);
  g_assert_cmpint (settings_in (self->store), ==, 1);
  g_assert_true (store_takes_mail (self->store));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  fixture_test ("/store/many", test_many);
  fixture_test ("/store/neighbours", test_neighbours);
  fixture_test ("/store/transaction-ended", test_transaction_ended);
  fixture_test ("/store/cancelled", test_cancelled);
  fixture_test ("/store/bulk", test_bulk);
  fixture_test ("/store/speech", test_speech);
  fixture_test ("/store/reopen", test_reopen);
  return g_test_run ();
}

/* An index is kept, refused when it is not this store's, and made anew when it is damaged. */
#include "tests/unit/search-fixture.h"
#include "platform/file.h"

static void
test_kept (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  gboolean has;
  guint32 uid;

  SearchIndex *index = index_open (fixture);
  index_add (index, 3, "some words");
  search_index_close (index);
  index = index_open (fixture);
  g_assert_true (search_index_has (index, 3, &has, &error) && has);
  g_assert_true (search_index_has (index, 4, &has, &error) && !has);
  g_assert_true (search_index_uid (index, MAILBOX, &uid, &error));
  g_assert_cmpuint (uid, ==, 3);
  assert_hits (fixture, "words", "3");
  search_index_close (index);
  g_assert_true (search_index_remove (fixture->store, fixture->account, &error));
  assert_hits (fixture, "words", NULL);
}

static void
test_rolled_back (Fixture *fixture, gconstpointer data)
{
  g_autoptr (SearchIndex) index = index_open (fixture);
  g_autoptr (GError) error = NULL;
  g_autoptr (Grams) grams = grams_new ();

  search_index_begin (index, &error);
  search_index_add (index, 5, grams, &error);
  search_index_roll_back (index);
  assert_hits (fixture, "w", "");
}

static gboolean
change_identity (StoreTransaction *transaction, gpointer data, GError **error)
{
  return database_run (store_transaction_database (transaction), error,
                       "UPDATE counter SET value = value / 2 + 1 WHERE name = 'identity'", "");
}

/* The store was built anew, or another one came in its place. */
static void
test_other_store (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  SearchIndex *index = index_open (fixture);
  index_add (index, 3, "some words");
  search_index_close (index);
  store_write_sync (fixture->store, change_identity, NULL, &error);
  g_assert_no_error (error);
  index = index_open (fixture);
  assert_hits (fixture, "words", "");
  search_index_close (index);
}

static void
test_damaged (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = search_index_path (fixture->store, fixture->account);
  g_autoptr (GError) error = NULL;
  g_autofree char *junk = g_strnfill (9000, 'x');

  SearchIndex *index = index_open (fixture);
  index_add (index, 3, "some words");
  search_index_close (index);
  g_assert_true (g_file_set_contents (path, junk, -1, &error));
  index = index_open (fixture);
  assert_hits (fixture, "words", "");
  index_add (index, 3, "some words");
  assert_hits (fixture, "words", "3");
  search_index_close (index);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  fixture_test ("/search-index/kept", test_kept);
  fixture_test ("/search-index/rolled-back", test_rolled_back);
  fixture_test ("/search-index/other-store", test_other_store);
  fixture_test ("/search-index/damaged", test_damaged);
  return g_test_run ();
}

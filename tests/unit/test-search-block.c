/* Leaves become blocks that answer alike; sparse blocks are dropped; damaged ones are refused. */
#include "tests/unit/search-fixture.h"
#include "store/search-block.h"

#define MANY (SEARCH_LEAVES_MAX + 10)

/* Message I holds "worda", "wordb" … by I % 26, and a word of its own. */
static void
fill (SearchIndex *index)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (Grams) grams = grams_new ();

  search_index_begin (index, &error);
  for (gint64 i = 1; i <= MANY; i++) {
    g_autofree char *text
        = g_strdup_printf ("word%c own%05" G_GINT64_FORMAT "own", (char)('a' + i % 26), i);
    grams_clear (grams);
    grams_add (grams, text, strlen (text));
    search_index_add (index, i, grams, &error);
  }
  search_index_commit (index, &error);
  g_assert_no_error (error);
}

static gint64
count (Fixture *fixture, const char *sql)
{
  g_autofree char *path = search_index_path (fixture->store, fixture->account);
  g_autoptr (Database) database = database_open (path, DATABASE_READ, NULL);
  Statement *row = database_query (database, NULL, sql, "");

  g_assert_true (statement_next (row, NULL));
  gint64 number = statement_int (row, 0);
  statement_done (row);
  return number;
}

static void
test_make (Fixture *fixture, gconstpointer data)
{
  g_autoptr (SearchIndex) index = index_open (fixture);
  g_autoptr (GError) error = NULL;

  fill (index);
  g_autofree char *before = index_ask (fixture, "wordc");
  assert_hits (fixture, "own00077own", "77");
  search_index_settle (index, &error);
  g_assert_no_error (error);
  g_assert_cmpint (count (fixture, "SELECT count(*) FROM block"), ==, 1);
  g_assert_cmpint (count (fixture, "SELECT count(*) FROM leaf"), ==, 10);
  assert_hits (fixture, "wordc", before);
  assert_hits (fixture, "own00077own", "77");
  assert_hits (fixture, "own04100own", "4100");
  assert_hits (fixture, "nothing at all", "");
  search_index_settle (index, &error);
  g_assert_cmpint (count (fixture, "SELECT count(*) FROM block"), ==, 1);
}

/* None of these messages is in a mailbox: all are forgotten. */
static void
test_sweep (Fixture *fixture, gconstpointer data)
{
  g_autoptr (SearchIndex) index = index_open (fixture);
  g_autoptr (GArray) again = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (GError) error = NULL;

  fill (index);
  search_index_settle (index, &error);
  search_index_sweep (index, again, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (again->len, ==, 0);
  g_assert_cmpint (count (fixture, "SELECT count(*) FROM page"), ==, 0);
  assert_hits (fixture, "wordc", "");
}

static void
test_damaged (void)
{
  static const guint8 endless[] = { 5, 0x80 }, far[] = { 5, 1, 0xff, 0x7f }, open[] = { 5, 2, 1 };
  g_autoptr (GArray) indexes = g_array_new (FALSE, FALSE, sizeof (guint32));

  g_assert_false (search_block_find (endless, 2, 5, indexes));
  g_assert_false (search_block_find (far, 4, 5, indexes));
  g_assert_false (search_block_find (open, 3, 5, indexes));
  g_assert_null (search_block_docs (endless + 1, 1));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  fixture_test ("/search-block/make", test_make);
  fixture_test ("/search-block/sweep", test_sweep);
  g_test_add_func ("/search-block/damaged", test_damaged);
  return g_test_run ();
}

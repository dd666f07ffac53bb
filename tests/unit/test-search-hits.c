/* What leaves and blocks say of words. */
#include "tests/unit/search-fixture.h"

static void
test_leaves (Fixture *fixture, gconstpointer data)
{
  assert_hits (fixture, "anything", NULL);
  g_autoptr (SearchIndex) index = index_open (fixture);
  index_add (index, 3, "the quick brown fox");
  index_add (index, 5, "a lazy dog");
  index_add (index, 9, NULL);
  assert_hits (fixture, "brown", "3 9");
  assert_hits (fixture, "dog", "5 9");
  assert_hits (fixture, "cat", "9");
  assert_hits (fixture, "o", "3 5 9");
}

static void
test_words (Fixture *fixture, gconstpointer data)
{
  static const char *const words[] = { "brown", "lazy" };
  g_autoptr (SearchIndex) index = index_open (fixture);
  g_autoptr (GError) error = NULL;

  index_add (index, 3, "the quick brown fox");
  index_add (index, 5, "a lazy brown dog");
  g_autoptr (SearchHits) hits
      = search_hits_new (fixture->store, fixture->account, MAILBOX, words, 2, G_MAXUINT, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (search_hits_uid (hits), ==, 5);
  g_assert_true (search_hits_may_hold (hits, 3, 0));
  g_assert_false (search_hits_may_hold (hits, 3, 1));
  g_assert_true (search_hits_may_hold (hits, 5, 1));
  g_assert_true (search_hits_may_hold (hits, 4, 1)); /* not in the index */
  g_assert_null (search_hits_messages (hits, 0, 1));
  g_autoptr (SearchHits) other = search_hits_new (fixture->store, fixture->account, MAILBOX + 1,
                                                  words, 2, G_MAXUINT, &error);
  g_assert_cmpuint (search_hits_uid (other), ==, 0);
}

/* "brown" is in two messages, "lazy" in one. */
static void
test_common (Fixture *fixture, gconstpointer data)
{
  static const char *const words[] = { "brown", "lazy" };
  g_autoptr (SearchIndex) index = index_open (fixture);
  g_autoptr (GError) error = NULL;

  index_add (index, 3, "the quick brown fox");
  index_add (index, 5, "a lazy brown dog");
  g_autoptr (SearchHits) rare
      = search_hits_new (fixture->store, fixture->account, MAILBOX, words, 2, 1, &error);
  g_assert_no_error (error);
  g_assert_nonnull (rare);
  g_assert_null (search_hits_new (fixture->store, fixture->account, MAILBOX, words, 1, 1, &error));
  g_assert_no_error (error);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  fixture_test ("/search-hits/leaves", test_leaves);
  fixture_test ("/search-hits/words", test_words);
  fixture_test ("/search-hits/common", test_common);
  return g_test_run ();
}

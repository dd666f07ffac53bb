/* The check finds a damaged search index, and a repair removes it. */
#include "store/check.h"
#include "tests/unit/search-fixture.h"

static CheckReport *
check (Fixture *fixture, gboolean repair)
{
  g_autoptr (GError) error = NULL;
  CheckReport *report = store_check (fixture->store, repair, NULL, NULL, &error);

  g_assert_no_error (error);
  return report;
}

static void
test_damaged (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = search_index_path (fixture->store, fixture->account);
  g_autofree char *junk = g_strnfill (9000, 'x');

  g_autoptr (CheckReport) none = check (fixture, FALSE);
  g_assert_cmpuint (none->problems, ==, 0);
  SearchIndex *index = index_open (fixture);
  index_add (index, 3, "some words");
  search_index_close (index);
  g_autoptr (CheckReport) sound = check (fixture, FALSE);
  g_assert_cmpuint (sound->problems, ==, 0);

  g_assert_true (g_file_set_contents (path, junk, -1, NULL));
  g_autoptr (CheckReport) damaged = check (fixture, FALSE);
  g_assert_cmpuint (damaged->problems, ==, 1);
  g_autoptr (CheckReport) repaired = check (fixture, TRUE);
  g_assert_cmpuint (repaired->repaired, ==, 1);
  g_autoptr (CheckReport) after = check (fixture, FALSE);
  g_assert_cmpuint (after->problems, ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  fixture_test ("/check-search/damaged", test_damaged);
  return g_test_run ();
}

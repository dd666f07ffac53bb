/* A search answers the same with an index, without one, and while one is being filled. */
#include "tests/unit/imap-fixture.h"
#include "policy/indexer.h"
#include "store/compact.h"
#include "store/search-index.h"

static const ImapStep save[] = {
  { "A", "a APPEND INBOX {36+}\r\nSubject: Gr=C3=BC\r\n\r\nThe quick fox\r\n", "a OK *\r\n" },
  { "A", "b APPEND INBOX {34+}\r\nSubject: brown\r\n\r\nA lazy dog, xy\r\n", "b OK *\r\n" },
  { "A", "c APPEND Sent {27+}\r\nSubject: quick\r\n\r\nbrown x\r\n", "c OK *\r\n" },
  { "A", "s SELECT INBOX", "*s OK [READ-WRITE] Selected\r\n" },
};

static const ImapStep look[] = {
  { "A", "d SEARCH TEXT brown", "* SEARCH 2\r\nd OK Searched\r\n" },
  { "A", "e SEARCH BODY \"quick f\"", "* SEARCH 1\r\ne OK Searched\r\n" },
  { "A", "f SEARCH BODY fox", "* SEARCH 1\r\nf OK Searched\r\n" },
  { "A", "g SEARCH BODY xy", "* SEARCH 2\r\ng OK Searched\r\n" },
  { "A", "h SEARCH OR TEXT lazy BODY quick", "* SEARCH 1 2\r\nh OK Searched\r\n" },
  { "A", "i SEARCH NOT TEXT lazy", "* SEARCH 1\r\ni OK Searched\r\n" },
  { "A", "j SEARCH TEXT \"\"", "* SEARCH 1 2\r\nj OK Searched\r\n" },
  { "A", "k SEARCH TEXT \"nowhere to be found\"", "* SEARCH\r\nk OK Searched\r\n" },
};

static void
test_same (void)
{
  static const ImapStep more[] = {
    { "A", "l APPEND INBOX {31+}\r\nSubject: third\r\n\r\nbrown again\r\n", "*l OK *\r\n" },
    { "A", "m SEARCH TEXT brown", "* SEARCH 2 3\r\nm OK Searched\r\n" },
  };
  static const ImapStep copied[] = {
    { "A", "n COPY 2 Sent", "n OK *\r\n" },
    { "A", "o SELECT Sent", "*o OK [READ-WRITE] Selected\r\n" },
    { "A", "p SEARCH TEXT brown", "* SEARCH 1 2\r\np OK Searched\r\n" },
  };

  imap_set_up ();
  imap_talk (save, G_N_ELEMENTS (save));
  imap_talk (look, G_N_ELEMENTS (look));
  g_autoptr (Indexer) indexer = indexer_new (imap.store, NULL);
  indexer_catch_up (indexer);
  imap_talk (look, G_N_ELEMENTS (look));
  g_clear_pointer (&indexer, indexer_free);
  imap_talk (more, G_N_ELEMENTS (more));
  indexer = indexer_new (imap.store, NULL);
  imap_talk (copied, 2);
  indexer_catch_up (indexer);
  imap_talk (copied + 2, 1);
  g_assert_cmpint (metric_get (METRIC_SEARCH_BACKLOG), ==, 0);
  g_clear_pointer (&indexer, indexer_free);
  imap_tear_down ();
}

static gboolean
remove_anna (StoreTransaction *transaction, gpointer data, gboolean *done, GError **error)
{
  return account_remove (transaction, data, done, error);
}

/* The text of what is gone for good leaves the index, and the index leaves with the account. */
static void
test_gone (void)
{
  static const ImapStep expunge[] = {
    { "A", "t STORE 1 +FLAGS.SILENT (\\Deleted)", "t OK *\r\n" },
    { "A", "u EXPUNGE", "*u OK *\r\n" },
  };
  g_autoptr (GError) error = NULL;
  CompactReport report;
  gboolean has = TRUE;

  imap_set_up ();
  imap_talk (save, G_N_ELEMENTS (save));
  g_autoptr (Indexer) indexer = indexer_new (imap.store, NULL);
  indexer_catch_up (indexer);
  imap_talk (expunge, G_N_ELEMENTS (expunge));
  store_compact_sync (imap.store, 0, NULL, NULL, &report, &error);
  g_assert_no_error (error);
  indexer_sweep (indexer);
  indexer_catch_up (indexer);
  SearchIndex *index = search_index_open (imap.store, 1, &error);
  g_assert_no_error (error);
  g_assert_true (search_index_has (index, 1, &has, &error));
  g_assert_false (has);
  search_index_close (index);

  store_write_bulk_sync (imap.store, remove_anna, (gpointer) "anna@example.com", &error);
  g_assert_no_error (error);
  indexer_sweep (indexer);
  indexer_catch_up (indexer);
  g_autofree char *path = search_index_path (imap.store, 1);
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
  g_clear_pointer (&indexer, indexer_free);
  imap_tear_down ();
}

/* What the index knows from an earlier life is no backlog, and nothing else needs to happen. */
static void
test_restart (void)
{
  imap_set_up ();
  imap_talk (save, G_N_ELEMENTS (save));
  g_autoptr (Indexer) indexer = indexer_new (imap.store, NULL);
  indexer_catch_up (indexer);
  g_clear_pointer (&indexer, indexer_free);
  metric_set (METRIC_SEARCH_BACKLOG, 77);
  indexer = indexer_new (imap.store, NULL);
  for (guint i = 0; metric_get (METRIC_SEARCH_BACKLOG) != 0 && i < 500; i++)
    g_usleep (10000);
  g_assert_cmpint (metric_get (METRIC_SEARCH_BACKLOG), ==, 0);
  g_clear_pointer (&indexer, indexer_free);
  imap_tear_down ();
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/indexer/same", test_same);
  g_test_add_func ("/indexer/gone", test_gone);
  g_test_add_func ("/indexer/restart", test_restart);
  return g_test_run ();
}

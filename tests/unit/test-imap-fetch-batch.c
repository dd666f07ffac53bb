#include "imap/imap-fetch-batch.h"
#include "tests/unit/store-fixture.h"

#include <string.h>

/* Runs batches to the end and joins them; *BATCHES counts them, *LARGEST is the longest. */
static char *
fetch_all (Fixture *fixture, const ImapRun *runs, guint count, const char *items, guint *batches,
           gsize *largest, gboolean *failed)
{
  GArray *array = g_array_new (FALSE, FALSE, sizeof (ImapRun));
  ImapParser parser = imap_parser (items, strlen (items));
  g_autoptr (ImapFetchBatch) batch = NULL;
  GString *out = g_string_new (NULL);

  g_array_append_vals (array, runs, count);
  batch = imap_fetch_batch_new (fixture->inbox, 2, array, imap_items_parse (&parser));
  for (*batches = 0, *largest = 0; !batch->done; ++*batches) {
    g_autoptr (GError) error = NULL;
    store_read_sync (fixture->store, imap_fetch_batch_run, batch, &error);
    g_assert_no_error (error);
    g_string_append_len (out, batch->out->str, (gssize)batch->out->len);
    *largest = MAX (*largest, batch->out->len);
    g_string_free (g_steal_pointer (&batch->out), TRUE);
  }
  *failed = batch->failed;
  return g_string_free (out, FALSE);
}

static void
test_runs (Fixture *fixture, gconstpointer data)
{
  static const ImapRun runs[] = { { 1, 1, 1 }, { 3, 3, 2 } };
  g_autofree char *text = NULL;
  guint batches;
  gsize largest;
  gboolean failed;

  fixture_add (fixture, fixture->inbox, "a: 1\r\n\r\nx", FLAG_SEEN);
  fixture_add (fixture, fixture->inbox, "a: 2\r\n\r\nx", 0);
  fixture_add (fixture, fixture->inbox, "a: 3\r\n\r\ny", FLAG_DRAFT);
  text = fetch_all (fixture, runs, 2, "(UID FLAGS RFC822.SIZE BODY.PEEK[TEXT])", &batches, &largest,
                    &failed);
  g_assert_cmpstr (text, ==,
                   "* 1 FETCH (UID 1 FLAGS (\\Seen) RFC822.SIZE 9 BODY[TEXT] {1}\r\nx)\r\n"
                   "* 2 FETCH (UID 3 FLAGS (\\Draft \\Recent) RFC822.SIZE 9 BODY[TEXT] {1}\r\n"
                   "y)\r\n");
  g_assert_cmpuint (batches, ==, 1);
  g_assert_false (failed);
}

/* However big the messages, a batch is not: literals go on in the next. */
static void
test_bounded (Fixture *fixture, gconstpointer data)
{
  static const ImapRun runs[] = { { 1, 3, 1 } };
  const gsize size = 3 * 1024 * 1024;
  g_autofree char *big = g_strnfill (size, 'm');
  g_autofree char *text = NULL;
  guint batches;
  gsize largest;
  gboolean failed;

  memcpy (big, "\r\n\r\n", 4);
  for (guint i = 0; i < 3; i++)
    fixture_add (fixture, fixture->inbox, big, 0);
  text = fetch_all (fixture, runs, 1, "(BODY.PEEK[] UID BODY.PEEK[]<3145720.100>)", &batches,
                    &largest, &failed);
  g_assert_cmpuint (batches, >, 3 * size / (256 * 1024));
  g_assert_cmpuint (largest, <, 256 * 1024);
  for (guint i = 1; i <= 3; i++) {
    g_autofree char *head
        = g_strdup_printf ("* %u FETCH (UID %u BODY[] {%" G_GSIZE_FORMAT "}\r\n", i, i, size);
    char *found = strstr (text, head);
    g_assert_nonnull (found);
    found += strlen (head);
    g_assert_cmpint (memcmp (found, big, size), ==, 0);
    g_assert_true (g_str_has_prefix (found + size, " BODY[]<3145720> {8}\r\nmmmmmmmm)\r\n"));
  }
}

static void
test_unseen (Fixture *fixture, gconstpointer data)
{
  ImapRun run = { 1, 2, 1 };
  GArray *runs = g_array_new (FALSE, FALSE, sizeof (ImapRun));
  ImapParser parser = imap_parser ("BODY[TEXT]", 10);
  g_autoptr (ImapFetchBatch) batch = NULL;
  g_autoptr (GError) error = NULL;

  fixture_add (fixture, fixture->inbox, "\r\nx", FLAG_SEEN);
  fixture_add (fixture, fixture->inbox, "\r\nx", 0);
  g_array_append_val (runs, run);
  batch = imap_fetch_batch_new (fixture->inbox, 9, runs, imap_items_parse (&parser));
  store_read_sync (fixture->store, imap_fetch_batch_run, batch, &error);
  g_assert_no_error (error);
  g_assert_true (batch->done);
  g_assert_cmpuint (batch->unseen->len, ==, 1);
  g_assert_cmpuint (g_array_index (batch->unseen, UidRange, 0).first, ==, 2);
}

static gboolean
lose_message (StoreTransaction *transaction, gpointer data, GError **error)
{
  gint64 *id = data;

  return database_run (store_transaction_database (transaction), error,
                       "DELETE FROM message WHERE id = ?1", "i", *id);
}

/* A message that cannot be read is left out, and the others come. */
static void
test_damaged (Fixture *fixture, gconstpointer data)
{
  static const ImapRun runs[] = { { 1, 3, 1 } };
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;
  guint batches;
  gsize largest;
  gboolean failed;
  gint64 lost;

  fixture_add (fixture, fixture->inbox, "\r\nx", 0);
  lost = fixture_add (fixture, fixture->inbox, "\r\ny", 0).id;
  fixture_add (fixture, fixture->inbox, "\r\nz", 0);
  store_write_sync (fixture->store, lose_message, &lost, &error);
  g_assert_no_error (error);
  text = fetch_all (fixture, runs, 1, "(UID BODY.PEEK[TEXT])", &batches, &largest, &failed);
  g_assert_true (failed);
  g_assert_cmpstr (text, ==,
                   "* 1 FETCH (UID 1 BODY[TEXT] {1}\r\nx)\r\n"
                   "* 3 FETCH (UID 3 BODY[TEXT] {1}\r\nz)\r\n");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  fixture_test ("/imap-fetch-batch/runs", test_runs);
  fixture_test ("/imap-fetch-batch/bounded", test_bounded);
  fixture_test ("/imap-fetch-batch/unseen", test_unseen);
  fixture_test ("/imap-fetch-batch/damaged", test_damaged);
  return g_test_run ();
}

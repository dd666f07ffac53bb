/* Tests of daemon/queue/queue.c. */
#include "queue/queue.h"
#include "accounts-fixture.h"

static gboolean
test_add (StoreTransaction *transaction, gpointer data, GError **error)
{
  Office *self = data;
  Database *database = store_transaction_database (transaction);
  gint64 now = store_transaction_now (transaction);
  Statement *row;

  g_assert_true (queue_add (transaction, 7, self->anna, "anna@example.com", "x@elsewhere.example",
                            NULL, "rfc822;x@elsewhere.example", "FAILURE,DELAY", NULL, error));
  row = database_query (database, error,
                        "SELECT message, account, sender, recipient, envid, orcpt, notify, ret,"
                        " due, expires, attempts, held FROM queue",
                        "");
  g_assert_true (statement_next (row, error));
  g_assert_cmpint (statement_int (row, 0), ==, 7);
  g_assert_cmpint (statement_int (row, 1), ==, self->anna);
  g_assert_cmpstr (statement_text (row, 2), ==, "anna@example.com");
  g_assert_cmpstr (statement_text (row, 3), ==, "x@elsewhere.example");
  g_assert_null (statement_text (row, 4));
  g_assert_cmpstr (statement_text (row, 5), ==, "rfc822;x@elsewhere.example");
  g_assert_cmpstr (statement_text (row, 6), ==, "FAILURE,DELAY");
  g_assert_null (statement_text (row, 7));
  g_assert_cmpint (statement_int (row, 8), ==, now);
  g_assert_cmpint (statement_int (row, 9), ==, now + 5 * 86400);
  g_assert_cmpint (statement_int (row, 10), ==, 0);
  g_assert_cmpint (statement_int (row, 11), ==, 0);
  g_assert_false (statement_next (row, error));
  return TRUE;
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  office_add_job ("/queue/add", test_add);
  return g_test_run ();
}

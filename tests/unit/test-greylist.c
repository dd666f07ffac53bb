/* Tests of daemon/policy/greylist.c. */
#include "accounts-fixture.h"
#include "policy/greylist.h"

static gint64
find (Database *database, guint64 network, const char *sender, const char *recipient, gint64 now)
{
  g_autoptr (GreylistMail) mail = greylist_mail_new (network, sender, recipient);
  g_autoptr (GError) error = NULL;
  gint64 first = -1;

  g_assert_true (greylist_find (database, mail, now, &first, &error));
  g_assert_no_error (error);
  return first;
}

static gboolean
test_life (StoreTransaction *transaction, gpointer data, GError **error)
{
  Database *database = store_transaction_database (transaction);
  const gint64 now = store_transaction_now (transaction);
  const guint64 far = G_MAXUINT64; /* an IPv6 network may have the highest bit */
  g_autoptr (GreylistMail) mail = greylist_mail_new (7, "a@x.example", "b@example.com");
  g_autoptr (GreylistMail) other = greylist_mail_new (far, "", "b@example.com");

  g_assert_cmpint (find (database, 7, "a@x.example", "b@example.com", now), ==, 0);
  g_assert_true (greylist_add (transaction, mail, error));
  g_assert_true (greylist_add (transaction, other, error));
  g_assert_cmpint (find (database, 7, "A@X.example", "B@example.com", now), ==, now);
  g_assert_cmpint (find (database, far, "", "b@example.com", now), ==, now);
  /* Another network, sender or recipient is another mail; the border between both counts. */
  g_assert_cmpint (find (database, 8, "a@x.example", "b@example.com", now), ==, 0);
  g_assert_cmpint (find (database, 7, "b@x.example", "b@example.com", now), ==, 0);
  g_assert_cmpint (find (database, 7, "a@x.example", "a@example.com", now), ==, 0);
  g_assert_cmpint (find (database, 7, "a@x.exampleb", "@example.com", now), ==, 0);
  /* Too late is new. */
  g_assert_cmpint (find (database, 7, "a@x.example", "b@example.com", now + GREYLIST_SECONDS), ==,
                   0);
  return TRUE;
}

/* The first time stays; what is old goes. */
static gboolean
test_again (StoreTransaction *transaction, gpointer data, GError **error)
{
  Database *database = store_transaction_database (transaction);
  const gint64 now = store_transaction_now (transaction);
  g_autoptr (GreylistMail) mail = greylist_mail_new (7, "a@x.example", "b@example.com");
  Statement *row;

  g_assert_true (greylist_add (transaction, mail, error));
  g_assert_true (database_run (database, error, "UPDATE greylist SET first = ?1", "i", now - 100));
  g_assert_true (greylist_add (transaction, mail, error));
  g_assert_cmpint (find (database, 7, "a@x.example", "b@example.com", now), ==, now - 100);
  g_assert_true (database_run (database, error, "INSERT INTO greylist VALUES (1, 1, 5)", ""));
  g_assert_true (greylist_add (transaction, mail, error));
  row = database_query (database, error, "SELECT count (*) FROM greylist", "");
  g_assert_true (statement_next (row, error));
  g_assert_cmpint (statement_int (row, 0), ==, 1);
  statement_done (row);
  return TRUE;
}

/* Whoever makes up senders cannot fill the disk. */
static gboolean
test_bound (StoreTransaction *transaction, gpointer data, GError **error)
{
  Database *database = store_transaction_database (transaction);
  const gint64 now = store_transaction_now (transaction);
  Statement *row;

  g_assert_true (database_run (database, error,
                               "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n"
                               " LIMIT ?1) INSERT INTO greylist SELECT i, i, ?2 + i / 4096 FROM n",
                               "ii", (gint64)GREYLIST_MAX + 5000, now - 1000));
  for (guint i = 0; i < 1500; i++) {
    g_autofree char *sender = g_strdup_printf ("%u@x.example", i);
    g_autoptr (GreylistMail) mail = greylist_mail_new (7, sender, "b@example.com");

    g_assert_true (greylist_add (transaction, mail, error));
  }
  row = database_query (database, error, "SELECT count (*) FROM greylist", "");
  g_assert_true (statement_next (row, error));
  g_assert_cmpint (statement_int (row, 0), <=, GREYLIST_MAX + 1500);
  statement_done (row);
  return TRUE;
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  office_add_job ("/greylist/life", test_life);
  office_add_job ("/greylist/again", test_again);
  office_add_job ("/greylist/bound", test_bound);
  return g_test_run ();
}

/* Tests of daemon/policy/known-clients.c. */
#include "accounts-fixture.h"
#include "policy/known-clients.h"

#define DAY G_GINT64_CONSTANT (86400)

static gboolean
knows (KnownClients *clients, const char *text)
{
  g_autoptr (GInetAddress) address = g_inet_address_new_from_string (text);

  return known_clients_know (clients, address);
}

static void
welcome (KnownClients *clients, const char *text)
{
  g_autoptr (GInetAddress) address = g_inet_address_new_from_string (text);

  known_clients_welcome (clients, address);
}

/* What was written is on the disk once a job that came later is. */
static gboolean
do_nothing (StoreTransaction *transaction, gpointer data, GError **error)
{
  return TRUE;
}

static void
settle (Store *store)
{
  g_assert_true (store_write_sync (store, do_nothing, NULL, NULL));
  while (g_main_context_iteration (NULL, FALSE)) { }
}

static void
test_networks (Office *office, gconstpointer data)
{
  g_autoptr (KnownClients) clients = known_clients_new (office->store);

  welcome (clients, "192.0.2.7");
  welcome (clients, "2001:db8:0:1::7");
  welcome (clients, "::ffff:198.51.100.1");
  g_assert_true (knows (clients, "192.0.2.7"));
  g_assert_true (knows (clients, "192.0.2.200"));
  g_assert_true (knows (clients, "::ffff:192.0.2.1"));
  g_assert_false (knows (clients, "192.0.3.7"));
  g_assert_true (knows (clients, "2001:db8:0:1:ffff::1"));
  g_assert_false (knows (clients, "2001:db8:0:2::7"));
  g_assert_true (knows (clients, "198.51.100.9"));
  settle (office->store);
}

static void
test_restart (Office *office, gconstpointer data)
{
  KnownClients *clients = known_clients_new (office->store);
  g_autoptr (KnownClients) again = NULL;
  g_autoptr (GError) error = NULL;

  welcome (clients, "192.0.2.7");
  welcome (clients, "2001:db8::1");
  settle (office->store);
  known_clients_free (clients);
  again = known_clients_new (office->store);
  g_assert_false (knows (again, "192.0.2.7"));
  g_assert_true (known_clients_load (again, &error));
  g_assert_no_error (error);
  g_assert_true (knows (again, "192.0.2.7"));
  g_assert_true (knows (again, "2001:db8::2"));
}

static gboolean
make_old (StoreTransaction *transaction, gpointer data, GError **error)
{
  return database_run (store_transaction_database (transaction), error,
                       "UPDATE known_client SET seen = seen - ?1", "i", *(gint64 *)data);
}

static gboolean
count_rows (StoreSnapshot *snapshot, gpointer data, GError **error)
{
  Statement *row = database_query (store_snapshot_database (snapshot), error,
                                   "SELECT count (*) FROM known_client", "");

  g_assert_true (statement_next (row, error));
  *(gint64 *)data = statement_int (row, 0);
  statement_done (row);
  return TRUE;
}

/* Who stays away is forgotten, and his row goes with the next one that is written. */
static void
test_forgotten (Office *office, gconstpointer data)
{
  g_autoptr (KnownClients) clients = known_clients_new (office->store);
  gint64 age = 35 * DAY, rows;

  welcome (clients, "192.0.2.7");
  settle (office->store);
  g_assert_true (store_write_sync (office->store, make_old, &age, NULL));
  g_assert_true (known_clients_load (clients, NULL));
  g_assert_true (knows (clients, "192.0.2.7"));
  age = 2 * DAY;
  g_assert_true (store_write_sync (office->store, make_old, &age, NULL));
  g_assert_true (known_clients_load (clients, NULL));
  g_assert_false (knows (clients, "192.0.2.7"));
  welcome (clients, "198.51.100.1");
  settle (office->store);
  g_assert_true (store_read_sync (office->store, count_rows, &rows, NULL));
  g_assert_cmpint (rows, ==, 1);
}

static gboolean
fill (StoreTransaction *transaction, gpointer data, GError **error)
{
  return database_run (store_transaction_database (transaction), error,
                       "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT ?1)"
                       " INSERT INTO known_client SELECT i << 32, ?2 + i FROM n",
                       "ii", (gint64)KNOWN_CLIENTS_MAX, *(gint64 *)data);
}

/* A full table makes room: whoever was away the longest goes. */
static void
test_bound (Office *office, gconstpointer data)
{
  g_autoptr (KnownClients) clients = known_clients_new (office->store);
  gint64 since = g_get_real_time () / G_USEC_PER_SEC - 30 * DAY, rows;

  g_assert_true (store_write_sync (office->store, fill, &since, NULL));
  g_assert_true (known_clients_load (clients, NULL));
  g_assert_true (knows (clients, "0:1::1"));
  welcome (clients, "192.0.2.7");
  settle (office->store);
  g_assert_true (knows (clients, "192.0.2.7"));
  g_assert_false (knows (clients, "0:1::1"));
  g_assert_true (store_read_sync (office->store, count_rows, &rows, NULL));
  g_assert_cmpint (rows, <, KNOWN_CLIENTS_MAX);
  g_assert_cmpint (rows, >, KNOWN_CLIENTS_MAX / 2);
}

int
main (int argc, char **argv)
{
  static const struct {
    const char *path;
    void (*run) (Office *office, gconstpointer data);
  } tests[] = {
    { "/known-clients/networks", test_networks },
    { "/known-clients/restart", test_restart },
    { "/known-clients/forgotten", test_forgotten },
    { "/known-clients/bound", test_bound },
  };

  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Office, NULL, office_set_up, tests[i].run, office_tear_down);
  return g_test_run ();
}

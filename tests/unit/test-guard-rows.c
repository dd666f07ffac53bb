/* Tests of daemon/accounts/guard-rows.c. */
#include "accounts-fixture.h"
#include "accounts/guard-rows.h"
#include "net/network.h"

static guint64
network (const char *text)
{
  guint64 number;

  g_assert_true (network_parse (text, &number));
  return number;
}

static gboolean
test_life (StoreTransaction *transaction, gpointer data, GError **error)
{
  Database *database = store_transaction_database (transaction);
  const gint64 now = store_transaction_now (transaction);
  const Ban bans[] = { { network ("192.0.2.1"), now, now + 60, 1 },
                       { network ("2001:db8::1"), now + 1, BAN_FOREVER, 0 },
                       { network ("192.0.2.2"), 10, 20, 9 } }; /* long ago */
  const GoodAddress good[] = { { network ("198.51.100.1"), now }, { network ("192.0.2.3"), 5 } };
  const guint64 lifted = network ("192.0.2.1");
  g_autoptr (GuardRows) rows = guard_rows_new (), first = guard_rows_new ();
  g_autoptr (GuardRows) change = guard_rows_new (), second = guard_rows_new ();

  g_array_append_vals (rows->bans, bans, G_N_ELEMENTS (bans));
  g_array_append_vals (rows->good, good, G_N_ELEMENTS (good));
  g_assert_true (guard_rows_write (transaction, rows, error));
  g_assert_true (guard_rows_read (database, first, error));
  g_assert_cmpuint (first->bans->len, ==, 2);
  g_assert_cmpmem (first->bans->data, 2 * sizeof (Ban), bans, 2 * sizeof (Ban));
  g_assert_cmpuint (first->good->len, ==, 1);
  g_assert_cmpuint (g_array_index (first->good, GoodAddress, 0).network, ==, good[0].network);

  g_array_append_val (change->lifted, lifted);
  g_assert_true (guard_rows_write (transaction, change, error));
  g_assert_true (guard_rows_read (database, second, error));
  g_assert_cmpuint (second->bans->len, ==, 1);
  g_assert_cmpuint (g_array_index (second->bans, Ban, 0).network, ==, bans[1].network);
  return TRUE;
}

/* What somebody wrote by hand and is no address is passed over. */
static gboolean
test_damaged (StoreTransaction *transaction, gpointer data, GError **error)
{
  Database *database = store_transaction_database (transaction);
  g_autoptr (GuardRows) rows = guard_rows_new ();

  g_assert_true (database_run (
      database, error, "INSERT INTO ban VALUES ('x', 1, 2, 3), ('192.0.2.9', 1, 2, 3)", ""));
  g_assert_true (database_run (database, error, "INSERT INTO good_address VALUES ('y', 1)", ""));
  g_assert_true (guard_rows_read (database, rows, error));
  g_assert_cmpuint (rows->bans->len, ==, 1);
  g_assert_cmpuint (rows->good->len, ==, 0);
  return TRUE;
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  office_add_job ("/guard-rows/life", test_life);
  office_add_job ("/guard-rows/damaged", test_damaged);
  return g_test_run ();
}

/* The list of users: in pages, filtered, and quick with ten thousand. */
#include "admin-calls.h"

#define USERS 10000
#define MILLISECONDS 2500 /* with a sanitizer, on a machine that does other things; 50 when it rests */

static gboolean
add_many (StoreTransaction *transaction, gpointer data, GError **error)
{
  Database *database = store_transaction_database (transaction);

  return database_execute (database,
                           "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n"
                           " WHERE i < 10000) INSERT INTO account (address, domain, display_name)"
                           " SELECT printf ('user%05d@office.example', i), 1,"
                           " printf ('Person %d Größe', i) FROM n",
                           error);
}

static gsize
count (AdminClient *client, const char *path, json_int_t total, const char *next)
{
  json_t *answer = api_call (client, "GET", path, NULL, -1);
  const gsize found = json_array_size (json_object_get (answer, "users"));

  g_assert_cmpint (json_integer_value (json_object_get (answer, "total")), ==, total);
  g_assert_cmpstr (api_text (answer, "next"), ==, next);
  json_decref (answer);
  return found;
}

static void
look (Office *office)
{
  g_autoptr (AdminClient) client = admin_client_new_local (office->configuration, NULL);
  gint64 begin, best = G_MAXINT64;

  g_assert_true (store_write_sync (office->store, add_many, NULL, NULL));
  for (guint i = 0; i < 5; i++) {
    begin = g_get_monotonic_time ();
    g_assert_cmpuint (count (client, "/v1/users", USERS + 2, NULL), ==, USERS + 2);
    best = MIN (best, g_get_monotonic_time () - begin);
  }
  g_test_message ("%d ms for %d users", (int)(best / 1000), USERS);
  g_assert_cmpint (best, <, MILLISECONDS * 1000);
  g_assert_cmpuint (count (client, "/v1/users?limit=10", USERS + 2, "user00008@office.example"), ==,
                    10);
  g_assert_cmpuint (
      count (client, "/v1/users?limit=10&after=user09995@office.example", USERS + 2, NULL), ==, 5);
  g_assert_cmpuint (count (client, "/v1/users?text=USER0777", 10, NULL), ==, 10);
  g_assert_cmpuint (count (client, "/v1/users?text=person%2042%20gr%C3%B6%C3%9Fe", 1, NULL), ==, 1);
  g_assert_cmpuint (count (client, "/v1/users?domain=other.example", 0, NULL), ==, 0);
}

static void
test_list (Office *self, gconstpointer data)
{
  office_with_client (self, look);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/resource-user-list/list", Office, NULL, office_set_up, test_list, office_tear_down);
  return g_test_run ();
}

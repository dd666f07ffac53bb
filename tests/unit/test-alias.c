/* Tests of daemon/accounts/alias.c. */
#include "accounts-fixture.h"

static gboolean
test_add (StoreTransaction *transaction, gpointer data, GError **error)
{
  static const struct {
    const char *address;
    const char *targets[3];
    int code;
  } rows[] = {
    { "Sales@Example.com", { "Anna@Example.com", "x@elsewhere.example" }, 0 },
    { "sales@example.com", { "bert@example.com" }, STORE_ERROR_EXISTS },
    { "anna@example.com", { "bert@example.com" }, STORE_ERROR_EXISTS }, /* a user */
    { "x@elsewhere.example", { "bert@example.com" }, STORE_ERROR_NOT_FOUND },
    { "none@example.com", { NULL }, STORE_ERROR_INVALID },
    { "bad@example.com", { "no address" }, STORE_ERROR_INVALID },
    { "no address", { "bert@example.com" }, STORE_ERROR_INVALID },
    { "double@example.com", { "bert@example.com", "BERT@example.com" }, 0 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autoptr (GError) problem = NULL;
    gboolean added = alias_add (transaction, rows[i].address, rows[i].targets, &problem);
    if (rows[i].code)
      g_assert_error (problem, STORE_ERROR, rows[i].code);
    else
      g_assert_no_error (problem);
    g_assert_cmpint (added, ==, rows[i].code == 0);
  }
  return TRUE;
}

static gboolean
test_list (StoreTransaction *transaction, gpointer data, GError **error)
{
  static const char *const one[] = { "admin@example.com", NULL };
  Database *database = store_transaction_database (transaction);

  g_assert_true (alias_add (transaction, "chief@example.com", one, error));
  g_autoptr (GPtrArray) list = alias_list (database, error);
  g_assert_cmpuint (list->len, ==, 2);
  const Alias *chief = list->pdata[0], *info = list->pdata[1];
  g_assert_cmpstr (chief->address, ==, "chief@example.com");
  g_assert_cmpuint (chief->targets->len, ==, 1);
  g_assert_cmpstr (info->address, ==, "info@example.com");
  g_assert_cmpuint (info->targets->len, ==, 2);
  g_assert_cmpstr (info->targets->pdata[1], ==, "bert@example.com");
  return TRUE;
}

static gboolean
test_remove (StoreTransaction *transaction, gpointer data, GError **error)
{
  Database *database = store_transaction_database (transaction);
  g_autoptr (GError) problem = NULL;

  g_assert_true (alias_remove (transaction, "INFO@example.com", error));
  g_autoptr (GPtrArray) targets = alias_targets (database, "info@example.com", error);
  g_assert_cmpuint (targets->len, ==, 0);
  g_assert_false (alias_remove (transaction, "info@example.com", &problem));
  g_assert_error (problem, STORE_ERROR, STORE_ERROR_NOT_FOUND);
  return TRUE;
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  office_add_job ("/alias/add", test_add);
  office_add_job ("/alias/list", test_list);
  office_add_job ("/alias/remove", test_remove);
  return g_test_run ();
}

/* Tests of daemon/accounts/domain.c. */
#include "accounts-fixture.h"

static gboolean
test_names (StoreTransaction *transaction, gpointer data, GError **error)
{
  static const struct {
    const char *name;
    int code; /* 0: taken */
  } rows[] = {
    { "example.org", 0 },
    { "EXAMPLE.org", STORE_ERROR_EXISTS },
    { "Example.COM", STORE_ERROR_EXISTS },
    { "b\303\274ro.example", 0 }, /* büro: kept as its A-label */
    { "", STORE_ERROR_INVALID },
    { "two words", STORE_ERROR_INVALID },
    { "a..b", STORE_ERROR_INVALID },
  };
  Database *database = store_transaction_database (transaction);

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autoptr (GError) problem = NULL;
    gboolean added = domain_add (transaction, rows[i].name, &problem);
    if (rows[i].code == 0)
      g_assert_no_error (problem);
    else
      g_assert_error (problem, STORE_ERROR, rows[i].code);
    g_assert_cmpint (added, ==, rows[i].code == 0);
  }
  g_autoptr (GPtrArray) list = domain_list (database, error);
  g_assert_cmpuint (list->len, ==, 3);
  g_assert_cmpstr (list->pdata[0], ==, "example.com");
  g_assert_cmpstr (list->pdata[1], ==, "example.org");
  g_assert_cmpstr (list->pdata[2], ==, "xn--bro-hoa.example");
  return TRUE;
}

static gboolean
test_remove (StoreTransaction *transaction, gpointer data, GError **error)
{
  static const struct {
    const char *name;
    int code;
  } rows[] = {
    { "example.com", STORE_ERROR_INVALID }, /* has users */
    { "example.org", STORE_ERROR_INVALID }, /* has an alias */
    { "example.net", 0 },
    { "example.net", STORE_ERROR_NOT_FOUND },
    { "no such thing", STORE_ERROR_NOT_FOUND },
  };
  static const char *const target[] = { "anna@example.com", NULL };

  g_assert_true (domain_add (transaction, "example.org", error));
  g_assert_true (domain_add (transaction, "example.net", error));
  g_assert_true (alias_add (transaction, "x@example.org", target, error));
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autoptr (GError) problem = NULL;
    g_assert_cmpint (domain_remove (transaction, rows[i].name, &problem), ==, rows[i].code == 0);
    if (rows[i].code)
      g_assert_error (problem, STORE_ERROR, rows[i].code);
  }
  return TRUE;
}

static gboolean
test_find (StoreTransaction *transaction, gpointer data, GError **error)
{
  Database *database = store_transaction_database (transaction);
  g_autoptr (GError) problem = NULL;

  g_assert_cmpint (domain_find (database, "example.com", error), >, 0);
  g_assert_cmpint (domain_find (database, "example.edu", &problem), ==, 0);
  g_assert_error (problem, STORE_ERROR, STORE_ERROR_NOT_FOUND);
  return TRUE;
}

static gboolean
test_catch_all (StoreTransaction *transaction, gpointer data, GError **error)
{
  static const struct {
    const char *domain, *address;
    int code;
  } rows[] = {
    { "example.com", "nobody@example.com", STORE_ERROR_NOT_FOUND },
    { "example.com", "friend@elsewhere.example", STORE_ERROR_NOT_FOUND },
    { "example.com", "anna", STORE_ERROR_INVALID },
    { "example.edu", "anna@example.com", STORE_ERROR_NOT_FOUND },
    { "-", "anna@example.com", STORE_ERROR_NOT_FOUND },
  };
  Database *database = store_transaction_database (transaction);

  g_assert_null (domain_catch_all (database, "example.com", error));
  g_assert_true (domain_set_catch_all (transaction, "EXAMPLE.com", "Anna@example.com", error));
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autoptr (GError) problem = NULL;
    g_test_message ("%s %s", rows[i].domain, rows[i].address);
    g_assert_false (domain_set_catch_all (transaction, rows[i].domain, rows[i].address, &problem));
    g_assert_error (problem, STORE_ERROR, rows[i].code);
  }
  g_autofree char *address = domain_catch_all (database, "example.com", error);
  g_assert_cmpstr (address, ==, "anna@example.com");
  g_assert_true (domain_set_catch_all (transaction, "example.com", NULL, error));
  g_assert_null (domain_catch_all (database, "example.com", error));
  return TRUE;
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  office_add_job ("/domain/names", test_names);
  office_add_job ("/domain/remove", test_remove);
  office_add_job ("/domain/find", test_find);
  office_add_job ("/domain/catch-all", test_catch_all);
  return g_test_run ();
}

#include "tests/unit/accounts-fixture.h"
#include "accounts/place.h"

static gboolean
test_own (StoreTransaction *transaction, gpointer data, GError **error)
{
  Office *self = data;
  Database *database = store_transaction_database (transaction);
  g_autoptr (GError) problem = NULL;
  g_autoptr (Place) inbox = place_find (database, self->anna, "inbox", RIGHTS_ALL, error);
  g_autoptr (GPtrArray) all = place_list (database, self->anna, error);

  g_assert_cmpstr (inbox->name, ==, "INBOX");
  g_assert_cmpint (inbox->mailbox->account, ==, self->anna);
  g_assert_cmpuint (inbox->rights, ==, RIGHTS_ALL);
  g_assert_true (inbox->own);
  g_assert_null (place_find (database, self->anna, "Nowhere", 0, &problem));
  g_assert_error (problem, STORE_ERROR, STORE_ERROR_NOT_FOUND);
  g_assert_cmpuint (all->len, ==, 6);
  g_assert_cmpstr (((Place *)all->pdata[0])->name, ==, "INBOX");
  g_assert_cmpstr (((Place *)all->pdata[5])->name, ==, "Trash");
  return TRUE;
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  office_add_job ("/place/own", test_own);
  return g_test_run ();
}

#include "tests/unit/accounts-fixture.h"
#include "accounts/place.h"
#include "accounts/role.h"

static gboolean
test_life (StoreTransaction *transaction, gpointer data, GError **error)
{
  Office *self = data;
  Database *database = store_transaction_database (transaction);
  g_autoptr (GError) failure = NULL;
  gint64 id = role_add (transaction, "Sales@example.com", "Sales", 5000, error);

  g_assert_cmpint (id, !=, 0);
  g_assert_true (role_admit (transaction, "sales@example.com", "anna@example.com", TRUE, error));
  g_assert_true (role_admit (transaction, "sales@example.com", "bert@example.com", FALSE, error));
  g_autoptr (Role) role = role_find (database, "sales@example.com", error);
  g_assert_cmpstr (role->display_name, ==, "Sales");
  g_assert_cmpint (role->quota, ==, 5000);
  g_assert_cmpuint (role->members->len, ==, 2);
  g_assert_cmpstr (((RoleMember *)role->members->pdata[0])->address, ==, "anna@example.com");
  g_assert_true (((RoleMember *)role->members->pdata[0])->send_as);
  g_assert_false (((RoleMember *)role->members->pdata[1])->send_as);
  g_assert_true (account_may_send_as (database, self->anna, "sales@example.com"));
  g_assert_false (account_may_send_as (database, self->bert, "sales@example.com"));
  g_assert_false (account_may_send_as (database, self->admin, "sales@example.com"));

  g_autoptr (Place) sent
      = place_find (database, self->bert, "Shared/sales@example.com/Sent", RIGHT_INSERT, error);
  g_assert_cmpint (sent->mailbox->account, ==, id);
  g_assert_cmpuint (sent->rights, ==, RIGHTS_ALL & ~RIGHT_ADMINISTER);
  g_assert_true (role_dismiss (transaction, "sales@example.com", "bert@example.com", error));
  g_assert_null (
      place_find (database, self->bert, "Shared/sales@example.com", RIGHT_READ, &failure));
  g_assert_error (failure, STORE_ERROR, STORE_ERROR_NOT_FOUND);
  g_clear_error (&failure);
  g_assert_false (role_dismiss (transaction, "sales@example.com", "bert@example.com", &failure));
  g_assert_error (failure, STORE_ERROR, STORE_ERROR_NOT_FOUND);
  g_assert_true (role_remove (transaction, "sales@example.com", error));
  g_autoptr (GPtrArray) left = role_list (database, error);
  g_assert_cmpuint (left->len, ==, 0);
  g_assert_false (account_may_send_as (database, self->anna, "sales@example.com"));
  return TRUE;
}

static gboolean
test_refused (StoreTransaction *transaction, gpointer data, GError **error)
{
  static const struct {
    const char *address, *member;
    int code;
  } rows[] = {
    { "sales@example.com", "nobody@example.com", STORE_ERROR_NOT_FOUND },
    { "nobody@example.com", "anna@example.com", STORE_ERROR_NOT_FOUND },
    { "anna@example.com", "bert@example.com", STORE_ERROR_NOT_FOUND }, /* a user is no role */
    { "sales@example.com", "sales@example.com", STORE_ERROR_NOT_FOUND },
  };
  g_autoptr (GError) slash = NULL, taken = NULL, user = NULL;

  g_assert_cmpint (role_add (transaction, "sales@example.com", NULL, 0, error), !=, 0);
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autoptr (GError) failure = NULL;
    g_assert_false (role_admit (transaction, rows[i].address, rows[i].member, TRUE, &failure));
    g_assert_error (failure, STORE_ERROR, rows[i].code);
  }
  g_assert_cmpint (role_add (transaction, "a/b@example.com", NULL, 0, &slash), ==, 0);
  g_assert_error (slash, STORE_ERROR, STORE_ERROR_INVALID);
  g_assert_cmpint (role_add (transaction, "info@example.com", NULL, 0, &taken), ==, 0);
  g_assert_error (taken, STORE_ERROR, STORE_ERROR_EXISTS);
  g_assert_false (role_remove (transaction, "anna@example.com", &user));
  g_assert_error (user, STORE_ERROR, STORE_ERROR_NOT_FOUND);
  return TRUE;
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  office_add_job ("/role/life", test_life);
  office_add_job ("/role/refused", test_refused);
  return g_test_run ();
}

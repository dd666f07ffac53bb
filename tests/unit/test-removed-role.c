/* Tests of daemon/accounts/removed-role.c. */
#include "accounts-fixture.h"
#include "accounts/place.h"
#include "accounts/removed-role.h"
#include "accounts/role.h"

#define KEPT 1000 /* seconds */

static gint64
count (Database *database, const char *sql)
{
  Statement *row = database_query (database, NULL, sql, "");
  gint64 number;

  g_assert_true (statement_next (row, NULL));
  number = statement_int (row, 0);
  statement_done (row);
  return number;
}

/* Mailboxes keep their UIDVALIDITY: to a client it is as if nothing had happened. */
static gboolean
test_life (StoreTransaction *transaction, gpointer data, GError **error)
{
  Office *self = data;
  Database *database = store_transaction_database (transaction);
  const gint64 id = role_add (transaction, "sales@example.com", "Sales", 5000, error);

  g_assert_true (role_admit (transaction, "sales@example.com", "anna@example.com", TRUE, error));
  g_assert_true (role_admit (transaction, "sales@example.com", "bert@example.com", FALSE, error));
  g_assert_cmpint (mailbox_create (transaction, id, "Offers/2026", NULL, error), !=, 0);
  g_autoptr (Place) before = place_find (database, self->anna,
                                         "Shared/sales@example.com/Offers/2026", RIGHT_READ, error);
  g_assert_true (role_remove (transaction, "sales@example.com", error));
  gboolean done;
  g_assert_true (account_remove (transaction, (gpointer) "bert@example.com", &done, error));

  g_assert_true (removed_role_restore (transaction, "Sales@example.com", KEPT, error));
  g_autoptr (Role) role = role_find (database, "sales@example.com", error);
  g_assert_cmpstr (role->display_name, ==, "Sales");
  g_assert_cmpint (role->quota, ==, 5000);
  g_assert_cmpuint (role->members->len, ==, 1); /* bert has gone */
  g_assert_true (((RoleMember *)role->members->pdata[0])->send_as);
  g_autoptr (Place) after = place_find (database, self->anna,
                                        "Shared/sales@example.com/Offers/2026", RIGHT_READ, error);
  g_assert_cmpint (after->mailbox->id, ==, before->mailbox->id);
  g_assert_cmpuint (after->mailbox->uid_validity, ==, before->mailbox->uid_validity);
  g_assert_cmpint (count (database,
                          "SELECT (SELECT count (*) FROM removed_role)"
                          " + (SELECT count (*) FROM removed_mailbox)"
                          " + (SELECT count (*) FROM removed_member)"),
                   ==, 0);
  g_assert_cmpint (count (database,
                          "SELECT count (*) FROM mailbox WHERE special_use IS NOT NULL"
                          " AND account = (SELECT id FROM account WHERE role = 1)"),
                   >, 0);
  return TRUE;
}

static gboolean
test_refused (StoreTransaction *transaction, gpointer data, GError **error)
{
  g_autoptr (GError) never = NULL, late = NULL, taken = NULL, rubbish = NULL;

  g_assert_false (removed_role_restore (transaction, "sales@example.com", KEPT, &never));
  g_assert_error (never, STORE_ERROR, STORE_ERROR_NOT_FOUND);
  g_assert_false (removed_role_restore (transaction, "@", KEPT, &rubbish));
  g_assert_error (rubbish, STORE_ERROR, STORE_ERROR_NOT_FOUND);
  g_assert_cmpint (role_add (transaction, "sales@example.com", NULL, 0, error), !=, 0);
  g_assert_true (role_remove (transaction, "sales@example.com", error));
  g_assert_false (removed_role_restore (transaction, "sales@example.com", 0, &late));
  g_assert_error (late, STORE_ERROR, STORE_ERROR_NOT_FOUND);
  g_assert_cmpint (role_add (transaction, "sales@example.com", NULL, 0, error), !=, 0);
  g_assert_false (removed_role_restore (transaction, "sales@example.com", KEPT, &taken));
  g_assert_error (taken, STORE_ERROR, STORE_ERROR_EXISTS);
  /* Removed twice: the last one comes back. */
  g_assert_true (role_remove (transaction, "sales@example.com", error));
  g_assert_true (removed_role_restore (transaction, "sales@example.com", KEPT, error));
  return TRUE;
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  office_add_job ("/removed-role/life", test_life);
  office_add_job ("/removed-role/refused", test_refused);
  return g_test_run ();
}

#include "tests/unit/accounts-fixture.h"
#include "accounts/acl.h"

static const struct {
  const char *identifier, *normalized;
} identifiers[] = {
  { "Bert@Example.com", "bert@example.com" },
  { "-bert@example.com", "-bert@example.com" },
  { "ANYONE", "anyone" },
  { "-anyone", "-anyone" },
  { "", NULL },
  { "-", NULL },
  { "a b", NULL },
};

static void
test_normalize (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (identifiers); i++) {
    g_autofree char *normalized = acl_normalize (identifiers[i].identifier);
    g_test_message ("%s", identifiers[i].identifier);
    g_assert_cmpstr (normalized, ==, identifiers[i].normalized);
  }
}

static guint
rights_of (Database *database, gint64 account, const Mailbox *mailbox)
{
  g_autoptr (GError) error = NULL;
  guint rights = 0;

  g_assert_true (place_rights (database, account, mailbox, &rights, &error));
  g_assert_no_error (error);
  return rights;
}

static gboolean
test_change (StoreTransaction *transaction, gpointer data, GError **error)
{
  static const struct {
    const char *identifier;
    AclChange change;
    guint rights, bert, admin;
  } steps[] = {
    { "bert@example.com", ACL_REPLACE, RIGHT_LOOKUP | RIGHT_READ, RIGHT_LOOKUP | RIGHT_READ, 0 },
    { "anyone", ACL_ADD, RIGHT_LOOKUP | RIGHT_POST, RIGHT_LOOKUP | RIGHT_READ | RIGHT_POST,
      RIGHT_LOOKUP | RIGHT_POST },
    { "-bert@example.com", ACL_REPLACE, RIGHT_READ, RIGHT_LOOKUP | RIGHT_POST,
      RIGHT_LOOKUP | RIGHT_POST },
    { "-anyone", ACL_REPLACE, RIGHT_POST, RIGHT_LOOKUP, RIGHT_LOOKUP },
    { "anyone", ACL_REMOVE, RIGHT_LOOKUP, RIGHT_LOOKUP, 0 },
    { "bert@example.com", ACL_REPLACE, 0, 0, 0 },
  };
  Office *self = data;
  Database *database = store_transaction_database (transaction);
  g_autoptr (Mailbox) inbox = mailbox_find (database, self->anna, "INBOX", error);
  g_autoptr (GPtrArray) entries = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (steps); i++) {
    g_test_message ("%s", steps[i].identifier);
    g_assert_true (acl_change (transaction, inbox, steps[i].identifier, steps[i].change,
                               steps[i].rights, error));
    g_assert_cmpuint (rights_of (database, self->bert, inbox), ==, steps[i].bert);
    g_assert_cmpuint (rights_of (database, self->admin, inbox), ==, steps[i].admin);
    g_assert_cmpuint (rights_of (database, self->anna, inbox), ==, RIGHTS_ALL);
  }
  entries = acl_list (database, inbox, error);
  g_assert_cmpuint (entries->len, ==, 4); /* the owner, -anyone, -bert, anyone */
  g_assert_cmpstr (((AclEntry *)entries->pdata[0])->identifier, ==, "anna@example.com");
  g_assert_cmpuint (((AclEntry *)entries->pdata[0])->rights, ==, RIGHTS_ALL);
  return TRUE;
}

static gboolean
test_refused (StoreTransaction *transaction, gpointer data, GError **error)
{
  Office *self = data;
  Database *database = store_transaction_database (transaction);
  g_autoptr (Mailbox) inbox = mailbox_find (database, self->anna, "INBOX", error);
  g_autoptr (GError) unknown = NULL, owner = NULL;

  g_assert_false (acl_change (transaction, inbox, "x@example.com", ACL_ADD, 1, &unknown));
  g_assert_error (unknown, STORE_ERROR, STORE_ERROR_NOT_FOUND);
  g_assert_false (acl_change (transaction, inbox, "anna@example.com", ACL_REMOVE, 1, &owner));
  g_assert_error (owner, STORE_ERROR, STORE_ERROR_INVALID);
  return TRUE;
}

/* Who is removed loses every right, and a namesake does not inherit it. */
static gboolean
test_removed_user (StoreTransaction *transaction, gpointer data, GError **error)
{
  Office *self = data;
  Database *database = store_transaction_database (transaction);
  g_autoptr (Mailbox) inbox = mailbox_find (database, self->anna, "INBOX", error);
  gboolean done;
  gint64 again;

  g_assert_true (acl_change (transaction, inbox, "bert@example.com", ACL_ADD, RIGHT_READ, error));
  g_assert_true (account_remove (transaction, (gpointer) "bert@example.com", &done, error));
  again = account_add (transaction, "bert@example.com", NULL, NULL, 0, FALSE, error);
  g_assert_cmpint (again, !=, 0);
  g_assert_cmpuint (rights_of (database, again, inbox), ==, 0);
  return TRUE;
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/acl/normalize", test_normalize);
  office_add_job ("/acl/change", test_change);
  office_add_job ("/acl/refused", test_refused);
  office_add_job ("/acl/removed-user", test_removed_user);
  return g_test_run ();
}

/* Tests of daemon/accounts/credential.c. */
#include "accounts-fixture.h"

static guint
count (StoreTransaction *transaction, gint64 account)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) list
      = credential_list (store_transaction_database (transaction), account, &error);

  g_assert_no_error (error);
  return list->len;
}

static gboolean
try_rows (StoreTransaction *transaction, gpointer data, GError **error)
{
  Office *self = data;
  const ScramKeys keys = { { 1, 2 }, { 3 } };
  g_autoptr (GError) refused = NULL;
  g_autoptr (GPtrArray) list = NULL;

  g_assert_true (credential_add (transaction, self->anna, "Phone", &keys, error));
  g_assert_false (credential_add (transaction, self->anna, "Phone", &keys, &refused));
  g_assert_error (refused, STORE_ERROR, STORE_ERROR_EXISTS);
  g_clear_error (&refused);
  g_assert_false (credential_add (transaction, self->anna, "", &keys, &refused));
  g_clear_error (&refused);
  g_assert_true (credential_set_password (transaction, self->anna, &keys, error));
  g_assert_true (credential_set_password (transaction, self->anna, &keys, error));
  list = credential_list (store_transaction_database (transaction), self->anna, error);
  g_assert_cmpuint (list->len, ==, 2);
  const Credential *password = list->pdata[0], *phone = list->pdata[1];
  g_assert_cmpstr (password->name, ==, "");
  g_assert_cmpint (phone->used, ==, 0);
  g_assert_cmpmem (&phone->keys, sizeof keys, &keys, sizeof keys);
  g_assert_true (credential_note_use (transaction, phone->id, "192.0.2.7", error));
  g_assert_true (account_set_password (transaction, "anna@example.com", NULL, error));
  g_assert_cmpuint (count (transaction, self->anna), ==, 1);
  g_assert_true (credential_remove (transaction, self->anna, "Phone", error));
  g_assert_false (credential_remove (transaction, self->anna, "Phone", &refused));
  g_assert_error (refused, STORE_ERROR, STORE_ERROR_NOT_FOUND);
  return TRUE;
}

static gboolean
try_many (StoreTransaction *transaction, gpointer data, GError **error)
{
  Office *self = data;
  const ScramKeys keys = { { 0 } };
  g_autoptr (GError) refused = NULL;

  for (guint i = 0;; i++) {
    g_autofree char *name = g_strdup_printf ("device %u", i);
    g_assert_cmpuint (i, <=, APP_PASSWORDS_MAX + 1);
    if (!credential_add (transaction, self->bert, name, &keys, &refused))
      break;
  }
  g_assert_error (refused, STORE_ERROR, STORE_ERROR_INVALID);
  return TRUE;
}

/* The same each time, another for each name, whoever exists. */
static gboolean
try_salt (StoreTransaction *transaction, gpointer data, GError **error)
{
  static const char *const users[] = { "anna@example.com", "bert@example.com", "nobody@x.example" };
  Database *database = store_transaction_database (transaction);
  guint8 salts[3][SCRAM_SALT], again[SCRAM_SALT];

  for (guint i = 0; i < G_N_ELEMENTS (users); i++) {
    g_assert_true (credential_salt (database, users[i], salts[i], error));
    g_assert_true (credential_salt (database, users[i], again, error));
    g_assert_cmpmem (salts[i], SCRAM_SALT, again, SCRAM_SALT);
  }
  g_assert_true (memcmp (salts[0], salts[1], SCRAM_SALT) != 0);
  g_assert_true (memcmp (salts[0], salts[2], SCRAM_SALT) != 0);
  return TRUE;
}

static void
test_app_password (void)
{
  g_autofree char *one = app_password_new ();
  g_autofree char *two = app_password_new ();

  g_assert_true (app_password_has_form (one));
  g_assert_cmpstr (one, !=, two);
  g_assert_false (app_password_has_form ("correct horse battery"));
  g_assert_false (app_password_has_form ("abcdefghijkmnpqrstu1"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  office_add_job ("/credential/rows", try_rows);
  office_add_job ("/credential/many", try_many);
  office_add_job ("/credential/salt", try_salt);
  g_test_add_func ("/credential/app-password", test_app_password);
  return g_test_run ();
}

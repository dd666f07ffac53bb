#include "tests/unit/accounts-fixture.h"
#include "accounts/quota.h"
#include "settings.h"

static const struct {
  gint64 bytes, messages, mailboxes;
  gboolean fits;
} wishes[] = {
  { 0, 0, 0, TRUE },  { 1000, 5, 4, TRUE },        { 1001, 0, 0, FALSE }, { 0, 6, 0, FALSE },
  { 0, 0, 5, FALSE }, { G_MAXINT64, 0, 0, FALSE }, { -5, -1, 0, TRUE },
};

static gboolean
test_require (StoreTransaction *transaction, gpointer data, GError **error)
{
  Office *self = data;
  Database *database = store_transaction_database (transaction);

  g_assert_true (account_set_quota (transaction, "anna@example.com", 1000, error));
  g_assert_true (setting_set (SETTING_MESSAGES_MAX, "5", error));
  g_assert_true (setting_set (SETTING_MAILBOXES_MAX, "10", error));
  for (gsize i = 0; i < G_N_ELEMENTS (wishes); i++) {
    g_autoptr (GError) refusal = NULL;
    g_assert_cmpint (quota_require (database, self->anna, wishes[i].bytes, wishes[i].messages,
                                    wishes[i].mailboxes, &refusal),
                     ==, wishes[i].fits);
    if (!wishes[i].fits)
      g_assert_error (refusal, STORE_ERROR, STORE_ERROR_QUOTA);
  }
  return setting_set (SETTING_MESSAGES_MAX, "0", error)
      && setting_set (SETTING_MAILBOXES_MAX, "1000", error);
}

static gboolean
test_read (StoreTransaction *transaction, gpointer data, GError **error)
{
  Office *self = data;
  Database *database = store_transaction_database (transaction);
  g_autoptr (Quota) quota = quota_read (database, self->anna, error);
  g_autoptr (GError) nobody = NULL;

  g_assert_cmpstr (quota->root, ==, "anna@example.com");
  g_assert_cmpint (quota->storage, ==, 0);
  g_assert_cmpint (quota->storage_limit, ==, 0);
  g_assert_cmpint (quota->messages, ==, 0);
  g_assert_cmpint (quota->mailboxes, ==, 6);
  g_assert_cmpint (quota->mailboxes_limit, ==, 1000);
  g_assert_null (quota_read (database, 9999, &nobody));
  g_assert_error (nobody, STORE_ERROR, STORE_ERROR_NOT_FOUND);
  return TRUE;
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  office_add_job ("/quota/read", test_read);
  office_add_job ("/quota/require", test_require);
  return g_test_run ();
}

/* Tests of daemon/accounts/account.c. */
#include "accounts-fixture.h"

static gboolean
test_add (StoreTransaction *transaction, gpointer data, GError **error)
{
  static const struct {
    const char *address;
    gint64 quota;
    int code;
  } rows[] = {
    { "Carla@Example.com", 0, 0 },
    { "carla@example.com", 0, STORE_ERROR_EXISTS },
    { "info@example.com", 0, STORE_ERROR_EXISTS }, /* an alias */
    { "dora@elsewhere.example", 0, STORE_ERROR_NOT_FOUND },
    { "dora", 0, STORE_ERROR_INVALID },
    { "dora@", 0, STORE_ERROR_INVALID },
    { "dora@example.com", -1, STORE_ERROR_INVALID },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autoptr (GError) problem = NULL;
    gint64 id
        = account_add (transaction, rows[i].address, NULL, "C", rows[i].quota, FALSE, &problem);
    if (rows[i].code)
      g_assert_error (problem, STORE_ERROR, rows[i].code);
    else
      g_assert_no_error (problem);
    g_assert_cmpint (id != 0, ==, rows[i].code == 0);
  }
  return TRUE;
}

static gboolean
test_first_mailboxes (StoreTransaction *transaction, gpointer data, GError **error)
{
  static const char *const wanted[][2] = {
    { "INBOX", NULL },    { "Archive", "\\Archive" }, { "Drafts", "\\Drafts" },
    { "Junk", "\\Junk" }, { "Sent", "\\Sent" },       { "Trash", "\\Trash" },
  };
  Office *self = data;
  g_autoptr (GPtrArray) list
      = mailbox_list (store_transaction_database (transaction), self->anna, error);

  g_assert_cmpuint (list->len, ==, G_N_ELEMENTS (wanted));
  for (guint i = 0; i < list->len; i++) {
    const Mailbox *mailbox = list->pdata[i];
    g_assert_cmpstr (mailbox->name, ==, wanted[i][0]);
    g_assert_cmpstr (mailbox->special_use, ==, wanted[i][1]);
    g_assert_true (mailbox->subscribed);
  }
  return TRUE;
}

static gboolean
test_changes (StoreTransaction *transaction, gpointer data, GError **error)
{
  Database *database = store_transaction_database (transaction);
  g_autofree char *hash = NULL;
  g_autoptr (GError) problem = NULL;

  g_assert_true (account_set_password (transaction, "ANNA@example.com", "new", error));
  g_assert_true (account_set_enabled (transaction, "anna@example.com", FALSE, error));
  g_assert_true (account_set_quota (transaction, "anna@example.com", 1000, error));
  g_autoptr (Account) anna = account_find_with_hash (database, "anna@EXAMPLE.com", &hash, error);
  g_assert_cmpstr (anna->address, ==, "anna@example.com");
  g_assert_cmpstr (anna->display_name, ==, "Anna");
  g_assert_cmpstr (hash, ==, "new");
  g_assert_false (anna->enabled);
  g_assert_false (anna->administrator);
  g_assert_cmpint (anna->quota, ==, 1000);
  g_assert_cmpint (anna->used, ==, 0);
  g_assert_false (account_set_quota (transaction, "anna@example.com", -1, &problem));
  g_assert_error (problem, STORE_ERROR, STORE_ERROR_INVALID);
  return TRUE;
}

static gboolean
test_nobody (StoreTransaction *transaction, gpointer data, GError **error)
{
  static const char *const nobody[] = { "x@example.com", "", "@", "info@example.com" };
  Database *database = store_transaction_database (transaction);
  gboolean done;

  for (guint i = 0; i < G_N_ELEMENTS (nobody); i++) {
    GError *problems[5] = { NULL };
    g_assert_false (account_set_password (transaction, nobody[i], "h", &problems[0]));
    g_assert_false (account_set_enabled (transaction, nobody[i], TRUE, &problems[1]));
    g_assert_false (account_set_quota (transaction, nobody[i], 1, &problems[2]));
    g_assert_false (account_remove (transaction, (gpointer)nobody[i], &done, &problems[3]));
    g_assert_null (account_find (database, nobody[i], &problems[4]));
    for (guint p = 0; p < G_N_ELEMENTS (problems); p++) {
      g_assert_error (problems[p], STORE_ERROR, STORE_ERROR_NOT_FOUND);
      g_clear_error (&problems[p]);
    }
  }
  return TRUE;
}

static gboolean
test_remove (StoreTransaction *transaction, gpointer data, GError **error)
{
  Office *self = data;
  Database *database = store_transaction_database (transaction);
  gboolean done = FALSE;
  g_autoptr (GError) problem = NULL;

  g_assert_true (account_remove (transaction, (gpointer) "anna@example.com", &done, error));
  g_assert_true (done);
  g_assert_null (account_find (database, "anna@example.com", &problem));
  g_autoptr (GPtrArray) mailboxes = mailbox_list (database, self->anna, error);
  g_assert_cmpuint (mailboxes->len, ==, 0);
  g_autoptr (GPtrArray) targets = alias_targets (database, "info@example.com", error);
  g_assert_cmpuint (targets->len, ==, 1);
  g_assert_cmpstr (targets->pdata[0], ==, "bert@example.com");
  g_autoptr (GPtrArray) list = account_list (database, error);
  g_assert_cmpuint (list->len, ==, 2);
  g_assert_cmpint (account_add (transaction, "anna@example.com", NULL, NULL, 0, FALSE, error), >,
                   self->bert);
  return TRUE;
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  office_add_job ("/account/add", test_add);
  office_add_job ("/account/first-mailboxes", test_first_mailboxes);
  office_add_job ("/account/changes", test_changes);
  office_add_job ("/account/nobody", test_nobody);
  office_add_job ("/account/remove", test_remove);
  return g_test_run ();
}

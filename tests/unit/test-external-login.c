/* Tests of daemon/accounts/external-login.c. */
#include "accounts-fixture.h"
#include "accounts/enrolled.h"
#include "accounts/external-login.h"

#define ANNA "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define BERT "1123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define NOBODY "2123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static void
did_log_in (GObject *source, GAsyncResult *result, gpointer data)
{
  *(GAsyncResult **)data = g_object_ref (result);
}

static gint64
sign_on (Authenticator *authenticator, const char *fingerprint, const char *identity,
         GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (Account) account = NULL;

  external_login_async (authenticator, fingerprint, identity, "test", "session", "203.0.113.5",
                        did_log_in, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  account = external_login_finish (result, error);
  return account ? account->id : 0;
}

static gboolean
enroll (StoreTransaction *transaction, gpointer data, GError **error)
{
  Office *self = data;

  return enrolled_add (transaction, self->anna, "Phone", ANNA, error)
      && enrolled_add (transaction, self->bert, "Phone", BERT, error)
      && account_set_enabled (transaction, "bert@example.com", FALSE, error);
}

static void
test_answers (Office *self, gconstpointer data)
{
  static const struct {
    const char *fingerprint, *identity;
    gboolean welcome;
  } rows[] = {
    { ANNA, "", TRUE },
    { ANNA, "anna@example.com", TRUE },
    { ANNA, "Anna@EXAMPLE.com", TRUE },
    { ANNA, "bert@example.com", FALSE },
    { ANNA, "anna", FALSE },
    { NOBODY, "", FALSE },
    { NOBODY, "anna@example.com", FALSE },
    { BERT, "", FALSE }, /* disabled */
    { "", "", FALSE },
  };
  g_autoptr (Authenticator) authenticator = authenticator_new (self->store);

  office_run (self, enroll);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autoptr (GError) error = NULL;
    g_test_message ("row %u", i);
    g_assert_cmpint (sign_on (authenticator, rows[i].fingerprint, rows[i].identity, &error), ==,
                     rows[i].welcome ? self->anna : 0);
    if (!rows[i].welcome)
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED);
  }
}

static gboolean
read_use (StoreTransaction *transaction, gpointer data, GError **error)
{
  Office *self = data;
  g_autoptr (GPtrArray) list
      = enrolled_list (store_transaction_database (transaction), self->anna, error);

  g_assert_cmpint (((Enrolled *)list->pdata[0])->used, >, 0);
  g_assert_cmpstr (((Enrolled *)list->pdata[0])->address, ==, "203.0.113.5");
  return TRUE;
}

static void
test_notes_use (Office *self, gconstpointer data)
{
  g_autoptr (Authenticator) authenticator = authenticator_new (self->store);

  office_run (self, enroll);
  g_assert_cmpint (sign_on (authenticator, ANNA, "", NULL), ==, self->anna);
  office_run (self, read_use); /* one writer: behind the use */
  while (g_main_context_iteration (NULL, FALSE)) { }
}

#define add(path, func) g_test_add (path, Office, NULL, office_set_up, func, office_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add ("/external-login/answers", test_answers);
  add ("/external-login/notes-use", test_notes_use);
  return g_test_run ();
}

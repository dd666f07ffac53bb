/* Tests of daemon/accounts/authenticator.c. */
#define OFFICE_REAL_HASH
#include "accounts-fixture.h"

static void
did_authenticate (GObject *source, GAsyncResult *result, gpointer data)
{
  *(GAsyncResult **)data = g_object_ref (result);
}

/* Waits for the answer; the account's id, or 0 with ERROR. */
static gint64
sign_on (Authenticator *authenticator, const char *user, const char *password, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (Account) account = NULL;

  authenticate_async (authenticator, user, password, "test", "session", "192.0.2.1",
                      did_authenticate, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  account = authenticate_finish (result, error);
  return account ? account->id : 0;
}

static gboolean
disable_bert (StoreTransaction *transaction, gpointer data, GError **error)
{
  return account_set_enabled (transaction, "bert@example.com", FALSE, error)
      && account_set_password (transaction, "admin@example.com", NULL, error);
}

static void
test_answers (Office *self, gconstpointer data)
{
  static const struct {
    const char *user, *password;
    gboolean welcome;
  } rows[] = {
    { "anna@example.com", OFFICE_PASSWORD, TRUE },
    { "Anna@EXAMPLE.com", OFFICE_PASSWORD, TRUE },
    { "anna@example.com", "wrong", FALSE },
    { "anna@example.com", "", FALSE },
    { "anna", OFFICE_PASSWORD, FALSE },
    { "info@example.com", OFFICE_PASSWORD, FALSE }, /* an alias */
    { "nobody@example.com", OFFICE_PASSWORD, FALSE },
    { "", OFFICE_PASSWORD, FALSE },
    { "bert@example.com", OFFICE_PASSWORD, FALSE }, /* disabled */
    { "admin@example.com", "", FALSE }, /* has no password */
  };
  g_autoptr (Authenticator) authenticator = authenticator_new (self->store);

  office_run (self, disable_bert);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autoptr (GError) error = NULL;
    gint64 id = sign_on (authenticator, rows[i].user, rows[i].password, &error);
    g_test_message ("%s", rows[i].user);
    g_assert_cmpint (id, ==, rows[i].welcome ? self->anna : 0);
    if (rows[i].welcome)
      g_assert_no_error (error);
    else
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED);
  }
}

static gboolean
change_password (StoreTransaction *transaction, gpointer data, GError **error)
{
  g_autofree char *hash = password_hash ("new", error);

  return account_set_password (transaction, "anna@example.com", hash, error);
}

/* The second sign-on costs no hash, and a changed password counts at once. */
static void
test_remembers (Office *self, gconstpointer data)
{
  g_autoptr (Authenticator) authenticator = authenticator_new (self->store);
  g_autoptr (GError) error = NULL;
  gint64 begin;

  g_assert_cmpint (sign_on (authenticator, "anna@example.com", OFFICE_PASSWORD, NULL), !=, 0);
  begin = g_get_monotonic_time ();
  for (guint i = 0; i < 100; i++)
    g_assert_cmpint (sign_on (authenticator, "anna@example.com", OFFICE_PASSWORD, NULL), !=, 0);
  g_assert_cmpint (g_get_monotonic_time () - begin, <, 3 * G_USEC_PER_SEC); /* not 100 hashes */
  office_run (self, change_password);
  g_assert_cmpint (sign_on (authenticator, "anna@example.com", OFFICE_PASSWORD, &error), ==, 0);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED);
  g_assert_cmpint (sign_on (authenticator, "anna@example.com", "new", NULL), !=, 0);
}

/* "old" under parameters that nobody would take today. */
#define DATED_HASH                                                                                 \
  "$scrypt$ln=1,r=1,p=1$MDEyMzQ1Njc4OWFiY2RlZg==$nBRSxJoAoazvXJgu23XPQNeTRophFg1Yr5m9P6hf4wk="

static gboolean
set_dated (StoreTransaction *transaction, gpointer data, GError **error)
{
  return account_set_password (transaction, "anna@example.com", DATED_HASH, error);
}

static gboolean
read_hash (StoreTransaction *transaction, gpointer data, GError **error)
{
  g_autoptr (Account) account = account_find_with_hash (store_transaction_database (transaction),
                                                        "anna@example.com", data, error);
  return account != NULL;
}

/* Who signs on with a weak hash has a good one afterwards, of the same password. */
static void
test_renews (Office *self, gconstpointer data)
{
  g_autoptr (Authenticator) authenticator = authenticator_new (self->store);
  g_autofree char *hash = NULL;

  g_assert_true (password_is_dated (DATED_HASH));
  office_run (self, set_dated);
  g_assert_cmpint (sign_on (authenticator, "anna@example.com", "wrong", NULL), ==, 0);
  g_assert_true (store_write_sync (self->store, read_hash, &hash, NULL));
  g_assert_cmpstr (hash, ==, DATED_HASH);
  g_clear_pointer (&hash, g_free);
  g_assert_cmpint (sign_on (authenticator, "anna@example.com", "old", NULL), ==, self->anna);
  g_assert_true (
      store_write_sync (self->store, read_hash, &hash, NULL)); /* one writer: behind the renewal */
  g_assert_false (password_is_dated (hash));
  g_assert_true (password_verify (hash, "old"));
}

static gint64
time_of (Authenticator *authenticator, const char *user)
{
  gint64 begin = g_get_monotonic_time ();
  g_autoptr (GError) error = NULL;

  sign_on (authenticator, user, "wrong", &error);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED);
  return g_get_monotonic_time () - begin;
}

static void
test_slows_down (Office *self, gconstpointer data)
{
  static const char *const users[] = { "anna@example.com", "nobody@example.com" };
  g_autoptr (Authenticator) authenticator = authenticator_new (self->store);

  for (guint i = 0; i < G_N_ELEMENTS (users); i++) {
    for (guint failure = 0; failure < 3; failure++)
      time_of (authenticator, users[i]);
    g_assert_cmpint (time_of (authenticator, users[i]), >=, G_USEC_PER_SEC * 9 / 10);
  }
}

static void
did_count (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (Account) account = authenticate_finish (result, &error);
  guint *counts = data;

  counts[0]++;
  counts[1] += g_error_matches (error, G_IO_ERROR, G_IO_ERROR_BUSY);
}

/* A flood is put off instead of piling up; what was begun ends also when the owner lets go. */
static void
test_flood (Office *self, gconstpointer data)
{
  Authenticator *authenticator = authenticator_new (self->store);
  guint counts[2] = { 0, 0 };

  for (guint i = 0; i < 100; i++) {
    g_autofree char *user = g_strdup_printf ("user%u@example.com", i);
    authenticate_async (authenticator, user, "x", "test", "session", "192.0.2.1", did_count,
                        counts);
  }
  authenticator_free (authenticator);
  while (counts[0] < 100)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (counts[1], >, 0);
  g_assert_cmpuint (counts[1], <=, 36);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/authenticator/answers", Office, NULL, office_set_up, test_answers,
              office_tear_down);
  g_test_add ("/authenticator/remembers", Office, NULL, office_set_up, test_remembers,
              office_tear_down);
  g_test_add ("/authenticator/renews", Office, NULL, office_set_up, test_renews, office_tear_down);
  g_test_add ("/authenticator/slows-down", Office, NULL, office_set_up, test_slows_down,
              office_tear_down);
  g_test_add ("/authenticator/flood", Office, NULL, office_set_up, test_flood, office_tear_down);
  return g_test_run ();
}

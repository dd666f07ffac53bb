/* Tests of daemon/accounts/attempt.c. */
#include "accounts-fixture.h"
#include "accounts/attempt.h"
#include "metrics.h"
#include "settings.h"

#define PEER "203.0.113.5"

static void
begin (Attempt *self, Authenticator *authenticator, const char *user)
{
  *self = (Attempt) { 0 };
  attempt_begin (self, authenticator, user, "test", "session", PEER);
}

/* As it is counted: one user has one name, and none is longer than it needs to be. */
static void
test_name (Office *self, gconstpointer data)
{
  g_autofree char *endless = g_strnfill (100000, 'x');
  g_autofree char *cut = g_strndup (endless, 320);
  const struct {
    const char *said, *name;
  } rows[] = {
    { "anna@example.com", "anna@example.com" },
    { "Anna@EXAMPLE.com", "anna@example.com" },
    { "anna@bücher.example", "anna@xn--bcher-kva.example" },
    { "anna@XN--BCHER-KVA.example", "anna@xn--bcher-kva.example" },
    { "anna", "anna" },
    { "", "" },
    { endless, cut },
  };
  g_autoptr (Authenticator) authenticator = authenticator_new (self->store);

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    Attempt attempt;
    begin (&attempt, authenticator, rows[i].said);
    g_assert_cmpstr (attempt.user, ==, rows[i].name);
    attempt_clear (&attempt);
  }
}

/* How long the next try of USER waits after FAILURES. */
static gint64
wait_after (Authenticator *authenticator, const char *user, guint failures)
{
  gint64 wait;
  Attempt attempt;

  for (guint i = 0; i < failures; i++) {
    g_autoptr (GError) error = NULL;
    begin (&attempt, authenticator, user);
    attempt_refuse (&attempt, "wrong password", "x", &error);
    g_assert_error (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED);
    attempt_clear (&attempt);
  }
  begin (&attempt, authenticator, user);
  wait = attempt_claim (&attempt, NULL);
  attempt_clear (&attempt);
  return wait;
}

static void
test_waits (Office *self, gconstpointer data)
{
  g_autoptr (Authenticator) authenticator = authenticator_new (self->store);
  const gint64 failures = metric_get (METRIC_LOGIN_FAILURES);
  Attempt attempt;

  g_assert_cmpint (wait_after (authenticator, "anna@example.com", 2), ==, 0);
  g_assert_cmpint (wait_after (authenticator, "Anna@Example.com", 1), >, 0);
  g_assert_cmpint (wait_after (authenticator, "bert@example.com", 0), ==, 0);
  g_assert_cmpint (metric_get (METRIC_LOGIN_FAILURES), ==, failures + 3);
  /* The right password ends it. */
  begin (&attempt, authenticator, "anna@example.com");
  attempt.account = g_new0 (Account, 1);
  account_free (attempt_welcome (&attempt));
  g_assert_null (attempt.account);
  attempt_clear (&attempt);
  g_assert_cmpint (wait_after (authenticator, "anna@example.com", 0), ==, 0);
}

/* Too many wait already: put off, not refused. */
static void
test_busy (Office *self, gconstpointer data)
{
  g_autoptr (Authenticator) authenticator = authenticator_new (self->store);
  g_autoptr (GError) error = NULL;
  gint64 wait = wait_after (authenticator, "anna@example.com", 10);

  for (guint i = 0; i < 10 && wait >= 0; i++)
    wait = wait_after (authenticator, "anna@example.com", 0);
  g_assert_cmpint (wait, ==, -1);
  Attempt attempt;
  begin (&attempt, authenticator, "anna@example.com");
  g_assert_cmpint (attempt_claim (&attempt, &error), ==, -1);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_BUSY);
  attempt_clear (&attempt);
}

/* Proofs of SCRAM cannot be told apart: five of a user count as one guess. */
static void
test_proofs (Office *self, gconstpointer data)
{
  g_autoptr (Authenticator) authenticator = authenticator_new (self->store);
  Guard *guard = authenticator_guard (authenticator);
  guint tries = 0;

  setting_set (SETTING_BAN_AFTER, "3", NULL);
  while (!guard_refuses_text (guard, PEER) && tries < 100) {
    g_autoptr (GError) error = NULL;
    Attempt attempt;
    begin (&attempt, authenticator, "anna@example.com");
    attempt_refuse (&attempt, "wrong password", NULL, &error);
    attempt_clear (&attempt);
    tries++;
  }
  setting_set (SETTING_BAN_AFTER, "20", NULL);
  g_assert_cmpuint (tries, ==, 10); /* failures 1-4, 5-9, 10 */

  /* Who is banned is not even looked up, and hears what the others hear. */
  g_autoptr (GError) error = NULL;
  Attempt attempt;
  begin (&attempt, authenticator, "bert@example.com");
  g_assert_cmpint (attempt_claim (&attempt, &error), ==, -1);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED);
  attempt_clear (&attempt);
}

static gboolean
read_accounts (StoreTransaction *transaction, gpointer data, GError **error)
{
  Database *database = store_transaction_database (transaction);
  Authenticator *authenticator = data;
  const ScramKeys keys = { { 1 }, { 2 } };
  g_autoptr (Account) anna = account_find (database, "anna@example.com", error);
  Attempt attempt;

  g_assert_true (credential_add (transaction, anna->id, "Phone", &keys, error));
  begin (&attempt, authenticator, "ANNA@example.com");
  g_autofree char *hash = NULL;
  g_assert_true (attempt_read_account (&attempt, database, &hash, error));
  g_assert_cmpint (attempt.account->id, ==, anna->id);
  g_assert_nonnull (hash);
  g_assert_cmpuint (attempt.credentials->len, ==, 1);
  attempt_clear (&attempt);

  begin (&attempt, authenticator, "nobody@example.com");
  g_assert_true (attempt_read_account (&attempt, database, NULL, error));
  g_assert_null (attempt.account);
  g_assert_cmpuint (attempt.credentials->len, ==, 0);
  attempt_clear (&attempt);
  return TRUE;
}

static void
test_reads (Office *self, gconstpointer data)
{
  g_autoptr (Authenticator) authenticator = authenticator_new (self->store);
  g_autoptr (GError) error = NULL;

  store_write_sync (self->store, read_accounts, authenticator, &error);
  g_assert_no_error (error);
}

typedef struct {
  gint64 account;
  GPtrArray *list;
} Reading;

static gboolean
read_credentials (StoreTransaction *transaction, gpointer data, GError **error)
{
  Reading *self = data;

  self->list = credential_list (store_transaction_database (transaction), self->account, error);
  return self->list != NULL;
}

static gboolean
add_phone (StoreTransaction *transaction, gpointer account, GError **error)
{
  const ScramKeys keys = { { 1 }, { 2 } };

  return credential_add (transaction, *(gint64 *)account, "Phone", &keys, error);
}

/* When and from where a device was there last; within the hour it is not written again. */
static void
test_notes_use (Office *self, gconstpointer data)
{
  g_autoptr (Authenticator) authenticator = authenticator_new (self->store);
  Reading before = { self->anna, NULL }, after = { self->anna, NULL };
  Attempt attempt;

  g_assert_true (store_write_sync (self->store, add_phone, &self->anna, NULL));
  g_assert_true (store_write_sync (self->store, read_credentials, &before, NULL));
  begin (&attempt, authenticator, "anna@example.com");
  attempt_note_use (&attempt, before.list->pdata[0]);
  attempt_clear (&attempt);
  g_assert_true (store_write_sync (self->store, read_credentials, &after, NULL)); /* one writer */
  Credential *phone = after.list->pdata[0];
  g_assert_cmpint (phone->used, >, 0);
  g_assert_cmpstr (phone->address, ==, PEER);

  begin (&attempt, authenticator, "anna@example.com");
  g_free (attempt.peer);
  attempt.peer = g_strdup ("203.0.113.99");
  attempt_note_use (&attempt, phone);
  attempt_clear (&attempt);
  g_clear_pointer (&before.list, g_ptr_array_unref);
  g_assert_true (store_write_sync (self->store, read_credentials, &before, NULL));
  g_assert_cmpstr (((Credential *)before.list->pdata[0])->address, ==, PEER);
  g_ptr_array_unref (before.list);
  g_ptr_array_unref (after.list);
  while (g_main_context_iteration (NULL, FALSE)) { }
}

#define add(path, func) g_test_add (path, Office, NULL, office_set_up, func, office_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add ("/attempt/name", test_name);
  add ("/attempt/waits", test_waits);
  add ("/attempt/busy", test_busy);
  add ("/attempt/proofs", test_proofs);
  add ("/attempt/reads", test_reads);
  add ("/attempt/notes-use", test_notes_use);
  return g_test_run ();
}

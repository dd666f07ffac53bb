/* Tests of daemon/policy/dkim-keys.c: the life of a domain's keys. */
#include "policy/dkim-keys.h"
#include "accounts-fixture.h"
#include "zone-fixture.h"

typedef struct {
  const char *domain;
  GPtrArray *keys;
} Keys;

static gboolean
read_keys (StoreSnapshot *snapshot, gpointer data, GError **error)
{
  Keys *keys = data;

  keys->keys = dkim_keys_list (store_snapshot_database (snapshot), keys->domain, error);
  return keys->keys != NULL;
}

static GPtrArray *
list (Office *office, const char *domain)
{
  Keys keys = { .domain = domain };
  g_autoptr (GError) error = NULL;

  store_read_sync (office->store, read_keys, &keys, &error);
  g_assert_no_error (error);
  return keys.keys;
}

static int
compare (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *)a, *(const char *const *)b);
}

/* "rsa-sha256 active, …", sorted. */
static char *
describe (Office *office, const char *domain)
{
  g_autoptr (GPtrArray) keys = list (office, domain);
  g_autoptr (GPtrArray) words = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < keys->len; i++) {
    const DkimStoredKey *key = keys->pdata[i];
    g_ptr_array_add (words,
                     g_strdup_printf ("%s %s", dkim_algorithm_name (key->algorithm),
                                      dkim_key_state_name (key->state)));
  }
  g_ptr_array_sort (words, compare);
  g_ptr_array_add (words, NULL);
  return g_strjoinv (", ", (char **)words->pdata);
}

static void
expect (Office *office, const char *domain, const char *wanted)
{
  g_autofree char *described = describe (office, domain);

  g_assert_cmpstr (described, ==, wanted);
}

#define ONE(state) "ed25519-sha256 " state
#define TWO(state) "rsa-sha256 " state

static void
test_life (Office *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  expect (self, "example.com", "");
  g_assert_true (dkim_keys_complete (self->store, &error));
  expect (self, "example.com", ONE ("active") ", " TWO ("active"));
  g_assert_true (dkim_keys_complete (self->store, &error)); /* nothing is missing */
  expect (self, "example.com", ONE ("active") ", " TWO ("active"));
  g_assert_false (dkim_keys_rotate (self->store, "example.com", &error));
  g_assert_error (error, STORE_ERROR, STORE_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_true (dkim_keys_prepare (self->store, "example.com", &error));
  expect (self, "example.com",
          ONE ("active") ", " ONE ("next") ", " TWO ("active") ", " TWO ("next"));
  g_assert_false (dkim_keys_prepare (self->store, "example.com", &error));
  g_assert_error (error, STORE_ERROR, STORE_ERROR_EXISTS);
  g_clear_error (&error);
  g_assert_true (dkim_keys_rotate (self->store, "example.com", &error));
  expect (self, "example.com",
          ONE ("active") ", " ONE ("old") ", " TWO ("active") ", " TWO ("old"));
  g_assert_true (dkim_keys_prepare (self->store, "example.com", &error));
  g_assert_true (dkim_keys_rotate (self->store, "example.com", &error));
  expect (self, "example.com",
          ONE ("active") ", " ONE ("old") ", " TWO ("active") ", " TWO ("old"));
  g_assert_false (dkim_keys_prepare (self->store, "example.net", &error)); /* not ours */
  g_assert_error (error, STORE_ERROR, STORE_ERROR_NOT_FOUND);
}

static gboolean
remove_keys (StoreTransaction *transaction, gpointer data, GError **error)
{
  return dkim_keys_remove (transaction, "example.com", error);
}

static void
test_remove (Office *self, gconstpointer data)
{
  g_assert_true (dkim_keys_complete (self->store, NULL));
  g_assert_true (store_write_sync (self->store, remove_keys, NULL, NULL));
  expect (self, "example.com", "");
}

/* What a receiver sees: both signatures are good with the records that are shown. */
static void
test_sign (Office *self, gconstpointer data)
{
  static const char mail[] = "From: anna@example.com\r\n\r\nHello\r\n";
  g_autoptr (GPtrArray) keys = NULL;
  g_autoptr (GBytes) bytes = g_bytes_new_static (mail, strlen (mail));
  g_autoptr (DkimMessage) message = dkim_message_new (bytes);
  g_autoptr (Answers) answers = answers_new ();
  g_autofree char *fields = NULL;
  g_autofree char *none = dkim_keys_sign (NULL, message, 1700000000);
  g_autofree char *text = NULL;
  GPtrArray *verdicts;

  g_assert_cmpstr (none, ==, "");
  g_assert_true (dkim_keys_complete (self->store, NULL));
  g_assert_true (dkim_keys_prepare (self->store, "example.com", NULL));
  keys = list (self, "example.com");
  g_assert_cmpuint (keys->len, ==, 4);
  fields = dkim_keys_sign (keys, message, 1700000000);
  text = g_strconcat (fields, mail, NULL);
  for (guint i = 0; i < keys->len; i++) {
    g_autofree char *name = dkim_stored_key_name (keys->pdata[i]);
    g_autofree char *record = dkim_stored_key_record (keys->pdata[i]);
    const char *const records[] = { record, NULL };

    answers_add (answers, QUESTION_TXT, name, ANSWER_FOUND, records, FALSE);
  }
  g_autoptr (GBytes) signed_bytes = g_bytes_new (text, strlen (text));
  g_autoptr (DkimMessage) signed_message = dkim_message_new (signed_bytes);
  verdicts = dkim_verify (signed_message, answers, 1700000000);
  g_assert_cmpuint (verdicts->len, ==, 2); /* only the active ones sign */
  for (guint i = 0; i < 2; i++)
    g_assert_cmpint (((DkimVerdict *)verdicts->pdata[i])->result, ==, DKIM_PASS);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/dkim-keys/life", Office, NULL, office_set_up, test_life, office_tear_down);
  g_test_add ("/dkim-keys/remove", Office, NULL, office_set_up, test_remove, office_tear_down);
  g_test_add ("/dkim-keys/sign", Office, NULL, office_set_up, test_sign, office_tear_down);
  return g_test_run ();
}

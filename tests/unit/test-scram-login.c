/* Tests of daemon/accounts/scram-login.c, with a client of their own (RFC 5802 §3). */
#include "accounts-fixture.h"
#include "accounts/scram-login.h"
#include "settings.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#define PEER "203.0.113.5"
#define DEVICE_PASSWORD "abcd-efgh-ijkl-mnop-qrst"

typedef struct {
  const char *account, *name, *password;
  gint64 id;
} Device;

static gboolean
add_device (StoreTransaction *transaction, gpointer data, GError **error)
{
  const Device *device = data;
  Database *database = store_transaction_database (transaction);
  g_autoptr (Account) account = account_find (database, device->account, error);
  guint8 salt[SCRAM_SALT];
  ScramKeys keys;

  g_assert_true (credential_salt (database, device->account, salt, error));
  g_assert_true (scram_derive (device->password, salt, sizeof salt, SCRAM_ITERATIONS, &keys));
  return *device->name ? credential_add (transaction, account->id, device->name, &keys, error)
                       : credential_set_password (transaction, account->id, &keys, error);
}

static void
add (Office *self, const char *account, const char *name, const char *password)
{
  Device device = { account, name, password, 0 };
  g_autoptr (GError) error = NULL;

  store_write_sync (self->store, add_device, &device, &error);
  g_assert_no_error (error);
}

static void
sign (const guint8 *key, gsize length, const char *text, guint8 out[SCRAM_DIGEST])
{
  HMAC (EVP_sha256 (), key, (int)length, (const guint8 *)text, strlen (text), out, NULL);
}

/* The client's final message for the server's CHALLENGE. */
static char *
prove (const char *password, const char *user, const char *challenge)
{
  g_auto (GStrv) parts = g_strsplit (challenge, ",", 3); /* r=…, s=…, i=… */
  gsize length;
  g_autofree guchar *salt = g_base64_decode (parts[1] + 2, &length);
  g_autofree char *last = g_strdup_printf ("c=biws,%s", parts[0]);
  g_autofree char *message = g_strdup_printf ("n=%s,r=abc,%s,%s", user, challenge, last);
  guint8 salted[SCRAM_DIGEST], key[SCRAM_DIGEST], stored[SCRAM_DIGEST], signature[SCRAM_DIGEST];

  PKCS5_PBKDF2_HMAC (password, (int)strlen (password), salt, (int)length, atoi (parts[2] + 2),
                     EVP_sha256 (), sizeof salted, salted);
  sign (salted, sizeof salted, "Client Key", key);
  g_assert_true (EVP_Digest (key, sizeof key, stored, NULL, EVP_sha256 (), NULL));
  sign (stored, sizeof stored, message, signature);
  for (guint i = 0; i < sizeof key; i++)
    key[i] ^= signature[i];
  g_autofree char *proof = g_base64_encode (key, sizeof key);
  return g_strdup_printf ("%s,p=%s", last, proof);
}

static void
did_begin (GObject *source, GAsyncResult *result, gpointer data)
{
  *(GAsyncResult **)data = g_object_ref (result);
}

/* A whole exchange: the account's id, or 0 with ERROR. */
static gint64
sign_on (Authenticator *authenticator, const char *user, const char *password, GError **error)
{
  g_autofree char *first = g_strdup_printf ("n,,n=%s,r=abc", user);
  g_autoptr (Scram) scram = scram_new (FALSE, NULL, 0);
  g_autoptr (GAsyncResult) result = NULL;
  g_autofree char *signature = NULL;

  g_assert_true (scram_take_first (scram, first));
  scram_login_begin_async (authenticator, scram, "test", "session", PEER, did_begin, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_autoptr (ScramLogin) login = scram_login_begin_finish (result, error);
  if (login == NULL)
    return 0;
  g_autofree char *final = prove (password, user, scram_last_challenge (scram));
  g_assert_true (scram_take_final (scram, final));
  g_autoptr (Account) account = scram_login_end (login, scram, &signature, error);
  g_assert_cmpint (account != NULL, ==, signature != NULL);
  return account ? account->id : 0;
}

static gboolean
disable_bert (StoreTransaction *transaction, gpointer data, GError **error)
{
  return account_set_enabled (transaction, "bert@example.com", FALSE, error);
}

static void
test_answers (Office *self, gconstpointer data)
{
  static const struct {
    const char *user, *password;
    gboolean welcome;
  } rows[] = {
    { "anna@example.com", DEVICE_PASSWORD, TRUE },
    { "ANNA@Example.Com", DEVICE_PASSWORD, TRUE },
    { "anna@example.com", OFFICE_PASSWORD, TRUE }, /* login.scram = all */
    { "anna@example.com", "abcd-efgh-ijkl-mnop-qrsu", FALSE },
    { "nobody@example.com", DEVICE_PASSWORD, FALSE },
    { "info@example.com", DEVICE_PASSWORD, FALSE }, /* an alias */
    { "admin@example.com", DEVICE_PASSWORD, FALSE }, /* has no keys */
    { "bert@example.com", DEVICE_PASSWORD, FALSE }, /* disabled */
  };
  g_autoptr (Authenticator) authenticator = authenticator_new (self->store);

  add (self, "anna@example.com", "Phone", DEVICE_PASSWORD);
  add (self, "anna@example.com", "Tablet", "tabl-etab-leta-blet-abcd");
  add (self, "anna@example.com", "", OFFICE_PASSWORD);
  add (self, "bert@example.com", "Phone", DEVICE_PASSWORD);
  office_run (self, disable_bert);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autoptr (GError) error = NULL;
    g_test_message ("%s %s", rows[i].user, rows[i].password);
    g_assert_cmpint (sign_on (authenticator, rows[i].user, rows[i].password, &error), ==,
                     rows[i].welcome ? self->anna : 0);
    if (!rows[i].welcome)
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED);
  }
}

/* By setting, SCRAM is for devices only. */
static void
test_app_passwords (Office *self, gconstpointer data)
{
  g_autoptr (Authenticator) authenticator = authenticator_new (self->store);
  g_autoptr (GError) error = NULL;

  add (self, "anna@example.com", "", OFFICE_PASSWORD);
  add (self, "anna@example.com", "Phone", DEVICE_PASSWORD);
  g_assert_true (setting_set (SETTING_SCRAM, "app-passwords", NULL));
  g_assert_cmpint (sign_on (authenticator, "anna@example.com", OFFICE_PASSWORD, &error), ==, 0);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED);
  g_assert_cmpint (sign_on (authenticator, "anna@example.com", DEVICE_PASSWORD, NULL), ==,
                   self->anna);
  g_assert_true (setting_set (SETTING_SCRAM, "all", NULL));
}

/* A user who does not exist gets the same challenge each time, and one of the same form. */
static void
test_nobody (Office *self, gconstpointer data)
{
  static const char *const users[] = { "anna@example.com", "nobody@example.com" };
  g_autoptr (Authenticator) authenticator = authenticator_new (self->store);

  for (guint i = 0; i < G_N_ELEMENTS (users); i++) {
    g_autofree char *salt = NULL;
    for (guint again = 0; again < 2; again++) {
      g_autofree char *first = g_strdup_printf ("n,,n=%s,r=abc", users[i]);
      g_autoptr (Scram) scram = scram_new (FALSE, NULL, 0);
      g_autoptr (GAsyncResult) result = NULL;
      g_autoptr (GError) error = NULL;

      g_assert_true (scram_take_first (scram, first));
      scram_login_begin_async (authenticator, scram, "test", "s", PEER, did_begin, &result);
      while (result == NULL)
        g_main_context_iteration (NULL, TRUE);
      g_autoptr (ScramLogin) login = scram_login_begin_finish (result, &error);
      g_assert_no_error (error);
      g_auto (GStrv) parts = g_strsplit (scram_last_challenge (scram), ",", 3);
      g_assert_cmpstr (parts[2], ==, "i=10000");
      g_assert_cmpuint (strlen (parts[1]), ==, 2 + 24);
      if (salt)
        g_assert_cmpstr (parts[1], ==, salt);
      else
        salt = g_strdup (parts[1]);
      scram_login_refuse (login, NULL);
    }
  }
}

/* A proof that was malformed counts as a failure. */
static void
test_slows_down (Office *self, gconstpointer data)
{
  g_autoptr (Authenticator) authenticator = authenticator_new (self->store);
  const gint64 begin = g_get_monotonic_time ();

  for (guint i = 0; i < 4; i++) {
    g_autoptr (GError) error = NULL;
    sign_on (authenticator, "anna@example.com", "wrong", &error);
    g_assert_error (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED);
  }
  g_assert_cmpint (g_get_monotonic_time () - begin, >=, G_USEC_PER_SEC * 9 / 10);
}

#define add_test(path, func) g_test_add (path, Office, NULL, office_set_up, func, office_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add_test ("/scram-login/answers", test_answers);
  add_test ("/scram-login/app-passwords", test_app_passwords);
  add_test ("/scram-login/nobody", test_nobody);
  add_test ("/scram-login/slows-down", test_slows_down);
  return g_test_run ();
}

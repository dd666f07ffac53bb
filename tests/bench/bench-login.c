/* How much CPU a login costs beside the password's hash: all threads of the process together, with
 * the store's read, the log line and the counting of failures. */
#include "accounts/accounts.h"
#include "accounts/password.h"
#include "accounts/scram-login.h"
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define USER "anna@example.com"
#define PASSWORD "correct horse"
#define PEER "203.0.113.5"

typedef struct {
  Store *store;
  Authenticator *authenticator;
  guint devices;
  guint8 salted[SCRAM_DIGEST];
} Bench;

static void
must (gboolean done, const GError *error)
{
  if (done)
    return;
  fprintf (stderr, "%s\n", error ? error->message : "it failed");
  exit (1);
}

static gboolean
fill (StoreTransaction *transaction, gpointer data, GError **error)
{
  Bench *self = data;
  g_autofree char *hash = password_hash (PASSWORD, error);
  guint8 salt[SCRAM_SALT];
  ScramKeys keys, other;
  gint64 account;

  if (!domain_add (transaction, "example.com", error)
      || !(account = account_add (transaction, USER, hash, NULL, 0, FALSE, error))
      || !credential_salt (store_transaction_database (transaction), USER, salt, error))
    return FALSE;
  PKCS5_PBKDF2_HMAC (PASSWORD, (int)strlen (PASSWORD), salt, sizeof salt, SCRAM_ITERATIONS,
                     EVP_sha256 (), sizeof self->salted, self->salted);
  if (!scram_derive (PASSWORD, salt, sizeof salt, SCRAM_ITERATIONS, &keys)
      || !scram_derive ("another", salt, sizeof salt, SCRAM_ITERATIONS, &other)
      || !credential_set_password (transaction, account, &keys, error))
    return FALSE;
  for (guint i = 0; i < self->devices; i++) {
    g_autofree char *name = g_strdup_printf ("Device %u", i);
    if (!credential_add (transaction, account, name, &other, error))
      return FALSE;
  }
  return TRUE;
}

static void
did_end (GObject *source, GAsyncResult *result, gpointer data)
{
  *(GAsyncResult **)data = g_object_ref (result);
}

static void
wait_for (GAsyncResult **result)
{
  while (*result == NULL)
    g_main_context_iteration (NULL, TRUE);
}

/* The hash is remembered after the first time: what is left is all but it. */
static gboolean
log_in_plain (Bench *self, const char *password)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (Account) account = NULL;

  authenticate_async (self->authenticator, USER, password, "bench", "session", PEER, did_end,
                      &result);
  wait_for (&result);
  account = authenticate_finish (result, &error);
  return account != NULL;
}

static void
sign (const guint8 *key, const char *text, guint8 out[SCRAM_DIGEST])
{
  HMAC (EVP_sha256 (), key, SCRAM_DIGEST, (const guint8 *)text, strlen (text), out, NULL);
}

/* The client's part, a few HMACs, is in the figure too. */
static char *
prove (const Bench *self, const char *challenge)
{
  g_auto (GStrv) parts = g_strsplit (challenge, ",", 2);
  g_autofree char *last = g_strdup_printf ("c=biws,%s", parts[0]);
  g_autofree char *message = g_strdup_printf ("n=" USER ",r=abc,%s,%s", challenge, last);
  guint8 key[SCRAM_DIGEST], stored[SCRAM_DIGEST], signature[SCRAM_DIGEST];

  sign (self->salted, "Client Key", key);
  EVP_Digest (key, sizeof key, stored, NULL, EVP_sha256 (), NULL);
  sign (stored, message, signature);
  for (guint i = 0; i < sizeof key; i++)
    key[i] ^= signature[i];
  g_autofree char *proof = g_base64_encode (key, sizeof key);
  return g_strdup_printf ("%s,p=%s", last, proof);
}

static gboolean
log_in_scram (Bench *self, const char *unused)
{
  g_autoptr (Scram) scram = scram_new (FALSE, NULL, 0);
  g_autoptr (GAsyncResult) result = NULL;
  g_autofree char *signature = NULL;

  scram_take_first (scram, "n,,n=" USER ",r=abc");
  scram_login_begin_async (self->authenticator, scram, "bench", "session", PEER, did_end, &result);
  wait_for (&result);
  g_autoptr (ScramLogin) login = scram_login_begin_finish (result, NULL);
  g_autofree char *final = prove (self, scram_last_challenge (scram));
  g_autoptr (Account) account
      = scram_take_final (scram, final) ? scram_login_end (login, scram, &signature, NULL) : NULL;
  return account != NULL;
}

static void
measure (Bench *self, const char *name, gboolean (*log_in) (Bench *self, const char *password),
         const char *password, gboolean welcome, guint count)
{
  const clock_t begin = clock ();

  for (guint i = 0; i < count; i++)
    must (log_in (self, password) == welcome, NULL);
  printf ("%-34s %8.3f ms of CPU each (%u)\n", name,
          (double)(clock () - begin) * 1e3 / CLOCKS_PER_SEC / count, count);
}

int
main (int argc, char **argv)
{
  const guint count = argc > 1 ? (guint)atoi (argv[1]) : 5000;
  g_autofree char *folder = g_dir_make_tmp ("bench-login-XXXXXX", NULL);
  StoreOptions options = { .folder = folder };
  GError *error = NULL;
  Bench bench = { .store = store_open (&options, &error), .devices = 20 };

  must (bench.store != NULL, error);
  must (store_write_sync (bench.store, fill, &bench, &error), error);
  bench.authenticator = authenticator_new (bench.store);
  measure (&bench, "password, with the hash", log_in_plain, PASSWORD, TRUE, 1);
  measure (&bench, "password, without the hash", log_in_plain, PASSWORD, TRUE, count);
  measure (&bench, "SCRAM-SHA-256, 20 app passwords", log_in_scram, NULL, TRUE, count);
  must (guard_ban (authenticator_guard (bench.authenticator), PEER, 0, &error), error);
  measure (&bench, "refused: the address is banned", log_in_plain, PASSWORD, FALSE, count);
  authenticator_free (bench.authenticator);
  store_close (bench.store);
  printf ("20 app passwords; remove %s\n", folder);
  return 0;
}

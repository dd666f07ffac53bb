/* Signing on with a password: waits its turn, reads the account, verifies in a worker, answers. */
#include "accounts/attempt.h"

#include "accounts/password.h"
#include "settings.h"

#include <openssl/crypto.h>
#include <string.h>

#define WAITING_MAX 64 /* about three seconds of hashing on two cores; beyond: try later */
#define WORKERS_MAX 2 /* hashing must leave the cores something for mail */

/* What an unknown user's password is compared with, so that it costs the same time. */
static const char no_hash[] = "$scrypt$ln=15,r=8,p=1$AAAAAAAAAAAAAAAAAAAAAA==$"
                              "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

typedef struct {
  Attempt base;
  char *password;
  char *hash; /* the stored one */
  guint8 salt[SCRAM_SALT];
  const Credential *used; /* the app password that it is, or NULL */
  char *renewed; /* takes the hash's place, or NULL */
  ScramKeys *keys; /* are kept from now on, or NULL */
} Verification;

void
authenticator_unref (Authenticator *self)
{
  if (!g_atomic_ref_count_dec (&self->references))
    return;
  /* Maybe in a worker: the pool ends by itself. */
  g_thread_pool_free (self->workers, FALSE, FALSE);
  slowdown_free (self->slowdown);
  guard_unref (self->guard);
  verified_free (self->verified);
  g_free (self);
}

static void
verification_free (Verification *self)
{
  OPENSSL_cleanse (self->password, strlen (self->password));
  g_free (self->password);
  g_free (self->hash);
  g_free (self->renewed);
  g_free (self->keys);
  attempt_clear (&self->base);
  g_free (self);
}

static void
refuse (GTask *task, const char *reason)
{
  Verification *self = g_task_get_task_data (task);
  GError *error = NULL;

  attempt_refuse (&self->base, reason, self->password, &error);
  g_task_return_error (task, error);
}

static void
welcome (GTask *task)
{
  Verification *self = g_task_get_task_data (task);

  g_task_return_pointer (task, attempt_welcome (&self->base), (GDestroyNotify)account_free);
}

/* The password is known only now: a hash with yesterday's parameters becomes one of today's. */
static void
renew_hash (Verification *self)
{
  g_autoptr (GError) error = NULL;

  if (!password_is_dated (self->hash))
    return;
  self->renewed = password_hash (self->password, &error);
  if (self->renewed == NULL)
    attempt_log (&self->base, LOG_WARNING, "The password keeps its old hash", error->message);
}

/* So that the next sign-on may be SCRAM's. */
static void
make_keys (Verification *self)
{
  GPtrArray *credentials = self->base.credentials;

  if (setting_number (SETTING_SCRAM) != SCRAM_ALL
      || (credentials->len > 0 && *((Credential *)credentials->pdata[0])->name == '\0'))
    return;
  self->keys = g_new0 (ScramKeys, 1);
  if (!scram_derive (self->password, self->salt, sizeof self->salt, SCRAM_ITERATIONS, self->keys))
    g_clear_pointer (&self->keys, g_free);
}

/* A device that is lost must administer neither the server nor its owner's account. */
static gboolean
takes_app_passwords (const char *protocol)
{
  return !g_str_equal (protocol, "admin") && !g_str_equal (protocol, "web");
}

/* One derivation for all app passwords, as they share their salt; it is done for a user who has none
 * and for one who is none as well. */
static gboolean
is_app_password (Verification *self)
{
  ScramKeys keys;

  if (!takes_app_passwords (self->base.protocol) || !app_password_has_form (self->password)
      || !scram_derive (self->password, self->salt, sizeof self->salt, SCRAM_ITERATIONS, &keys))
    return FALSE;
  for (guint i = 0; i < self->base.credentials->len; i++) {
    const Credential *credential = self->base.credentials->pdata[i];
    if (*credential->name != '\0'
        && CRYPTO_memcmp (credential->keys.stored_key, keys.stored_key, SCRAM_DIGEST) == 0)
      self->used = credential;
  }
  OPENSSL_cleanse (&keys, sizeof keys);
  return self->used != NULL;
}

static gboolean
is_password (Verification *self)
{
  const gboolean is_right = password_verify (self->hash ? self->hash : no_hash, self->password);

  return is_right && self->hash != NULL;
}

/* In a worker. */
static void
verify (gpointer data, gpointer pool_data)
{
  g_autoptr (GTask) task = data;
  Verification *self = g_task_get_task_data (task);
  Authenticator *authenticator = self->base.authenticator;
  const Account *account = self->base.account;
  GError *error = NULL;
  /* What waited here while its address was banned is not worth a hash. */
  const gboolean is_banned = attempt_refuse_banned (&self->base, &error);
  const gboolean is_right = !is_banned && (is_app_password (self) || is_password (self));
  const char *obstacle;

  g_atomic_int_add (&authenticator->waiting, -1);
  if (is_banned)
    g_task_return_error (task, error);
  else if (account == NULL)
    refuse (task, "no such user");
  else if (!is_right)
    refuse (task, "wrong password");
  else if ((obstacle = attempt_find_obstacle (&self->base)))
    refuse (task, obstacle);
  else {
    if (self->used == NULL) {
      verified_remember (authenticator->verified, account->id, self->hash, self->password,
                         g_get_monotonic_time ());
      renew_hash (self);
      make_keys (self);
    }
    welcome (task);
  }
}

static gboolean
read_account (StoreSnapshot *snapshot, gpointer data, GError **error)
{
  Verification *self = data;
  Database *database = store_snapshot_database (snapshot);

  return attempt_read_account (&self->base, database, &self->hash, error)
      && credential_salt (database, self->base.user, self->salt, error);
}

static void
did_read_account (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  Verification *self = g_task_get_task_data (task);
  Authenticator *authenticator = self->base.authenticator;
  const Account *account = self->base.account;
  GError *error = NULL;

  if (!store_read_finish (authenticator->store, result, &error)) {
    attempt_log (&self->base, LOG_ERROR, "Cannot read the account", error->message);
    g_task_return_error (task, error);
  } else if (account && self->hash && attempt_find_obstacle (&self->base) == NULL
             && verified_is_known (authenticator->verified, account->id, self->hash, self->password,
                                   g_get_monotonic_time ()))
    welcome (task);
  else if (g_atomic_int_add (&authenticator->waiting, 1) >= WAITING_MAX) {
    g_atomic_int_add (&authenticator->waiting, -1);
    attempt_refuse_busy (&self->base, "workers busy", &error);
    g_task_return_error (task, error);
  } else
    g_thread_pool_push (authenticator->workers, g_steal_pointer (&task), NULL);
}

static gboolean
begin (gpointer data)
{
  g_autoptr (GTask) task = data;
  Verification *self = g_task_get_task_data (task);

  store_read_async (self->base.authenticator->store, read_account, self, NULL, NULL,
                    did_read_account, g_steal_pointer (&task));
  return G_SOURCE_REMOVE;
}

void
authenticate_async (Authenticator *self, const char *user, const char *password,
                    const char *protocol, const char *channel_id, const char *peer,
                    GAsyncReadyCallback callback, gpointer data)
{
  g_autoptr (GTask) task = g_task_new (NULL, NULL, callback, data);
  Verification *verification = g_new0 (Verification, 1);

  attempt_begin (&verification->base, self, user, protocol, channel_id, peer);
  verification->password = g_strdup (password);
  g_task_set_task_data (task, verification, (GDestroyNotify)verification_free);
  attempt_start (&verification->base, task, begin);
}

typedef struct {
  gint64 account;
  char *hash, *renewed;
  ScramKeys *keys;
} Renewal;

static void
renewal_free (gpointer data)
{
  Renewal *self = data;

  g_free (self->hash);
  g_free (self->renewed);
  g_free (self->keys);
  g_free (self);
}

static gboolean
has_hash (Database *database, gint64 account, const char *hash, gboolean *has, GError **error)
{
  GError *failure = NULL;
  Statement *row = database_query (
      database, error, "SELECT 1 FROM account WHERE id = ?1 AND hash = ?2", "it", account, hash);

  if (row == NULL)
    return FALSE;
  *has = statement_next (row, &failure);
  statement_done (row);
  if (failure != NULL)
    g_propagate_error (error, failure);
  return failure == NULL;
}

/* Not over a password that was changed meanwhile. */
static gboolean
write_renewal (StoreTransaction *transaction, gpointer data, GError **error)
{
  const Renewal *self = data;
  Database *database = store_transaction_database (transaction);
  gboolean is_current = FALSE;

  if (!has_hash (database, self->account, self->hash, &is_current, error))
    return FALSE;
  if (!is_current)
    return TRUE;
  if (self->renewed
      && !database_run (database, error, "UPDATE account SET hash = ?2 WHERE id = ?1", "it",
                        self->account, self->renewed))
    return FALSE;
  return self->keys == NULL
      || credential_set_password (transaction, self->account, self->keys, error);
}

static void
did_write_renewal (GObject *source, GAsyncResult *result, gpointer store)
{
  g_autoptr (GError) error = NULL;

  if (!store_write_finish (store, result, &error))
    log_event (LOG_WARNING, "A password keeps its old hash", "error", error->message, NULL);
}

static void
renew (Verification *self, gint64 account)
{
  Store *store = self->base.authenticator->store;
  Renewal *renewal = g_new0 (Renewal, 1);

  renewal->account = account;
  renewal->hash = g_steal_pointer (&self->hash);
  renewal->renewed = g_steal_pointer (&self->renewed);
  renewal->keys = g_steal_pointer (&self->keys);
  store_write_async (store, write_renewal, renewal, renewal_free, NULL, did_write_renewal, store);
}

Account *
authenticate_finish (GAsyncResult *result, GError **error)
{
  Verification *self = g_task_get_task_data (G_TASK (result));
  Account *account = g_task_propagate_pointer (G_TASK (result), error);

  if (account && self->used)
    attempt_note_use (&self->base, self->used);
  if (account && (self->renewed || self->keys))
    renew (self, account->id);
  return account;
}

Authenticator *
authenticator_new (Store *store)
{
  Authenticator *self = g_new0 (Authenticator, 1);

  g_atomic_ref_count_init (&self->references);
  self->store = store;
  self->slowdown = slowdown_new ();
  self->guard = guard_new (store);
  self->verified = verified_new ();
  self->workers = g_thread_pool_new (verify, NULL, WORKERS_MAX, FALSE, NULL);
  return self;
}

Guard *
authenticator_guard (Authenticator *self)
{
  return self->guard;
}

void
authenticator_free (Authenticator *self)
{
  guard_close (self->guard);
  authenticator_unref (self);
}

/* Signing on: waits its turn, reads the account, verifies in a worker, answers and logs. */
#include "accounts/authenticator.h"

#include "accounts/password.h"
#include "accounts/slowdown.h"
#include "accounts/verified.h"
#include "log.h"
#include "mail/address.h"
#include "metrics.h"

#include <openssl/crypto.h>
#include <string.h>

#define WAITING_MAX 64 /* about three seconds of hashing on two cores; beyond: try later */
#define WORKERS_MAX 2 /* hashing must leave the cores something for mail */
#define USER_MAX 320

/* What an unknown user's password is compared with, so that it costs the same time. */
static const char no_hash[] = "$scrypt$ln=15,r=8,p=1$AAAAAAAAAAAAAAAAAAAAAA==$"
                              "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

struct _Authenticator {
  gatomicrefcount references; /* the owner's and one for each attempt */
  Store *store;
  Slowdown *slowdown;
  Verified *verified;
  GThreadPool *workers;
  int waiting; /* attempts handed to the workers; atomic */
};

typedef struct {
  Authenticator *authenticator;
  char *user; /* normalized when that is possible */
  char *password;
  char *protocol, *channel_id, *peer;
  Account *account;
  char *hash; /* the stored one */
  char *renewed; /* takes its place, or NULL */
} Attempt;

static void
authenticator_unref (Authenticator *self)
{
  if (!g_atomic_ref_count_dec (&self->references))
    return;
  /* Maybe in a worker: the pool ends by itself. */
  g_thread_pool_free (self->workers, FALSE, FALSE);
  slowdown_free (self->slowdown);
  verified_free (self->verified);
  g_free (self);
}

static void
attempt_free (Attempt *self)
{
  OPENSSL_cleanse (self->password, strlen (self->password));
  g_free (self->password);
  g_free (self->user);
  g_free (self->protocol);
  g_free (self->channel_id);
  g_free (self->peer);
  g_free (self->hash);
  g_free (self->renewed);
  g_clear_pointer (&self->account, account_free);
  authenticator_unref (self->authenticator);
  g_free (self);
}

static void
log_attempt (const Attempt *self, LogLevel level, const char *message, const char *reason)
{
  log_event (level, message, "session", self->channel_id, "user", self->user, "address", self->peer,
             "protocol", self->protocol, "reason", reason, NULL);
}

static void
refuse (GTask *task, const char *reason)
{
  Attempt *self = g_task_get_task_data (task);

  slowdown_failed (self->authenticator->slowdown, self->user, self->peer, g_get_monotonic_time ());
  metric_add (METRIC_LOGIN_FAILURES, 1);
  log_attempt (self, LOG_NOTICE, "Login failed", reason);
  g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED,
                           "The user name or the password is wrong");
}

static void
welcome (GTask *task)
{
  Attempt *self = g_task_get_task_data (task);

  slowdown_succeeded (self->authenticator->slowdown, self->user, self->peer);
  metric_add (METRIC_LOGINS, 1);
  log_attempt (self, LOG_INFO, "Logged in", NULL);
  g_task_return_pointer (task, g_steal_pointer (&self->account), (GDestroyNotify)account_free);
}

static void
refuse_busy (GTask *task, const char *reason)
{
  log_attempt (g_task_get_task_data (task), LOG_WARNING, "Login put off", reason);
  g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_BUSY,
                           "Too many sign-ons at once: try again later");
}

/* The password is known only now: a hash with yesterday's parameters becomes one of today's. */
static void
renew_hash (Attempt *self)
{
  g_autoptr (GError) error = NULL;

  if (!password_is_dated (self->hash))
    return;
  self->renewed = password_hash (self->password, &error);
  if (self->renewed == NULL)
    log_attempt (self, LOG_WARNING, "The password keeps its old hash", error->message);
}

/* In a worker. */
static void
verify (gpointer data, gpointer pool_data)
{
  g_autoptr (GTask) task = data;
  Attempt *self = g_task_get_task_data (task);
  Authenticator *authenticator = self->authenticator;
  gboolean is_right = password_verify (self->hash ? self->hash : no_hash, self->password);

  g_atomic_int_add (&authenticator->waiting, -1);
  if (self->account == NULL)
    refuse (task, "no such user");
  else if (self->hash == NULL || !is_right)
    refuse (task, "wrong password");
  else if (!self->account->enabled)
    refuse (task, "disabled");
  else {
    verified_remember (authenticator->verified, self->account->id, self->hash, self->password,
                       g_get_monotonic_time ());
    renew_hash (self);
    welcome (task);
  }
}

static gboolean
read_account (StoreSnapshot *snapshot, gpointer data, GError **error)
{
  Attempt *self = data;
  g_autoptr (GError) problem = NULL;

  self->account = account_find_with_hash (store_snapshot_database (snapshot), self->user,
                                          &self->hash, &problem);
  if (self->account || g_error_matches (problem, STORE_ERROR, STORE_ERROR_NOT_FOUND))
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&problem));
  return FALSE;
}

static void
did_read_account (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  Attempt *self = g_task_get_task_data (task);
  Authenticator *authenticator = self->authenticator;
  g_autoptr (GError) error = NULL;

  if (!store_read_finish (authenticator->store, result, &error)) {
    log_attempt (self, LOG_ERROR, "Cannot read the account", error->message);
    g_task_return_error (task, g_steal_pointer (&error));
  } else if (self->account && self->account->enabled && self->hash
             && verified_is_known (authenticator->verified, self->account->id, self->hash,
                                   self->password, g_get_monotonic_time ()))
    welcome (task);
  else if (g_atomic_int_add (&authenticator->waiting, 1) >= WAITING_MAX) {
    g_atomic_int_add (&authenticator->waiting, -1);
    refuse_busy (task, "workers busy");
  } else
    g_thread_pool_push (authenticator->workers, g_steal_pointer (&task), NULL);
}

static gboolean
begin (gpointer data)
{
  g_autoptr (GTask) task = data;
  Attempt *self = g_task_get_task_data (task);

  store_read_async (self->authenticator->store, read_account, self, NULL, NULL, did_read_account,
                    g_steal_pointer (&task));
  return G_SOURCE_REMOVE;
}

static void
begin_later (GTask *task, gint64 wait)
{
  g_autoptr (GSource) timer = g_timeout_source_new (wait / 1000 + 1);

  g_source_set_callback (timer, begin, task, NULL);
  g_source_attach (timer, g_task_get_context (task));
}

/* A user who is none still has a name to count and log: bounded, and never the bytes of a broken
 * one. */
static char *
name_of (const char *user)
{
  char *normalized = strlen (user) <= USER_MAX ? address_normalize (user) : NULL;

  return normalized ? normalized : g_strndup (user, USER_MAX);
}

static Attempt *
attempt_new (Authenticator *authenticator, const char *user, const char *password)
{
  Attempt *self = g_new0 (Attempt, 1);

  g_atomic_ref_count_inc (&authenticator->references);
  self->authenticator = authenticator;
  self->user = name_of (user);
  self->password = g_strdup (password);
  return self;
}

void
authenticate_async (Authenticator *self, const char *user, const char *password,
                    const char *protocol, const char *channel_id, const char *peer,
                    GAsyncReadyCallback callback, gpointer data)
{
  g_autoptr (GTask) task = g_task_new (NULL, NULL, callback, data);
  Attempt *attempt = attempt_new (self, user, password);
  gint64 wait = slowdown_claim (self->slowdown, attempt->user, peer, g_get_monotonic_time ());

  attempt->protocol = g_strdup (protocol);
  attempt->channel_id = g_strdup (channel_id);
  attempt->peer = g_strdup (peer);
  g_task_set_task_data (task, attempt, (GDestroyNotify)attempt_free);
  if (wait < 0)
    refuse_busy (task, "too many failures");
  else if (wait > 0)
    begin_later (g_steal_pointer (&task), wait);
  else
    begin (g_steal_pointer (&task));
}

typedef struct {
  gint64 account;
  char *hash, *renewed;
} Renewal;

static void
renewal_free (gpointer data)
{
  Renewal *self = data;

  g_free (self->hash);
  g_free (self->renewed);
  g_free (self);
}

/* Not over a password that was changed meanwhile. */
static gboolean
write_renewal (StoreTransaction *transaction, gpointer data, GError **error)
{
  const Renewal *self = data;

  return database_run (store_transaction_database (transaction), error,
                       "UPDATE account SET hash = ?3 WHERE id = ?1 AND hash = ?2", "itt",
                       self->account, self->hash, self->renewed);
}

static void
did_write_renewal (GObject *source, GAsyncResult *result, gpointer store)
{
  g_autoptr (GError) error = NULL;

  if (!store_write_finish (store, result, &error))
    log_event (LOG_WARNING, "A password keeps its old hash", "error", error->message, NULL);
}

Account *
authenticate_finish (GAsyncResult *result, GError **error)
{
  Attempt *self = g_task_get_task_data (G_TASK (result));
  Account *account = g_task_propagate_pointer (G_TASK (result), error);

  if (account && self->renewed) {
    Renewal *renewal = g_new0 (Renewal, 1);
    renewal->account = account->id;
    renewal->hash = g_steal_pointer (&self->hash);
    renewal->renewed = g_steal_pointer (&self->renewed);
    store_write_async (self->authenticator->store, write_renewal, renewal, renewal_free, NULL,
                       did_write_renewal, self->authenticator->store);
  }
  return account;
}

Authenticator *
authenticator_new (Store *store)
{
  Authenticator *self = g_new0 (Authenticator, 1);

  g_atomic_ref_count_init (&self->references);
  self->store = store;
  self->slowdown = slowdown_new ();
  self->verified = verified_new ();
  self->workers = g_thread_pool_new (verify, NULL, WORKERS_MAX, FALSE, NULL);
  return self;
}

void
authenticator_free (Authenticator *self)
{
  authenticator_unref (self);
}

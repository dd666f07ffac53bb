/* What happens to every try to sign on. */
#include "accounts/attempt.h"

#include "accounts/saslprep.h"
#include "mail/address.h"
#include "metrics.h"

#include <string.h>

#define USER_MAX 320
#define PROOFS_AS_ONE 5
#define USE_SECONDS 3600 /* how often a use is written down */

char *
attempt_name (const char *user)
{
  g_autofree char *prepared = strlen (user) <= USER_MAX ? saslprep (user) : NULL;
  char *normalized = prepared ? address_normalize (prepared) : NULL;

  return normalized ? normalized : g_strndup (user, USER_MAX);
}

void
attempt_begin (Attempt *self, Authenticator *authenticator, const char *user, const char *protocol,
               const char *channel_id, const char *peer)
{
  g_atomic_ref_count_inc (&authenticator->references);
  self->authenticator = authenticator;
  self->user = attempt_name (user);
  self->protocol = g_strdup (protocol);
  self->channel_id = g_strdup (channel_id);
  self->peer = g_strdup (peer);
}

void
attempt_clear (Attempt *self)
{
  g_free (self->user);
  g_free (self->protocol);
  g_free (self->channel_id);
  g_free (self->peer);
  g_clear_pointer (&self->account, account_free);
  g_clear_pointer (&self->credentials, g_ptr_array_unref);
  authenticator_unref (self->authenticator);
}

void
attempt_log (const Attempt *self, LogLevel level, const char *message, const char *reason)
{
  log_event (level, message, "session", self->channel_id, "user", self->user, "address", self->peer,
             "protocol", self->protocol, "reason", reason, NULL);
}

void
attempt_refuse_busy (Attempt *self, const char *reason, GError **error)
{
  attempt_log (self, LOG_WARNING, "Login put off", reason);
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_BUSY,
                       "Too many sign-ons at once: try again later");
}

static void
set_wrong (GError **error)
{
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED,
                       "The user name or the password is wrong");
}

gboolean
attempt_refuse_banned (const Attempt *self, GError **error)
{
  if (!guard_refuses_text (self->authenticator->guard, self->peer))
    return FALSE;
  metric_add (METRIC_BANNED_REFUSED, 1);
  attempt_log (self, LOG_INFO, "Login refused", "the address is banned");
  set_wrong (error);
  return TRUE;
}

gint64
attempt_claim (Attempt *self, GError **error)
{
  gint64 wait;

  if (attempt_refuse_banned (self, error))
    return -1;
  wait = slowdown_claim (self->authenticator->slowdown, self->user, self->peer,
                         g_get_monotonic_time ());
  if (wait < 0)
    attempt_refuse_busy (self, "too many failures", error);
  return wait;
}

void
attempt_start (Attempt *self, GTask *task, GSourceFunc begin)
{
  GError *error = NULL;
  const gint64 wait = attempt_claim (self, &error);

  if (wait < 0) {
    g_task_return_error (task, error);
  } else if (wait > 0) {
    g_autoptr (GSource) timer = g_timeout_source_new ((guint)(wait / 1000 + 1));
    g_source_set_callback (timer, begin, g_object_ref (task), NULL);
    g_source_attach (timer, g_task_get_context (task));
  } else {
    begin (g_object_ref (task));
  }
}

gboolean
attempt_read_account (Attempt *self, Database *database, char **hash, GError **error)
{
  g_autoptr (GError) problem = NULL;

  self->account = account_find_with_hash (database, self->user, hash, &problem);
  if (problem && !g_error_matches (problem, STORE_ERROR, STORE_ERROR_NOT_FOUND)) {
    g_propagate_error (error, g_steal_pointer (&problem));
    return FALSE;
  }
  /* The same question for a user who is none, as it takes the same time. */
  self->credentials = credential_list (database, self->account ? self->account->id : 0, error);
  return self->credentials != NULL;
}

const char *
attempt_find_obstacle (const Attempt *self)
{
  const Account *account = self->account;

  if (!account->enabled)
    return "disabled";
  if (account->locked)
    return "locked";
  return account->device && !g_str_equal (self->protocol, "smtp") ? "a device only hands in mail"
                                                                  : NULL;
}

/* Of a proof nobody can say whether it is of the same wrong password as the one before, so that
 * several of one user count as one. */
static char *
name_proof (guint failures)
{
  return g_strdup_printf ("\n%u", failures / PROOFS_AS_ONE);
}

void
attempt_refuse (Attempt *self, const char *reason, const char *secret, GError **error)
{
  const guint failures = slowdown_failed (self->authenticator->slowdown, self->user, self->peer,
                                          g_get_monotonic_time ());
  g_autofree char *proof = secret ? NULL : name_proof (failures);

  guard_guessed (self->authenticator->guard, self->peer, self->user, secret ? secret : proof);
  metric_add (METRIC_LOGIN_FAILURES, 1);
  attempt_log (self, LOG_NOTICE, "Login failed", reason);
  set_wrong (error);
}

Account *
attempt_welcome (Attempt *self)
{
  slowdown_succeeded (self->authenticator->slowdown, self->user, self->peer);
  guard_welcomed (self->authenticator->guard, self->peer);
  metric_add (METRIC_LOGINS, 1);
  attempt_log (self, LOG_INFO, "Logged in", NULL);
  attempt_note_device (self, self->account->id, self->account->last_login, account_note_login);
  return g_steal_pointer (&self->account);
}

typedef struct {
  gint64 id;
  char *address;
  AttemptUseFunc write;
} Use;

static void
use_free (gpointer data)
{
  Use *self = data;

  g_free (self->address);
  g_free (self);
}

static gboolean
write_use (StoreTransaction *transaction, gpointer data, GError **error)
{
  const Use *self = data;

  return self->write (transaction, self->id, self->address, error);
}

static void
did_write_use (GObject *source, GAsyncResult *result, gpointer store)
{
  g_autoptr (GError) error = NULL;

  if (!store_write_finish (store, result, &error))
    log_event (LOG_WARNING, "A login is not written down", "error", error->message,
               NULL);
}

void
attempt_note_device (const Attempt *self, gint64 id, gint64 used, AttemptUseFunc write)
{
  Store *store = self->authenticator->store;
  Use *use;

  if (g_get_real_time () / G_USEC_PER_SEC - used < USE_SECONDS)
    return;
  use = g_new0 (Use, 1);
  use->id = id;
  use->address = g_strdup (self->peer);
  use->write = write;
  store_write_async (store, write_use, use, use_free, NULL, did_write_use, store);
}

void
attempt_note_use (Attempt *self, const Credential *credential)
{
  if (*credential->name != '\0')
    attempt_note_device (self, credential->id, credential->used, credential_note_use);
}

/* Reads the keys of a user, and finds the one that the client has proved to know. */
#include "accounts/scram-login.h"

#include "accounts/attempt.h"
#include "settings.h"

struct _ScramLogin {
  Attempt base;
  Scram *scram; /* until the challenge is made */
  guint8 salt[SCRAM_SALT];
};

void
scram_login_free (ScramLogin *self)
{
  attempt_clear (&self->base);
  g_free (self);
}

static gboolean
read_keys (StoreSnapshot *snapshot, gpointer data, GError **error)
{
  ScramLogin *self = data;
  Database *database = store_snapshot_database (snapshot);

  return attempt_read_account (&self->base, database, NULL, error)
      && credential_salt (database, self->base.user, self->salt, error);
}

static void
did_read_keys (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  ScramLogin *self = g_task_get_task_data (task);
  GError *error = NULL;

  if (!store_read_finish (self->base.authenticator->store, result, &error)) {
    attempt_log (&self->base, LOG_ERROR, "Cannot read the account", error->message);
    g_task_return_error (task, error);
    return;
  }
  g_task_return_boolean (task, TRUE);
}

static gboolean
begin (gpointer data)
{
  g_autoptr (GTask) task = data;
  ScramLogin *self = g_task_get_task_data (task);

  store_read_async (self->base.authenticator->store, read_keys, self, NULL, NULL, did_read_keys,
                    g_steal_pointer (&task));
  return G_SOURCE_REMOVE;
}

void
scram_login_begin_async (Authenticator *authenticator, Scram *scram, const char *protocol,
                         const char *channel_id, const char *peer, GAsyncReadyCallback callback,
                         gpointer data)
{
  g_autoptr (GTask) task = g_task_new (NULL, NULL, callback, data);
  ScramLogin *self = g_new0 (ScramLogin, 1);

  attempt_begin (&self->base, authenticator, scram_user (scram), protocol, channel_id, peer);
  self->scram = scram;
  g_task_set_task_data (task, self, NULL);
  attempt_start (&self->base, task, begin);
}

ScramLogin *
scram_login_begin_finish (GAsyncResult *result, GError **error)
{
  g_autoptr (ScramLogin) self = g_task_get_task_data (G_TASK (result));
  Scram *scram = g_steal_pointer (&self->scram);

  if (!g_task_propagate_boolean (G_TASK (result), error))
    return NULL;
  scram_challenge (scram, self->salt, sizeof self->salt, SCRAM_ITERATIONS, NULL);
  return g_steal_pointer (&self);
}

/* Every key is tried, so that the time tells nothing of which it is. */
static const Credential *
find_proved (const ScramLogin *self, const Scram *scram)
{
  static const ScramKeys nobody;
  const gboolean takes_passwords = setting_number (SETTING_SCRAM) == SCRAM_ALL;
  const Credential *found = NULL;

  (void)scram_is_proved (scram, &nobody);
  for (guint i = 0; i < self->base.credentials->len; i++) {
    const Credential *credential = self->base.credentials->pdata[i];
    if (scram_is_proved (scram, &credential->keys)
        && (takes_passwords || *credential->name != '\0'))
      found = credential;
  }
  return found;
}

Account *
scram_login_end (ScramLogin *self, const Scram *scram, char **signature, GError **error)
{
  const Credential *credential = find_proved (self, scram);
  const char *obstacle;

  if (self->base.account == NULL) {
    attempt_refuse (&self->base, "no such user", NULL, error);
  } else if (credential == NULL) {
    attempt_refuse (&self->base, "wrong password", NULL, error);
  } else if ((obstacle = attempt_find_obstacle (&self->base))) {
    attempt_refuse (&self->base, obstacle, NULL, error);
  } else {
    *signature = scram_signature (scram, &credential->keys);
    attempt_note_use (&self->base, credential);
    return attempt_welcome (&self->base);
  }
  return NULL;
}

void
scram_login_refuse (ScramLogin *self, GError **error)
{
  attempt_refuse (&self->base, "malformed or another channel", NULL, error);
}

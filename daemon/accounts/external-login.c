/* Finds whose certificate it is. */
#include "accounts/external-login.h"

#include "accounts/attempt.h"
#include "accounts/enrolled.h"

typedef struct {
  Attempt base;
  char *fingerprint, *identity;
  char *owner; /* the address of the user whose certificate it is, or NULL */
  gint64 id, used; /* of the certificate */
} ExternalLogin;

static void
external_login_free (gpointer data)
{
  ExternalLogin *self = data;

  g_free (self->fingerprint);
  g_free (self->identity);
  g_free (self->owner);
  attempt_clear (&self->base);
  g_free (self);
}

static gboolean
read_owner (StoreSnapshot *snapshot, gpointer data, GError **error)
{
  ExternalLogin *self = data;
  Database *database = store_snapshot_database (snapshot);
  GError *failure = NULL;

  self->owner = enrolled_find (database, self->fingerprint, &self->id, &self->used, &failure);
  if (self->owner)
    self->base.account = account_find (database, self->owner, &failure);
  if (failure)
    g_propagate_error (error, failure);
  return failure == NULL;
}

static const char *
find_fault (const ExternalLogin *self)
{
  g_autofree char *identity = *self->identity ? attempt_name (self->identity) : NULL;

  if (self->owner == NULL)
    return "unknown certificate";
  if (identity && !g_str_equal (identity, self->owner))
    return "another identity";
  return attempt_find_obstacle (&self->base);
}

static void
did_read_owner (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  ExternalLogin *self = g_task_get_task_data (task);
  GError *error = NULL;
  const char *fault;

  if (!store_read_finish (self->base.authenticator->store, result, &error)) {
    attempt_log (&self->base, LOG_ERROR, "Cannot read the account", error->message);
    g_task_return_error (task, error);
    return;
  }
  fault = find_fault (self);
  if (fault) {
    attempt_refuse (&self->base, fault, self->fingerprint, &error);
    g_task_return_error (task, error);
    return;
  }
  g_free (self->base.user);
  self->base.user = g_strdup (self->owner);
  attempt_note_device (&self->base, self->id, self->used, enrolled_note_use);
  g_task_return_pointer (task, attempt_welcome (&self->base), (GDestroyNotify)account_free);
}

static gboolean
begin (gpointer data)
{
  g_autoptr (GTask) task = data;
  ExternalLogin *self = g_task_get_task_data (task);

  store_read_async (self->base.authenticator->store, read_owner, self, NULL, NULL, did_read_owner,
                    g_steal_pointer (&task));
  return G_SOURCE_REMOVE;
}

void
external_login_async (Authenticator *authenticator, const char *fingerprint, const char *identity,
                      const char *protocol, const char *channel_id, const char *peer,
                      GAsyncReadyCallback callback, gpointer data)
{
  g_autoptr (GTask) task = g_task_new (NULL, NULL, callback, data);
  ExternalLogin *self = g_new0 (ExternalLogin, 1);

  /* Who leaves the identity to us is slowed down by the certificate. */
  attempt_begin (&self->base, authenticator, *identity ? identity : fingerprint, protocol,
                 channel_id, peer);
  self->fingerprint = g_strdup (fingerprint);
  self->identity = g_strdup (identity);
  g_task_set_task_data (task, self, external_login_free);
  attempt_start (&self->base, task, begin);
}

Account *
external_login_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

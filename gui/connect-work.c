/* Tasks in threads. */
#include "connect-work.h"
#include "platform/key-store.h"

typedef struct {
  char *address, *user, *password;
} Work;

static void
work_free (gpointer data)
{
  Work *self = data;

  g_free (self->address);
  g_free (self->user);
  key_store_wipe (self->password);
  g_free (self);
}

static void
run (Work work, GTaskThreadFunc func, GCancellable *cancellable, GAsyncReadyCallback callback,
     gpointer data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, data);
  Work *copy = g_new0 (Work, 1);

  *copy = (Work) { g_strdup (work.address), g_strdup (work.user), g_strdup (work.password) };
  g_task_set_task_data (task, copy, work_free);
  g_task_run_in_thread (task, func);
}

static void
run_look (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const Work *work = data;
  GError *error = NULL;
  ServerCertificate *certificate = server_certificate_look (work->address, &error);

  if (certificate != NULL)
    g_task_return_pointer (task, certificate, (GDestroyNotify)server_certificate_free);
  else
    g_task_return_error (task, error);
}

void
certificate_look_async (const char *address, GCancellable *cancellable,
                        GAsyncReadyCallback callback, gpointer data)
{
  run ((Work) { .address = (char *)address }, run_look, cancellable, callback, data);
}

ServerCertificate *
certificate_look_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
run_find (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const Work *work = data;
  GError *error = NULL;
  char *password = key_store_find (work->address, work->user, &error);

  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, password, (GDestroyNotify)key_store_wipe);
}

void
password_find_async (const char *address, const char *user, GCancellable *cancellable,
                     GAsyncReadyCallback callback, gpointer data)
{
  run ((Work) { .address = (char *)address, .user = (char *)user }, run_find, cancellable, callback,
       data);
}

char *
password_find_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
run_keep (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const Work *work = data;
  GError *error = NULL;
  const gboolean done = work->password != NULL
      ? key_store_save (work->address, work->user, work->password, &error)
      : key_store_remove (work->address, work->user, &error);

  if (done)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

void
password_keep_async (const char *address, const char *user, const char *password,
                     GAsyncReadyCallback callback, gpointer data)
{
  run ((Work) { (char *)address, (char *)user, (char *)password }, run_keep, NULL, callback, data);
}

gboolean
password_keep_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

/* Looks in a worker; what only the administrator may do is done by `hauspost panel access`. */
#include "local-server.h"
#include "admin/client.h"
#include "json.h"
#include "platform/elevate.h"
#include "platform/file.h"
#include "platform/key-store.h"
#include "platform/service.h"
#include <glib/gi18n.h>

#define COMMAND "hauspost"

void
local_server_free (LocalServer *self)
{
  g_free (self->explanation);
  g_free (self->command);
  g_free (self);
}

void
local_access_free (LocalAccess *self)
{
  g_free (self->address);
  g_free (self->fingerprint);
  g_free (self->user);
  key_store_wipe (self->password);
  g_free (self->start);
  g_free (self);
}

static LocalServer *
state_new (LocalServerState state, const char *explanation, const char *command)
{
  LocalServer *self = g_new0 (LocalServer, 1);

  *self = (LocalServer) { state, g_strdup (explanation), g_strdup (command) };
  return self;
}

/* The folder of the configuration may be closed to this person: then nobody knows what is in it. */
static LocalServer *
look_without (const char *path, const GError *error)
{
  g_autofree char *folder = g_path_get_dirname (path);
  g_autoptr (GPtrArray) names = NULL;

  if (!elevate_has_program (COMMAND))
    return state_new (LOCAL_SERVER_NOT_INSTALLED, NULL, "apt install hauspost");
  if (error->domain == G_IO_ERROR && error->code == G_IO_ERROR_PERMISSION_DENIED)
    return state_new (LOCAL_SERVER_CLOSED, NULL, NULL);
  if (file_exists (path))
    return state_new (LOCAL_SERVER_OFF, error->message, NULL);
  names = file_is_folder (folder) ? file_list (folder, NULL) : g_ptr_array_new ();
  return names == NULL ? state_new (LOCAL_SERVER_CLOSED, NULL, NULL)
                       : state_new (LOCAL_SERVER_NOT_MADE, NULL, "hauspost init");
}

static LocalServer *
look_at (const Configuration *configuration)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AdminClient) client = admin_client_new_local (configuration, &error);
  json_t *answer
      = client != NULL ? admin_client_call (client, "GET", "/v1/status", NULL, &error) : NULL;

  if (answer != NULL) {
    json_decref (answer);
    return state_new (LOCAL_SERVER_READY, NULL, NULL);
  }
  if (configuration->listen[LISTEN_ADMIN][0] == NULL)
    return state_new (LOCAL_SERVER_OFF, error->message, NULL);
  if (client == NULL && error->code == G_IO_ERROR_PERMISSION_DENIED)
    return state_new (LOCAL_SERVER_CLOSED, NULL, NULL);
  if (error->code == G_IO_ERROR_CONNECTION_REFUSED || error->code == G_IO_ERROR_NOT_FOUND)
    return state_new (LOCAL_SERVER_STOPPED, NULL, service_start_command ());
  return state_new (LOCAL_SERVER_OFF, error->message, NULL);
}

static void
run_look (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  g_autofree char *path = configuration_find (data);
  g_autoptr (GError) error = NULL;
  g_autoptr (Configuration) configuration = configuration_load (path, &error);

  g_task_return_pointer (
      task, configuration != NULL ? look_at (configuration) : look_without (path, error),
      (GDestroyNotify)local_server_free);
}

void
local_server_look_async (const char *configuration, GCancellable *cancellable,
                         GAsyncReadyCallback callback, gpointer data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, data);

  g_task_set_task_data (task, g_strdup (configuration), g_free);
  g_task_run_in_thread (task, run_look);
}

LocalServer *
local_server_look_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

char *
local_server_device (void)
{
  return g_strdup_printf (_ ("Control panel of %s on %s"), g_get_user_name (), g_get_host_name ());
}

static void
add (GPtrArray *line, const char *option, const char *value)
{
  if (value == NULL)
    return;
  g_ptr_array_add (line, g_strdup (option));
  g_ptr_array_add (line, g_strdup (value));
}

static GPtrArray *
command_line (const char *configuration, const LocalServerPlan *plan)
{
  GPtrArray *line = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *base
      = plan != NULL && plan->base > 0 ? g_strdup_printf ("%u", plan->base) : NULL;

  g_ptr_array_add (line, g_strdup ("panel"));
  g_ptr_array_add (line, g_strdup ("access"));
  g_ptr_array_add (line, local_server_device ());
  add (line, "--config", configuration);
  if (plan != NULL) {
    add (line, "--hostname", plan->hostname);
    add (line, "--domain", plan->domain);
    add (line, "--data", plan->data);
    add (line, "--base", base);
  }
  g_ptr_array_add (line, NULL);
  return line;
}

static LocalAccess *
read_access (const char *text, GError **error)
{
  g_autoptr (json_t) answer = json_loads (text, 0, NULL);
  LocalAccess *self;

  if (!object_has (answer, "password") && !object_has (answer, "start")) {
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED,
                         _ ("The answer of “hauspost panel access” cannot be read."));
    return NULL;
  }
  self = g_new0 (LocalAccess, 1);
  if (object_has (answer, "start"))
    self->start = g_strdup (object_text (answer, "start"));
  self->address = g_strdup (object_text (answer, "address"));
  self->fingerprint = g_strdup (object_text (answer, "fingerprint"));
  self->user = g_strdup (object_text (answer, "user"));
  self->password = g_strdup (object_text (answer, "password"));
  return self;
}

static void
run_enter (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const GPtrArray *line = data;
  GError *error = NULL;
  char *text = elevate_run (COMMAND, (const char *const *)line->pdata, &error);
  LocalAccess *access = text != NULL ? read_access (text, &error) : NULL;

  key_store_wipe (text);
  if (access != NULL)
    g_task_return_pointer (task, access, (GDestroyNotify)local_access_free);
  else
    g_task_return_error (task, error);
}

void
local_server_enter_async (const char *configuration, const LocalServerPlan *plan,
                          GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, data);

  g_task_set_task_data (task, command_line (configuration, plan),
                        (GDestroyNotify)g_ptr_array_unref);
  g_task_run_in_thread (task, run_enter);
}

LocalAccess *
local_server_enter_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

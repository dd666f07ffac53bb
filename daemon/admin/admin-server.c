/* The admin API's door, its workers, and what it looks at now and then. */
#include "admin/admin-server.h"
#include "admin/admin-request.h"
#include "admin/chores.h"
#include "admin/disk-space.h"
#include "log.h"
#include "metrics.h"
#include <gio/gio.h>

#define CONNECTIONS_MOST 64
#define CONNECTIONS_PER_ADDRESS 24 /* some panels of an office behind one */
#define CONNECTIONS_LOCAL 16
#define BODY_MOST (4 * 1024 * 1024)
#define IDLE_SECONDS 60
#define LIFETIME_SECONDS 600
#define WORKERS 4
#define SAMPLE_SECONDS 10

struct _AdminServer {
  AdminService service;
  Access *access;
  SSL_CTX *tls;
  AdminDesk desk;
  Chores *chores;
  guint sampler;
  gboolean sampling;
};

static void
did_receive (SoupServer *soup, SoupServerMessage *message, const char *path, GHashTable *query,
             gpointer data)
{
  AdminServer *self = data;

  admin_request_begin (&self->desk, message, path, query);
}

/* The programs on this machine show a token, with which a ban can always be lifted. */
static gboolean
is_banned (GInetAddress *peer, gpointer data)
{
  AdminServer *self = data;

  if (g_inet_address_get_is_loopback (peer)
      || !guard_refuses (authenticator_guard (self->service.authenticator), peer))
    return FALSE;
  metric_add (METRIC_BANNED_REFUSED, 1);
  return TRUE;
}

static SSL *
secure (gpointer data)
{
  return SSL_new (((AdminServer *)data)->tls);
}

static HttpDoor *
make_door (AdminServer *self)
{
  const HttpDoorOptions options = { .name = "admin",
                                    .connections_most = CONNECTIONS_MOST,
                                    .connections_per_address = CONNECTIONS_PER_ADDRESS,
                                    .connections_local = CONNECTIONS_LOCAL,
                                    .body_most = BODY_MOST,
                                    .idle_seconds = IDLE_SECONDS,
                                    .lifetime_seconds = LIFETIME_SECONDS,
                                    .secure = secure,
                                    .refuses = is_banned,
                                    .received = did_receive,
                                    .data = self };

  return http_door_new (&options);
}

/* The disk is asked in a worker: a network's can be slow. */
static void
sample (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  AdminServer *self = data;
  const gint64 now = g_get_real_time () / G_USEC_PER_SEC;
  DiskSpace space = { 0 };

  disk_space_read (self->service.configuration->data, &space);
  graphs_sample (self->desk.graphs, now, space.used);
  graphs_keep (self->desk.graphs, now);
  g_task_return_boolean (task, TRUE);
}

static void
did_sample (GObject *source, GAsyncResult *result, gpointer data)
{
  ((AdminServer *)data)->sampling = FALSE;
}

static gboolean
sample_soon (gpointer data)
{
  AdminServer *self = data;
  g_autoptr (GTask) task = self->sampling ? NULL : g_task_new (NULL, NULL, did_sample, self);

  if (task == NULL)
    return G_SOURCE_CONTINUE;
  self->sampling = TRUE;
  g_task_set_source_tag (task, sample_soon);
  g_task_set_task_data (task, self, NULL);
  g_task_run_in_thread (task, sample);
  return G_SOURCE_CONTINUE;
}

AdminServer *
admin_server_new (const AdminService *service, GError **error)
{
  g_autoptr (Access) access = access_make (service->configuration->data, error);
  SSL_CTX *tls = access != NULL ? access_tls (service->configuration->data, error) : NULL;

  if (tls == NULL)
    return NULL;
  AdminServer *self = g_new0 (AdminServer, 1);
  self->service = *service;
  self->access = g_steal_pointer (&access);
  self->tls = tls;
  self->desk = (AdminDesk) { .service = &self->service,
                             .access = self->access,
                             .jobs = jobs_new (),
                             .graphs = graphs_new (service->configuration->data),
                             .started = g_get_real_time () / G_USEC_PER_SEC };
  self->chores = chores_new (service->store, self->desk.jobs, service->configuration);
  self->desk.events = event_hub_new (service->store, self->desk.jobs);
  self->desk.workers = g_thread_pool_new (admin_request_run, &self->desk, WORKERS, FALSE, NULL);
  self->desk.door = make_door (self);
  self->sampler = g_timeout_add_seconds (SAMPLE_SECONDS, sample_soon, self);
  sample_soon (self);
  return self;
}

void
admin_server_set_configuration (AdminServer *self, const Configuration *configuration)
{
  self->service.configuration = configuration;
}

gboolean
admin_server_listen (AdminServer *self, const char *address, GError **error)
{
  return http_door_listen (self->desk.door, address, error);
}

void
admin_server_tell_certificates (AdminServer *self)
{
  event_hub_tell_change (self->desk.events, "certificates", NULL, NULL);
}

guint16
admin_server_port (AdminServer *self)
{
  return http_door_port (self->desk.door);
}

gboolean
admin_server_free (AdminServer *self, guint wait)
{
  if (self == NULL)
    return TRUE;
  g_clear_handle_id (&self->sampler, g_source_remove);
  chores_free (self->chores);
  http_door_close (self->desk.door);
  while (self->desk.waiting > 0 || self->sampling) /* each one is bounded by the store's own work */
    g_main_context_iteration (NULL, TRUE);
  event_hub_free (self->desk.events);
  http_door_free (self->desk.door);
  g_thread_pool_free (self->desk.workers, FALSE, TRUE);
  gboolean idle = jobs_free (self->desk.jobs, wait);
  graphs_free (self->desk.graphs);
  SSL_CTX_free (self->tls);
  access_free (self->access);
  g_free (self);
  return idle;
}

/* The daemon's life: start, reload, stop. Everything here runs in the main thread. */
#include "server.h"
#include "accounts/accounts.h"
#include "admin/admin-server.h"
#include "admin/stored-settings.h"
#include "archive/history.h"
#include "config.h"
#include "configuration.h"
#include "http/web-server.h"
#include "language.h"
#include "library-log.h"
#include "log.h"
#include "metrics.h"
#include "net/sessions.h"
#include "net/spool.h"
#include "platform/owner.h"
#include "platform/service.h"
#include "server-listeners.h"
#include "server-upkeep.h"
#include "settings.h"
#include "policy/digest.h"
#include "policy/indexer.h"
#include "queue/certificate-notice.h"
#include "queue/schedule.h"
#include "tls/acme-error.h"
#include "tls/certificate.h"
#include "tls/renewer.h"
#include "tls/tls-context.h"

#define GOODBYE_SECONDS 10 /* for clients to take what is on its way */
#define WORK_SECONDS 20 /* for a backup, a check or a compaction to end */
#define SELF_SIGNED_DAYS 3650

typedef struct {
  Configuration *configuration;
  GPtrArray *retired; /* Configuration: workers may still read them */
  Store *store;
  Authenticator *authenticator;
  TlsContexts *tls;
  Limits *limits;
  GPtrArray *threads; /* IoThread */
  Listeners *listeners;
  AdminServer *admin;
  WebServer *web;
  GMainLoop *loop;
  Digest *digest;
  Dns *dns;
  BlockLists *block_lists;
  KnownClients *known_clients;
  Indexer *indexer;
  Schedule *schedule;
  Renewer *renewer;
  Upkeep *upkeep;
} Server;

static gboolean
load_certificates (gpointer data, GError **error)
{
  Server *self = data;
  g_autofree char *folder = configuration_certificates (self->configuration);

  if (!tls_contexts_load (self->tls, folder, self->configuration->hostname, error))
    return FALSE;
  if (self->web)
    web_server_did_load_certificates (self->web);
  return TRUE;
}

/* A server without TLS helps nobody: make a certificate when there is none. */
static gboolean
prepare_certificates (Server *self, GError **error)
{
  const char *const hosts[] = { self->configuration->hostname, NULL };
  g_autofree char *folder = configuration_certificates (self->configuration);
  g_autoptr (GPtrArray) list = certificate_list (folder, error);

  if (list == NULL)
    return FALSE;
  if (list->len == 0) {
    log_event (LOG_WARNING, "No certificate: making a self-signed one", "folder", folder, NULL);
    if (!certificate_self_sign (folder, "self-signed", hosts, SELF_SIGNED_DAYS, error))
      return FALSE;
  }
  return load_certificates (self, error);
}

/* What root writes into the folder, the service could not open later. */
static gboolean
refuse_wrong_user (const char *folder, GError **error)
{
  const char *command = service_start_command ();

  if (!owner_is_other (folder))
    return TRUE;
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED,
               "%s belongs to another user: run the daemon as this user%s%s", folder,
               command != NULL ? ", or by " : "", command != NULL ? command : "");
  return FALSE;
}

static gboolean
open_store (Server *self, GError **error)
{
  StoreOptions options = { .folder = self->configuration->data };

  if (!refuse_wrong_user (self->configuration->data, error))
    return FALSE;
  self->store = store_open (&options, error);
  if (self->store == NULL || !spool_clean (store_temporary_folder (self->store), error)
      || !stored_settings_load (self->store, error)
      || !stored_settings_make_keys (self->store, error))
    return FALSE;
  if (!history_start (self->configuration->data, error))
    return FALSE;
  self->authenticator = authenticator_new (self->store);
  if (!guard_load (authenticator_guard (self->authenticator), error))
    return FALSE;
  self->known_clients = known_clients_new (self->store);
  if (!known_clients_load (self->known_clients, error))
    return FALSE;
  self->digest = digest_new ();
  self->indexer = indexer_new (self->store, self->digest);
  return TRUE;
}

static gboolean
open_dns (Server *self, GError **error)
{
  g_autofree char *folder = g_build_filename (self->configuration->data, "dns", NULL);
  g_autofree char *forwarders = setting_text (SETTING_DNS_FORWARDERS);
  const DnsOptions options = { folder, forwarders };

  self->dns = dns_new (&options, error);
  if (self->dns)
    self->block_lists = block_lists_new (self->dns);
  return self->dns != NULL;
}

static gboolean
make_threads (Server *self, GError **error)
{
  for (guint i = 0; i < self->configuration->threads; i++) {
    g_autofree char *name = g_strdup_printf ("io-%u", i);
    IoThread *thread = io_thread_new (name, error);
    if (thread == NULL)
      return FALSE;
    g_ptr_array_add (self->threads, thread);
  }
  return TRUE;
}

/* Main thread: what programs do with the user's name; the web page apart. */
static void
end_programs (const char *user, gpointer data)
{
  Server *self = data;

  for (guint i = 0; self->threads && i < self->threads->len; i++)
    io_thread_end_user (self->threads->pdata[i], user);
}

/* Main thread. */
static void
survey (Survey *survey, gpointer data)
{
  Server *self = data;

  if (self->threads)
    survey_ask (survey, (IoThread *const *)self->threads->pdata, self->threads->len);
  else
    survey_ask (survey, NULL, 0);
}

/* Main thread. */
static void
end_session (const char *id, gpointer data)
{
  Server *self = data;

  if (self->threads)
    sessions_end ((IoThread *const *)self->threads->pdata, self->threads->len, id);
}

static void
end_user (const char *user, gpointer data)
{
  Server *self = data;

  end_programs (user, self);
  if (self->web) /* a change may end when the pages are gone already */
    web_server_end_user (self->web, user);
}

static void
make_web (Server *self)
{
  const WebService service
      = { self->configuration, self->store, self->authenticator, self->tls, end_programs, self };

  self->web = web_server_new (&service);
  web_server_did_load_certificates (self->web);
}

static gboolean
make_queue (Server *self, GError **error)
{
  const ScheduleOptions schedule = { self->store, self->dns, self->configuration->hostname };
  self->schedule = schedule_new (&schedule, error);
  return self->schedule != NULL;
}

static gboolean
make_listeners (Server *self, GError **error)
{
  ListenersOptions options
      = { self->store,        self->authenticator, self->tls,     self->configuration->hostname,
          self->digest,       self->limits,        self->threads, self->admin,
          self->web,          self->schedule,      self->dns,     self->block_lists,
          self->known_clients };

  self->listeners = listeners_new (&options);
  return listeners_update (self->listeners, self->configuration, error);
}

/* The sentence is made here, in the server's language. */
static void
tell_certificate_ends (const char *name, const char *hosts, gint64 not_after, const json_t *problem,
                       void (*done) (gboolean told, gpointer token), gpointer token, gpointer data)
{
  Server *self = data;
  const Speech before = language_speak (language_speech (language_of_server ()));
  g_autofree char *sentence = problem ? acme_error_sentence (problem) : NULL;
  const CertificateNotice notice = { name, hosts, not_after, sentence };

  language_speak (before);
  certificate_notice_send (self->store, self->configuration->hostname, self->schedule, &notice,
                           done, token);
}

static void
tell_certificates (gpointer data)
{
  const Server *self = data;

  if (self->admin)
    admin_server_tell_certificates (self->admin);
}

static void
make_renewer (Server *self)
{
  const RenewerOptions options = { .data = self->configuration->data,
                                   .hostname = self->configuration->hostname,
                                   .store = self->store,
                                   .dns = self->dns,
                                   .reload = load_certificates,
                                   .tell = tell_certificate_ends,
                                   .did_change = tell_certificates,
                                   .data_of_calls = self };

  self->renewer = renewer_new (&options);
  renewer_set_hook (self->renewer, self->configuration->acme_hook);
}

static gboolean
start (Server *self, GError **error)
{
  AdminService admin = { .configuration = self->configuration,
                         .reload = load_certificates,
                         .data = self,
                         .end_sessions = end_user,
                         .survey = survey,
                         .end_session = end_session };

  self->tls = tls_contexts_new ();
  self->limits = limits_new ();
  if (!open_store (self, error) || !open_dns (self, error) || !prepare_certificates (self, error)
      || !make_threads (self, error) || !make_queue (self, error))
    return FALSE;
  make_renewer (self);
  admin.renewer = self->renewer;
  admin.store = self->store;
  admin.authenticator = self->authenticator;
  admin.schedule = self->schedule;
  admin.dns = self->dns;
  admin.block_lists = self->block_lists;
  make_web (self);
  self->admin = admin_server_new (&admin, error);
  if (self->admin == NULL || !make_listeners (self, error))
    return FALSE;

  guint unused = service_close_sockets ();
  if (unused > 0)
    log_event (LOG_WARNING, "Sockets from the service manager fit no line of the configuration",
               NULL);
  self->upkeep = upkeep_new (self->store, self->indexer, self->configuration->data);
  return TRUE;
}

static gboolean
did_wait (gpointer data)
{
  return G_SOURCE_CONTINUE; /* it only wakes the loop below */
}

/* Runs the main loop until IS_OVER or SECONDS have passed; TRUE: it is over. */
static gboolean
wait_for (Server *self, gboolean (*is_over) (Server *self), guint seconds)
{
  gint64 deadline = g_get_monotonic_time () + (gint64)seconds * G_USEC_PER_SEC;
  guint tick = g_timeout_add (20, did_wait, NULL);

  while (!is_over (self) && g_get_monotonic_time () < deadline)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (tick);
  return is_over (self);
}

static gboolean
everybody_has_gone (Server *self)
{
  return metric_get (METRIC_CONNECTIONS_OPEN) <= 0;
}

static gboolean
work_rests (Server *self)
{
  return self->upkeep == NULL || upkeep_rests (self->upkeep);
}

static void
end_sessions (Server *self)
{
  g_clear_pointer (&self->listeners, listeners_free);
  for (guint i = 0; i < self->threads->len; i++)
    io_thread_dismiss (self->threads->pdata[i]);
  wait_for (self, everybody_has_gone, GOODBYE_SECONDS);
  g_clear_pointer (&self->threads, g_ptr_array_unref);
}

/* Nobody may use the store when it closes. When long work does not end in time, the store is left
 * as a crash would leave it, which costs the next start nothing but a look at the last segment. */
static void
stop (Server *self)
{
  if (self->upkeep)
    upkeep_cease (self->upkeep);
  if (self->renewer)
    renewer_cancel (self->renewer); /* the administration may wait for it */
  end_sessions (self);
  g_clear_pointer (&self->web, web_server_free);
  gboolean idle = admin_server_free (g_steal_pointer (&self->admin), WORK_SECONDS);
  idle = renewer_free (g_steal_pointer (&self->renewer), WORK_SECONDS) && idle;
  /* After the administration, which asks them. */
  g_clear_pointer (&self->schedule, schedule_free);
  g_clear_pointer (&self->block_lists, block_lists_free);
  g_clear_pointer (&self->dns, dns_free);
  history_stop ();
  idle = wait_for (self, work_rests, WORK_SECONDS) && idle;
  if (!idle) {
    log_event (LOG_WARNING, "Stopped during a backup, a check or a compaction", NULL);
    return;
  }
  g_clear_pointer (&self->upkeep, upkeep_free);
  g_clear_pointer (&self->authenticator, authenticator_free);
  g_clear_pointer (&self->known_clients, known_clients_free);
  g_clear_pointer (&self->indexer, indexer_free);
  g_clear_pointer (&self->store, store_close);
  g_clear_pointer (&self->digest, digest_free);
  g_clear_pointer (&self->limits, limits_free);
  g_clear_pointer (&self->tls, tls_contexts_unref);
  g_clear_pointer (&self->retired, g_ptr_array_unref);
  g_clear_pointer (&self->configuration, configuration_free);
  log_event (LOG_NOTICE, "Stopped", NULL);
}

/* What cannot change while we run is told, and stays as it is. */
static void
take_configuration (Server *self, Configuration *fresh)
{
  Configuration *old = self->configuration;

  if (g_strcmp0 (old->hostname, fresh->hostname) != 0 || g_strcmp0 (old->data, fresh->data) != 0
      || old->threads != fresh->threads)
    log_event (LOG_WARNING, "Changes of hostname, data and threads count after a restart", NULL);
  g_free (fresh->hostname);
  g_free (fresh->data);
  fresh->hostname = g_strdup (old->hostname);
  fresh->data = g_strdup (old->data);
  fresh->threads = old->threads;
  g_ptr_array_add (self->retired, old);
  self->configuration = fresh;
  admin_server_set_configuration (self->admin, fresh);
  renewer_set_hook (self->renewer, fresh->acme_hook);
}

static gboolean
reload (Server *self, GError **error)
{
  Configuration *fresh = configuration_load (self->configuration->path, error);

  if (fresh == NULL)
    return FALSE;
  take_configuration (self, fresh);
  return load_certificates (self, error) && stored_settings_load (self->store, error)
      && listeners_update (self->listeners, self->configuration, error);
}

static void
did_ask_reload (gpointer data)
{
  Server *self = data;
  g_autoptr (GError) error = NULL;

  if (self->listeners == NULL) /* it stops: there is nothing left to load for */
    return;
  service_notify_reloading ();
  if (reload (self, &error))
    log_event (LOG_NOTICE, "Reloaded", NULL);
  else
    log_event (LOG_ERROR, "Reload failed: what was before goes on", "error", error->message, NULL);
  service_notify_ready ();
}

static void
did_ask_stop (gpointer data)
{
  Server *self = data;

  log_event (LOG_NOTICE, "Stopping", NULL);
  service_notify_stopping ();
  g_main_loop_quit (self->loop);
}

static int
fail (const GError *error)
{
  log_event (LOG_ERROR, "Cannot start", "error", error->message, NULL);
  return 1;
}

int
server_run (const char *configuration)
{
  static const ServiceRequests requests = { did_ask_stop, did_ask_reload };
  g_autofree char *path = configuration_find (configuration);
  g_autoptr (GError) error = NULL;
  Server self = { .retired = g_ptr_array_new_with_free_func ((GDestroyNotify)configuration_free),
                  .threads = g_ptr_array_new_with_free_func ((GDestroyNotify)io_thread_free) };

  library_log_take ();
  self.configuration = configuration_load (path, &error);
  if (self.configuration == NULL)
    return fail (error);

  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  self.loop = loop;
  service_watch (&requests, &self);
  gboolean started = start (&self, &error);
  if (started) {
    log_event (LOG_NOTICE, "Started", "version", VERSION, "hostname", self.configuration->hostname,
               "data", self.configuration->data, NULL);
    service_notify_ready ();
    g_main_loop_run (loop);
  } else
    fail (error);
  stop (&self);
  service_unwatch ();
  return started ? 0 : 1;
}

static gboolean
check (const char *path, GError **error)
{
  g_autoptr (Configuration) configuration = configuration_load (path, error);

  if (configuration == NULL)
    return FALSE;
  g_autofree char *folder = configuration_certificates (configuration);
  g_autoptr (GPtrArray) list = certificate_list (folder, error);
  return list != NULL;
}

int
server_check (const char *configuration)
{
  g_autofree char *path = configuration_find (configuration);
  g_autoptr (GError) error = NULL;

  if (check (path, &error)) {
    g_print (_ ("%s is in order.\n"), path);
    return 0;
  }
  g_printerr ("hauspostd: %s\n", error->message);
  return 1;
}

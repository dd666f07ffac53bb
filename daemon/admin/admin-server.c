/* HTTP for the admin API: connections, callers, requests in and answers out. */
#include "admin/admin-server.h"
#include "admin/resources.h"
#include "http/http-door.h"
#include "log.h"
#include "metrics.h"
#include "platform/service.h"
#include <openssl/crypto.h>
#include <string.h>

#define CONNECTIONS_MOST 64
#define BODY_MOST (4 * 1024 * 1024)
#define IDLE_SECONDS 60
#define LIFETIME_SECONDS 600
#define WORKERS 4

struct _AdminServer {
  AdminService service;
  Access *access;
  SSL_CTX *tls;
  HttpDoor *door;
  GThreadPool *workers;
  Jobs *jobs;
  gint64 started;
  guint waiting; /* requests under way */
};

/* One request on its way through a worker. */
typedef struct {
  AdminServer *server;
  SoupServerMessage *message;
  const Resource *resource;
  char *path, *peer, *user; /* PATH holds the argument */
  AdminCall call;
  GError *error;
} Request;

static void
request_free (Request *self)
{
  g_object_unref (self->message);
  g_free (self->path);
  g_free (self->peer);
  g_free (self->user);
  json_decref (self->call.body);
  json_decref (self->call.answer);
  g_free (self->call.text);
  g_free (self->call.ended_user);
  g_clear_error (&self->error);
  self->server->waiting--;
  g_free (self);
}

/* Passwords and tokens travel in bodies and headers; nothing may keep an answer either. */
static void
answer_text (SoupServerMessage *message, guint status, const char *type, char *text)
{
  g_autoptr (GBytes) bytes = g_bytes_new_take (text, strlen (text));

  soup_message_headers_replace (soup_server_message_get_response_headers (message), "Cache-Control",
                                "no-store");
  http_door_answer (message, status, type, bytes);
}

static void
answer_json (SoupServerMessage *message, guint status, json_t *answer)
{
  char *dumped = json_dumps (answer, JSON_COMPACT);

  /* jansson refuses to print text that is not UTF-8. */
  answer_text (message, dumped != NULL ? status : SOUP_STATUS_INTERNAL_SERVER_ERROR,
               "application/json", g_strdup (dumped != NULL ? dumped : "{}"));
  free (dumped);
}

static void
answer_error (SoupServerMessage *message, guint status, const char *sentence)
{
  json_t *answer = json_pack ("{s:s}", "error", sentence);

  answer_json (message, status, answer);
  json_decref (answer);
}

static guint
status_of (const GError *error)
{
  static const struct {
    int code;
    guint status;
  } store[] = {
    { STORE_ERROR_NOT_FOUND, SOUP_STATUS_NOT_FOUND },
    { STORE_ERROR_EXISTS, SOUP_STATUS_CONFLICT },
    { STORE_ERROR_INVALID, SOUP_STATUS_BAD_REQUEST },
    { STORE_ERROR_FULL, SOUP_STATUS_INSUFFICIENT_STORAGE },
  }, io[] = {
    { G_IO_ERROR_NOT_FOUND, SOUP_STATUS_NOT_FOUND },
    { G_IO_ERROR_EXISTS, SOUP_STATUS_CONFLICT },
    { G_IO_ERROR_INVALID_ARGUMENT, SOUP_STATUS_BAD_REQUEST },
    { G_IO_ERROR_INVALID_DATA, SOUP_STATUS_BAD_REQUEST },
    { G_IO_ERROR_BUSY, SOUP_STATUS_CONFLICT },
    { G_IO_ERROR_NO_SPACE, SOUP_STATUS_INSUFFICIENT_STORAGE },
  };

  for (guint i = 0; error->domain == STORE_ERROR && i < G_N_ELEMENTS (store); i++)
    if (error->code == store[i].code)
      return store[i].status;
  for (guint i = 0; error->domain == G_IO_ERROR && i < G_N_ELEMENTS (io); i++)
    if (error->code == io[i].code)
      return io[i].status;
  return SOUP_STATUS_INTERNAL_SERVER_ERROR;
}

/* The answer has gone, or nobody was there to take it. */
static void
did_say_stop (SoupServerMessage *message, gpointer data)
{
  service_ask_stop ();
}

/* Back in the main thread. */
static gboolean
did_run (gpointer data)
{
  Request *self = data;
  SoupServerMessage *message = self->message;
  AdminService *service = &self->server->service;

  if (self->error == NULL && self->call.reload)
    service->reload (service->data, &self->error);
  if (self->error == NULL && self->call.ended_user && service->end_sessions)
    service->end_sessions (self->call.ended_user, service->data);
  if (self->error != NULL)
    answer_error (message, status_of (self->error), self->error->message);
  else if (self->call.text != NULL)
    answer_text (message, SOUP_STATUS_OK, "text/plain; version=0.0.4; charset=utf-8",
                 g_steal_pointer (&self->call.text));
  else
    answer_json (message, SOUP_STATUS_OK, self->call.answer);

  if (strcmp (self->resource->method, "GET") != 0)
    log_event (LOG_NOTICE, "Administration", "user", self->user, "address", self->peer, "method",
               self->resource->method, "path", self->path, "error",
               self->error != NULL ? self->error->message : NULL, NULL);
  if (self->error == NULL && self->call.stop)
    g_signal_connect (message, "finished", G_CALLBACK (did_say_stop), NULL);
  soup_server_message_unpause (message);
  request_free (self);
  return G_SOURCE_REMOVE;
}

static void
run_request (gpointer data, gpointer server)
{
  Request *self = data;

  if (!self->resource->run (&self->call, &self->error) && self->error == NULL)
    g_set_error_literal (&self->error, G_IO_ERROR, G_IO_ERROR_FAILED, "It failed.");
  g_idle_add_full (G_PRIORITY_DEFAULT, did_run, self, NULL);
}

/* Asks for a password with Basic so that curl and browsers can answer. */
static void
refuse_caller (Request *self, guint status, const char *sentence)
{
  SoupServerMessage *message = self->message;

  if (status == SOUP_STATUS_UNAUTHORIZED)
    soup_message_headers_replace (soup_server_message_get_response_headers (message),
                                  "WWW-Authenticate",
                                  "Basic realm=\"Hauspost\", charset=\"UTF-8\"");
  answer_error (message, status, sentence);
  soup_server_message_unpause (message);
  request_free (self);
}

static void
start_request (Request *self)
{
  g_thread_pool_push (self->server->workers, self, NULL);
}

static void
did_authenticate (GObject *source, GAsyncResult *result, gpointer data)
{
  Request *self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (Account) account = authenticate_finish (result, &error);

  if (account == NULL)
    refuse_caller (self,
                   g_error_matches (error, G_IO_ERROR, G_IO_ERROR_BUSY)
                       ? SOUP_STATUS_SERVICE_UNAVAILABLE
                       : SOUP_STATUS_UNAUTHORIZED,
                   error->message);
  else if (!account->administrator)
    refuse_caller (self, SOUP_STATUS_FORBIDDEN, "This account is not an administrator's.");
  else {
    self->user = g_strdup (account->address);
    start_request (self);
  }
}

/* RFC 7617: base64 of "user:password". */
static gboolean
parse_basic (const char *text, char **user, char **password)
{
  gsize length;
  g_autofree char *plain = (char *)g_base64_decode (text, &length);
  const char *colon = plain != NULL ? memchr (plain, ':', length) : NULL;
  gboolean valid = colon != NULL && memchr (plain, '\0', length) == NULL;

  if (valid) {
    *user = g_strndup (plain, (gsize)(colon - plain));
    *password = g_strndup (colon + 1, length - (gsize)(colon + 1 - plain));
  }
  if (plain != NULL)
    OPENSSL_cleanse (plain, length);
  return valid;
}

static void
admit (Request *self, const char *authorization)
{
  g_autofree char *user = NULL, *password = NULL;
  AdminServer *server = self->server;

  if (authorization != NULL && g_ascii_strncasecmp (authorization, "Bearer ", 7) == 0
      && access_token_matches (server->access, authorization + 7)) {
    self->user = g_strdup ("(token)");
    start_request (self);
  } else if (authorization != NULL && g_ascii_strncasecmp (authorization, "Basic ", 6) == 0
             && parse_basic (authorization + 6, &user, &password)) {
    authenticate_async (server->service.authenticator, user, password, "admin", NULL, self->peer,
                        did_authenticate, self);
    OPENSSL_cleanse (password, strlen (password));
  } else
    refuse_caller (self, SOUP_STATUS_UNAUTHORIZED,
                   "Show the token of this server or an administrator's password.");
}

static json_t *
parse_body (SoupServerMessage *message, const char **problem)
{
  g_autoptr (GBytes) bytes
      = soup_message_body_flatten (soup_server_message_get_request_body (message));
  json_t *body;

  if (g_bytes_get_size (bytes) == 0)
    return json_object ();
  body = json_loadb (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes),
                     JSON_REJECT_DUPLICATES, NULL);
  if (json_is_object (body))
    return body;
  json_decref (body);
  *problem = "The request's body is not a JSON object.";
  return NULL;
}

static void
did_receive (SoupServer *soup, SoupServerMessage *message, const char *path, GHashTable *query,
             gpointer data)
{
  AdminServer *server = data;
  const char *argument, *problem = NULL;
  gboolean method_wrong;

  if (http_door_is_too_large (message)) {
    answer_error (message, SOUP_STATUS_REQUEST_ENTITY_TOO_LARGE, "The request is too large.");
    return;
  }
  g_autofree char *copy = g_strdup (path);
  const Resource *resource
      = resource_find (soup_server_message_get_method (message), copy, &argument, &method_wrong);
  if (resource == NULL) {
    answer_error (message, method_wrong ? SOUP_STATUS_METHOD_NOT_ALLOWED : SOUP_STATUS_NOT_FOUND,
                  method_wrong ? "The resource does not have this method."
                               : "There is no such resource.");
    return;
  }
  json_t *body = parse_body (message, &problem);
  if (body == NULL) {
    answer_error (message, SOUP_STATUS_BAD_REQUEST, problem);
    return;
  }

  Request *self = g_new0 (Request, 1);
  *self = (Request) { .server = server,
                      .message = g_object_ref (message),
                      .resource = resource,
                      .path = g_steal_pointer (&copy),
                      .peer = g_strdup (soup_server_message_get_remote_host (message)) };
  self->call = (AdminCall) { .service = &server->service,
                             .configuration = server->service.configuration,
                             .jobs = server->jobs,
                             .started = server->started,
                             .argument = argument,
                             .body = body,
                             .answer = json_object () };
  server->waiting++;
  soup_server_message_pause (message);
  admit (self,
         soup_message_headers_get_one (soup_server_message_get_request_headers (message),
                                       "Authorization"));
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
                                    .body_most = BODY_MOST,
                                    .idle_seconds = IDLE_SECONDS,
                                    .lifetime_seconds = LIFETIME_SECONDS,
                                    .secure = secure,
                                    .refuses = is_banned,
                                    .received = did_receive,
                                    .data = self };

  return http_door_new (&options);
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
  self->started = g_get_real_time () / G_USEC_PER_SEC;
  self->jobs = jobs_new ();
  self->workers = g_thread_pool_new (run_request, self, WORKERS, FALSE, NULL);
  self->door = make_door (self);
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
  return http_door_listen (self->door, address, error);
}

guint16
admin_server_port (AdminServer *self)
{
  return http_door_port (self->door);
}

gboolean
admin_server_free (AdminServer *self, guint wait)
{
  if (self == NULL)
    return TRUE;
  http_door_close (self->door);
  while (self->waiting > 0) /* each one is bounded by the store's own work */
    g_main_context_iteration (NULL, TRUE);
  http_door_free (self->door);
  g_thread_pool_free (self->workers, FALSE, TRUE);
  gboolean idle = jobs_free (self->jobs, wait);
  SSL_CTX_free (self->tls);
  access_free (self->access);
  g_free (self);
  return idle;
}

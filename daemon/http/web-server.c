/* Requests in and answers out: doors, routes, passwords, workers. */
#include "http/web-server.h"
#include "http/http-door.h"
#include "http/offer.h"
#include "http/pages.h"
#include "http/web-call.h"
#include "http/web-fields.h"
#include "http/web-routes.h"
#include "http/web-trust.h"
#include "language.h"
#include "log.h"
#include "metrics.h"
#include "tls/acme-challenges.h"
#include <string.h>

#define CONNECTIONS_MOST 256
#define CONNECTIONS_PER_ADDRESS 32 /* an office behind one */
#define BODY_MOST (64 * 1024)
#define IDLE_SECONDS 20
#define LIFETIME_SECONDS 90
#define WORKERS 4
#define PATH_CHARACTERS "/!$&'()*+,;=:@" /* beside the unreserved (RFC 3986 §3.3) */

struct _WebServer {
  WebService service;
  HttpDoor *http, *https;
  GThreadPool *workers;
  WebSessions *sessions;
  gboolean is_trusted;
  guint waiting; /* requests under way */
};

typedef struct {
  WebServer *server;
  SoupServerMessage *message;
  const WebRoute *route;
  WebCall *call;
} Request;

/* Back in the main thread. */
static gboolean
did_run (gpointer data)
{
  Request *self = data;
  WebServer *server = self->server;

  if (self->call->ended_user != NULL && server->service.end_sessions != NULL)
    server->service.end_sessions (self->call->ended_user, server->service.data);
  web_call_write (self->call, self->message);
  soup_server_message_unpause (self->message);
  g_object_unref (self->message);
  web_call_free (self->call);
  server->waiting--;
  g_free (self);
  return G_SOURCE_REMOVE;
}

static void
run_request (gpointer data, gpointer server)
{
  Request *self = data;

  language_speak (language_speech (self->call->language));
  self->route->run (self->call);
  g_idle_add_full (G_PRIORITY_DEFAULT, did_run, self, NULL);
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

  if (account != NULL) {
    self->call->verdict = WEB_RIGHT;
    self->call->user = g_strdup (account->address);
  } else
    self->call->verdict
        = g_error_matches (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED) ? WEB_WRONG : WEB_BUSY;
  start_request (self);
}

static void
verify (Request *self)
{
  const WebCall *call = self->call;

  authenticate_async (
      self->server->service.authenticator,
      call->session != NULL ? call->session->user : web_call_field (call, "address"),
      web_call_field (call, "password"), "web", NULL, call->peer, did_authenticate, self);
}

/* What is to be answered instead, or NULL. */
static const WebRoute *
find_obstacle (const Request *self)
{
  static const WebRoute forbidden = { NULL, 0, TRUE, page_forbidden };
  static const WebRoute sign_in = { NULL, 0, FALSE, page_sign_in_first };
  const WebCall *call = self->call;
  const guint needs = self->route->needs;

  if ((needs & WEB_FORM) && !http_door_is_same_origin (self->message))
    return &forbidden;
  if ((needs & WEB_SIGNED_IN) && call->session == NULL)
    return &sign_in;
  if ((needs & WEB_FORM) && call->session != NULL
      && !web_session_has_form_token (call->session, web_call_field (call, "form")))
    return &forbidden;
  return NULL;
}

static const WebRoute *
choose_route (SoupServerMessage *message, const char *path, gboolean is_post)
{
  static const WebRoute too_large = { NULL, 0, TRUE, page_too_large };
  static const WebRoute missing = { NULL, 0, TRUE, page_missing };
  static const WebRoute wrong_method = { NULL, 0, TRUE, page_wrong_method };
  gboolean is_wrong_method;
  const WebRoute *route = web_route_find (path, is_post, &is_wrong_method);

  if (http_door_is_too_large (message))
    return &too_large;
  if (route != NULL)
    return route;
  return is_wrong_method ? &wrong_method : &missing;
}

static gboolean
is_read (SoupServerMessage *message)
{
  const char *method = soup_server_message_get_method (message);

  return strcmp (method, "GET") == 0 || strcmp (method, "HEAD") == 0;
}

static void
answer_plain (SoupServerMessage *message, guint status, const char *text)
{
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));

  http_door_answer (message, status, "text/plain; charset=utf-8", bytes);
}

static void
did_receive (SoupServer *soup, SoupServerMessage *message, const char *path, GHashTable *query,
             gpointer data)
{
  WebServer *server = data;
  const gboolean is_post = strcmp (soup_server_message_get_method (message), "POST") == 0;

  if (!is_post && !is_read (message)) {
    answer_plain (message, SOUP_STATUS_METHOD_NOT_ALLOWED, "GET, HEAD, POST\n");
    return;
  }
  Request *self = g_new0 (Request, 1);
  self->server = server;
  self->message = g_object_ref (message);
  self->call = web_call_new (&server->service, server->service.configuration, server->sessions);
  self->call->is_trusted = server->is_trusted;
  web_call_read (self->call, message, path, query);
  self->route = choose_route (message, path, is_post);
  const WebRoute *obstacle = find_obstacle (self);

  server->waiting++;
  soup_server_message_pause (message);
  if (obstacle != NULL)
    self->route = obstacle;
  if (self->route->needs & WEB_VERIFIES)
    verify (self);
  else
    start_request (self);
}

/* The same address by https. Not for ever: browsers would keep it, and Outlook asks for 302. What
 * libsoup hands on is decoded, so line ends may stand in it. */
static void
lead_to_https (WebServer *self, SoupServerMessage *message)
{
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (message);
  g_autofree char *asked = host_parse (soup_message_headers_get_one (headers, "Host"));
  const Configuration *configuration = self->service.configuration;
  GUri *uri = soup_server_message_get_uri (message);
  const char *query = g_uri_get_query (uri);
  g_autofree char *encoded = g_uri_escape_string (g_uri_get_path (uri), PATH_CHARACTERS, FALSE);
  g_autofree char *path = g_strconcat (encoded, query != NULL ? "?" : NULL, query, NULL);
  g_autofree char *location
      = offer_url (configuration, *asked != '\0' ? asked : configuration->hostname, path);

  soup_message_headers_replace (soup_server_message_get_response_headers (message), "Location",
                                location);
  answer_plain (message, SOUP_STATUS_FOUND, "");
}

static void
answer_challenge (SoupServerMessage *message, const char *token)
{
  g_autofree char *answer = acme_challenges_http (token);
  g_autoptr (GBytes) bytes = answer != NULL ? g_bytes_new (answer, strlen (answer)) : NULL;

  if (bytes != NULL)
    http_door_answer (message, SOUP_STATUS_OK, "application/octet-stream", bytes);
  else
    answer_plain (message, SOUP_STATUS_NOT_FOUND, "There is no such challenge.\n");
}

/* Port 80: for certificate authorities (RFC 8555 §8.3), and a way to the other. */
static void
did_receive_plain (SoupServer *soup, SoupServerMessage *message, const char *path,
                   GHashTable *query, gpointer data)
{
  WebServer *self = data;
  const char *const *https = (const char *const *)self->service.configuration->listen[LISTEN_HTTPS];

  if (!is_read (message))
    answer_plain (message, SOUP_STATUS_METHOD_NOT_ALLOWED, "GET, HEAD\n");
  else if (g_str_has_prefix (path, ACME_CHALLENGES_PATH))
    answer_challenge (message, path + strlen (ACME_CHALLENGES_PATH));
  else if (*https != NULL && *path == '/')
    lead_to_https (self, message);
  else
    answer_plain (message, SOUP_STATUS_NOT_FOUND, "There is nothing here.\n");
}

/* Who guesses passwords. Certificate authorities come to port 80, where nobody signs on. */
static gboolean
is_banned (GInetAddress *peer, gpointer data)
{
  WebServer *self = data;

  if (!guard_refuses (authenticator_guard (self->service.authenticator), peer))
    return FALSE;
  metric_add (METRIC_BANNED_REFUSED, 1);
  return TRUE;
}

static SSL *
secure (gpointer data)
{
  return tls_contexts_accept (((WebServer *)data)->service.tls);
}

WebServer *
web_server_new (const WebService *service)
{
  WebServer *self = g_new0 (WebServer, 1);
  HttpDoorOptions options = { .name = "http",
                              .connections_most = CONNECTIONS_MOST,
                              .connections_per_address = CONNECTIONS_PER_ADDRESS,
                              .body_most = 0,
                              .idle_seconds = IDLE_SECONDS,
                              .lifetime_seconds = LIFETIME_SECONDS,
                              .received = did_receive_plain,
                              .data = self };

  self->service = *service;
  self->sessions = web_sessions_new ();
  self->workers = g_thread_pool_new (run_request, self, WORKERS, FALSE, NULL);
  self->http = http_door_new (&options);
  options.name = "https";
  options.body_most = BODY_MOST;
  options.secure = secure;
  options.refuses = is_banned;
  options.received = did_receive;
  self->https = http_door_new (&options);
  return self;
}

void
web_server_free (WebServer *self)
{
  if (self == NULL)
    return;
  http_door_close (self->http);
  http_door_close (self->https);
  while (self->waiting > 0) /* each one is bounded by the store's own work */
    g_main_context_iteration (NULL, TRUE);
  http_door_free (self->http);
  http_door_free (self->https);
  g_thread_pool_free (self->workers, FALSE, TRUE);
  web_sessions_free (self->sessions);
  g_free (self);
}

gboolean
web_server_update (WebServer *self, const Configuration *configuration, GError **error)
{
  gboolean plain, secured;

  self->service.configuration = configuration;
  plain = http_door_update (self->http, configuration->listen[LISTEN_HTTP], error);
  secured
      = http_door_update (self->https, configuration->listen[LISTEN_HTTPS], plain ? error : NULL);
  return plain && secured;
}

void
web_server_did_load_certificates (WebServer *self)
{
  g_autoptr (SSL) ssl = tls_contexts_accept (self->service.tls);

  self->is_trusted = ssl != NULL && web_trust_look (ssl, self->service.configuration->hostname);
}

void
web_server_end_user (WebServer *self, const char *user)
{
  web_sessions_end_user (self->sessions, user, NULL);
}

guint16
web_server_http_port (WebServer *self)
{
  return http_door_port (self->http);
}

guint16
web_server_https_port (WebServer *self)
{
  return http_door_port (self->https);
}

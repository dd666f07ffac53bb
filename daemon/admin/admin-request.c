/* From the request's head to its answer. */
#include "admin/admin-request.h"
#include "admin/admin-answer.h"
#include "admin/change.h"
#include "log.h"
#include "platform/service.h"
#include <openssl/crypto.h>
#include <string.h>

/* One request on its way through a worker. */
typedef struct {
  AdminDesk *desk;
  SoupServerMessage *message;
  const Resource *resource;
  char *path; /* holds the argument */
  Caller *caller;
  AdminCall call;
  GBytes *bytes; /* the answer */
  guint status;
  GError *error;
} Request;

static void
request_free (Request *self)
{
  g_object_unref (self->message);
  g_free (self->path);
  caller_free (self->caller);
  g_clear_pointer (&self->call.query, g_hash_table_unref);
  json_decref (self->call.body);
  json_decref (self->call.answer);
  if (self->call.raw)
    g_string_free (self->call.raw, TRUE);
  g_free (self->call.text);
  g_free (self->call.etag);
  g_free (self->call.ended_user);
  g_free (self->call.ended_session);
  listening_free (self->call.listening);
  g_clear_pointer (&self->bytes, g_bytes_unref);
  g_clear_error (&self->error);
  self->desk->waiting--;
  g_free (self);
}

/* The answer has gone, or nobody was there to take it. */
static void
did_say_stop (SoupServerMessage *message, gpointer data)
{
  service_ask_stop ();
}

static void
log_change (const Request *self)
{
  log_event (LOG_NOTICE, "Administration", "user", self->caller->user, "address",
             self->caller->peer, "method", self->resource->method, "path", self->path, "error",
             self->error != NULL ? self->error->message : NULL, NULL);
}

/* What a change has on its heels. */
static void
follow_up (Request *self)
{
  const AdminService *service = self->desk->service;
  const AdminCall *call = &self->call;

  if (call->ended_user && service->end_sessions)
    service->end_sessions (call->ended_user, service->data);
  if (call->ended_session && service->end_session)
    service->end_session (call->ended_session, service->data);
  if (call->stop)
    g_signal_connect (self->message, "finished", G_CALLBACK (did_say_stop), NULL);
  if (self->resource->event)
    event_hub_tell_change (self->desk->events, self->resource->event, call->argument,
                           self->caller->user);
}

/* Hands the connection over: libsoup answers no more on it. */
static void
listen_to_events (Request *self)
{
  const char *refusal = event_hub_refuses (self->desk->events, self->caller);

  if (refusal != NULL) {
    admin_answer_error (self->message, SOUP_STATUS_SERVICE_UNAVAILABLE, refusal);
    soup_server_message_unpause (self->message);
    return;
  }
  http_door_hold (self->desk->door, self->message);
  GIOStream *stream = soup_server_message_steal_connection (self->message);
  if (stream != NULL)
    event_hub_add (self->desk->events, stream, g_steal_pointer (&self->call.listening));
}

/* Back in the main thread. */
static gboolean
did_run (gpointer data)
{
  Request *self = data;
  const AdminService *service = self->desk->service;

  language_speak (self->call.speech);
  if (self->error == NULL && self->call.reload && !service->reload (service->data, &self->error))
    admin_answer_failure (&self->call, self->error, &self->status, &self->bytes);
  if (self->error == NULL)
    follow_up (self);
  if (resource_changes (self->resource))
    log_change (self);
  if (self->error == NULL && self->call.listening)
    listen_to_events (self);
  else {
    admin_answer_bytes (self->message, self->status,
                        self->call.text ? ADMIN_ANSWER_TEXT : ADMIN_ANSWER_JSON, self->bytes,
                        self->call.etag);
    soup_server_message_unpause (self->message);
  }
  language_speak (SPEAK_LOCALE);
  request_free (self);
  return G_SOURCE_REMOVE;
}

static gboolean
read_rules (StoreSnapshot *snapshot, gpointer data, GError **error)
{
  Request *self = data;
  Database *database = store_snapshot_database (snapshot);

  return caller_read_role (self->caller, database, error)
      && resource_admits (&self->call, database, error);
}

/* The ETag is older than the answer, never newer: a change in between is refused once too often,
 * and not overlooked. */
static gboolean
run_resource (AdminCall *call, GError **error)
{
  const Resource *resource = call->resource;

  if (resource->flags & RESOURCE_APART)
    return admin_call_run_apart (call, error);
  if (!resource_changes (resource) && resource->state) {
    json_t *state = admin_call_read_state (call);
    call->etag = admin_etag (state);
    json_decref (state);
  }
  return resource->run (call, error);
}

void
admin_request_run (gpointer data, gpointer desk)
{
  Request *self = data;
  AdminCall *call = &self->call;

  language_speak (call->speech);
  if ((!store_read_sync (call->service->store, read_rules, self, &self->error)
       || !run_resource (call, &self->error))
      && self->error == NULL)
    g_set_error_literal (&self->error, G_IO_ERROR, G_IO_ERROR_FAILED, _ ("It failed."));
  if (self->error != NULL)
    admin_answer_failure (call, self->error, &self->status, &self->bytes);
  else
    admin_answer_success (call, &self->status, &self->bytes);
  g_clear_pointer (&call->answer,
                   json_decref); /* a large one takes its time: not in the main thread */
  language_speak (SPEAK_LOCALE);
  g_idle_add_full (G_PRIORITY_DEFAULT, did_run, self, NULL);
}

/* Asks for a password with Basic so that curl and browsers can answer. */
static void
refuse_caller (Request *self, guint status, const char *sentence)
{
  if (status == SOUP_STATUS_UNAUTHORIZED)
    soup_message_headers_replace (soup_server_message_get_response_headers (self->message),
                                  "WWW-Authenticate",
                                  "Basic realm=\"Hauspost\", charset=\"UTF-8\"");
  admin_answer_error (self->message, status, sentence);
  soup_server_message_unpause (self->message);
  request_free (self);
}

static void
start_request (Request *self, Caller *caller)
{
  self->caller = caller;
  self->call.caller = caller;
  g_thread_pool_push (self->desk->workers, self, NULL);
}

static const char *
peer_of (const Request *self)
{
  return soup_server_message_get_remote_host (self->message);
}

/* Mail programs are told in English; here somebody reads. */
static void
refuse_sign_on (Request *self, const GError *error)
{
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_BUSY))
    refuse_caller (self, SOUP_STATUS_SERVICE_UNAVAILABLE,
                   _ ("Too many sign-ons at once: try again later."));
  else
    refuse_caller (self, SOUP_STATUS_UNAUTHORIZED,
                   g_error_matches (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED)
                       ? _ ("The user name or the password is wrong.")
                       : error->message);
}

static void
did_authenticate (GObject *source, GAsyncResult *result, gpointer data)
{
  Request *self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (Account) account = authenticate_finish (result, &error);
  const Speech before = language_speak (self->call.speech);

  if (account == NULL)
    refuse_sign_on (self, error);
  else if (account->admin_role == ADMIN_NOTHING)
    refuse_caller (self, SOUP_STATUS_FORBIDDEN, _ ("This account is not an administrator's."));
  else
    start_request (self, caller_new_user (account->address, peer_of (self)));
  language_speak (before);
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
  const AdminDesk *desk = self->desk;

  if (authorization != NULL && g_ascii_strncasecmp (authorization, "Bearer ", 7) == 0
      && access_token_matches (desk->access, authorization + 7))
    start_request (self, caller_new_token (peer_of (self)));
  else if (authorization != NULL && g_ascii_strncasecmp (authorization, "Basic ", 6) == 0
           && parse_basic (authorization + 6, &user, &password)) {
    authenticate_async (desk->service->authenticator, user, password, "admin", NULL, peer_of (self),
                        did_authenticate, self);
    OPENSSL_cleanse (password, strlen (password));
  } else
    refuse_caller (self, SOUP_STATUS_UNAUTHORIZED,
                   _ ("Show the token of this server or an administrator's password."));
}

static json_t *
parse_body (SoupServerMessage *message)
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
  return NULL;
}

static const char *
header (SoupServerMessage *message, const char *name)
{
  return soup_message_headers_get_one (soup_server_message_get_request_headers (message), name);
}

static Request *
request_new (AdminDesk *desk, SoupServerMessage *message, const Resource *resource,
             const char *path, GHashTable *query)
{
  Request *self = g_new0 (Request, 1);
  gboolean method_wrong;

  *self = (Request) {
    .desk = desk, .message = g_object_ref (message), .resource = resource, .path = g_strdup (path)
  };
  self->call = (AdminCall) { .service = desk->service,
                             .configuration = desk->service->configuration,
                             .jobs = desk->jobs,
                             .graphs = desk->graphs,
                             .events = desk->events,
                             .started = desk->started,
                             .resource = resource,
                             .speech = language_spoken (),
                             .path = self->path,
                             .query = query ? g_hash_table_ref (query) : NULL,
                             .if_match = header (message, "If-Match"),
                             .if_none_match = header (message, "If-None-Match"),
                             .answer = json_object () };
  resource_find (resource->method, self->path, &self->call.argument, &method_wrong);
  desk->waiting++;
  return self;
}

static void
begin (AdminDesk *desk, SoupServerMessage *message, const char *path, GHashTable *query)
{
  const char *argument;
  gboolean method_wrong;
  const Resource *resource
      = resource_find (soup_server_message_get_method (message), path, &argument, &method_wrong);
  json_t *body;

  if (http_door_is_too_large (message))
    admin_answer_error (message, SOUP_STATUS_REQUEST_ENTITY_TOO_LARGE,
                        _ ("The request is too large."));
  else if (resource == NULL)
    admin_answer_error (message,
                        method_wrong ? SOUP_STATUS_METHOD_NOT_ALLOWED : SOUP_STATUS_NOT_FOUND,
                        method_wrong ? _ ("The resource does not have this method.")
                                     : _ ("There is no such resource."));
  else if (resource_changes (resource) && !http_door_is_same_origin (message))
    admin_answer_error (message, SOUP_STATUS_FORBIDDEN,
                        _ ("This request was made by a page of another server."));
  else if ((body = parse_body (message)) == NULL)
    admin_answer_error (message, SOUP_STATUS_BAD_REQUEST,
                        _ ("The request's body is not a JSON object."));
  else {
    Request *self = request_new (desk, message, resource, path, query);
    self->call.body = body;
    soup_server_message_pause (message);
    admit (self, header (message, "Authorization"));
  }
}

void
admin_request_begin (AdminDesk *desk, SoupServerMessage *message, const char *path,
                     GHashTable *query)
{
  language_speak (language_choose (header (message, "Accept-Language")));
  begin (desk, message, path, query);
  language_speak (SPEAK_LOCALE);
}

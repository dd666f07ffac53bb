/* libcurl on OpenSSL, with one certificate pinned by its fingerprint. */
#include "admin/client.h"
#include "admin/access.h"
#include "admin/event-stream.h"
#include <curl/curl.h>
#include <glib/gi18n.h>
#include <openssl/crypto.h>
#include <openssl/ssl.h>
#include <string.h>

#define ANSWER_MOST (64 * 1024 * 1024)
#define CONNECT_SECONDS 10L
#define CALL_SECONDS 600L
#define SILENCE_SECONDS 40L

struct _AdminClient {
  CURL *curl;
  char *address; /* HOST:PORT */
  char *fingerprint; /* NULL: the system's authorities decide */
  char *authorization; /* a header's line for the token, or NULL */
  char *language; /* a header's line, or NULL */
  long patience; /* seconds until an answer must be here */
  gboolean mismatch; /* the last handshake showed another certificate */
  char message[CURL_ERROR_SIZE];
};

void
admin_client_free (AdminClient *self)
{
  if (self == NULL)
    return;
  curl_easy_cleanup (self->curl);
  if (self->authorization != NULL)
    OPENSSL_cleanse (self->authorization, strlen (self->authorization));
  g_free (self->authorization);
  g_free (self->language);
  g_free (self->address);
  g_free (self->fingerprint);
  g_free (self);
}

/* Instead of OpenSSL's own verification of a chain: it must be this very certificate. It runs in
 * the handshake, so before a token or a password is sent. */
static int
verify_fingerprint (X509_STORE_CTX *context, void *data)
{
  AdminClient *self = data;
  X509 *certificate = X509_STORE_CTX_get0_cert (context);
  guint8 digest[32];
  GString *hex = g_string_new (NULL);

  if (certificate != NULL && X509_digest (certificate, EVP_sha256 (), digest, NULL) == 1)
    for (guint i = 0; i < sizeof digest; i++)
      g_string_append_printf (hex, "%02x", digest[i]);
  gboolean same = g_ascii_strcasecmp (hex->str, self->fingerprint) == 0;
  g_string_free (hex, TRUE);
  self->mismatch = !same;
  X509_STORE_CTX_set_error (context, same ? X509_V_OK : X509_V_ERR_CERT_UNTRUSTED);
  return same;
}

static CURLcode
prepare_tls (CURL *curl, void *context, void *data)
{
  SSL_CTX_set_cert_verify_callback (context, verify_fingerprint, data);
  return CURLE_OK;
}

static AdminClient *
client_new (const char *address, const char *fingerprint, GError **error)
{
  static gsize ready;

  if (g_once_init_enter (&ready)) {
    curl_global_init (CURL_GLOBAL_DEFAULT);
    g_once_init_leave (&ready, 1);
  }
  AdminClient *self = g_new0 (AdminClient, 1);

  self->patience = CALL_SECONDS;
  self->curl = curl_easy_init ();
  self->address = g_strdup (address);
  self->fingerprint = g_strdup (fingerprint);
  if (self->curl != NULL)
    return self;
  admin_client_free (self);
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED, _ ("libcurl cannot be used."));
  return NULL;
}

/* Where a client on this machine reaches what listens on ADDRESS. */
static char *
reachable (const char *address)
{
  if (g_str_has_prefix (address, "0.0.0.0:"))
    return g_strconcat ("127.0.0.1", strchr (address, ':'), NULL);
  if (g_str_has_prefix (address, "[::]:"))
    return g_strconcat ("[::1]", strchr (address, ']') + 1, NULL);
  return g_strdup (address);
}

AdminClient *
admin_client_new_local (const Configuration *configuration, GError **error)
{
  const char *address = configuration->listen[LISTEN_ADMIN][0];
  g_autoptr (GError) cause = NULL;

  if (address == NULL) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED,
                 _ ("The admin API is switched off in %s."), configuration->path);
    return NULL;
  }
  g_autoptr (Access) access = access_load (configuration->data, &cause);
  if (access == NULL) {
    g_set_error (error, G_IO_ERROR, cause->code,
                 _ ("The token of the admin API cannot be read (are you the administrator?): %s"),
                 cause->message);
    return NULL;
  }
  g_autofree char *target = reachable (address);
  AdminClient *self = client_new (target, access->fingerprint, error);
  if (self != NULL)
    self->authorization = g_strconcat ("Authorization: Bearer ", access->token, NULL);
  return self;
}

AdminClient *
admin_client_new_remote (const char *address, const char *fingerprint, const char *user,
                         const char *password, GError **error)
{
  AdminClient *self = client_new (address, fingerprint, error);

  if (self == NULL)
    return NULL;
  curl_easy_setopt (self->curl, CURLOPT_HTTPAUTH, CURLAUTH_BASIC);
  curl_easy_setopt (self->curl, CURLOPT_USERNAME, user);
  curl_easy_setopt (self->curl, CURLOPT_PASSWORD, password);
  return self;
}

const char *
admin_client_address (const AdminClient *self)
{
  return self->address;
}

void
admin_client_set_patience (AdminClient *self, guint seconds)
{
  self->patience = seconds > 0 ? (long)seconds : CALL_SECONDS;
}

void
admin_client_set_language (AdminClient *self, const char *language)
{
  g_free (self->language);
  self->language = language ? g_strconcat ("Accept-Language: ", language, NULL) : NULL;
}

void
admin_reply_clear (AdminReply *self)
{
  g_clear_pointer (&self->object, json_decref);
  g_clear_pointer (&self->etag, g_free);
  self->status = 0;
}

char *
admin_path (const char *folder, const char *name)
{
  g_autofree char *escaped = g_uri_escape_string (name, "@", FALSE);

  return g_strconcat (folder, escaped, NULL);
}

static size_t
did_receive (char *bytes, size_t size, size_t count, void *data)
{
  GString *answer = data;

  if (answer->len + size * count > ANSWER_MOST)
    return 0; /* libcurl ends the transfer */
  g_string_append_len (answer, bytes, (gssize)(size * count));
  return size * count;
}

/* The ETag of the answer; what a refused or redirected answer had before it is replaced. */
static size_t
did_receive_header (char *bytes, size_t size, size_t count, void *data)
{
  char **etag = data;
  g_autofree char *line = g_strndup (bytes, size * count);

  if (g_ascii_strncasecmp (line, "etag:", 5) == 0) {
    g_free (*etag);
    *etag = g_strdup (g_strstrip (line + 5));
  }
  return size * count;
}

static GIOErrorEnum
transfer_code (CURLcode code)
{
  static const struct {
    CURLcode curl;
    GIOErrorEnum code;
  } table[] = {
    { CURLE_COULDNT_RESOLVE_HOST, G_IO_ERROR_HOST_NOT_FOUND },
    { CURLE_OPERATION_TIMEDOUT, G_IO_ERROR_TIMED_OUT },
    { CURLE_GOT_NOTHING, G_IO_ERROR_CONNECTION_CLOSED },
    { CURLE_RECV_ERROR, G_IO_ERROR_CONNECTION_CLOSED },
    { CURLE_SEND_ERROR, G_IO_ERROR_CONNECTION_CLOSED },
    { CURLE_PARTIAL_FILE, G_IO_ERROR_CONNECTION_CLOSED },
  };

  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    if (table[i].curl == code)
      return table[i].code;
  return G_IO_ERROR_FAILED;
}

static void
set_transfer_error (AdminClient *self, CURLcode code, GError **error)
{
  if (self->mismatch)
    g_set_error (
        error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED,
        _ ("Another program answers at %s: its certificate is not the one of this server's "
           "admin API. Nothing was sent to it."),
        self->address);
  else if (code == CURLE_COULDNT_CONNECT)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED,
                 _ ("The daemon does not answer at %s. Is it running?"), self->address);
  else if (code == CURLE_OPERATION_TIMEDOUT)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT,
                 _ ("Nothing has come from the daemon at %s in time."), self->address);
  else
    g_set_error (error, G_IO_ERROR, transfer_code (code), _ ("The admin API at %s: %s"),
                 self->address, *self->message ? self->message : curl_easy_strerror (code));
}

/* Options that are the same for every call. libcurl never reads .netrc or a proxy's variable here:
 * the token is for the daemon alone. */
static void
prepare (AdminClient *self, const char *method, const char *path, GString *answer)
{
  g_autofree char *url = g_strconcat ("https://", self->address, path, NULL);
  CURL *curl = self->curl;

  curl_easy_setopt (curl, CURLOPT_URL, url);
  curl_easy_setopt (curl, CURLOPT_CUSTOMREQUEST, method);
  curl_easy_setopt (curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt (curl, CURLOPT_NOPROXY, "*");
  curl_easy_setopt (curl, CURLOPT_CONNECTTIMEOUT, CONNECT_SECONDS);
  curl_easy_setopt (curl, CURLOPT_TIMEOUT, self->patience);
  curl_easy_setopt (curl, CURLOPT_ERRORBUFFER, self->message);
  curl_easy_setopt (curl, CURLOPT_WRITEFUNCTION, did_receive);
  curl_easy_setopt (curl, CURLOPT_WRITEDATA, answer);
  if (self->fingerprint != NULL) {
    curl_easy_setopt (curl, CURLOPT_SSL_VERIFYHOST, 0L); /* it is pinned: names say nothing more */
    curl_easy_setopt (curl, CURLOPT_CAINFO,
                      NULL); /* nor is any authority asked: to read them all takes time */
    curl_easy_setopt (curl, CURLOPT_CAPATH, NULL);
    curl_easy_setopt (curl, CURLOPT_SSL_CTX_FUNCTION, prepare_tls);
    curl_easy_setopt (curl, CURLOPT_SSL_CTX_DATA, self);
  }
}

static struct curl_slist *
make_headers (AdminClient *self, const AdminRequest *request)
{
  struct curl_slist *headers = curl_slist_append (NULL, "Content-Type: application/json");
  g_autofree char *match
      = request->if_match ? g_strconcat ("If-Match: ", request->if_match, NULL) : NULL;
  g_autofree char *none = request->if_none_match
      ? g_strconcat ("If-None-Match: ", request->if_none_match, NULL)
      : NULL;
  const char *lines[] = { self->authorization, self->language, match, none };

  for (guint i = 0; i < G_N_ELEMENTS (lines); i++)
    if (lines[i] != NULL)
      headers = curl_slist_append (headers, lines[i]);
  return curl_slist_append (headers, "Expect:"); /* no round trip before a small body */
}

/* The status, or 0 and ERROR. */
static guint
perform (AdminClient *self, const AdminRequest *request, GError **error)
{
  struct curl_slist *headers = make_headers (self, request);
  long status = 0;

  curl_easy_setopt (self->curl, CURLOPT_HTTPHEADER, headers);
  self->mismatch = FALSE;
  *self->message = '\0';
  CURLcode code = curl_easy_perform (self->curl);
  curl_easy_setopt (self->curl, CURLOPT_HTTPHEADER, NULL);
  curl_easy_setopt (self->curl, CURLOPT_HEADERFUNCTION, NULL);
  curl_easy_setopt (self->curl, CURLOPT_HEADERDATA, NULL);
  curl_slist_free_all (headers);
  if (code != CURLE_OK) {
    set_transfer_error (self, code, error);
    return 0;
  }
  curl_easy_getinfo (self->curl, CURLINFO_RESPONSE_CODE, &status);
  return (guint)status;
}

static guint
transfer (AdminClient *self, const AdminRequest *request, const char *body, GString *answer,
          char **etag, GError **error)
{
  prepare (self, request->method, request->path, answer);
  curl_easy_setopt (self->curl, CURLOPT_HEADERFUNCTION, did_receive_header);
  curl_easy_setopt (self->curl, CURLOPT_HEADERDATA, etag);
  curl_easy_setopt (self->curl, CURLOPT_HTTPGET, 1L);
  if (body != NULL)
    curl_easy_setopt (self->curl, CURLOPT_POSTFIELDS, body);
  curl_easy_setopt (self->curl, CURLOPT_CUSTOMREQUEST, request->method);
  return perform (self, request, error);
}

static void
set_answer_error (AdminClient *self, guint status, json_t *object, GError **error)
{
  static const struct {
    guint status;
    GIOErrorEnum code;
  } table[] = {
    { 400, G_IO_ERROR_INVALID_ARGUMENT },  { 401, G_IO_ERROR_PERMISSION_DENIED },
    { 403, G_IO_ERROR_PERMISSION_DENIED }, { 404, G_IO_ERROR_NOT_FOUND },
    { 405, G_IO_ERROR_NOT_SUPPORTED },     { 409, G_IO_ERROR_EXISTS },
    { 412, G_IO_ERROR_WRONG_ETAG },        { 503, G_IO_ERROR_BUSY },
  };
  const char *sentence = json_string_value (json_object_get (object, "error"));
  GIOErrorEnum code = G_IO_ERROR_FAILED;

  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    if (table[i].status == status)
      code = table[i].code;
  if (sentence != NULL)
    g_set_error_literal (error, G_IO_ERROR, code, sentence);
  else
    g_set_error (error, G_IO_ERROR, code, _ ("The admin API at %s answered with status %u."),
                 self->address, status);
}

gboolean
admin_client_exchange (AdminClient *self, const AdminRequest *request, AdminReply *reply,
                       GError **error)
{
  g_autoptr (GString) answer = g_string_new (NULL);
  char *body = request->body != NULL ? json_dumps (request->body, JSON_COMPACT) : NULL;

  *reply = (AdminReply) { 0 };
  reply->status = transfer (self, request, body, answer, &reply->etag, error);
  if (body != NULL)
    OPENSSL_cleanse (body, strlen (body)); /* a password may be in it */
  free (body);
  if (reply->status == 0)
    return FALSE;
  reply->object = json_loadb (answer->str, answer->len, 0, NULL);
  if (reply->status == 200 && json_is_object (reply->object))
    return TRUE;
  if (reply->status == 200)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED,
                 _ ("The admin API at %s gave an answer that is not JSON."), self->address);
  else
    set_answer_error (self, reply->status, reply->object, error);
  return FALSE;
}

json_t *
admin_client_call (AdminClient *self, const char *method, const char *path, const json_t *body,
                   GError **error)
{
  const AdminRequest request = { .method = method, .path = path, .body = body };
  g_auto (AdminReply) reply = { 0 };

  return admin_client_exchange (self, &request, &reply, error) ? g_steal_pointer (&reply.object)
                                                               : NULL;
}

char *
admin_client_text (AdminClient *self, const char *path, GError **error)
{
  const AdminRequest request = { .method = "GET", .path = path };
  g_autoptr (GString) answer = g_string_new (NULL);
  g_autofree char *etag = NULL;
  guint status = transfer (self, &request, NULL, answer, &etag, error);

  if (status == 200)
    return g_strdup (answer->str);
  if (status != 0) {
    json_t *object = json_loadb (answer->str, answer->len, 0, NULL);
    set_answer_error (self, status, object, error);
    json_decref (object);
  }
  return NULL;
}

typedef struct {
  AdminClient *client;
  GCancellable *cancellable;
  EventStream *stream;
  GString *refusal; /* what comes with another status than 200 */
} Listening;

static size_t
did_hear (char *bytes, size_t size, size_t count, void *data)
{
  Listening *self = data;
  long status = 0;

  curl_easy_getinfo (self->client->curl, CURLINFO_RESPONSE_CODE, &status);
  if (status == 200)
    return event_stream_feed (self->stream, bytes, size * count) ? size * count : 0;
  return did_receive (bytes, size, count, self->refusal);
}

/* libcurl asks about once a second. */
static int
is_over (void *data, curl_off_t download_total, curl_off_t download, curl_off_t upload_total,
         curl_off_t upload)
{
  Listening *self = data;

  return g_cancellable_is_cancelled (self->cancellable);
}

gboolean
admin_client_listen (AdminClient *self, const char *path, GCancellable *cancellable,
                     AdminEventFunc func, gpointer user_data, GError **error)
{
  g_autoptr (EventStream) stream = event_stream_new (func, user_data);
  g_autoptr (GString) refusal = g_string_new (NULL);
  Listening listening = { self, cancellable, stream, refusal };
  const AdminRequest request = { .method = "GET", .path = path };

  prepare (self, "GET", path, refusal);
  curl_easy_setopt (self->curl, CURLOPT_HTTPGET, 1L);
  curl_easy_setopt (self->curl, CURLOPT_WRITEFUNCTION, did_hear);
  curl_easy_setopt (self->curl, CURLOPT_WRITEDATA, &listening);
  curl_easy_setopt (self->curl, CURLOPT_XFERINFOFUNCTION, is_over);
  curl_easy_setopt (self->curl, CURLOPT_XFERINFODATA, &listening);
  curl_easy_setopt (self->curl, CURLOPT_NOPROGRESS, 0L);
  curl_easy_setopt (self->curl, CURLOPT_TIMEOUT, 0L);
  /* The server's comments come every 15 s: without them it, or the network, is gone. */
  curl_easy_setopt (self->curl, CURLOPT_LOW_SPEED_LIMIT, 1L);
  curl_easy_setopt (self->curl, CURLOPT_LOW_SPEED_TIME, SILENCE_SECONDS);
  const guint status = perform (self, &request, error);
  curl_easy_setopt (self->curl, CURLOPT_NOPROGRESS, 1L);
  curl_easy_setopt (self->curl, CURLOPT_LOW_SPEED_LIMIT, 0L);
  if (status != 0 && status != 200) {
    json_t *object = json_loadb (refusal->str, refusal->len, 0, NULL);
    set_answer_error (self, status, object, error);
    json_decref (object);
  }
  return status == 200;
}

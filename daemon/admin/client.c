/* libcurl on OpenSSL, with one certificate pinned by its fingerprint. */
#include "admin/client.h"
#include "admin/access.h"
#include <curl/curl.h>
#include <glib/gi18n.h>
#include <openssl/crypto.h>
#include <openssl/ssl.h>
#include <string.h>

#define ANSWER_MOST (64 * 1024 * 1024)
#define CONNECT_SECONDS 10L
#define CALL_SECONDS 600L

struct _AdminClient {
  CURL *curl;
  char *address; /* HOST:PORT */
  char *fingerprint; /* NULL: the system's authorities decide */
  char *authorization; /* a header's line for the token, or NULL */
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
  else
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, _ ("The admin API at %s: %s"), self->address,
                 *self->message ? self->message : curl_easy_strerror (code));
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
  curl_easy_setopt (curl, CURLOPT_TIMEOUT, CALL_SECONDS);
  curl_easy_setopt (curl, CURLOPT_ERRORBUFFER, self->message);
  curl_easy_setopt (curl, CURLOPT_WRITEFUNCTION, did_receive);
  curl_easy_setopt (curl, CURLOPT_WRITEDATA, answer);
  if (self->fingerprint != NULL) {
    curl_easy_setopt (curl, CURLOPT_SSL_VERIFYHOST, 0L); /* it is pinned: names say nothing more */
    curl_easy_setopt (curl, CURLOPT_SSL_CTX_FUNCTION, prepare_tls);
    curl_easy_setopt (curl, CURLOPT_SSL_CTX_DATA, self);
  }
}

static guint
transfer (AdminClient *self, const char *method, const char *path, const char *body,
          GString *answer, GError **error)
{
  struct curl_slist *headers = curl_slist_append (NULL, "Content-Type: application/json");
  long status = 0;

  prepare (self, method, path, answer);
  if (self->authorization != NULL)
    headers = curl_slist_append (headers, self->authorization);
  headers = curl_slist_append (headers, "Expect:"); /* no round trip before a small body */
  curl_easy_setopt (self->curl, CURLOPT_HTTPHEADER, headers);
  curl_easy_setopt (self->curl, CURLOPT_HTTPGET, 1L);
  if (body != NULL)
    curl_easy_setopt (self->curl, CURLOPT_POSTFIELDS, body);
  curl_easy_setopt (self->curl, CURLOPT_CUSTOMREQUEST, method);

  self->mismatch = FALSE;
  *self->message = '\0';
  CURLcode code = curl_easy_perform (self->curl);
  curl_easy_setopt (self->curl, CURLOPT_HTTPHEADER, NULL);
  curl_slist_free_all (headers);
  if (code != CURLE_OK) {
    set_transfer_error (self, code, error);
    return 0;
  }
  curl_easy_getinfo (self->curl, CURLINFO_RESPONSE_CODE, &status);
  return (guint)status;
}

static void
set_answer_error (AdminClient *self, guint status, const GString *answer, GError **error)
{
  static const struct {
    guint status;
    GIOErrorEnum code;
  } table[] = {
    { 400, G_IO_ERROR_INVALID_ARGUMENT },
    { 401, G_IO_ERROR_PERMISSION_DENIED },
    { 403, G_IO_ERROR_PERMISSION_DENIED },
    { 404, G_IO_ERROR_NOT_FOUND },
    { 409, G_IO_ERROR_EXISTS },
    { 503, G_IO_ERROR_BUSY },
  };
  json_t *object = json_loadb (answer->str, answer->len, 0, NULL);
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
  json_decref (object);
}

json_t *
admin_client_call (AdminClient *self, const char *method, const char *path, const json_t *body,
                   GError **error)
{
  GString *answer = g_string_new (NULL);
  char *text = body != NULL ? json_dumps (body, JSON_COMPACT) : NULL;
  guint status = transfer (self, method, path, text, answer, error);
  json_t *object = NULL;

  if (text != NULL)
    OPENSSL_cleanse (text, strlen (text)); /* a password may be in it */
  free (text);
  if (status == 200) {
    object = json_loadb (answer->str, answer->len, 0, NULL);
    if (!json_is_object (object)) {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED,
                   _ ("The admin API at %s gave an answer that is not JSON."), self->address);
      g_clear_pointer (&object, json_decref);
    }
  } else if (status != 0)
    set_answer_error (self, status, answer, error);
  g_string_free (answer, TRUE);
  return object;
}

char *
admin_client_text (AdminClient *self, const char *path, GError **error)
{
  GString *answer = g_string_new (NULL);
  guint status = transfer (self, "GET", path, NULL, answer, error);

  if (status == 200)
    return g_string_free (answer, FALSE);
  if (status != 0)
    set_answer_error (self, status, answer, error);
  g_string_free (answer, TRUE);
  return NULL;
}

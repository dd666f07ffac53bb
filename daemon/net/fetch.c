/* libcurl on OpenSSL, with the authorities that this system trusts. */
#include "net/fetch.h"
#include "config.h"
#include "platform/trust.h"
#include <curl/curl.h>
#include <openssl/ssl.h>
#include <string.h>

#define CONNECT_SECONDS 10L
#define FIELDS_MAX 100

typedef struct {
  const FetchRequest *request;
  FetchAnswer *answer;
  struct curl_slist *headers, *addresses;
  char message[CURL_ERROR_SIZE];
} Fetch;

void
fetch_answer_free (FetchAnswer *answer)
{
  if (answer == NULL)
    return;
  g_hash_table_unref (answer->fields);
  g_byte_array_unref (answer->body);
  g_free (answer);
}

const char *
fetch_answer_field (const FetchAnswer *answer, const char *name)
{
  return g_hash_table_lookup (answer->fields, name);
}

static size_t
did_receive (char *bytes, size_t size, size_t count, void *data)
{
  Fetch *self = data;

  if (size * count > self->request->most - self->answer->body->len)
    return 0; /* ends it */
  g_byte_array_append (self->answer->body, (const guint8 *)bytes, (guint)(size * count));
  return size * count;
}

/* Each line once; a status line has no colon and is left out. */
static size_t
did_receive_field (char *bytes, size_t size, size_t count, void *data)
{
  Fetch *self = data;
  GHashTable *fields = self->answer->fields;
  const char *colon = memchr (bytes, ':', size * count);

  if (colon == NULL || size * count > FETCH_LINE_MAX || memchr (bytes, '\0', size * count))
    return size * count;
  g_autofree char *name = g_ascii_strdown (bytes, colon - bytes);
  g_autofree char *value
      = g_strstrip (g_strndup (colon + 1, size * count - (gsize)(colon + 1 - bytes)));
  const char *before = g_hash_table_lookup (fields, name);
  if (before && strlen (before) + strlen (value) < FETCH_LINE_MAX)
    g_hash_table_insert (fields, g_strdup (name), g_strconcat (before, ", ", value, NULL));
  else if (!before && g_hash_table_size (fields) < FIELDS_MAX)
    g_hash_table_insert (fields, g_steal_pointer (&name), g_steal_pointer (&value));
  return size * count;
}

static int
did_progress (void *data, curl_off_t all, curl_off_t now, curl_off_t up_all, curl_off_t up_now)
{
  return g_cancellable_is_cancelled (data);
}

static CURLcode
trust_authorities (CURL *curl, void *context, void *data)
{
  const char *more = ((Fetch *)data)->request->authorities;
  X509_STORE *store = trust_load (NULL);

  if (store == NULL)
    return CURLE_SSL_CACERT_BADFILE;
  SSL_CTX_set_cert_store (context, store);
  if (more && *more && X509_STORE_load_file (store, more) != 1)
    return CURLE_SSL_CACERT_BADFILE;
  return CURLE_OK;
}

static void
add_header (Fetch *self, const char *name, const char *value)
{
  if (value) {
    g_autofree char *line = g_strdup_printf ("%s: %s", name, value);
    self->headers = curl_slist_append (self->headers, line);
  }
}

static void
prepare_body (CURL *curl, Fetch *self)
{
  const FetchRequest *request = self->request;

  add_header (self, "Accept", request->accept);
  add_header (self, "Accept-Language", request->language);
  add_header (self, "Content-Type", request->type);
  add_header (self, "Expect", request->body ? "" : NULL); /* no wait for 100 */
  if (request->body) {
    curl_easy_setopt (curl, CURLOPT_POSTFIELDSIZE, (long)strlen (request->body));
    curl_easy_setopt (curl, CURLOPT_POSTFIELDS, request->body);
  }
  if (g_strcmp0 (request->method, "HEAD") == 0)
    curl_easy_setopt (curl, CURLOPT_NOBODY, 1L);
  else if (request->method)
    curl_easy_setopt (curl, CURLOPT_CUSTOMREQUEST, request->method);
  curl_easy_setopt (curl, CURLOPT_HTTPHEADER, self->headers);
  curl_easy_setopt (curl, CURLOPT_USERAGENT, "Hauspost/" VERSION);
}

static void
prepare (CURL *curl, Fetch *self)
{
  const FetchRequest *request = self->request;

  if (request->resolve)
    self->addresses = curl_slist_append (NULL, request->resolve);
  prepare_body (curl, self);
  curl_easy_setopt (curl, CURLOPT_URL, request->url);
  curl_easy_setopt (curl, CURLOPT_RESOLVE, self->addresses);
  curl_easy_setopt (curl, CURLOPT_PROTOCOLS_STR, "https");
  curl_easy_setopt (curl, CURLOPT_NOPROXY, "*");
  curl_easy_setopt (curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt (curl, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
  curl_easy_setopt (curl, CURLOPT_SSL_CTX_FUNCTION, trust_authorities);
  curl_easy_setopt (curl, CURLOPT_SSL_CTX_DATA, self);
  curl_easy_setopt (curl, CURLOPT_CONNECTTIMEOUT, CONNECT_SECONDS);
  curl_easy_setopt (curl, CURLOPT_TIMEOUT, (long)request->seconds);
  curl_easy_setopt (curl, CURLOPT_ERRORBUFFER, self->message);
  curl_easy_setopt (curl, CURLOPT_WRITEFUNCTION, did_receive);
  curl_easy_setopt (curl, CURLOPT_WRITEDATA, self);
  curl_easy_setopt (curl, CURLOPT_HEADERFUNCTION, did_receive_field);
  curl_easy_setopt (curl, CURLOPT_HEADERDATA, self);
  curl_easy_setopt (curl, CURLOPT_NOPROGRESS, 0L);
  curl_easy_setopt (curl, CURLOPT_XFERINFOFUNCTION, did_progress);
  curl_easy_setopt (curl, CURLOPT_XFERINFODATA, request->cancellable);
}

static void
begin_curl (void)
{
  static gsize begun;

  if (g_once_init_enter (&begun)) {
    curl_global_init (CURL_GLOBAL_DEFAULT);
    g_once_init_leave (&begun, 1);
  }
}

static void
set_error (const Fetch *self, CURLcode code, GError **error)
{
  const char *message = *self->message ? self->message : curl_easy_strerror (code);

  if (g_cancellable_set_error_if_cancelled (self->request->cancellable, error))
    return;
  if (code == CURLE_WRITE_ERROR)
    message = "the answer is too long";
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "%s: %s", self->request->url, message);
}

FetchAnswer *
fetch (const FetchRequest *request, GError **error)
{
  g_autoptr (FetchAnswer) answer = g_new0 (FetchAnswer, 1);
  Fetch self = { .request = request, .answer = answer };
  long status = 0;

  begin_curl ();
  CURL *curl = curl_easy_init ();
  answer->fields = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  answer->body = g_byte_array_new ();
  prepare (curl, &self);
  const CURLcode code = curl_easy_perform (curl);
  curl_easy_getinfo (curl, CURLINFO_RESPONSE_CODE, &status);
  curl_easy_cleanup (curl);
  curl_slist_free_all (self.addresses);
  curl_slist_free_all (self.headers);
  answer->status = (guint)status;
  if (code == CURLE_OK)
    return g_steal_pointer (&answer);
  set_error (&self, code, error);
  return NULL;
}

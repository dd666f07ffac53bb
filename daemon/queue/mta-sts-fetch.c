/* One HTTPS request, bounded in time and size; redirects are not followed. */
#include "queue/mta-sts-fetch.h"
#include "queue/mta-sts.h"
#include "platform/trust.h"
#include <curl/curl.h>
#include <openssl/ssl.h>
#include <string.h>

#define CONNECT_SECONDS 10L
#define WHOLE_SECONDS 60L

typedef struct {
  char *url, *resolve;
  GByteArray *body;
} Fetch;

static void
fetch_free (gpointer data)
{
  Fetch *self = data;

  g_byte_array_unref (self->body);
  g_free (self->url);
  g_free (self->resolve);
  g_free (self);
}

static size_t
did_receive (char *bytes, size_t size, size_t count, void *data)
{
  Fetch *self = data;

  if (self->body->len + size * count > MTA_STS_POLICY_MAX)
    return 0; /* ends it */
  g_byte_array_append (self->body, (const guint8 *)bytes, (guint)(size * count));
  return size * count;
}

static int
did_progress (void *data, curl_off_t all, curl_off_t now, curl_off_t up_all, curl_off_t up_now)
{
  return g_cancellable_is_cancelled (data);
}

static CURLcode
trust_system (CURL *curl, void *context, void *data)
{
  X509_STORE *store = trust_load (NULL);

  if (store == NULL)
    return CURLE_SSL_CACERT_BADFILE;
  SSL_CTX_set_cert_store (context, store);
  return CURLE_OK;
}

static void
prepare (CURL *curl, Fetch *self, const struct curl_slist *addresses, GCancellable *cancellable,
         char *message)
{
  curl_easy_setopt (curl, CURLOPT_URL, self->url);
  curl_easy_setopt (curl, CURLOPT_RESOLVE, addresses);
  curl_easy_setopt (curl, CURLOPT_PROTOCOLS_STR, "https");
  curl_easy_setopt (curl, CURLOPT_NOPROXY, "*");
  curl_easy_setopt (curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt (curl, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
  curl_easy_setopt (curl, CURLOPT_SSL_CTX_FUNCTION, trust_system);
  curl_easy_setopt (curl, CURLOPT_CONNECTTIMEOUT, CONNECT_SECONDS);
  curl_easy_setopt (curl, CURLOPT_TIMEOUT, WHOLE_SECONDS);
  curl_easy_setopt (curl, CURLOPT_ERRORBUFFER, message);
  curl_easy_setopt (curl, CURLOPT_WRITEFUNCTION, did_receive);
  curl_easy_setopt (curl, CURLOPT_WRITEDATA, self);
  curl_easy_setopt (curl, CURLOPT_NOPROGRESS, 0L);
  curl_easy_setopt (curl, CURLOPT_XFERINFOFUNCTION, did_progress);
  curl_easy_setopt (curl, CURLOPT_XFERINFODATA, cancellable);
}

static gboolean
is_policy (CURL *curl)
{
  const char *type = NULL;
  long status = 0;

  curl_easy_getinfo (curl, CURLINFO_RESPONSE_CODE, &status);
  curl_easy_getinfo (curl, CURLINFO_CONTENT_TYPE, &type);
  return status == 200 && type && g_ascii_strncasecmp (type, "text/plain", 10) == 0;
}

static void
fetch (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Fetch *self = data;
  CURL *curl = curl_easy_init ();
  struct curl_slist *addresses = curl_slist_append (NULL, self->resolve);
  char message[CURL_ERROR_SIZE] = "";
  CURLcode code;

  prepare (curl, self, addresses, cancellable, message);
  code = curl_easy_perform (curl);
  if (code != CURLE_OK)
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_FAILED, "%s: %s", self->url,
                             *message ? message : curl_easy_strerror (code));
  else if (!is_policy (curl))
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                             "%s: there is no plain text", self->url);
  else
    g_task_return_pointer (task, g_bytes_new (self->body->data, self->body->len),
                           (GDestroyNotify)g_bytes_unref);
  curl_easy_cleanup (curl);
  curl_slist_free_all (addresses);
}

/* "mta-sts.example.com:443:192.0.2.1,2001:db8::1" */
static char *
list_addresses (const char *domain, const GPtrArray *addresses, guint16 port)
{
  GString *text = g_string_new (NULL);

  g_string_printf (text, "mta-sts.%s:%u:", domain, port);
  for (guint i = 0; i < addresses->len; i++) {
    g_autofree char *address = g_inet_address_to_string (addresses->pdata[i]);
    g_string_append_printf (text, "%s%s", i ? "," : "", address);
  }
  return g_string_free (text, FALSE);
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

void
mta_sts_fetch_async (const char *domain, const GPtrArray *addresses, guint16 port,
                     GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, data);
  Fetch *self = g_new0 (Fetch, 1);

  begin_curl ();
  self->url = port == MTA_STS_FETCH_PORT
      ? g_strdup_printf ("https://mta-sts.%s/.well-known/mta-sts.txt", domain)
      : g_strdup_printf ("https://mta-sts.%s:%u/.well-known/mta-sts.txt", domain, port);
  self->resolve = list_addresses (domain, addresses, port);
  self->body = g_byte_array_new ();
  g_task_set_task_data (task, self, fetch_free);
  g_task_run_in_thread (task, fetch);
}

GBytes *
mta_sts_fetch_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* The web server through libcurl: both doors, in a thread of its own. */
#include "web-fixture.h"
#include "tls/acme-challenges.h"
#include <curl/curl.h>

#define COOKIE "Cookie: " WEB_SESSION_COOKIE "="
#define PLANTED "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA" /* as long as one of ours */

typedef struct {
  Web *web;
  WebServer *server;
  guint failed;
  gboolean ended; /* atomic */
} Run;

static const struct {
  const char *scheme, *path, *form; /* FORM NULL: GET */
  long status;
  const char *part; /* of the head or the body */
  const char *field; /* one more of the request, or NULL */
  const char *never; /* what must not stand in the answer, or NULL */
} requests[] = {
  { "http", ACME_CHALLENGES_PATH "token", NULL, 200, "token.key" },
  { "http", ACME_CHALLENGES_PATH "other", NULL, 404, "no such challenge" },
  { "http", ACME_CHALLENGES_PATH, NULL, 404, "no such challenge" },
  { "http", "/a?b=c", NULL, 302, "/a?b=c\r\n" },
  { "http", "/a", "x=1", 405, "" },
  { "https", "/", NULL, 200, "Content-Security-Policy: default-src 'none';" },
  { "https", "/", NULL, 200, "Mail for office.example" },
  { "https", "/?language=de", NULL, 200, "__Host-language=de" },
  { "https", "/nothing", NULL, 404, "no such page" },
  { "https", "/", "x=1", 405, "" },
  { "https", "/account", NULL, 401, "Sign in" },
  { "https", "/account/devices", "device=x", 401, "Sign in" },
  { "https", "/sign-in", "address=" ANNA "&password=wrong", 403, "not right" },
  { "https", "/sign-in", "address=" ANNA "&password=" ANNAS_PASSWORD, 303, "Location: /account" },
  { "https", "/mail/config-v1.1.xml?emailaddress=x@office.example", NULL, 200, "clientConfig" },
  /* Those who mean harm. */
  { "http", ACME_CHALLENGES_PATH "../../etc/passwd", NULL, 302, "/etc/passwd\r\n" },
  { "http", ACME_CHALLENGES_PATH "..%2f..%2fetc%2fpasswd", NULL, 400, "" },
  { "http", ACME_CHALLENGES_PATH "token%00", NULL, 400, "" },
  { "http", "/%0d%0aX-Evil:%20y", NULL, 302, "/%0D%0AX-Evil:%20y\r\n", NULL, "\nX-Evil" },
  { "http", "/a%3fb", NULL, 302, "/a%3Fb\r\n" },
  { "http", "/a", NULL, 302, "Location: https://mail.office.example:", "Host: a b\"<x>" },
  { "https", "/sign-in", "address=" ANNA "&password=" ANNAS_PASSWORD, 403, "",
    "Origin: https://evil.example", "__Host-session" },
  { "https", "/sign-in", "address=" ANNA "&password=" ANNAS_PASSWORD, 403, "",
    "Sec-Fetch-Site: cross-site", "__Host-session" },
  { "https", "/sign-in", "address=" ANNA "&password=" ANNAS_PASSWORD, 303,
    "; Path=/; Secure; HttpOnly; SameSite=Strict", COOKIE PLANTED, PLANTED },
  { "https", "/account", NULL, 401, "Sign in", COOKIE PLANTED },
  { "https", "/sign-in", "address=%22%3E%3Cscript%3E&password=x", 403, "&quot;&gt;&lt;script&gt;",
    NULL, "<script" },
  { "https", "/%22%3E%3Cscript%3E", NULL, 404, "no such page", NULL, "<script" },
  { "https", "/mail/config-v1.1.xml?emailaddress=%3Cx%3E%26@office.example", NULL, 200,
    "clientConfig", NULL, "<x>" },
  { "https", "/account/devices", "device=x&form=y", 401, "Sign in", COOKIE "x" },
};

static size_t
take (char *bytes, size_t size, size_t count, void *data)
{
  g_string_append_len (data, bytes, (gssize)(size * count));
  return size * count;
}

static gboolean
ask (Run *run, guint index)
{
  const gboolean is_tls = strcmp (requests[index].scheme, "https") == 0;
  g_autofree char *url = g_strdup_printf ("%s://127.0.0.1:%u%s", requests[index].scheme,
                                          is_tls ? web_server_https_port (run->server)
                                                 : web_server_http_port (run->server),
                                          requests[index].path);
  g_autoptr (GString) text = g_string_new (NULL);
  struct curl_slist *fields = NULL;
  CURL *curl = curl_easy_init ();
  long status = 0;

  curl_easy_setopt (curl, CURLOPT_URL, url);
  curl_easy_setopt (curl, CURLOPT_SSL_VERIFYPEER, 0L);
  curl_easy_setopt (curl, CURLOPT_SSL_VERIFYHOST, 0L);
  curl_easy_setopt (curl, CURLOPT_TIMEOUT, 20L);
  curl_easy_setopt (curl, CURLOPT_HEADERFUNCTION, take);
  curl_easy_setopt (curl, CURLOPT_HEADERDATA, text);
  curl_easy_setopt (curl, CURLOPT_WRITEFUNCTION, take);
  curl_easy_setopt (curl, CURLOPT_WRITEDATA, text);
  curl_easy_setopt (curl, CURLOPT_PATH_AS_IS, 1L);
  if (requests[index].form != NULL)
    curl_easy_setopt (curl, CURLOPT_POSTFIELDS, requests[index].form);
  if (requests[index].field != NULL)
    fields = curl_slist_append (NULL, requests[index].field);
  curl_easy_setopt (curl, CURLOPT_HTTPHEADER, fields);
  const CURLcode code = curl_easy_perform (curl);
  curl_easy_getinfo (curl, CURLINFO_RESPONSE_CODE, &status);
  curl_easy_cleanup (curl);
  curl_slist_free_all (fields);
  if (code == CURLE_OK && status == requests[index].status
      && strstr (text->str, requests[index].part) != NULL
      && (requests[index].never == NULL || strstr (text->str, requests[index].never) == NULL))
    return TRUE;
  g_printerr ("# %s: %s, %ld\n# %s\n", url, curl_easy_strerror (code), status, text->str);
  return FALSE;
}

static gpointer
ask_all (gpointer data)
{
  Run *self = data;

  for (guint i = 0; i < G_N_ELEMENTS (requests); i++)
    self->failed += !ask (self, i);
  g_atomic_int_set (&self->ended, TRUE);
  g_main_context_wakeup (NULL);
  return NULL;
}

static char *
free_address (void)
{
  g_autoptr (GSocketListener) probe = g_socket_listener_new ();
  const guint16 port = g_socket_listener_add_any_inet_port (probe, NULL, NULL);

  g_socket_listener_close (probe);
  return g_strdup_printf ("127.0.0.1:%u", port);
}

static Configuration *
loopback_configuration (Web *self)
{
  g_autofree char *http = free_address ();
  g_autofree char *https = free_address ();
  g_autofree char *text = g_strdup_printf (
      "[server]\nhostname = mail.office.example\ndata = %s\n[listen]\nhttp = %s\nhttps = %s\n",
      self->folder, http, https);
  g_autoptr (GError) error = NULL;
  Configuration *configuration = configuration_parse ("/nowhere/hauspost.conf", text, &error);

  g_assert_no_error (error);
  return configuration;
}

static void
test_requests (Web *self, gconstpointer data)
{
  g_autoptr (Configuration) configuration = loopback_configuration (self);
  Run run = { .web = self, .server = web_server_new (&self->service) };
  g_autoptr (GError) error = NULL;

  web_server_did_load_certificates (run.server);
  web_server_update (run.server, configuration, &error);
  g_assert_no_error (error);
  acme_challenges_add_http ("token", "token.key");
  GThread *thread = g_thread_new ("client", ask_all, &run);
  while (!g_atomic_int_get (&run.ended))
    g_main_context_iteration (NULL, TRUE);
  g_thread_join (thread);
  acme_challenges_remove_http ("token");
  web_server_end_user (run.server, ANNA);
  web_server_free (run.server);
  g_assert_cmpuint (run.failed, ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  web_test ("/web-server/requests", test_requests);
  return g_test_run ();
}

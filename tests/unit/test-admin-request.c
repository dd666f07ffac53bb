/* From a request's head to its answer: who is let in, which language is spoken, what is no request,
 * and what a change has on its heels. By HTTP, as somebody else's program speaks it. */
#include "admin-fixture.h"
#include <curl/curl.h>
#include <string.h>

#define ANNA "/v1/users/anna@office.example"
#define TOKEN "(token)" /* an authorization that is filled in */
#define ADMIN "Basic YWRtaW5Ab2ZmaWNlLmV4YW1wbGU6YWRtaW4tc2VjcmV0" /* admin@…:admin-secret */
#define ANNAS "Basic YW5uYUBvZmZpY2UuZXhhbXBsZTphbm5hLXNlY3JldA==" /* anna@…:anna-secret */
#define WITH_NUL "Basic YWRtaW5Ab2ZmaWNlLmV4YW1wbGU6YWRtaW4AYQ==" /* a NUL in the password */

typedef struct {
  const char *method, *path, *authorization, *language, *body; /* NULL: without */
  long status;
  const char *part; /* of the answer: its head or its body */
  const char *field; /* one more of the request, or NULL; "%d" is the port */
} Exchange;

static const Exchange exchanges[] = {
  /* Who. */
  { "GET", "/v1/domains", TOKEN, NULL, NULL, 200, "office.example" },
  { "GET", "/v1/domains", ADMIN, NULL, NULL, 200, "office.example" },
  { "GET", "/v1/domains", NULL, NULL, NULL, 401, "WWW-Authenticate: Basic realm=\"Hauspost\"" },
  { "GET", "/v1/domains", "Bearer ", NULL, NULL, 401, "Show the token" },
  { "GET", "/v1/domains", "Bearer wrong", NULL, NULL, 401, "Show the token" },
  { "GET", "/v1/domains", "Digest x", NULL, NULL, 401, "Show the token" },
  { "GET", "/v1/domains", "Basic", NULL, NULL, 401, "Show the token" },
  { "GET", "/v1/domains", "Basic eA==", NULL, NULL, 401, "Show the token" },
  { "GET", "/v1/domains", WITH_NUL, NULL, NULL, 401, "Show the token" },
  { "GET", "/v1/domains", "Basic YWRtaW46eA==", NULL, NULL, 401, "WWW-Authenticate" },
  { "GET", "/v1/domains", ANNAS, NULL, NULL, 403, "not an administrator" },
  { "GET", "/v1/domains", ANNAS, "de", NULL, 403, "darf nichts verwalten" },
  /* What. */
  { "GET", "/v1/nothing", TOKEN, NULL, NULL, 404, "There is no such resource." },
  { "GET", "/", NULL, NULL, NULL, 404, "There is no such resource." },
  { "PUT", "/v1/domains", TOKEN, NULL, "{}", 405, "does not have this method" },
  { "PATCH", ANNA, TOKEN, NULL, "", 200, "{}" },
  { "PATCH", ANNA, TOKEN, NULL, "null", 400, "not a JSON object" },
  { "PATCH", ANNA, TOKEN, NULL, "{\"quota\":1,\"quota\":2}", 400, "not a JSON object" },
  { "PATCH", ANNA, TOKEN, NULL, "{\"display_name\":\"\377\"}", 400, "not a JSON object" },
  { "PATCH", ANNA, TOKEN, NULL, "{\"display_name\":\"a\\u0000b\"}", 400, "not a JSON object" },
  /* In which language. */
  { "GET", "/v1/users/x@office.example", TOKEN, "de-AT, en;q=0.5", NULL, 404,
    "Es gibt keinen Benutzer" },
  { "GET", "/v1/users/x@office.example", TOKEN, "en, de;q=0.5", NULL, 404, "There is no user" },
  { "GET", "/v1/users/x@office.example", TOKEN, "fr", NULL, 404, "There is no user" },
  /* From where: a page of somebody else's makes a browser show what it knows of ours. */
  { "PATCH", ANNA, ADMIN, NULL, "", 403, "page of another server", "Sec-Fetch-Site: cross-site" },
  { "PATCH", ANNA, ADMIN, NULL, "", 403, "page of another server", "Sec-Fetch-Site: same-site" },
  { "POST", "/v1/stop", ADMIN, NULL, "", 403, "page of another", "Origin: https://evil.example" },
  { "POST", "/v1/stop", ADMIN, NULL, "", 403, "page of another", "Origin: null" },
  { "PATCH", ANNA, ADMIN, NULL, "", 403, "page of another", "Origin: http://127.0.0.1:%d" },
  { "PATCH", ANNA, ADMIN, NULL, "", 403, "page of another", "Origin: https://127.0.0.1" },
  { "PATCH", ANNA, ADMIN, NULL, "", 200, "{}", "Origin: https://127.0.0.1:%d" },
  { "PATCH", ANNA, ADMIN, NULL, "", 200, "{}", "Sec-Fetch-Site: same-origin" },
  { "GET", "/v1/domains", ADMIN, NULL, NULL, 200, "office", "Sec-Fetch-Site: cross-site" },
  /* How. */
  { "GET", "/v1/domains", TOKEN, NULL, NULL, 200, "Cache-Control: no-store" },
  { "GET", "/v1/domains", TOKEN, NULL, NULL, 200, "ETag: \"" },
  { "GET", "/v1/domains", TOKEN, NULL, NULL, 200, "Content-Type: application/json" },
  { "GET", "/metrics", TOKEN, NULL, NULL, 200, "Content-Type: text/plain; version=0.0.4" },
};

static size_t
keep (char *bytes, size_t size, size_t count, void *text)
{
  g_string_append_len (text, bytes, (gssize)(size * count));
  return size * count;
}

static struct curl_slist *
headers_of (Office *office, const Exchange *asked)
{
  g_autoptr (Access) access = access_load (office->folder, NULL);
  g_autofree char *bearer = g_strconcat ("Bearer ", access->token, NULL);
  const char *who = g_strcmp0 (asked->authorization, TOKEN) == 0 ? bearer : asked->authorization;
  g_autofree char *authorization = g_strconcat ("Authorization: ", who, NULL);
  g_autofree char *language = g_strconcat ("Accept-Language: ", asked->language, NULL);
  struct curl_slist *headers = NULL;

  if (who)
    headers = curl_slist_append (headers, authorization);
  if (asked->language)
    headers = curl_slist_append (headers, language);
  if (asked->field) {
    g_autofree char *port = g_strdup_printf ("%u", admin_server_port (office->server));
    g_auto (GStrv) parts = g_strsplit (asked->field, "%d", -1);
    g_autofree char *field = g_strjoinv (port, parts);
    headers = curl_slist_append (headers, field);
  }
  return headers;
}

/* The status; TEXT has the head and the body. */
static long
ask (Office *office, const Exchange *asked, GString *text)
{
  g_autofree char *url = g_strdup_printf (
      "https://%s%s", office->configuration->listen[LISTEN_ADMIN][0], asked->path);
  struct curl_slist *headers = headers_of (office, asked);
  CURL *curl = curl_easy_init ();
  long status = 0;

  curl_easy_setopt (curl, CURLOPT_URL, url);
  curl_easy_setopt (curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt (curl, CURLOPT_TIMEOUT, 30L);
  curl_easy_setopt (curl, CURLOPT_SSL_VERIFYPEER, 0L);
  curl_easy_setopt (curl, CURLOPT_SSL_VERIFYHOST, 0L);
  curl_easy_setopt (curl, CURLOPT_CUSTOMREQUEST, asked->method);
  curl_easy_setopt (curl, CURLOPT_HEADER, 1L);
  curl_easy_setopt (curl, CURLOPT_WRITEFUNCTION, keep);
  curl_easy_setopt (curl, CURLOPT_WRITEDATA, text);
  curl_easy_setopt (curl, CURLOPT_HTTPHEADER, headers);
  if (asked->body)
    curl_easy_setopt (curl, CURLOPT_POSTFIELDS, asked->body);
  if (curl_easy_perform (curl) == CURLE_OK)
    curl_easy_getinfo (curl, CURLINFO_RESPONSE_CODE, &status);
  curl_easy_cleanup (curl);
  curl_slist_free_all (headers);
  return status;
}

static void
exchange_all (Office *office)
{
  for (guint i = 0; i < G_N_ELEMENTS (exchanges); i++) {
    g_autoptr (GString) text = g_string_new (NULL);
    const long status = ask (office, &exchanges[i], text);

    g_test_message ("%s %s: %s", exchanges[i].method, exchanges[i].path, text->str);
    g_assert_cmpint (status, ==, exchanges[i].status);
    g_assert_nonnull (strstr (text->str, exchanges[i].part));
  }
}

static void
test_exchanges (Office *self, gconstpointer data)
{
  office_with_client (self, exchange_all);
}

/* What a change has on its heels: only one that was made. */
static void
follow (Office *office)
{
  static const struct {
    Exchange exchange;
    gboolean ends;
    int reloads;
  } rows[] = {
    { { "PATCH", ANNA, TOKEN, NULL, "{\"enabled\":false}", 200, "" }, TRUE, 0 },
    { { "PATCH", ANNA, TOKEN, NULL, "{\"enabled\":false,\"quota\":-7}", 400, "" }, FALSE, 0 },
    { { "PATCH", ANNA, ANNAS, NULL, "{\"enabled\":false}", 401, "" }, FALSE, 0 }, /* she is off */
    { { "POST", "/v1/certificates/one", TOKEN, NULL, "{}", 200, "" }, FALSE, 1 },
    { { "PUT", "/v1/certificates/two", TOKEN, NULL, "{\"key\":\"x\",\"chain\":\"y\"}", 400, "" },
      FALSE,
      0 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autoptr (GString) text = g_string_new (NULL);

    g_atomic_int_set (&office->reloads, 0);
    g_assert_cmpint (ask (office, &rows[i].exchange, text), ==, rows[i].exchange.status);
    g_autofree char *ended = office_take_ended (office);
    g_assert_cmpstr (ended, ==, rows[i].ends ? "anna@office.example" : NULL);
    g_assert_cmpint (g_atomic_int_get (&office->reloads), ==, rows[i].reloads);
  }
}

static void
test_follow (Office *self, gconstpointer data)
{
  office_with_client (self, follow);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/admin-request/exchanges", Office, NULL, office_set_up, test_exchanges,
              office_tear_down);
  g_test_add ("/admin-request/follow", Office, NULL, office_set_up, test_follow, office_tear_down);
  return g_test_run ();
}

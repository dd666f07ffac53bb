/* The admin API through its own client and through a rude one. */
#include "admin-fixture.h"
#include <curl/curl.h>
#include <string.h>

#define SECRET "xyzzy of the relay" /* no answer may hold it */

/* A request: what is sent, which status comes back ("error" must then hold a sentence). */
static const struct {
  const char *method, *path, *body;
  GIOErrorEnum code; /* G_IO_ERROR_PENDING: it succeeds */
  const char *part; /* of the answer's JSON or of the error */
} calls[] = {
  { "GET", "/v1/status", NULL, G_IO_ERROR_PENDING, "\"hostname\":\"mail.office.example\"" },
  { "GET", "/v1/nothing", NULL, G_IO_ERROR_NOT_FOUND, "no such resource" },
  { "POST", "/v1/status", NULL, G_IO_ERROR_NOT_SUPPORTED, "method" },
  { "GET", "/v1/domains", NULL, G_IO_ERROR_PENDING, "[\"office.example\"]" },
  { "PUT", "/v1/domains/second.example", NULL, G_IO_ERROR_PENDING, "{}" },
  { "PUT", "/v1/domains/second.example", NULL, G_IO_ERROR_EXISTS, "second.example" },
  { "PUT", "/v1/domains/bad..name", NULL, G_IO_ERROR_INVALID_ARGUMENT, "bad..name" },
  { "GET", "/v1/domains/office.example", NULL, G_IO_ERROR_PENDING, "anna@office.example" },
  { "GET", "/v1/domains/other.example", NULL, G_IO_ERROR_NOT_FOUND, "other.example" },
  { "DELETE", "/v1/domains/second.example", NULL, G_IO_ERROR_PENDING, "{}" },
  { "POST", "/v1/users/bert@office.example",
    "{\"password\":\"long enough\",\"quota\":\"2G\",\"display_name\":\"Bert\"}", G_IO_ERROR_PENDING,
    "{}" },
  { "POST", "/v1/users/bert@office.example", "{\"password\":\"long enough\"}", G_IO_ERROR_EXISTS,
    "bert" },
  { "POST", "/v1/users/carl@office.example", "{\"password\":\"short\"}",
    G_IO_ERROR_INVALID_ARGUMENT, "password" },
  { "POST", "/v1/users/carl@office.example", "{\"password\":\"long enough\",\"quota\":\"many\"}",
    G_IO_ERROR_INVALID_ARGUMENT, "quota" },
  { "POST", "/v1/users/carl@office.example", "{\"quota\":-5}", G_IO_ERROR_INVALID_ARGUMENT,
    "quota" },
  { "GET", "/v1/users/bert@office.example", NULL, G_IO_ERROR_PENDING, "\"quota\":2147483648" },
  { "PATCH", "/v1/users/bert@office.example", "{\"enabled\":false,\"quota\":0}", G_IO_ERROR_PENDING,
    "{}" },
  { "GET", "/v1/users/bert@office.example", NULL, G_IO_ERROR_PENDING, "\"enabled\":false" },
  { "GET", "/v1/users", NULL, G_IO_ERROR_PENDING, "\"display_name\":\"Bert\"" },
  { "DELETE", "/v1/users/bert@office.example", NULL, G_IO_ERROR_PENDING, "{}" },
  { "DELETE", "/v1/users/bert@office.example", NULL, G_IO_ERROR_NOT_FOUND, "bert" },
  { "PUT", "/v1/aliases/info@office.example", "{\"targets\":[\"anna@office.example\"]}",
    G_IO_ERROR_PENDING, "{}" },
  { "PUT", "/v1/aliases/x@office.example", "{\"targets\":[1]}", G_IO_ERROR_INVALID_ARGUMENT,
    "target" },
  { "PUT", "/v1/aliases/x@office.example", NULL, G_IO_ERROR_INVALID_ARGUMENT, "target" },
  { "GET", "/v1/aliases", NULL, G_IO_ERROR_PENDING, "info@office.example" },
  { "DELETE", "/v1/aliases/info@office.example", NULL, G_IO_ERROR_PENDING, "{}" },
  { "GET", "/v1/settings", NULL, G_IO_ERROR_PENDING, "smtp.max-hops" },
  { "PUT", "/v1/settings/smtp.max-hops", "{\"value\":\"20\"}", G_IO_ERROR_PENDING,
    "\"value\":\"20\"" },
  { "PUT", "/v1/settings/smtp.max-hops", "{\"value\":null}", G_IO_ERROR_PENDING,
    "\"value\":\"50\"" },
  { "PUT", "/v1/settings/smtp.max-hops", "{\"value\":\"1\"}", G_IO_ERROR_INVALID_ARGUMENT,
    "from 10 to 200" },
  { "PUT", "/v1/settings/smtp.max-hops", "{}", G_IO_ERROR_INVALID_ARGUMENT, "value" },
  { "PUT", "/v1/settings/queue.relay-password", "{\"value\":\"" SECRET "\"}", G_IO_ERROR_PENDING,
    "\"is_set\":true" },
  { "GET", "/v1/settings", NULL, G_IO_ERROR_PENDING, "\"is_set\":true" },
  { "PUT", "/v1/settings/no.such", "{\"value\":\"1\"}", G_IO_ERROR_NOT_FOUND, "no.such" },
  { "GET", "/v1/certificates", NULL, G_IO_ERROR_PENDING, "[]" },
  { "POST", "/v1/certificates/one", NULL, G_IO_ERROR_PENDING, "mail.office.example" },
  { "DELETE", "/v1/certificates/one", NULL, G_IO_ERROR_EXISTS, "last certificate" },
  { "PUT", "/v1/certificates/two", "{\"key\":\"x\",\"chain\":\"y\"}", G_IO_ERROR_INVALID_ARGUMENT,
    "private key" },
  { "PUT", "/v1/certificates/two", "{\"key\":\"x\"}", G_IO_ERROR_INVALID_ARGUMENT, "chain" },
  { "POST", "/v1/backups", "{\"folder\":\"relative\"}", G_IO_ERROR_INVALID_ARGUMENT, "path" },
  { "GET", "/v1/backups", NULL, G_IO_ERROR_PENDING, "[]" },
  { "GET", "/v1/jobs/77", NULL, G_IO_ERROR_NOT_FOUND, "job" },
  { "GET", "/v1/jobs/x", NULL, G_IO_ERROR_NOT_FOUND, "job" },
};

static void
call_all (Office *office)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AdminClient) client = admin_client_new_local (office->configuration, &error);
  g_assert_no_error (error);

  for (guint i = 0; i < G_N_ELEMENTS (calls); i++) {
    g_autoptr (GError) refused = NULL;
    json_t *body = calls[i].body != NULL ? json_loads (calls[i].body, 0, NULL) : NULL;
    json_t *answer = admin_client_call (client, calls[i].method, calls[i].path, body, &refused);
    char *text = answer != NULL ? json_dumps (answer, JSON_COMPACT) : NULL;

    g_test_message ("%s %s: %s", calls[i].method, calls[i].path,
                    refused != NULL ? refused->message : text);
    if (calls[i].code == G_IO_ERROR_PENDING)
      g_assert_no_error (refused);
    else
      g_assert_error (refused, G_IO_ERROR, (int)calls[i].code);
    g_assert_nonnull (strstr (refused != NULL ? refused->message : text, calls[i].part));
    g_assert_true (text == NULL || strstr (text, SECRET) == NULL);
    free (text);
    json_decref (answer);
    json_decref (body);
  }
}

static void
test_calls (Office *self, gconstpointer data)
{
  office_with_client (self, call_all);
  g_assert_cmpint (self->reloads, ==, 1);
}

static void
read_metrics (Office *office)
{
  g_autoptr (AdminClient) client = admin_client_new_local (office->configuration, NULL);
  g_autoptr (GError) error = NULL;
  g_autofree char *text = admin_client_text (client, "/metrics", &error);

  g_assert_no_error (error);
  g_assert_true (g_str_has_prefix (text, "# HELP hauspost_"));
}

static void
test_metrics (Office *self, gconstpointer data)
{
  office_with_client (self, read_metrics);
}

static void
run_jobs (Office *office)
{
  static const char *const paths[] = { "/v1/check", "/v1/backups" };
  g_autoptr (AdminClient) client = admin_client_new_local (office->configuration, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (paths); i++) {
    g_autoptr (GError) error = NULL;
    json_t *answer = admin_client_call (client, "POST", paths[i], NULL, &error);
    g_assert_no_error (error);
    g_autofree char *path = g_strdup_printf (
        "/v1/jobs/%d", (int)json_integer_value (json_object_get (answer, "job")));
    const char *state = "running";
    for (guint tries = 0; tries < 500 && g_strcmp0 (state, "running") == 0; tries++) {
      g_usleep (10000);
      json_decref (answer);
      answer = admin_client_call (client, "GET", path, NULL, &error);
      g_assert_no_error (error);
      state = json_string_value (json_object_get (answer, "state"));
    }
    g_assert_cmpstr (state, ==, "done");
    json_decref (answer);
  }
}

static void
test_jobs (Office *self, gconstpointer data)
{
  office_with_client (self, run_jobs);
}

/* Who is let in. */

static const struct {
  const char *user, *password;
  GIOErrorEnum code; /* G_IO_ERROR_PENDING: let in */
} callers[] = {
  { "admin@office.example", ADMIN_PASSWORD, G_IO_ERROR_PENDING },
  { "admin@office.example", "wrong", G_IO_ERROR_PERMISSION_DENIED },
  { "anna@office.example", USER_PASSWORD, G_IO_ERROR_PERMISSION_DENIED },
  { "nobody@office.example", "x", G_IO_ERROR_PERMISSION_DENIED },
};

static void
call_with_passwords (Office *office)
{
  g_autoptr (Certificate) certificate = certificate_load (office->folder, "admin", NULL);

  for (guint i = 0; i < G_N_ELEMENTS (callers); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (AdminClient) client = admin_client_new_remote (
        office->configuration->listen[LISTEN_ADMIN][0], certificate->fingerprint, callers[i].user,
        callers[i].password, NULL);
    json_t *answer = admin_client_call (client, "GET", "/v1/domains", NULL, &error);

    g_test_message ("%s: %s", callers[i].user, error != NULL ? error->message : "let in");
    if (callers[i].code == G_IO_ERROR_PENDING)
      g_assert_no_error (error);
    else
      g_assert_error (error, G_IO_ERROR, (int)callers[i].code);
    json_decref (answer);
  }
}

static void
test_passwords (Office *self, gconstpointer data)
{
  office_with_client (self, call_with_passwords);
}

/* Requests that our client would not make. */

static size_t
drop (char *bytes, size_t size, size_t count, void *data)
{
  return size * count;
}

static long
rude_request (Office *office, const char *authorization, const char *body, gsize length)
{
  g_autofree char *url = g_strdup_printf ("https://%s/v1/users/x@office.example",
                                          office->configuration->listen[LISTEN_ADMIN][0]);
  struct curl_slist *headers = NULL;
  CURL *curl = curl_easy_init ();
  long status = 0;

  if (authorization != NULL)
    headers = curl_slist_append (headers, authorization);
  curl_easy_setopt (curl, CURLOPT_URL, url);
  curl_easy_setopt (curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt (curl, CURLOPT_TIMEOUT, 30L);
  curl_easy_setopt (curl, CURLOPT_SSL_VERIFYPEER, 0L);
  curl_easy_setopt (curl, CURLOPT_SSL_VERIFYHOST, 0L);
  curl_easy_setopt (curl, CURLOPT_WRITEFUNCTION, drop);
  curl_easy_setopt (curl, CURLOPT_HTTPHEADER, headers);
  curl_easy_setopt (curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)length);
  curl_easy_setopt (curl, CURLOPT_POSTFIELDS, body);
  if (curl_easy_perform (curl) == CURLE_OK)
    curl_easy_getinfo (curl, CURLINFO_RESPONSE_CODE, &status);
  curl_easy_cleanup (curl);
  curl_slist_free_all (headers);
  return status;
}

static void
be_rude (Office *office)
{
  g_autoptr (Access) access = access_load (office->folder, NULL);
  g_autofree char *token = g_strconcat ("Authorization: Bearer ", access->token, NULL);
  g_autofree char *broken = g_strdup (token);
  g_autofree char *large = g_strnfill (8 * 1024 * 1024, ' ');
  g_autofree char *long_header = g_strnfill (1024 * 1024, 'x');
  g_autofree char *huge = g_strconcat ("Authorization: Bearer ", long_header, NULL);
  const char *deep = "[[[[[[[[[[[[[[[[[[[[";

  broken[strlen (broken) - 1] ^= 1;
  g_assert_cmpint (rude_request (office, NULL, "{}", 2), ==, 401);
  g_assert_cmpint (rude_request (office, broken, "{}", 2), ==, 401);
  g_assert_cmpint (rude_request (office, "Authorization: Basic !!!", "{}", 2), ==, 401);
  g_assert_cmpint (rude_request (office, "Authorization: Basic YQ==", "{}", 2), ==, 401);
  g_assert_cmpint (rude_request (office, token, "{", 1), ==, 400);
  g_assert_cmpint (rude_request (office, token, "[]", 2), ==, 400);
  g_assert_cmpint (rude_request (office, token, deep, strlen (deep)), ==, 400);
  g_assert_cmpint (rude_request (office, token, "{\"a\":1,\"a\":2}", 13), ==, 400);
  g_assert_cmpint (rude_request (office, token, large, strlen (large)), ==, 413);
  g_assert_cmpint (rude_request (office, huge, "{}", 2), !=, 200);
  /* And it still answers. */
  g_assert_cmpint (rude_request (office, token, "{\"password\":\"long enough\"}", 26), ==, 200);
}

static void
test_rude (Office *self, gconstpointer data)
{
  office_with_client (self, be_rude);
}

int
main (int argc, char **argv)
{
  static const struct {
    const char *path;
    void (*func) (Office *, gconstpointer);
  } tests[] = {
    { "/admin-server/calls", test_calls }, { "/admin-server/metrics", test_metrics },
    { "/admin-server/jobs", test_jobs },   { "/admin-server/passwords", test_passwords },
    { "/admin-server/rude", test_rude },
  };

  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Office, NULL, office_set_up, tests[i].func, office_tear_down);
  return g_test_run ();
}

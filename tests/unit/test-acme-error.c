/* Problem documents become sentences, whatever is in them. */
#include "tls/acme-error.h"
#include <string.h>

#define URN "urn:ietf:params:acme:error:"

static const struct {
  const char *text;
  guint status, wait;
  AcmeErrorCode code;
  const char *pattern, *host;
} cases[] = {
  { "{\"type\":\"" URN "connection\",\"detail\":\"Timeout\"}", 403, 0, ACME_ERROR_CONNECTION,
    "a.example: *Open port 80*Timeout*", "a.example" },
  { "{\"type\":\"" URN "rateLimited\",\"detail\":\"too many\"}", 429, 3600, ACME_ERROR_RATE_LIMITED,
    "*wants a pause*too many*", "a.example" },
  { "{\"type\":\"" URN "somethingNew\",\"detail\":\"\\u001b[31mred\\nline\"}", 400, 0,
    ACME_ERROR_REFUSED, "*refuses the request*[31mred line*", "a.example" },
  { "{\"type\":\"" URN "malformed\",\"subproblems\":[{\"type\":\"" URN
    "caa\",\"detail\":\"no\",\"identifier\":{\"type\":\"dns\",\"value\":\"b.example\"}}]}",
    403, 0, ACME_ERROR_CAA, "b.example: A CAA record*no*", "b.example" },
  { "<html>", 502, 0, ACME_ERROR_SERVER_INTERNAL, "*trouble of its own*HTTP 502*", "a.example" },
  { "", 429, 60, ACME_ERROR_RATE_LIMITED, "*wants a pause*", "a.example" },
  { "[]", 404, 0, ACME_ERROR_NOT_UNDERSTOOD, "*makes no sense*HTTP 404*", "a.example" },
  { "{\"type\":7}", 400, 0, ACME_ERROR_NOT_UNDERSTOOD, "*makes no sense*", "a.example" },
};

static void
test_problems (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GError) error = NULL;
    acme_error_set_problem (&error, cases[i].text, strlen (cases[i].text), cases[i].status,
                            "a.example", cases[i].wait);
    g_test_message ("%s", error->message);
    g_assert_error (error, ACME_ERROR, (gint)cases[i].code);
    g_assert_true (g_pattern_match_simple (cases[i].pattern, error->message));
    g_assert_cmpstr (acme_error_host (error), ==, cases[i].host);
    g_assert_cmpuint (acme_error_wait (error), ==, cases[i].wait);

    /* The same sentence from the file. */
    json_t *described = acme_error_describe (error);
    g_autofree char *sentence = acme_error_sentence (described);
    g_assert_cmpstr (sentence, ==, error->message);
    json_decref (described);
  }
}

static void
test_copy (void)
{
  g_autoptr (GError) error = NULL, copy = NULL, foreign = NULL;

  acme_error_set (&error, ACME_ERROR_HOOK, "a.example", NULL, 5);
  copy = g_error_copy (error);
  g_assert_cmpstr (acme_error_host (copy), ==, "a.example");
  g_assert_cmpuint (acme_error_wait (copy), ==, 5);
  g_assert_null (acme_error_hosts (copy)[0]);
  g_set_error_literal (&foreign, G_IO_ERROR, G_IO_ERROR_NO_SPACE, "The disk is full");
  json_t *described = acme_error_describe (foreign);
  g_autofree char *sentence = acme_error_sentence (described);
  g_assert_nonnull (strstr (sentence, "The disk is full"));
  json_decref (described);
  acme_error_set (NULL, ACME_ERROR_HOOK, NULL, NULL, 0);
}

/* Nobody fills our log. */
static void
test_long (void)
{
  g_autofree char *detail = g_strnfill (100000, 'x');
  g_autoptr (GError) error = NULL;

  acme_error_set (&error, ACME_ERROR_MALFORMED, NULL, detail, G_MAXUINT);
  g_assert_cmpuint (strlen (error->message), <, ACME_DETAIL_MAX + 200);
  g_assert_cmpuint (acme_error_wait (error), ==, 7 * 86400);
}

static const struct {
  const char *value;
  guint seconds;
} waits[] = {
  { NULL, 0 },
  { "", 0 },
  { "120", 120 },
  { "99999999999999999999", 7 * 86400 },
  { "-5", 0 },
  { "soon", 0 },
  { "Sun, 06 Nov 1994 08:50:37 GMT", 60 },
  { "Sun, 06 Nov 1994 08:48:37 GMT", 0 },
  { "Sun, 06 Nov 2094 08:48:37 GMT", 7 * 86400 },
};

static void
test_retry_after (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (waits); i++) {
    g_test_message ("%s", waits[i].value);
    g_assert_cmpuint (acme_retry_after (waits[i].value, 784111777), ==, waits[i].seconds);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/acme-error/problems", test_problems);
  g_test_add_func ("/acme-error/copy", test_copy);
  g_test_add_func ("/acme-error/long", test_long);
  g_test_add_func ("/acme-error/retry-after", test_retry_after);
  return g_test_run ();
}

/* What a call has found becomes bytes, a status and an ETag; so does what went wrong. */
#include "admin-fixture.h"
#include "admin/admin-answer.h"
#include "admin/change.h"
#include <string.h>

static char *
text_of (GBytes *bytes)
{
  return g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
}

/* Errors. */

enum { STORE, IO, OTHER };

static const struct {
  int domain, code;
  guint status;
} errors[] = {
  { STORE, STORE_ERROR_NOT_FOUND, 404 }, { STORE, STORE_ERROR_EXISTS, 409 },
  { STORE, STORE_ERROR_INVALID, 400 },   { STORE, STORE_ERROR_FULL, 507 },
  { STORE, STORE_ERROR_DENIED, 403 },    { IO, G_IO_ERROR_NOT_FOUND, 404 },
  { IO, G_IO_ERROR_EXISTS, 409 },        { IO, G_IO_ERROR_INVALID_ARGUMENT, 400 },
  { IO, G_IO_ERROR_INVALID_DATA, 400 },  { IO, G_IO_ERROR_BUSY, 409 },
  { IO, G_IO_ERROR_NO_SPACE, 507 },      { IO, G_IO_ERROR_PERMISSION_DENIED, 403 },
  { IO, G_IO_ERROR_FAILED, 500 },        { IO, G_IO_ERROR_TIMED_OUT, 500 },
  { OTHER, STORE_ERROR_NOT_FOUND, 500 },
};

/* Nothing is left of what the call had to say before it failed. */
static void
test_errors (void)
{
  const GQuark domains[] = { [STORE] = STORE_ERROR, [IO] = G_IO_ERROR, [OTHER] = G_FILE_ERROR };

  for (guint i = 0; i < G_N_ELEMENTS (errors); i++) {
    g_autoptr (GError) error
        = g_error_new (domains[errors[i].domain], errors[i].code, "Not \"so\".");
    AdminCall call = { .etag = g_strdup ("\"x\""),
                       .text = g_strdup ("said before"),
                       .raw = g_string_new ("{\"said\":\"before\"}") };
    GBytes *bytes = g_bytes_new_static ("said before", 11);
    guint status = 0;

    admin_answer_failure (&call, error, &status, &bytes);
    g_autofree char *text = text_of (bytes);
    g_assert_cmpuint (status, ==, errors[i].status);
    g_assert_cmpstr (text, ==, "{\"error\":\"Not \\\"so\\\".\"}");
    g_assert_true (call.etag == NULL && call.text == NULL && call.raw == NULL);
    g_bytes_unref (bytes);
  }
}

/* Answers. */

typedef struct {
  const char *method;
  const char *answer, *raw, *text, *etag; /* of these what is not NULL */
  const char *bytes;
  gboolean has_etag;
} Answer;

static const Answer answers[] = {
  { "GET", "{\"a\":1}", NULL, NULL, NULL, "{\"a\":1}", TRUE },
  { "GET", "{\"a\":1}", NULL, NULL, "\"known\"", "{\"a\":1}", TRUE },
  { "PATCH", "{\"a\":1}", NULL, NULL, NULL, "{\"a\":1}", FALSE },
  { "GET", "{}", "{\"list\":[1,2]}", NULL, NULL, "{\"list\":[1,2]}", TRUE },
  { "GET", "{}", NULL, "# metrics\n", NULL, "# metrics\n", FALSE },
};

static char *
answer_success (const Answer *answer, char **etag)
{
  const Resource resource = { .method = answer->method };
  AdminCall call = { .resource = &resource,
                     .answer = json_loads (answer->answer, 0, NULL),
                     .raw = answer->raw ? g_string_new (answer->raw) : NULL,
                     .text = g_strdup (answer->text),
                     .etag = g_strdup (answer->etag) };
  g_autoptr (GBytes) bytes = NULL;
  guint status = 0;

  admin_answer_success (&call, &status, &bytes);
  g_assert_cmpuint (status, ==, 200);
  g_assert_null (call.raw);
  json_decref (call.answer);
  g_free (call.text);
  *etag = call.etag;
  return text_of (bytes);
}

static void
test_answers (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (answers); i++) {
    g_autofree char *etag = NULL, *again = NULL;
    g_autofree char *text = answer_success (&answers[i], &etag);
    g_autofree char *same = answer_success (&answers[i], &again);

    g_assert_cmpstr (text, ==, answers[i].bytes);
    g_assert_cmpint (etag != NULL, ==, answers[i].has_etag);
    g_assert_cmpstr (etag, ==, again);
    if (answers[i].etag)
      g_assert_cmpstr (etag, ==, answers[i].etag);
  }
}

/* Another answer has another ETag. */
static void
test_etags (void)
{
  static const Answer one = { "GET", "{\"a\":1}" }, other = { "GET", "{\"a\":2}" };
  g_autofree char *first = NULL, *second = NULL;
  g_autofree char *text = answer_success (&one, &first);
  g_autofree char *more = answer_success (&other, &second);

  g_assert_cmpstr (first, !=, second);
  g_assert_true (*first == '"' && g_str_has_suffix (first, "\""));
}

/* Another one was faster: how it is now comes with the refusal, without secrets. */
static void
test_stale (Office *self, gconstpointer data)
{
  static const struct {
    const char *method, *path, *part; /* PART: of "current" */
  } rows[] = {
    { "PATCH", "/v1/users/anna@office.example", "\"address\":\"anna@office.example\"" },
    { "PATCH", "/v1/users/nobody@office.example", "\"current\":null" },
    { "PUT", "/v1/settings/log.level", "\"key\":\"log.level\"" },
  };
  const AdminService service = { .store = self->store, .configuration = self->configuration };
  g_autoptr (GError) error = g_error_new (STORE_ERROR, STORE_ERROR_EXISTS, "Too late.");
  g_autoptr (Caller) caller = caller_new_token ("127.0.0.1");

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    AdminCall call = { .service = &service,
                       .configuration = self->configuration,
                       .caller = caller,
                       .path = rows[i].path,
                       .is_stale = TRUE };
    g_autoptr (GBytes) bytes = NULL;
    gboolean wrong;
    guint status;

    call.resource = resource_find (rows[i].method, call.path, &call.argument, &wrong);
    g_assert_nonnull (call.resource);
    json_t *state = admin_call_read_state (&call);
    g_autofree char *etag = admin_etag (state);
    json_decref (state);
    admin_answer_failure (&call, error, &status, &bytes);
    g_autofree char *text = text_of (bytes);
    g_test_message ("%s", text);
    g_assert_cmpuint (status, ==, 412);
    g_assert_nonnull (strstr (text, rows[i].part));
    g_assert_nonnull (strstr (text, "\"error\":\"Too late.\""));
    g_assert_null (strstr (text, "\"_"));
    g_assert_cmpstr (call.etag, ==, etag); /* with it the caller may try again */
    g_free (call.etag);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/admin-answer/errors", test_errors);
  g_test_add_func ("/admin-answer/answers", test_answers);
  g_test_add_func ("/admin-answer/etags", test_etags);
  g_test_add ("/admin-answer/stale", Office, NULL, office_set_up, test_stale, office_tear_down);
  return g_test_run ();
}

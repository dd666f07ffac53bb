/* What needs no authority. (Requests: tests/clients/acme.py, where pebble refuses every fifth
 * nonce.) */
#include "tls/acme-session.h"
#include "tls/acme-error.h"
#include <string.h>

static void
test_away (void)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL, cancelled = NULL;

  g_assert_null (acme_session_new ("https://127.0.0.1:1/dir", "", cancellable, &error));
  g_assert_error (error, ACME_ERROR, ACME_ERROR_UNREACHABLE);
  g_cancellable_cancel (cancellable);
  g_assert_null (acme_session_new ("https://127.0.0.1:1/dir", "", cancellable, &cancelled));
  g_assert_error (cancelled, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
test_directory (void)
{
  AcmeSession session = {
    .directory = json_pack ("{s:s, s:i, s:{s:s}}", "newOrder", "https://ca.example/order",
                            "newNonce", 5, "meta", "termsOfService", "https://ca.example/terms"),
  };
  g_autoptr (GError) error = NULL;

  g_assert_cmpstr (acme_session_url (&session, "newOrder", NULL), ==, "https://ca.example/order");
  g_assert_null (acme_session_url (&session, "newNonce", &error));
  g_assert_error (error, ACME_ERROR, ACME_ERROR_NOT_UNDERSTOOD);
  g_assert_cmpstr (acme_session_terms (&session), ==, "https://ca.example/terms");
  json_decref (session.directory);
}

static const struct {
  const char *text;
  gboolean good;
} bodies[] = {
  { "{}", TRUE }, { "[]", FALSE }, { "", FALSE }, { "{\"a\":1,\"a\":2}", FALSE }, { "{} x", FALSE },
};

static void
test_object (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (bodies); i++) {
    g_autoptr (GByteArray) body = g_byte_array_new ();
    FetchAnswer answer = { .status = 200, .body = body };
    g_autoptr (GError) error = NULL;
    g_byte_array_append (body, (const guint8 *)bodies[i].text, (guint)strlen (bodies[i].text));
    json_t *object = acme_answer_object (&answer, &error);
    g_assert_cmpint (object != NULL, ==, bodies[i].good);
    g_assert_cmpint (error == NULL, ==, bodies[i].good);
    json_decref (object);
  }
}

static void
test_wait (void)
{
  AcmeSession session = { .cancellable = g_cancellable_new () };
  g_autoptr (GError) error = NULL;

  g_assert_true (acme_session_wait (&session, 1, &error));
  g_cancellable_cancel (session.cancellable);
  g_assert_false (acme_session_wait (&session, 60000, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_object_unref (session.cancellable);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/acme-session/away", test_away);
  g_test_add_func ("/acme-session/directory", test_directory);
  g_test_add_func ("/acme-session/object", test_object);
  g_test_add_func ("/acme-session/wait", test_wait);
  return g_test_run ();
}

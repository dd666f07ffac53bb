/* Tests of daemon/admin/resource-acme.c and resource-certificates.c, over the API. (With a real
 * authority: tests/clients/acme.py.) */
#include "admin-fixture.h"
#include "settings.h"

static json_t *
call (AdminClient *client, const char *method, const char *path, json_t *body, int code)
{
  g_autoptr (GError) error = NULL;
  json_t *answer = admin_client_call (client, method, path, body, &error);

  g_test_message ("%s %s: %s", method, path, error ? error->message : "");
  json_decref (body);
  if (code < 0)
    g_assert_no_error (error);
  else
    g_assert_error (error, G_IO_ERROR, code);
  return answer;
}

static void
use (Office *office)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AdminClient) client = admin_client_new_local (office->configuration, &error);

  /* An API without a renewer says so. */
  json_decref (call (client, "GET", "/v1/acme", NULL, G_IO_ERROR_FAILED));
  json_decref (call (client, "POST", "/v1/acme/order", json_object (), G_IO_ERROR_FAILED));
  json_decref (call (client, "POST", "/v1/acme/revoke", json_object (), G_IO_ERROR_FAILED));

  json_decref (call (client, "POST", "/v1/certificates/own",
                     json_pack ("{s:[s]}", "hosts", "a.example"), -1));
  json_t *answer = call (client, "GET", "/v1/certificates", NULL, -1);
  const json_t *certificate = json_array_get (json_object_get (answer, "certificates"), 0);
  g_assert_cmpstr (json_string_value (json_object_get (certificate, "condition")), ==, "good");
  g_assert_cmpuint (json_array_size (json_object_get (certificate, "serves")), ==, 1);
  g_assert_false (json_is_true (json_object_get (certificate, "renews_itself")));
  g_assert_null (json_object_get (certificate, "sentence"));
  g_assert_cmpuint (json_array_size (json_object_get (answer, "missing")), ==, 0);
  json_decref (answer);
  json_decref (call (client, "PUT", "/v1/certificates/other",
                     json_pack ("{s:s, s:s}", "pkcs12", "anVuaw==", "passphrase", "x"),
                     G_IO_ERROR_INVALID_ARGUMENT));
}

static void
test_life (Office *self, gconstpointer data)
{
  office_with_client (self, use);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/resource-acme/life", Office, NULL, office_set_up, test_life, office_tear_down);
  return g_test_run ();
}

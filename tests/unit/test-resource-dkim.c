/* Tests of daemon/admin/resource-dkim.c, over the API. */
#include "admin-fixture.h"

static json_t *
call (AdminClient *client, const char *method, const char *path, int code)
{
  g_autoptr (GError) error = NULL;
  json_t *answer = admin_client_call (client, method, path, NULL, &error);

  g_test_message ("%s %s", method, path);
  if (code < 0)
    g_assert_no_error (error);
  else
    g_assert_error (error, G_IO_ERROR, code);
  return answer;
}

static void
expect (AdminClient *client, const char *method, gsize count)
{
  json_t *answer = call (client, method, "/v1/dkim/office.example", -1);

  g_assert_cmpuint (json_array_size (json_object_get (answer, "keys")), ==, count);
  json_decref (answer);
}

static void
use (Office *office)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AdminClient) client = admin_client_new_local (office->configuration, &error);
  json_t *answer;

  expect (client, "GET", 0);
  json_decref (call (client, "PUT", "/v1/dkim/office.example", G_IO_ERROR_NOT_FOUND));
  expect (client, "POST", 2);
  expect (client, "POST", 4);
  json_decref (call (client, "POST", "/v1/dkim/office.example", G_IO_ERROR_EXISTS));
  expect (client, "PUT", 4);
  json_decref (call (client, "GET", "/v1/dkim/other.example", G_IO_ERROR_NOT_FOUND));
  json_decref (call (client, "GET", "/v1/dkim/a..b", G_IO_ERROR_NOT_FOUND));
  answer = call (client, "GET", "/v1/dkim/office.example", -1);
  json_t *key = json_array_get (json_object_get (answer, "keys"), 0);
  g_assert_true (g_str_has_suffix (json_string_value (json_object_get (key, "name")),
                                   "._domainkey.office.example"));
  g_assert_true (
      g_str_has_prefix (json_string_value (json_object_get (key, "record")), "v=DKIM1; k="));
  g_assert_null (json_object_get (key, "pem")); /* secret */
  json_decref (answer);
  /* A new domain has keys, a removed one none. */
  json_decref (call (client, "PUT", "/v1/domains/new.example", -1));
  answer = call (client, "GET", "/v1/dkim/new.example", -1);
  g_assert_cmpuint (json_array_size (json_object_get (answer, "keys")), ==, 2);
  json_decref (answer);
  json_decref (call (client, "DELETE", "/v1/domains/new.example", -1));
  json_decref (call (client, "GET", "/v1/dkim/new.example", G_IO_ERROR_NOT_FOUND));
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
  g_test_add ("/resource-dkim/life", Office, NULL, office_set_up, test_life, office_tear_down);
  return g_test_run ();
}

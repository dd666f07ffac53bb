/* Tests of daemon/admin/resource-submission.c, over the API. */
#include "admin-fixture.h"

static json_t *
call (AdminClient *client, const char *method, const char *path, const char *body, int code)
{
  g_autoptr (GError) error = NULL;
  json_t *object = body ? json_loads (body, 0, NULL) : NULL;
  json_t *answer = admin_client_call (client, method, path, object, &error);

  g_test_message ("%s %s %s", method, path, body ? body : "");
  if (code < 0)
    g_assert_no_error (error);
  else
    g_assert_error (error, G_IO_ERROR, code);
  json_decref (object);
  return answer;
}

static void
expect (AdminClient *client, const char *method, const char *path, const char *body, int code)
{
  json_decref (call (client, method, path, body, code));
}

static void
assert_rate (AdminClient *client, const char *path, int hour, int day)
{
  json_t *answer = call (client, "GET", path, NULL, -1);

  g_assert_cmpint (json_integer_value (json_object_get (answer, "hour")), ==, hour);
  g_assert_cmpint (json_integer_value (json_object_get (answer, "day")), ==, day);
  json_decref (answer);
}

static void
use_rates (Office *office)
{
  g_autoptr (AdminClient) client = admin_client_new_local (office->configuration, NULL);

  assert_rate (client, "/v1/rates/anna@office.example", -1, -1);
  assert_rate (client, "/v1/rates/office.example", -1, -1);
  expect (client, "PUT", "/v1/rates/anna@office.example", "{\"hour\": 10, \"day\": 0}", -1);
  expect (client, "PUT", "/v1/rates/Office.example", "{\"hour\": -1, \"day\": 500}", -1);
  assert_rate (client, "/v1/rates/anna@office.example", 10, 0);
  assert_rate (client, "/v1/rates/office.example", -1, 500);
  expect (client, "PUT", "/v1/rates/anna@office.example", "{\"hour\": \"10\", \"day\": 0}",
          G_IO_ERROR_INVALID_ARGUMENT);
  expect (client, "PUT", "/v1/rates/anna@office.example", "{\"hour\": 10}",
          G_IO_ERROR_INVALID_ARGUMENT);
  expect (client, "PUT", "/v1/rates/nobody@office.example", "{\"hour\": 10, \"day\": 0}",
          G_IO_ERROR_NOT_FOUND);
  expect (client, "GET", "/v1/rates/nobody@office.example", NULL, G_IO_ERROR_NOT_FOUND);
  expect (client, "GET", "/v1/rates/elsewhere.example", NULL, G_IO_ERROR_NOT_FOUND);
}

static void
use_devices (Office *office)
{
  g_autoptr (AdminClient) client = admin_client_new_local (office->configuration, NULL);
  json_t *answer;

  expect (client, "GET", "/v1/devices/anna@office.example", NULL, G_IO_ERROR_NOT_FOUND);
  expect (client, "PUT", "/v1/devices/anna@office.example",
          "{\"senders\": \"scan@office.example\", \"recipients\": \"office.example\"}", -1);
  answer = call (client, "GET", "/v1/devices/anna@office.example", NULL, -1);
  g_assert_cmpstr (json_string_value (json_object_get (answer, "senders")), ==,
                   "scan@office.example");
  json_decref (answer);
  answer = call (client, "GET", "/v1/users/anna@office.example", NULL, -1);
  g_assert_true (json_is_true (json_object_get (json_object_get (answer, "user"), "device")));
  json_decref (answer);
  expect (client, "PUT", "/v1/devices/anna@office.example",
          "{\"senders\": \"x@elsewhere.example\"}", G_IO_ERROR_NOT_FOUND);
  expect (client, "PUT", "/v1/devices/admin@office.example", NULL, G_IO_ERROR_INVALID_ARGUMENT);
  expect (client, "DELETE", "/v1/devices/anna@office.example", NULL, -1);
  expect (client, "GET", "/v1/devices/anna@office.example", NULL, G_IO_ERROR_NOT_FOUND);
}

static void
test_rates (Office *self, gconstpointer data)
{
  office_with_client (self, use_rates);
}

static void
test_devices (Office *self, gconstpointer data)
{
  office_with_client (self, use_devices);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/resource-submission/rates", Office, NULL, office_set_up, test_rates,
              office_tear_down);
  g_test_add ("/resource-submission/devices", Office, NULL, office_set_up, test_devices,
              office_tear_down);
  return g_test_run ();
}

/* Tests of daemon/admin/resource-dns.c, over the API, without a DNS. */
#include "admin-fixture.h"

static void
use (Office *office)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AdminClient) client = admin_client_new_local (office->configuration, &error);
  json_t *answer = admin_client_call (client, "GET", "/v1/dns/Office.Example", NULL, &error);
  json_t *record;

  g_assert_no_error (error);
  g_assert_cmpstr (json_string_value (json_object_get (answer, "domain")), ==, "office.example");
  g_assert_cmpstr (json_string_value (json_object_get (answer, "host")), ==, "mail.office.example");
  record = json_array_get (json_object_get (answer, "records"), 1);
  g_assert_cmpstr (json_string_value (json_object_get (record, "use")), ==, "mx");
  g_assert_cmpstr (json_string_value (json_object_get (record, "need")), ==, "required");
  g_assert_cmpstr (json_string_value (json_object_get (record, "value")), ==,
                   "10 mail.office.example");
  json_decref (answer);
  g_assert_null (admin_client_call (client, "GET", "/v1/dns/other.example", NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_null (admin_client_call (client, "GET", "/v1/dns/a..b", NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_null (admin_client_call (client, "POST", "/v1/dns/office.example", NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_FAILED);
}

static void
test_plan (Office *self, gconstpointer data)
{
  office_with_client (self, use);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/resource-dns/plan", Office, NULL, office_set_up, test_plan, office_tear_down);
  return g_test_run ();
}

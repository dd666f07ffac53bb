/* The client trusts one certificate, and tells its secrets to nobody else. */
#include "admin-fixture.h"
#include <string.h>

static void
set_address (Office *self, const char *address)
{
  g_free (self->configuration->listen[LISTEN_ADMIN][0]);
  self->configuration->listen[LISTEN_ADMIN][0] = g_strdup (address);
}

/* An impostor on the port: an office with a certificate of its own. */
static void
call_impostor (Office *office)
{
  g_autofree char *other = g_strnfill (64, 'a');
  g_autoptr (AdminClient) client
      = admin_client_new_remote (office->configuration->listen[LISTEN_ADMIN][0], other,
                                 "admin@office.example", ADMIN_PASSWORD, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_null (admin_client_call (client, "GET", "/v1/status", NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED);
  g_assert_nonnull (strstr (error->message, "Nothing was sent"));
}

static void
test_impostor (Office *self, gconstpointer data)
{
  office_with_client (self, call_impostor);
}

/* Without a fingerprint the system's authorities decide: ours is self-signed. */
static void
call_unknown (Office *office)
{
  g_autoptr (AdminClient) client
      = admin_client_new_remote (office->configuration->listen[LISTEN_ADMIN][0], NULL,
                                 "admin@office.example", ADMIN_PASSWORD, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_null (admin_client_call (client, "GET", "/v1/status", NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_FAILED);
}

static void
test_unknown (Office *self, gconstpointer data)
{
  office_with_client (self, call_unknown);
}

static void
test_down (Office *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  set_address (self, "127.0.0.1:1");
  g_autoptr (AdminClient) client = admin_client_new_local (self->configuration, NULL);
  g_assert_null (admin_client_call (client, "GET", "/v1/status", NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED);
}

static void
test_no_token (Office *self, gconstpointer data)
{
  g_autofree char *path = g_build_filename (self->folder, "admin.token", NULL);
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (g_remove (path), ==, 0);
  g_assert_null (admin_client_new_local (self->configuration, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
}

static void
test_path (void)
{
  g_autofree char *plain = admin_path ("/v1/users/", "anna+x@example.com");
  g_autofree char *slash = admin_path ("/v1/users/", "a/../b?c=d e");

  g_assert_cmpstr (plain, ==, "/v1/users/anna%2Bx@example.com");
  g_assert_cmpstr (slash, ==, "/v1/users/a%2F..%2Fb%3Fc%3Dd%20e");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/client/impostor", Office, NULL, office_set_up, test_impostor, office_tear_down);
  g_test_add ("/client/unknown", Office, NULL, office_set_up, test_unknown, office_tear_down);
  g_test_add ("/client/down", Office, NULL, office_set_up, test_down, office_tear_down);
  g_test_add ("/client/no-token", Office, NULL, office_set_up, test_no_token, office_tear_down);
  g_test_add_func ("/client/path", test_path);
  return g_test_run ();
}

/* Tests of daemon/admin/resource-bans.c, over the API. */
#include "admin-fixture.h"

static json_t *
call (AdminClient *client, const char *method, const char *path, const char *time, GError **error)
{
  json_t *body = time ? json_pack ("{s:s}", "time", time) : NULL;
  json_t *answer = admin_client_call (client, method, path, body, error);

  json_decref (body);
  return answer;
}

static void
expect (AdminClient *client, const char *method, const char *path, const char *time, int code)
{
  g_autoptr (GError) error = NULL;
  json_t *answer = call (client, method, path, time, &error);

  g_test_message ("%s %s", method, path);
  if (code < 0)
    g_assert_no_error (error);
  else
    g_assert_error (error, G_IO_ERROR, code);
  json_decref (answer);
}

static void
use (Office *office)
{
  static const struct {
    const char *method, *path, *time;
    int code; /* -1: done */
  } rows[] = {
    { "PUT", "/v1/bans/192.0.2.7", "2h", -1 },
    { "PUT", "/v1/bans/2001:db8::7", NULL, -1 },
    { "PUT", "/v1/bans/192.0.2.8", "0s", G_IO_ERROR_INVALID_ARGUMENT },
    { "PUT", "/v1/bans/192.0.2.8", "soon", G_IO_ERROR_INVALID_ARGUMENT },
    { "PUT", "/v1/bans/192.0.2.8", "99999d", G_IO_ERROR_INVALID_ARGUMENT },
    { "PUT", "/v1/bans/office", "2h", G_IO_ERROR_INVALID_ARGUMENT },
    { "DELETE", "/v1/bans/192.0.2.8", NULL, G_IO_ERROR_NOT_FOUND },
    { "DELETE", "/v1/bans/office", NULL, G_IO_ERROR_INVALID_ARGUMENT },
  };
  g_autoptr (GError) error = NULL;
  g_autoptr (AdminClient) client = admin_client_new_local (office->configuration, &error);

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    expect (client, rows[i].method, rows[i].path, rows[i].time, rows[i].code);
  json_t *answer = call (client, "GET", "/v1/bans", NULL, &error);
  json_t *list = json_object_get (answer, "bans");
  g_assert_cmpuint (json_array_size (list), ==, 2);
  for (gsize i = 0; i < 2; i++) {
    json_t *ban = json_array_get (list, i), *until = json_object_get (ban, "until");
    const char *address = json_string_value (json_object_get (ban, "address"));
    const gboolean is_v4 = g_str_equal (address, "192.0.2.7");
    g_assert_true (is_v4 || g_str_equal (address, "2001:db8::"));
    g_assert_cmpint (json_is_integer (until), ==, is_v4);
    g_assert_cmpint (json_integer_value (json_object_get (ban, "times")), ==, 0);
  }
  json_decref (answer);
  answer = call (client, "GET", "/v1/status", NULL, &error);
  g_assert_cmpint (json_integer_value (json_object_get (answer, "banned")), ==, 2);
  json_decref (answer);
  expect (client, "DELETE", "/v1/bans/192.0.2.7", NULL, -1);
  expect (client, "DELETE", "/v1/bans", NULL, -1);
  expect (client, "DELETE", "/v1/bans/2001:db8::7", NULL, G_IO_ERROR_NOT_FOUND);
}

static void
test_life (Office *self, gconstpointer data)
{
  office_with_client (self, use);
}

/* Who administers from this machine is let in by the token, whatever is banned. */
static void
use_banned (Office *office)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AdminClient) client = admin_client_new_local (office->configuration, &error);

  expect (client, "PUT", "/v1/bans/127.0.0.1", NULL, -1);
  g_autofree char *place = g_strdup (office->configuration->listen[LISTEN_ADMIN][0]);
  g_autoptr (Access) access = access_load (office->folder, &error);
  g_autoptr (AdminClient) person = admin_client_new_remote (
      place, access->fingerprint, "admin@office.example", ADMIN_PASSWORD, &error);
  expect (person, "GET", "/v1/bans", NULL, G_IO_ERROR_PERMISSION_DENIED);
  expect (client, "DELETE", "/v1/bans/127.0.0.1", NULL, -1);
  expect (person, "GET", "/v1/bans", NULL, -1);
}

static void
test_local (Office *self, gconstpointer data)
{
  office_with_client (self, use_banned);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/resource-bans/life", Office, NULL, office_set_up, test_life, office_tear_down);
  g_test_add ("/resource-bans/local", Office, NULL, office_set_up, test_local, office_tear_down);
  return g_test_run ();
}

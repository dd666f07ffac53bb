/* Tests of daemon/admin/resource-roles.c, over the API. */
#include "admin-fixture.h"

#define ROLE "/v1/roles/info@office.example"

static json_t *
call (AdminClient *client, const char *method, const char *path, const char *text, GError **error)
{
  json_t *body = text ? json_loads (text, 0, NULL) : NULL;
  json_t *answer = admin_client_call (client, method, path, body, error);

  g_assert_true (text == NULL || body != NULL);
  json_decref (body);
  return answer;
}

static void
use (Office *office)
{
  static const struct {
    const char *method, *path, *body;
    int code; /* -1: done */
  } rows[] = {
    { "POST", ROLE, "{\"admit\": \"anna@office.example\"}", G_IO_ERROR_INVALID_ARGUMENT },
    { "POST", ROLE, "{\"admit\": [7]}", G_IO_ERROR_INVALID_ARGUMENT },
    { "POST", ROLE, "{\"quota\": []}", G_IO_ERROR_INVALID_ARGUMENT },
    { "POST", ROLE, "{\"quota\": \"much\"}", G_IO_ERROR_INVALID_ARGUMENT },
    { "POST", ROLE, "{\"admit\": [\"nobody@office.example\"]}", G_IO_ERROR_NOT_FOUND },
    { "GET", ROLE, NULL, G_IO_ERROR_NOT_FOUND },
    { "POST", ROLE,
      "{\"admit\": [\"anna@office.example\"], \"send_as\": false, \"quota\": \"2G\","
      " \"display_name\": \"Info\"}",
      -1 },
    { "POST", ROLE, NULL, G_IO_ERROR_EXISTS },
    /* One who is nobody undoes what came before. */
    { "PATCH", ROLE, "{\"admit\": [\"admin@office.example\", \"nobody@office.example\"]}",
      G_IO_ERROR_NOT_FOUND },
    { "PATCH", ROLE, "{\"dismiss\": [\"admin@office.example\"]}", G_IO_ERROR_NOT_FOUND },
    { "PATCH", ROLE, "{\"members\": [7]}", G_IO_ERROR_INVALID_ARGUMENT },
    /* Who stays keeps the rights: anna sends as herself alone. */
    { "PATCH", ROLE, "{\"members\": [\"Anna@office.example\", \"admin@office.example\"]}", -1 },
    { "PATCH", ROLE, "{\"members\": [\"anna@office.example\"], \"quota\": \"3G\"}", -1 },
    { "PATCH", ROLE, "{\"display_name\": \"Information\"}", -1 },
  };
  g_autoptr (GError) failure = NULL;
  g_autoptr (AdminClient) client = admin_client_new_local (office->configuration, &failure);

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autoptr (GError) error = NULL;
    json_t *answer = call (client, rows[i].method, rows[i].path, rows[i].body, &error);

    g_test_message ("%s %s", rows[i].method, rows[i].body ? rows[i].body : "");
    if (rows[i].code < 0)
      g_assert_no_error (error);
    else
      g_assert_error (error, G_IO_ERROR, rows[i].code);
    json_decref (answer);
  }

  json_t *answer = call (client, "GET", ROLE, NULL, &failure);
  json_t *role = json_object_get (answer, "role");
  json_t *members = json_object_get (role, "members");
  g_assert_no_error (failure);
  g_assert_cmpint (json_integer_value (json_object_get (role, "quota")), ==,
                   G_GINT64_CONSTANT (3) << 30);
  g_assert_cmpstr (json_string_value (json_object_get (role, "display_name")), ==, "Information");
  g_assert_cmpuint (json_array_size (members), ==, 1);
  g_assert_true (json_is_false (json_object_get (json_array_get (members, 0), "send_as")));
  json_decref (answer);

  json_decref (call (client, "DELETE", ROLE, NULL, &failure));
  g_assert_no_error (failure);
  answer = call (client, "GET", "/v1/roles", NULL, &failure);
  g_assert_cmpuint (json_array_size (json_object_get (answer, "roles")), ==, 0);
  json_decref (answer);
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
  g_test_add ("/resource-roles/life", Office, NULL, office_set_up, test_life, office_tear_down);
  return g_test_run ();
}

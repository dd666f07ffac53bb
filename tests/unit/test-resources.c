/* Finding a resource of the admin API by method and path. */
#include "admin/resources.h"

static const struct {
  const char *method, *path;
  gboolean (*run) (AdminCall *call, GError **error); /* NULL: there is none */
  const char *argument;
  gboolean method_wrong;
} cases[] = {
  { "GET", "/v1/status", status_get, NULL, FALSE },
  { "POST", "/v1/status", NULL, NULL, TRUE },
  { "POST", "/v1/stop", stop_post, NULL, FALSE },
  { "GET", "/v1/stop", NULL, NULL, TRUE },
  { "GET", "/v1/users", users_get, NULL, FALSE },
  { "GET", "/v1/users/anna@example.com", user_get, "anna@example.com", FALSE },
  { "DELETE", "/v1/users/anna@example.com", user_delete, "anna@example.com", FALSE },
  { "DELETE", "/v1/users", NULL, NULL, TRUE },
  { "GET", "/v1/users/", NULL, NULL, FALSE },
  { "GET", "/v1/users/a/b", NULL, NULL, FALSE },
  { "POST", "/v1/compact", compact_post, NULL, FALSE },
  { "GET", "/v1/compact", NULL, NULL, TRUE },
  { "POST", "/v1/backups/verify", backup_verify_post, NULL, FALSE },
  { "GET", "/v1/status/", NULL, NULL, FALSE },
  { "GET", "/", NULL, NULL, FALSE },
  { "GET", "", NULL, NULL, FALSE },
  { "get", "/v1/status", NULL, NULL, TRUE },
};

static void
test_find (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    const char *argument;
    gboolean method_wrong;
    const Resource *resource
        = resource_find (cases[i].method, cases[i].path, &argument, &method_wrong);

    g_test_message ("%s %s", cases[i].method, cases[i].path);
    g_assert_true ((resource != NULL ? resource->run : NULL) == cases[i].run);
    if (resource != NULL)
      g_assert_cmpstr (argument, ==, cases[i].argument);
    else
      g_assert_cmpint (method_wrong, ==, cases[i].method_wrong);
  }
}

static void
test_text (void)
{
  AdminCall call = { .body = json_object () };
  g_autoptr (GError) missing = NULL, number = NULL;

  json_object_set_new (call.body, "a", json_string ("x"));
  json_object_set_new (call.body, "b", json_integer (1));
  json_object_set_new (call.body, "c", json_stringn ("x\0y", 3));
  g_assert_cmpstr (admin_call_text (&call, "a", NULL), ==, "x");
  g_assert_null (admin_call_text (&call, "b", &number));
  g_assert_error (number, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
  g_assert_null (admin_call_optional_text (&call, "c"));
  g_assert_null (admin_call_text (&call, "d", &missing));
  g_assert_nonnull (missing);
  json_decref (call.body);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/resources/find", test_find);
  g_test_add_func ("/resources/text", test_text);
  return g_test_run ();
}

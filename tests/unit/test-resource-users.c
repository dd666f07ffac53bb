/* Tests of daemon/admin/resource-users.c, over the API: which change ends the user's sessions, and
 * what a user is described as. */
#include "admin-calls.h"

#define BERT "/v1/users/bert@office.example"
#define PASSWORDS "/v1/app-passwords/bert@office.example"
#define CERTIFICATES "/v1/user-certificates/bert@office.example"
#define PRINT "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"

/* To the same user, one after the other. */
static const struct {
  const char *method, *path, *body;
  int code; /* -1: done */
  gboolean ends;
} changes[] = {
  { "POST", BERT, "{\"password\": \"long enough\"}", -1, FALSE },
  { "PATCH", BERT, "{\"quota\": \"1G\", \"display_name\": \"Bert\"}", -1, FALSE },
  { "PATCH", BERT, "{\"hide_capabilities\": \"IDLE\"}", -1, FALSE },
  { "PATCH", BERT, "{\"password\": \"another one\"}", -1, TRUE },
  { "PATCH", "/v1/users/BERT@Office.Example", "{\"password\": \"and a third\"}", -1, TRUE },
  { "PATCH", BERT, "{\"password\": \"short\"}", G_IO_ERROR_INVALID_ARGUMENT, FALSE },
  { "PATCH", BERT, "{\"password\": \"long enough\", \"quota\": \"many\"}",
    G_IO_ERROR_INVALID_ARGUMENT, FALSE },
  { "PATCH", BERT, "{\"enabled\": true}", -1, FALSE },
  { "PATCH", BERT, "{\"enabled\": false}", -1, TRUE },
  { "POST", PASSWORDS, "{\"name\": \"phone\"}", -1, FALSE },
  { "DELETE", PASSWORDS, "{\"name\": \"laptop\"}", G_IO_ERROR_NOT_FOUND, FALSE },
  { "DELETE", PASSWORDS, "{\"name\": \"phone\"}", -1, TRUE },
  { "POST", CERTIFICATES, "{\"name\": \"phone\", \"fingerprint\": \"" PRINT "\"}", -1, FALSE },
  { "DELETE", CERTIFICATES, "{\"name\": \"laptop\"}", G_IO_ERROR_NOT_FOUND, FALSE },
  { "DELETE", CERTIFICATES, "{\"name\": \"phone\"}", -1, TRUE },
  { "PATCH", "/v1/users/nobody@office.example", "{\"password\": \"long enough\"}",
    G_IO_ERROR_NOT_FOUND, FALSE },
  { "DELETE", BERT, NULL, -1, TRUE },
  { "DELETE", BERT, NULL, G_IO_ERROR_NOT_FOUND, FALSE },
};

static void
change_all (Office *office)
{
  g_autoptr (AdminClient) client = admin_client_new_local (office->configuration, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (changes); i++) {
    api_run (client, changes[i].method, changes[i].path, changes[i].body, changes[i].code);
    g_autofree char *ended = office_take_ended (office);
    g_assert_cmpstr (ended, ==, changes[i].ends ? "bert@office.example" : NULL);
  }
}

static void
test_ends (Office *self, gconstpointer data)
{
  office_with_client (self, change_all);
}

static void
look (Office *office)
{
  g_autoptr (AdminClient) client = admin_client_new_local (office->configuration, NULL);

  api_run (client, "POST", BERT, "{\"password\": \"long enough\", \"quota\": \"2G\"}", -1);
  api_run (client, "POST", PASSWORDS, "{\"name\": \"phone\"}", -1);
  json_t *answer = api_call (client, "GET", BERT, NULL, -1);
  json_t *user = json_object_get (answer, "user");
  char *text = json_dumps (answer, 0);

  g_assert_cmpstr (api_text (user, "address"), ==, "bert@office.example");
  g_assert_true (json_is_true (json_object_get (user, "enabled")));
  g_assert_cmpint (json_integer_value (json_object_get (user, "quota")), ==,
                   G_GINT64_CONSTANT (2) << 30);
  g_assert_cmpint (json_integer_value (json_object_get (user, "app_passwords")), ==, 1);
  g_assert_true (json_is_null (json_object_get (user, "last_login")));
  g_assert_true (json_is_null (json_object_get (user, "admin_role")));
  g_assert_null (strstr (text, "_password\"")); /* nor anything of it */
  g_assert_null (strstr (text, "hash"));
  free (text);
  json_decref (answer);
}

static void
test_look (Office *self, gconstpointer data)
{
  office_with_client (self, look);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/resource-users/ends", Office, NULL, office_set_up, test_ends, office_tear_down);
  g_test_add ("/resource-users/look", Office, NULL, office_set_up, test_look, office_tear_down);
  return g_test_run ();
}

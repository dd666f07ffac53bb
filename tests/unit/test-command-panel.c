/* The control panel gets a login of its own, and each time a new one. */
#include "command-fixture.h"

static json_t *
ask_access (Office *office)
{
  g_autofree char *line
      = g_strdup_printf ("panel access Panel-of-anna --config %s", office->configuration->path);
  json_t *answer = json_loads (command_run (office, line), 0, NULL);

  g_assert_nonnull (answer);
  return answer;
}

static const char *
text_of (const json_t *answer, const char *key)
{
  return json_string_value (json_object_get (answer, key));
}

static gboolean
lets_in (const json_t *answer, const char *password)
{
  g_autoptr (AdminClient) client
      = admin_client_new_remote (text_of (answer, "address"), text_of (answer, "fingerprint"),
                                 text_of (answer, "user"), password, NULL);
  json_t *status = admin_client_call (client, "GET", "/v1/status", NULL, NULL);
  const gboolean in = status != NULL;

  json_decref (status);
  return in;
}

static void
call_access (Office *office)
{
  json_t *first = ask_access (office);
  json_t *second;

  g_assert_true (g_str_has_prefix (text_of (first, "user"), "panel-"));
  g_assert_true (g_str_has_suffix (text_of (first, "user"), "@office.example"));
  g_assert_true (lets_in (first, text_of (first, "password")));
  second = ask_access (office);
  g_assert_cmpstr (text_of (second, "user"), ==, text_of (first, "user"));
  g_assert_true (lets_in (second, text_of (second, "password")));
  g_assert_false (lets_in (first, text_of (first, "password")));
  json_decref (first);
  json_decref (second);
}

static void
test_access (Office *self, gconstpointer data)
{
  office_with_client (self, call_access);
}

static void
call_fingerprint (Office *office)
{
  g_autofree char *line
      = g_strdup_printf ("panel fingerprint --json --config %s", office->configuration->path);
  g_autoptr (Access) access = access_load (office->folder, NULL);
  g_autofree char *printed = g_strchomp (g_strdup (command_run (office, line)));

  g_assert_cmpstr (printed, ==, access->fingerprint);
}

static void
test_fingerprint (Office *self, gconstpointer data)
{
  office_with_client (self, call_fingerprint);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/command-panel/access", Office, NULL, office_set_up, test_access, office_tear_down);
  g_test_add ("/command-panel/fingerprint", Office, NULL, office_set_up, test_fingerprint,
              office_tear_down);
  return g_test_run ();
}

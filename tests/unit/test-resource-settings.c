/* Tests of daemon/admin/resource-settings.c, over the API: what each setting is described as, and
 * changes of one and of several. */
#include "admin-calls.h"
#include "settings.h"

#define SECRET_VALUE                                                                               \
  "hmac-sha256:update.example:c2VjcmV0LXRoYXQtaXMtbG9uZy1lbm91Z2gtZm9yLXNoYTI1Ng=="

/* Each has a group with a title, a sentence, and bounds or choices; nobody forgot its label. */
static void
describe (Office *office)
{
  static const char *const words[] = { "no", "yes", "never", "always", "off", NULL };
  g_autoptr (AdminClient) client = admin_client_new_local (office->configuration, NULL);
  json_t *answer = api_call (client, "GET", "/v1/settings", NULL, -1), *one, *choice;
  gsize i, k;

  g_assert_cmpuint (json_array_size (json_object_get (answer, "settings")), ==, SETTING_COUNT);
  json_array_foreach (json_object_get (answer, "settings"), i, one)
  {
    const SettingInfo *info = setting_info ((Setting)i);
    g_test_message ("%s", info->key);
    g_assert_cmpstr (api_text (one, "key"), ==, info->key);
    g_assert_cmpstr (api_text (one, "group"), !=, "others");
    g_assert_true (g_str_has_prefix (info->key, api_text (one, "group")));
    g_assert_cmpstr (api_text (one, "group_title"), !=, "Others");
    g_assert_nonnull (api_text (one, "help"));
    g_assert_cmpstr (api_text (one, "default"), ==, info->default_text);
    g_assert_cmpint (json_is_array (json_object_get (one, "choices")), ==, info->choices != NULL);
    g_assert_cmpint (json_is_integer (json_object_get (one, "most")), ==, info->choices == NULL);
    json_array_foreach (json_object_get (one, "choices"), k, choice)
    {
      g_assert_cmpstr (api_text (choice, "value"), ==, info->choices[k]);
      g_assert_true (g_strv_contains (words, info->choices[k])
                     || strcmp (api_text (choice, "label"), info->choices[k]) != 0);
    }
  }
  json_decref (answer);
}

static void
test_describe (Office *self, gconstpointer data)
{
  office_with_client (self, describe);
}

/* One after the other. */
static const struct {
  const char *method, *path, *body;
  int code; /* -1: done */
  const char *hops, *level; /* afterwards: smtp.max-hops, log.level */
} changes[] = {
  { "PUT", "/v1/settings/smtp.max-hops", "{\"value\": \"20\"}", -1, "20", "info" },
  { "PUT", "/v1/settings/smtp.max-hops", "{\"value\": \"many\"}", G_IO_ERROR_INVALID_ARGUMENT, "20",
    "info" },
  { "PUT", "/v1/settings/smtp.max-hops", "{\"value\": 21}", G_IO_ERROR_INVALID_ARGUMENT, "20",
    "info" },
  { "PUT", "/v1/settings/smtp.max-hops", "{}", G_IO_ERROR_INVALID_ARGUMENT, "20", "info" },
  { "PUT", "/v1/settings/smtp.no-such", "{\"value\": \"1\"}", G_IO_ERROR_NOT_FOUND, "20", "info" },
  { "GET", "/v1/settings/smtp.no-such", NULL, G_IO_ERROR_NOT_FOUND, "20", "info" },
  { "PATCH", "/v1/settings", "{\"smtp.max-hops\": \"30\", \"log.level\": \"warning\"}", -1, "30",
    "warning" },
  /* All or none. */
  { "PATCH", "/v1/settings", "{\"smtp.max-hops\": \"40\", \"log.level\": \"loud\"}",
    G_IO_ERROR_INVALID_ARGUMENT, "30", "warning" },
  { "PATCH", "/v1/settings", "{\"smtp.max-hops\": \"40\", \"no.such\": \"1\"}",
    G_IO_ERROR_NOT_FOUND, "30", "warning" },
  { "PATCH", "/v1/settings", "{}", -1, "30", "warning" },
  { "PATCH", "/v1/settings", "{\"log.level\": null}", -1, "30", "info" },
  { "PUT", "/v1/settings/smtp.max-hops", "{\"value\": null}", -1, NULL, "info" },
};

static void
must_be (AdminClient *client, const char *key, const char *value)
{
  g_autofree char *path = g_strconcat ("/v1/settings/", key, NULL);
  json_t *answer = api_call (client, "GET", path, NULL, -1);
  json_t *setting = json_object_get (answer, "setting");
  const int number = setting_find (key);
  g_autofree char *here = setting_text ((Setting)number);
  const char *usual = api_text (setting, "default");

  g_assert_cmpstr (api_text (setting, "value"), ==, value ? value : usual);
  g_assert_cmpstr (here, ==, value ? value : usual); /* what counts is what is told */
  g_assert_cmpint (json_is_true (json_object_get (setting, "changed")), ==,
                   value != NULL && strcmp (value, usual) != 0);
  json_decref (answer);
}

static void
change (Office *office)
{
  g_autoptr (AdminClient) client = admin_client_new_local (office->configuration, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (changes); i++) {
    api_run (client, changes[i].method, changes[i].path, changes[i].body, changes[i].code);
    must_be (client, "smtp.max-hops", changes[i].hops);
    must_be (client, "log.level", changes[i].level);
  }
}

static void
test_change (Office *self, gconstpointer data)
{
  office_with_client (self, change);
}

/* The mark is the same for the same secret alone. */
static void
compare_marks (AdminClient *client)
{
  static const struct {
    const char *body;
    gboolean is_other;
  } rows[] = { { "{\"value\": \"" SECRET_VALUE "\"}", FALSE },
               { "{\"value\": \"hmac-sha256:other.example:c2VjcmV0LXRoYXQtaXMtbG9uZy1lbm91Z2g=\"}",
                 TRUE },
               { "{\"value\": \"" SECRET_VALUE "\"}", FALSE } };
  g_autofree char *first = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    json_t *answer = api_call (client, "PUT", "/v1/settings/acme.dns-key", rows[i].body, -1);
    const char *mark = api_text (json_object_get (answer, "setting"), "mark");

    g_assert_cmpuint (strlen (mark), ==, 32);
    if (first == NULL)
      first = g_strdup (mark);
    g_assert_cmpint (strcmp (mark, first) != 0, ==, rows[i].is_other);
    json_decref (answer);
  }
}

/* A secret is shown nowhere, neither by itself nor in the audit log; that there is one is told. */
static void
keep_secret (Office *office)
{
  static const char *const places[] = { "/v1/settings", "/v1/settings/acme.dns-key", "/v1/audit" };
  g_autoptr (AdminClient) client = admin_client_new_local (office->configuration, NULL);
  json_t *before = api_call (client, "GET", "/v1/settings/acme.dns-key", NULL, -1);

  g_assert_true (json_is_false (json_object_get (json_object_get (before, "setting"), "is_set")));
  g_assert_null (json_object_get (json_object_get (before, "setting"), "mark"));
  api_run (client, "PUT", "/v1/settings/acme.dns-key", "{\"value\": \"" SECRET_VALUE "\"}", -1);
  api_run (client, "PATCH", "/v1/settings", "{\"acme.dns-key\": \"" SECRET_VALUE "\"}", -1);
  for (guint i = 0; i < G_N_ELEMENTS (places); i++) {
    json_t *answer = api_call (client, "GET", places[i], NULL, -1);
    char *text = json_dumps (answer, 0);
    g_assert_null (strstr (text, "c2VjcmV0"));
    g_assert_nonnull (strstr (text, i == 1 ? "\"is_set\": true" : "acme.dns-key"));
    free (text);
    json_decref (answer);
  }
  compare_marks (client);
  api_run (client, "PUT", "/v1/settings/acme.dns-key", "{\"value\": null}", -1);
  json_decref (before);
}

static void
test_secret (Office *self, gconstpointer data)
{
  office_with_client (self, keep_secret);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/resource-settings/describe", Office, NULL, office_set_up, test_describe,
              office_tear_down);
  g_test_add ("/resource-settings/change", Office, NULL, office_set_up, test_change,
              office_tear_down);
  g_test_add ("/resource-settings/secret", Office, NULL, office_set_up, test_secret,
              office_tear_down);
  return g_test_run ();
}

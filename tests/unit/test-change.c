/* Changes over the API: two administrators at once, the audit log, no secret in it. */
#include "admin-fixture.h"
#include <string.h>

#define SECRET "a password that nobody reads"

static AdminReply
exchange (AdminClient *client, const char *method, const char *path, const char *body,
          const char *etag, int code)
{
  json_t *object = body ? json_loads (body, 0, NULL) : NULL;
  const AdminRequest request = { method, path, object, etag };
  g_autoptr (GError) error = NULL;
  AdminReply reply = { 0 };

  g_test_message ("%s %s", method, path);
  admin_client_exchange (client, &request, &reply, &error);
  if (code < 0)
    g_assert_no_error (error);
  else
    g_assert_error (error, G_IO_ERROR, code);
  json_decref (object);
  return reply;
}

static void
run (AdminClient *client, const char *method, const char *path, const char *body, const char *etag,
     int code)
{
  g_auto (AdminReply) reply = exchange (client, method, path, body, etag, code);
}

/* What is there, how it is changed, and by a field of which it is seen. */
static const struct {
  const char *path, *method, *first, *second;
} things[] = {
  { "/v1/users/anna@office.example", "PATCH", "{\"quota\":\"1G\"}", "{\"quota\":\"2G\"}" },
  { "/v1/settings/smtp.max-hops", "PUT", "{\"value\":\"20\"}", "{\"value\":\"30\"}" },
  { "/v1/settings", "PATCH", "{\"smtp.max-hops\":\"21\"}", "{\"smtp.max-hops\":\"31\"}" },
  { "/v1/domains/office.example", "PATCH", "{\"catch_all\":\"anna@office.example\"}",
    "{\"catch_all\":null}" },
  { "/v1/rates/anna@office.example", "PUT", "{\"hour\":1,\"day\":2}", "{\"hour\":3,\"day\":4}" },
  { "/v1/administrators/admin@office.example", "PUT", "{\"role\":\"read-only\"}",
    "{\"role\":\"administrator\"}" },
  { "/v1/setup", "PUT", "{\"step\":\"one\"}", "{\"step\":\"two\"}" },
  { "/v1/app-passwords/anna@office.example", "POST", "{\"name\":\"phone\"}",
    "{\"name\":\"tablet\"}" },
  { "/v1/bans/192.0.2.7", "PUT", "{\"time\":\"1h\"}", "{\"time\":\"2h\"}" },
};

static void
two_at_once (Office *office)
{
  g_autoptr (AdminClient) client = admin_client_new_local (office->configuration, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (things); i++) {
    const gboolean is_new = g_str_has_prefix (things[i].path, "/v1/bans/");
    if (is_new) {
      run (client, "PUT", things[i].path, "{\"time\":\"3h\"}", NULL, -1);
      continue; /* bans have no GET of their own: the answer's ETag is all there is */
    }
    g_auto (AdminReply) seen = exchange (client, "GET", things[i].path, NULL, NULL, -1);
    g_assert_nonnull (seen.etag);
    g_auto (AdminReply) done
        = exchange (client, things[i].method, things[i].path, things[i].first, seen.etag, -1);
    g_auto (AdminReply) late = exchange (client, things[i].method, things[i].path, things[i].second,
                                         seen.etag, G_IO_ERROR_WRONG_ETAG);
    g_assert_cmpuint (late.status, ==, 412);
    g_assert_true (json_is_object (json_object_get (late.object, "current")));
    g_assert_cmpstr (late.etag, ==, done.etag);
    run (client, things[i].method, things[i].path, things[i].second, late.etag, -1);
  }
}

static void
test_two (Office *self, gconstpointer data)
{
  office_with_client (self, two_at_once);
}

/* Without conditions, and with "*". */
static void
stars (Office *office)
{
  g_autoptr (AdminClient) client = admin_client_new_local (office->configuration, NULL);

  run (client, "PUT", "/v1/aliases/info@office.example", "{\"targets\":[\"anna@office.example\"]}",
       "*", G_IO_ERROR_WRONG_ETAG);
  run (client, "PUT", "/v1/aliases/info@office.example", "{\"targets\":[\"anna@office.example\"]}",
       NULL, -1);
  run (client, "DELETE", "/v1/aliases/info@office.example", NULL, "\"other\"",
       G_IO_ERROR_WRONG_ETAG);
  run (client, "DELETE", "/v1/aliases/info@office.example", NULL, "*", -1);
  g_auto (AdminReply) gone = exchange (client, "DELETE", "/v1/aliases/info@office.example", NULL,
                                       "*", G_IO_ERROR_WRONG_ETAG);
  g_assert_true (json_is_object (gone.object));
}

static void
test_stars (Office *self, gconstpointer data)
{
  office_with_client (self, stars);
}

static void
write_log (Office *office)
{
  g_autoptr (AdminClient) client = admin_client_new_local (office->configuration, NULL);
  static const struct {
    const char *method, *path, *body, *change;
  } rows[] = {
    { "POST", "/v1/users/bert@office.example", "{\"password\":\"" SECRET "\",\"quota\":5}",
      "{\"field\":\"quota\",\"old\":null,\"new\":5,\"secret\":false}" },
    { "PATCH", "/v1/users/bert@office.example", "{\"password\":\"" SECRET "\"}",
      "{\"field\":\"password\",\"old\":null,\"new\":null,\"secret\":true}" },
    { "PUT", "/v1/settings/queue.relay-password", "{\"value\":\"" SECRET "\"}",
      "{\"field\":\"value\",\"old\":null,\"new\":null,\"secret\":true}" },
    { "PATCH", "/v1/settings", "{\"queue.relay-password\":\"" SECRET "!\",\"log.level\":\"debug\"}",
      "{\"field\":\"queue.relay-password\",\"old\":null,\"new\":null,\"secret\":true}" },
    { "PUT", "/v1/bans/192.0.2.9", "{\"time\":\"2h\"}", "\"field\":\"until\"" },
    { "DELETE", "/v1/users/bert@office.example", NULL,
      "{\"field\":\"quota\",\"old\":5,\"new\":null,\"secret\":false}" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    run (client, rows[i].method, rows[i].path, rows[i].body, NULL, -1);
    g_auto (AdminReply) reply = exchange (client, "GET", "/v1/audit?limit=1", NULL, NULL, -1);
    json_t *entry = json_array_get (json_object_get (reply.object, "entries"), 0);
    char *text = json_dumps (entry, JSON_COMPACT);

    g_test_message ("%s", text);
    g_assert_nonnull (strstr (text, rows[i].change));
    g_assert_null (strstr (text, SECRET));
    g_assert_cmpstr (json_string_value (json_object_get (entry, "path")), ==, rows[i].path);
    g_assert_cmpstr (json_string_value (json_object_get (entry, "user")), ==, "(token)");
    free (text);
  }
  /* What was refused is no change. */
  run (client, "DELETE", "/v1/users/bert@office.example", NULL, NULL, G_IO_ERROR_NOT_FOUND);
  g_auto (AdminReply) all = exchange (client, "GET", "/v1/audit", NULL, NULL, -1);
  g_assert_cmpuint (json_array_size (json_object_get (all.object, "entries")), ==,
                    G_N_ELEMENTS (rows));
}

static void
test_log (Office *self, gconstpointer data)
{
  office_with_client (self, write_log);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/change/two-at-once", Office, NULL, office_set_up, test_two, office_tear_down);
  g_test_add ("/change/stars", Office, NULL, office_set_up, test_stars, office_tear_down);
  g_test_add ("/change/log", Office, NULL, office_set_up, test_log, office_tear_down);
  return g_test_run ();
}

/* Changes over the API: two administrators at once, the audit log, no secret in it. */
#include "admin-fixture.h"
#include "admin/resources.h"
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

/* For each resource that changes something with a state: to add one, add a line. */
static const struct {
  const char *method, *path, *body;
} writes[] = {
  { "PATCH", "/v1/settings", "{\"smtp.max-hops\": \"21\"}" },
  { "PUT", "/v1/settings/smtp.max-hops", "{\"value\": \"20\"}" },
  { "PUT", "/v1/administrators/admin@office.example", "{\"role\": \"read-only\"}" },
  { "DELETE", "/v1/administrators/admin@office.example", NULL },
  { "PUT", "/v1/setup", "{\"step\": \"people\"}" },
  { "DELETE", "/v1/setup", NULL },
  { "PUT", "/v1/domains/office.example", NULL },
  { "PATCH", "/v1/domains/office.example", "{\"catch_all\": \"anna@office.example\"}" },
  { "DELETE", "/v1/domains/office.example", NULL },
  { "POST", "/v1/users/anna@office.example", "{\"password\": \"" SECRET "\"}" },
  { "PATCH", "/v1/users/anna@office.example", "{\"display_name\": \"Anna\"}" },
  { "DELETE", "/v1/users/anna@office.example", NULL },
  { "POST", "/v1/app-passwords/anna@office.example", "{\"name\": \"phone\"}" },
  { "DELETE", "/v1/app-passwords/anna@office.example", "{\"name\": \"phone\"}" },
  { "POST", "/v1/user-certificates/anna@office.example",
    "{\"name\": \"phone\", \"fingerprint\":"
    " \"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\"}" },
  { "DELETE", "/v1/user-certificates/anna@office.example", "{\"name\": \"phone\"}" },
  { "POST", "/v1/dkim/office.example", NULL },
  { "PUT", "/v1/dkim/office.example", NULL },
  { "PUT", "/v1/aliases/post@office.example", "{\"targets\": [\"anna@office.example\"]}" },
  { "DELETE", "/v1/aliases/post@office.example", NULL },
  { "POST", "/v1/groups/all@office.example", "{\"admit\": [\"anna@office.example\"]}" },
  { "PATCH", "/v1/groups/all@office.example", "{\"members\": [\"admin@office.example\"]}" },
  { "DELETE", "/v1/groups/all@office.example", NULL },
  { "POST", "/v1/roles/info@office.example", "{\"admit\": [\"anna@office.example\"]}" },
  { "PATCH", "/v1/roles/info@office.example", "{\"members\": []}" },
  { "PUT", "/v1/roles/info@office.example", NULL },
  { "DELETE", "/v1/roles/info@office.example", NULL },
  { "POST", "/v1/queue/1", "{\"action\": \"hold\"}" },
  { "DELETE", "/v1/queue/1", NULL },
  { "POST", "/v1/brakes/anna@office.example", "{\"action\": \"lock\"}" },
  { "PUT", "/v1/rates/anna@office.example", "{\"hour\": 1, \"day\": 2}" },
  { "PUT", "/v1/devices/anna@office.example", "{\"senders\": [], \"recipients\": []}" },
  { "DELETE", "/v1/devices/anna@office.example", NULL },
  { "DELETE", "/v1/bans", NULL },
  { "PUT", "/v1/bans/192.0.2.7", "{\"time\": \"1h\"}" },
  { "DELETE", "/v1/bans/192.0.2.7", NULL },
  { "POST", "/v1/certificates/own", "{\"hosts\": [\"mail.office.example\"]}" },
  { "PUT", "/v1/certificates/own", "{\"key\": \"\", \"chain\": \"\"}" },
  { "DELETE", "/v1/certificates/own", NULL },
};

/* How the thing is now: what a change on another state is told, and nothing is done. */
static AdminReply
refuse_stale (AdminClient *client, const char *method, const char *path, const char *body)
{
  AdminReply reply = exchange (client, method, path, body, "\"stale\"", G_IO_ERROR_WRONG_ETAG);

  g_assert_cmpuint (reply.status, ==, 412);
  g_assert_nonnull (reply.etag);
  g_assert_nonnull (json_object_get (reply.object, "current"));
  return reply;
}

static gboolean
is_written (const Resource *resource)
{
  for (guint i = 0; i < G_N_ELEMENTS (writes); i++) {
    const char *argument;
    gboolean wrong;
    if (resource_find (writes[i].method, writes[i].path, &argument, &wrong) == resource)
      return TRUE;
  }
  return FALSE;
}

static void
every (Office *office)
{
  g_autoptr (AdminClient) client = admin_client_new_local (office->configuration, NULL);
  guint count;
  const Resource *table = resource_table (&count);

  for (guint i = 0; i < count; i++)
    if (resource_changes (&table[i]) && table[i].state != NULL) {
      g_test_message ("%s %s is among the writes", table[i].method, table[i].path);
      g_assert_true (is_written (&table[i]));
    }
  for (guint i = 0; i < G_N_ELEMENTS (writes); i++) {
    g_auto (AdminReply) late
        = refuse_stale (client, writes[i].method, writes[i].path, writes[i].body);
    g_auto (AdminReply) again
        = refuse_stale (client, writes[i].method, writes[i].path, writes[i].body);
    g_assert_cmpstr (late.etag, ==, again.etag);
  }
}

static void
test_every (Office *self, gconstpointer data)
{
  office_with_client (self, every);
}

/* A list says the ETag of each thing that it holds. */
static void
items (Office *office)
{
  static const struct {
    const char *method, *path, *body, *list, *key, *id;
  } rows[] = {
    { "PUT", "/v1/aliases/post@office.example",
      "{\"targets\": [\"b@elsewhere.example\", \"anna@office.example\"]}", "/v1/aliases", "aliases",
      "address" },
    { "POST", "/v1/groups/all@office.example",
      "{\"admit\": [\"anna@office.example\", \"admin@office.example\"]}", "/v1/groups", "groups",
      "address" },
    { "POST", "/v1/roles/info@office.example", "{\"admit\": [\"anna@office.example\"]}",
      "/v1/roles", "roles", "address" },
    { "PUT", "/v1/administrators/anna@office.example",
      "{\"role\": \"domain-administrator\", \"domains\": [\"office.example\"]}",
      "/v1/administrators", "administrators", "address" },
    { "POST", "/v1/certificates/own", "{\"hosts\": [\"mail.office.example\"]}", "/v1/certificates",
      "certificates", "name" },
  };
  g_autoptr (AdminClient) client = admin_client_new_local (office->configuration, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    run (client, rows[i].method, rows[i].path, rows[i].body, NULL, -1);
    g_auto (AdminReply) now = refuse_stale (client, "DELETE", rows[i].path, NULL);
    g_auto (AdminReply) all = exchange (client, "GET", rows[i].list, NULL, NULL, -1);
    guint found = 0;
    json_t *item;
    gsize k;

    json_array_foreach (json_object_get (all.object, rows[i].key), k, item)
    {
      const char *etag = json_string_value (json_object_get (item, "etag"));
      const gboolean is_it
          = g_str_has_suffix (rows[i].path, json_string_value (json_object_get (item, rows[i].id)));
      g_assert_cmpint (g_strcmp0 (etag, now.etag) == 0, ==, is_it);
      found += is_it ? 1 : 0;
    }
    g_assert_cmpuint (found, ==, 1);
  }
}

static void
test_items (Office *self, gconstpointer data)
{
  office_with_client (self, items);
}

/* What is to be new replaces nothing. */
static void
only_new (Office *office)
{
  g_autoptr (AdminClient) client = admin_client_new_local (office->configuration, NULL);
  json_t *body = json_pack ("{s:s}", "time", "1h");
  AdminRequest request = { .method = "PUT", .path = "/v1/bans/192.0.2.7", .body = body };

  request.if_none_match = "*";
  for (guint i = 0; i < 2; i++) {
    g_auto (AdminReply) reply = { 0 };
    g_autoptr (GError) error = NULL;
    admin_client_exchange (client, &request, &reply, &error);
    g_assert_cmpuint (reply.status, ==, i == 0 ? 200 : 412);
  }
  json_decref (body);
}

static void
test_only_new (Office *self, gconstpointer data)
{
  office_with_client (self, only_new);
}

static gboolean
execute (StoreTransaction *transaction, gpointer data, GError **error)
{
  return database_execute (store_transaction_database (transaction), data, error);
}

static void
set_trigger (Office *office, const char *sql)
{
  g_autoptr (GError) error = NULL;

  store_write_sync (office->store, execute, (gpointer)sql, &error);
  g_assert_no_error (error);
}

static guint
count (AdminClient *client, const char *path, const char *list)
{
  g_auto (AdminReply) reply = exchange (client, "GET", path, NULL, NULL, -1);

  return (guint)json_array_size (json_object_get (reply.object, list));
}

/* Nothing is done that could not be written down, not even what does not lie in the store. */
static void
unwritten (Office *office)
{
  g_autoptr (AdminClient) client = admin_client_new_local (office->configuration, NULL);

  set_trigger (office,
               "CREATE TRIGGER stop BEFORE INSERT ON audit BEGIN"
               " SELECT RAISE (FAIL, 'no room'); END");
  run (client, "POST", "/v1/backups", NULL, NULL, G_IO_ERROR_FAILED);
  run (client, "POST", "/v1/certificates/own", "{\"hosts\": [\"mail.office.example\"]}", NULL,
       G_IO_ERROR_FAILED);
  g_assert_cmpuint (count (client, "/v1/jobs", "jobs"), ==, 0);
  g_assert_cmpuint (count (client, "/v1/certificates", "certificates"), ==, 0);
  set_trigger (office, "DROP TRIGGER stop");

  /* It is done although the outcome cannot be written down: what was asked for stands there. */
  set_trigger (office,
               "CREATE TRIGGER stop BEFORE UPDATE ON audit BEGIN"
               " SELECT RAISE (FAIL, 'no room'); END");
  run (client, "POST", "/v1/certificates/own", "{\"hosts\": [\"mail.office.example\"]}", NULL, -1);
  g_assert_cmpuint (count (client, "/v1/audit", "entries"), ==, 1);
  set_trigger (office, "DROP TRIGGER stop");

  /* What was refused is no change, there neither. */
  run (client, "DELETE", "/v1/bans/192.0.2.77", NULL, NULL, G_IO_ERROR_NOT_FOUND);
  g_assert_cmpuint (count (client, "/v1/audit", "entries"), ==, 1);
}

static void
test_unwritten (Office *self, gconstpointer data)
{
  office_with_client (self, unwritten);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/change/two-at-once", Office, NULL, office_set_up, test_two, office_tear_down);
  g_test_add ("/change/stars", Office, NULL, office_set_up, test_stars, office_tear_down);
  g_test_add ("/change/every", Office, NULL, office_set_up, test_every, office_tear_down);
  g_test_add ("/change/unwritten", Office, NULL, office_set_up, test_unwritten, office_tear_down);
  g_test_add ("/change/items", Office, NULL, office_set_up, test_items, office_tear_down);
  g_test_add ("/change/only-new", Office, NULL, office_set_up, test_only_new, office_tear_down);
  g_test_add ("/change/log", Office, NULL, office_set_up, test_log, office_tear_down);
  return g_test_run ();
}

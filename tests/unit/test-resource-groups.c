/* Tests of daemon/admin/resource-groups.c, over the API. */
#include "admin-fixture.h"

#define GROUP "/v1/groups/all@office.example"

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
    const char *method, *body;
    int code; /* -1: done */
  } rows[] = {
    { "POST", "{\"admit\": \"anna@office.example\"}", G_IO_ERROR_INVALID_ARGUMENT },
    { "POST", "{\"admit\": [7]}", G_IO_ERROR_INVALID_ARGUMENT },
    { "POST", "{}", G_IO_ERROR_INVALID_ARGUMENT },
    { "POST", "{\"admit\": [\"anna@office.example\"], \"senders\": \"nobody\"}",
      G_IO_ERROR_INVALID_ARGUMENT },
    { "POST", "{\"admit\": [\"nobody@office.example\"]}", G_IO_ERROR_NOT_FOUND },
    { "GET", NULL, G_IO_ERROR_NOT_FOUND },
    { "POST", "{\"admit\": [\"anna@office.example\"], \"senders\": \"members\"}", -1 },
    { "POST", "{\"admit\": [\"anna@office.example\"]}", G_IO_ERROR_EXISTS },
    /* One who is nobody undoes what came before. */
    { "PATCH", "{\"admit\": [\"admin@office.example\", \"nobody@office.example\"]}",
      G_IO_ERROR_NOT_FOUND },
    { "PATCH", "{\"dismiss\": [\"admin@office.example\"]}", G_IO_ERROR_NOT_FOUND },
    { "PATCH", "{\"admit\": [\"admin@office.example\"], \"dismiss\": [\"anna@office.example\"]}",
      -1 },
    { "PATCH", "{\"members\": \"admin@office.example\"}", G_IO_ERROR_INVALID_ARGUMENT },
    { "PATCH", "{\"members\": [\"nobody@office.example\"]}", G_IO_ERROR_NOT_FOUND },
    { "PATCH", "{\"members\": [\"anna@office.example\", \"Admin@Office.Example\"]}", -1 },
    { "PATCH", "{\"members\": [\"admin@office.example\"]}", -1 },
    { "PATCH", "{\"send_as\": true}", -1 },
  };
  g_autoptr (GError) failure = NULL;
  g_autoptr (AdminClient) client = admin_client_new_local (office->configuration, &failure);

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autoptr (GError) error = NULL;
    json_t *answer = call (client, rows[i].method, GROUP, rows[i].body, &error);

    g_test_message ("%s %s", rows[i].method, rows[i].body ? rows[i].body : "");
    if (rows[i].code < 0)
      g_assert_no_error (error);
    else
      g_assert_error (error, G_IO_ERROR, rows[i].code);
    json_decref (answer);
  }

  json_t *answer = call (client, "GET", GROUP, NULL, &failure);
  json_t *group = json_object_get (answer, "group");
  g_assert_no_error (failure);
  g_assert_cmpstr (json_string_value (json_object_get (group, "senders")), ==, "members");
  g_assert_true (json_is_true (json_object_get (group, "send_as")));
  g_assert_cmpuint (json_array_size (json_object_get (group, "members")), ==, 1);
  json_decref (answer);
  json_decref (call (client, "DELETE", GROUP, NULL, &failure));
  g_assert_no_error (failure);
  answer = call (client, "GET", "/v1/groups", NULL, &failure);
  g_assert_cmpuint (json_array_size (json_object_get (answer, "groups")), ==, 0);
  json_decref (answer);
}

static gboolean
fill (StoreTransaction *transaction, gpointer data, GError **error)
{
  return database_run (store_transaction_database (transaction), error,
                       "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n"
                       " WHERE i < 999) INSERT INTO alias (address, domain, target)"
                       " SELECT g.address, g.domain, 'm' || i || '@office.example'"
                       " FROM n, mail_group g",
                       "");
}

/* In a full one somebody comes when somebody goes, even when all go. */
static void
exchange_in_full (Office *office)
{
  static const struct {
    const char *body;
    int code; /* -1: done */
    guint members; /* afterwards */
  } rows[] = {
    { "{\"admit\": [\"admin@office.example\"]}", G_IO_ERROR_INVALID_ARGUMENT, 1000 },
    { "{\"admit\": [\"admin@office.example\"], \"dismiss\": [\"anna@office.example\"]}", -1, 1000 },
    { "{\"members\": []}", G_IO_ERROR_INVALID_ARGUMENT, 1000 },
    { "{\"members\": [\"anna@office.example\"]}", -1, 1 },
    { "{\"members\": [\"admin@office.example\"]}", -1, 1 },
    { "{\"members\": [\"anna@office.example\"], \"admit\": [\"admin@office.example\"]}", -1, 2 },
    { "{\"dismiss\": [\"admin@office.example\", \"anna@office.example\"]}",
      G_IO_ERROR_INVALID_ARGUMENT, 2 },
  };
  g_autoptr (AdminClient) client = admin_client_new_local (office->configuration, NULL);

  json_decref (call (client, "POST", GROUP, "{\"members\": [\"anna@office.example\"]}", NULL));
  g_assert_true (store_write_sync (office->store, fill, NULL, NULL));
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autoptr (GError) error = NULL;

    json_decref (call (client, "PATCH", GROUP, rows[i].body, &error));
    g_test_message ("%s: %s", rows[i].body, error ? error->message : "");
    g_assert_true (rows[i].code < 0 ? error == NULL
                                    : g_error_matches (error, G_IO_ERROR, rows[i].code));
    json_t *answer = call (client, "GET", GROUP, NULL, NULL);
    const json_t *group = json_object_get (answer, "group");
    g_assert_cmpuint (json_array_size (json_object_get (group, "members")), ==, rows[i].members);
    json_decref (answer);
  }
}

static void
test_full (Office *self, gconstpointer data)
{
  office_with_client (self, exchange_in_full);
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
  g_test_add ("/resource-groups/life", Office, NULL, office_set_up, test_life, office_tear_down);
  g_test_add ("/resource-groups/full", Office, NULL, office_set_up, test_full, office_tear_down);
  return g_test_run ();
}

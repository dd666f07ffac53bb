/* Tests of daemon/admin/resource-roles.c, over the API. */
#include "admin-fixture.h"
#include <string.h>

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

/* Who sends as the role, "admin" or "anna" or both, after each row. */
static const struct {
  const char *method, *body, *members, *senders;
} rights[] = {
  { "POST",
    "{\"members\": [\"admin@office.example\","
    " {\"address\": \"Anna@office.example\", \"send_as\": false}]}",
    "admin anna", "admin" },
  { "PATCH", "{\"members\": [\"admin@office.example\"]}", "admin", "admin" },
  /* As before: taken back. */
  { "PATCH",
    "{\"members\": [{\"address\": \"admin@office.example\", \"send_as\": true},"
    " {\"address\": \"anna@office.example\", \"send_as\": false}]}",
    "admin anna", "admin" },
  { "PATCH",
    "{\"members\": [\"admin@office.example\","
    " {\"address\": \"ANNA@office.example\", \"send_as\": true}]}",
    "admin anna", "admin anna" },
  { "PATCH", "{\"admit\": [{\"address\": \"admin@office.example\", \"send_as\": false}]}",
    "admin anna", "anna" },
  { "PATCH", "{\"members\": [\"anna@office.example\"], \"send_as\": false}", "anna", "anna" },
};

static void
assert_members (AdminClient *client, const char *names, const char *senders)
{
  json_t *answer = call (client, "GET", ROLE, NULL, NULL), *member;
  g_autoptr (GString) all = g_string_new (NULL), sending = g_string_new (NULL);
  gsize i;

  json_array_foreach (json_object_get (json_object_get (answer, "role"), "members"), i, member)
  {
    const char *address = json_string_value (json_object_get (member, "address"));
    g_autofree char *name = g_strndup (address, strcspn (address, "@"));
    g_string_append_printf (all, "%s%s", all->len > 0 ? " " : "", name);
    if (json_is_true (json_object_get (member, "send_as")))
      g_string_append_printf (sending, "%s%s", sending->len > 0 ? " " : "", name);
  }
  g_assert_cmpstr (all->str, ==, names);
  g_assert_cmpstr (sending->str, ==, senders);
  json_decref (answer);
}

static void
give_rights (Office *office)
{
  g_autoptr (AdminClient) client = admin_client_new_local (office->configuration, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (rights); i++) {
    g_autoptr (GError) error = NULL;

    json_decref (call (client, rights[i].method, ROLE, rights[i].body, &error));
    g_test_message ("%s", rights[i].body);
    g_assert_no_error (error);
    assert_members (client, rights[i].members, rights[i].senders);
  }
}

static void
test_rights (Office *self, gconstpointer data)
{
  office_with_client (self, give_rights);
}

/* Members of whom there is no account: they count. */
static gboolean
fill (StoreTransaction *transaction, gpointer data, GError **error)
{
  return database_run (store_transaction_database (transaction), error,
                       "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n"
                       " WHERE i < 999) INSERT INTO role_member (role, account, send_as)"
                       " SELECT a.id, 100000 + i, 1 FROM n, account a WHERE a.role = 1",
                       "");
}

/* In a full one somebody comes when somebody goes, and who is in it can get another right. */
static void
exchange_in_full (Office *office)
{
  static const struct {
    const char *body, *members, *senders;
    int code; /* -1: done */
  } rows[] = {
    { "{\"admit\": [\"admin@office.example\"]}", "anna", "anna", G_IO_ERROR_INVALID_ARGUMENT },
    { "{\"members\": [\"admin@office.example\"]}", "admin", "admin", -1 },
    { "{\"admit\": [\"anna@office.example\"], \"dismiss\": [\"admin@office.example\"]}", "anna",
      "anna", -1 },
    { "{\"members\": [{\"address\": \"anna@office.example\", \"send_as\": false}]}", "anna", "",
      -1 },
  };
  g_autoptr (AdminClient) client = admin_client_new_local (office->configuration, NULL);

  json_decref (call (client, "POST", ROLE, "{\"members\": [\"anna@office.example\"]}", NULL));
  g_assert_true (store_write_sync (office->store, fill, NULL, NULL));
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autoptr (GError) error = NULL;

    json_decref (call (client, "PATCH", ROLE, rows[i].body, &error));
    g_test_message ("%s: %s", rows[i].body, error ? error->message : "");
    g_assert_true (rows[i].code < 0 ? error == NULL
                                    : g_error_matches (error, G_IO_ERROR, rows[i].code));
    assert_members (client, rows[i].members, rows[i].senders);
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
  g_test_add ("/resource-roles/life", Office, NULL, office_set_up, test_life, office_tear_down);
  g_test_add ("/resource-roles/rights", Office, NULL, office_set_up, test_rights, office_tear_down);
  g_test_add ("/resource-roles/full", Office, NULL, office_set_up, test_full, office_tear_down);
  return g_test_run ();
}

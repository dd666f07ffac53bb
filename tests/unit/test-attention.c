/* What needs attention: it comes, it has its action, and it goes. */
#include "admin-calls.h"
#include "accounts/brake.h"

static json_t *
overview (AdminClient *client)
{
  return api_call (client, "GET", "/v1/overview", NULL, -1);
}

static json_t *
find (const json_t *answer, const char *id)
{
  json_t *item;
  gsize i;

  json_array_foreach (json_object_get (answer, "attention"), i, item)
  {
    if (g_strcmp0 (api_text (item, "id"), id) == 0)
      return item;
  }
  return NULL;
}

static gboolean
has (AdminClient *client, const char *id)
{
  json_t *answer = overview (client);
  const gboolean found = find (answer, id) != NULL;

  json_decref (answer);
  return found;
}

/* Does what the button does, on what it was made for. */
static void
mend (AdminClient *client, json_t *action, guint status)
{
  const AdminRequest request = { api_text (action, "method"), api_text (action, "path"),
                                 json_object_get (action, "body"), api_text (action, "etag") };
  g_auto (AdminReply) reply = { 0 };

  g_assert_true (json_is_object (action));
  admin_client_exchange (client, &request, &reply, NULL);
  g_assert_cmpuint (reply.status, ==, status);
}

static gboolean
hold_anna (StoreTransaction *transaction, gpointer data, GError **error)
{
  return brake_lock (transaction, "anna@office.example", error);
}

static void
look (Office *office)
{
  g_autoptr (AdminClient) client = admin_client_new_local (office->configuration, NULL);
  json_t *answer = overview (client);

  g_assert_cmpstr (api_text (answer, "health"), ==, "bad"); /* the fixture has no certificate */
  g_assert_nonnull (find (answer, "certificate-none"));
  g_assert_cmpstr (api_text (answer, "sentence"), ==,
                   api_text (find (answer, "certificate-none"), "text"));
  g_assert_cmpint (json_integer_value (json_object_get (answer, "users")), ==, 2);
  g_assert_cmpint (json_integer_value (json_object_get (json_object_get (answer, "disk"), "total")),
                   >, 0);
  json_decref (answer);

  api_run (client, "POST", "/v1/certificates/one", NULL, -1);
  g_assert_false (has (client, "certificate-none"));
  g_assert_true (has (client, "certificate-self-signed"));
  g_assert_true (has (client, "backup-none"));
  answer = overview (client);
  json_t *action = json_object_get (find (answer, "backup-none"), "action");
  g_assert_nonnull (api_text (action, "etag"));
  mend (client, action, 200);
  mend (client, action, 412); /* somebody has decided meanwhile */
  json_decref (answer);
  g_assert_false (has (client, "backup-none"));
  json_decref (api_job (client, "/v1/backups", NULL));
  g_assert_true (has (client, "backup-unproved"));
  json_decref (api_job (client, "/v1/backups/prove", NULL));
  g_assert_false (has (client, "backup-unproved"));
  g_assert_true (has (client, "dns-unchecked"));

  g_assert_false (has (client, "user-braked"));
  g_assert_true (store_write_sync (office->store, hold_anna, NULL, NULL));
  g_assert_true (has (client, "user-braked"));

  g_assert_false (has (client, "postmaster-unread"));
  api_run (client, "DELETE", "/v1/administrators/admin@office.example", NULL, -1);
  g_assert_true (has (client, "postmaster-unread"));
  api_run (client, "PUT", "/v1/aliases/postmaster@office.example",
           "{\"targets\":[\"admin@office.example\"]}", -1);
  g_assert_false (has (client, "postmaster-unread"));

  g_assert_false (has (client, "setup-unfinished"));
  api_run (client, "PUT", "/v1/setup", "{\"step\":\"people\"}", -1);
  g_assert_true (has (client, "setup-unfinished"));
  api_run (client, "PUT", "/v1/setup", "{\"step\":\"people\",\"done\":true}", -1);
  g_assert_false (has (client, "setup-unfinished"));
  api_run (client, "PUT", "/v1/setup", "{\"step\":\"x\",\"answers\":{\"a\":[{\"password\":1}]}}",
           G_IO_ERROR_INVALID_ARGUMENT);
}

static void
test_look (Office *self, gconstpointer data)
{
  office_with_client (self, look);
}

/* A domain administrator is told of its own domains alone. */
static void
look_at_part (Office *office)
{
  g_autoptr (AdminClient) client = admin_client_new_local (office->configuration, NULL);
  g_autoptr (Access) access = access_load (office->folder, NULL);
  g_autoptr (AdminClient) part
      = admin_client_new_remote (office->configuration->listen[LISTEN_ADMIN][0],
                                 access->fingerprint, "anna@office.example", USER_PASSWORD, NULL);
  json_t *answer;

  api_run (client, "PUT", "/v1/domains/other.example", NULL, -1);
  api_run (client, "PUT", "/v1/administrators/anna@office.example",
           "{\"role\":\"domain-administrator\",\"domains\":[\"office.example\"]}", -1);
  answer = overview (part);
  g_assert_nonnull (find (answer, "dns-unchecked"));
  g_assert_null (find (answer, "backup-none"));
  g_assert_null (find (answer, "certificate-none"));
  g_assert_null (json_object_get (answer, "disk"));
  g_assert_cmpint (json_integer_value (json_object_get (answer, "domains")), ==, 1);
  g_assert_cmpstr (api_text (answer, "health"), ==, "good");
  json_decref (answer);
  api_run (part, "GET", "/v1/settings", NULL, G_IO_ERROR_PERMISSION_DENIED);
  api_run (part, "PUT", "/v1/administrators/anna@office.example", "{\"role\":\"administrator\"}",
           G_IO_ERROR_PERMISSION_DENIED);
  api_run (part, "POST", "/v1/users/bert@office.example",
           "{\"password\":\"long enough\",\"administrator\":true}", G_IO_ERROR_PERMISSION_DENIED);
  api_run (part, "POST", "/v1/users/bert@office.example", "{\"password\":\"long enough\"}", -1);
  api_run (part, "POST", "/v1/users/bert@other.example", "{\"password\":\"long enough\"}",
           G_IO_ERROR_PERMISSION_DENIED);
  api_run (part, "PATCH", "/v1/users/admin@office.example", "{\"password\":\"long enough\"}",
           G_IO_ERROR_PERMISSION_DENIED);
}

static void
test_part (Office *self, gconstpointer data)
{
  office_with_client (self, look_at_part);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/attention/look", Office, NULL, office_set_up, test_look, office_tear_down);
  g_test_add ("/attention/part", Office, NULL, office_set_up, test_part, office_tear_down);
  return g_test_run ();
}

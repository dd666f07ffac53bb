/* Tests of daemon/admin/resource-brakes.c, over the API. */
#include "admin-fixture.h"
#include "accounts/brake.h"
#include "queue/queue.h"

static gboolean
trip (StoreTransaction *transaction, gpointer data, GError **error)
{
  g_autoptr (GPtrArray) outside = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (Account) anna
      = account_find (store_transaction_database (transaction), "anna@office.example", error);
  const QueueRow row = { .message = 7,
                         .account = anna->id,
                         .sender = "anna@office.example",
                         .recipient = "x@there.example",
                         .hold = QUEUE_HELD_BY_BRAKE };
  BrakeState state;

  for (guint i = 0; i < 201; i++)
    g_ptr_array_add (outside, g_strdup_printf ("x%u@there.example", i));
  return brake_note_mail (transaction, anna->id, 201, outside, &state, error)
      && queue_add (transaction, &row, error);
}

static void
act (AdminClient *client, const char *action, int code)
{
  g_autoptr (GError) error = NULL;
  json_t *body = json_pack ("{s:s}", "action", action);
  json_t *answer
      = admin_client_call (client, "POST", "/v1/brakes/anna@office.example", body, &error);

  g_test_message ("%s", action);
  if (code < 0)
    g_assert_no_error (error);
  else
    g_assert_error (error, G_IO_ERROR, code);
  json_decref (body);
  json_decref (answer);
}

static void
assert_brake (AdminClient *client, const char *reason, gboolean locked, int held)
{
  g_autoptr (GError) error = NULL;
  json_t *answer = admin_client_call (client, "GET", "/v1/brakes", NULL, &error);
  json_t *list = json_object_get (answer, "brakes"), *brake = json_array_get (list, 0);

  g_assert_no_error (error);
  if (reason == NULL)
    g_assert_cmpuint (json_array_size (list), ==, 0);
  else {
    g_assert_cmpstr (json_string_value (json_object_get (brake, "address")), ==,
                     "anna@office.example");
    g_assert_cmpstr (json_string_value (json_object_get (brake, "reason")), ==, reason);
    g_assert_cmpint (json_is_true (json_object_get (brake, "locked")), ==, locked);
    g_assert_cmpint (json_integer_value (json_object_get (brake, "held")), ==, held);
  }
  json_decref (answer);
}

static void
use (Office *office)
{
  g_autoptr (GError) error = NULL, missing = NULL;
  g_autoptr (AdminClient) client = admin_client_new_local (office->configuration, &error);
  json_t *answer;

  assert_brake (client, NULL, FALSE, 0);
  act (client, "release", G_IO_ERROR_NOT_FOUND);
  act (client, "forgive", G_IO_ERROR_INVALID_ARGUMENT);
  g_assert_true (store_write_sync (office->store, trip, NULL, NULL));
  assert_brake (client, "recipients", FALSE, 1);
  answer = admin_client_call (client, "GET", "/v1/brakes/anna@office.example", NULL, &error);
  g_assert_cmpint (
      json_integer_value (json_object_get (json_object_get (answer, "brake"), "count")), ==, 201);
  json_decref (answer);
  act (client, "lock", -1);
  assert_brake (client, "recipients", TRUE, 1);
  act (client, "remove", -1);
  assert_brake (client, "recipients", TRUE, 0);
  act (client, "bounce", -1); /* nothing is left */
  answer = admin_client_call (client, "GET", "/v1/status", NULL, &error);
  g_assert_cmpint (json_integer_value (json_object_get (answer, "braked")), ==, 1);
  json_decref (answer);
  act (client, "release", -1);
  assert_brake (client, NULL, FALSE, 0);
  g_assert_null (
      admin_client_call (client, "GET", "/v1/brakes/anna@office.example", NULL, &missing));
  g_assert_error (missing, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
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
  g_test_add ("/resource-brakes/life", Office, NULL, office_set_up, test_life, office_tear_down);
  return g_test_run ();
}

/* Tests of daemon/admin/command-brake.c. */
#include "command-fixture.h"
#include "accounts/brake.h"
#include "queue/queue.h"

static gboolean
trip (StoreTransaction *transaction, gpointer data, GError **error)
{
  g_autoptr (Account) anna
      = account_find (store_transaction_database (transaction), "anna@office.example", error);
  const QueueRow row = { .message = 7,
                         .account = anna->id,
                         .sender = "anna@office.example",
                         .recipient = "x@there.example",
                         .hold = QUEUE_HELD_BY_BRAKE };
  BrakeState state;

  return brake_note_bounces (transaction, anna->id, 21, &state, error)
      && queue_add (transaction, &row, error);
}

static void
use (Office *office)
{
  command_refuse (office, "brake show anna@office.example", G_IO_ERROR_NOT_FOUND);
  command_refuse (office, "brake release anna@office.example", G_IO_ERROR_NOT_FOUND);
  command_refuse (office, "brake lock nobody@office.example", G_IO_ERROR_NOT_FOUND);
  g_assert_true (store_write_sync (office->store, trip, NULL, NULL));
  g_assert_nonnull (
      strstr (command_run (office, "brake"), "undeliverable mail within an hour: 21"));
  g_assert_nonnull (strstr (command_run (office, "brake list --json"), "\"reason\": \"bounces\""));
  g_assert_nonnull (strstr (command_run (office, "queue"), "held by the brake"));
  const char *shown = command_run (office, "brake show anna@office.example");
  g_assert_nonnull (strstr (shown, "x@there.example"));
  g_assert_nonnull (strstr (shown, "Login: allowed"));
  command_run (office, "brake lock anna@office.example");
  g_assert_nonnull (strstr (command_run (office, "brake"), "locked"));
  g_assert_nonnull (strstr (command_run (office, "user list"), "locked"));
  command_run (office, "brake bounce anna@office.example");
  g_assert_null (strstr (command_run (office, "queue"), "x@there.example"));
  command_run (office, "brake remove anna@office.example");
  command_run (office, "brake release anna@office.example");
  g_assert_null (strstr (command_run (office, "brake"), "anna@office.example"));
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
  g_test_add ("/command-brake/life", Office, NULL, office_set_up, test_life, office_tear_down);
  return g_test_run ();
}

/* Tests of daemon/queue/queue-brake.c: what is held goes on, goes back or goes away. */
#include "queue/queue-brake.h"
#include "accounts/brake.h"
#include "accounts-fixture.h"
#include "queue/queue.h"

/* anna: two recipients of message 7, one that is held by hand, one for people here; bert: one. */
static gboolean
fill (StoreTransaction *transaction, gpointer data, GError **error)
{
  Office *self = data;
  QueueRow row = { .message = 7, .account = self->anna, .sender = "anna@example.com" };

  row.recipient = "one@there.example";
  g_assert_true (queue_add (transaction, &row, NULL));
  row.recipient = "two@elsewhere.example";
  g_assert_true (queue_add (transaction, &row, NULL));
  row.message = 8;
  row.recipient = "three@there.example";
  row.hold = QUEUE_HELD_BY_HAND;
  g_assert_true (queue_add (transaction, &row, NULL));
  row.hold = QUEUE_IS_SENT;
  row.recipient = "bert@example.com";
  row.is_local = TRUE;
  row.released = store_transaction_now (transaction) + 3600;
  g_assert_true (queue_add (transaction, &row, NULL));
  row = (QueueRow) { .message = 9,
                     .account = self->bert,
                     .sender = "bert@example.com",
                     .recipient = "four@there.example" };
  return queue_add (transaction, &row, error);
}

/* "id:held …", by id. */
typedef struct {
  GString *text;
} State;

static gboolean
read_state (StoreSnapshot *snapshot, gpointer data, GError **error)
{
  State *state = data;
  Statement *row = database_query (store_snapshot_database (snapshot), error,
                                   "SELECT id, held FROM queue ORDER BY id", "");

  g_string_truncate (state->text, 0);
  while (statement_next (row, NULL))
    g_string_append_printf (state->text, "%d:%d ", (int)statement_int (row, 0),
                            (int)statement_int (row, 1));
  return TRUE;
}

static void
assert_state (Office *self, const char *expected)
{
  g_autoptr (GString) text = g_string_new (NULL);
  State state = { text };

  g_assert_true (store_read_sync (self->store, read_state, &state, NULL));
  g_assert_cmpstr (text->str, ==, expected);
}

static void
act (Office *self, BrakeAction action)
{
  g_autoptr (GError) error = NULL;

  queue_brake_act (self->store, NULL, "mail.example.com", "anna@example.com", action, &error);
  g_assert_no_error (error);
}

static void
test_release (Office *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  office_run (self, fill);
  g_assert_false (queue_brake_act (self->store, NULL, "mail.example.com", "anna@example.com",
                                   BRAKE_RELEASE, &error));
  g_assert_error (error, STORE_ERROR, STORE_ERROR_NOT_FOUND);
  act (self, BRAKE_LOCK);
  assert_state (self, "1:2 2:2 3:1 4:0 5:0 ");
  act (self, BRAKE_RELEASE);
  assert_state (self, "1:0 2:0 3:1 4:0 5:0 "); /* what was held by hand still is */
}

static void
test_remove (Office *self, gconstpointer data)
{
  office_run (self, fill);
  act (self, BRAKE_LOCK);
  act (self, BRAKE_REMOVE);
  assert_state (self, "3:1 4:0 5:0 ");
  act (self, BRAKE_RELEASE); /* nothing is there any more, but the login is */
}

static gboolean
count_inbox (StoreSnapshot *snapshot, gpointer data, GError **error)
{
  Statement *row = database_query (store_snapshot_database (snapshot), error,
                                   "SELECT messages FROM mailbox m JOIN account a"
                                   " ON a.id = m.account WHERE m.name = 'INBOX'"
                                   " AND a.address = 'anna@example.com'",
                                   "");

  g_assert_true (statement_next (row, NULL));
  *(gint64 *)data = statement_int (row, 0);
  statement_done (row);
  return TRUE;
}

/* A report for each mail, not for each recipient; what comes back so is no bounce that counts. */
static void
test_bounce (Office *self, gconstpointer data)
{
  gint64 reports = 0;

  office_run (self, fill);
  act (self, BRAKE_LOCK);
  act (self, BRAKE_BOUNCE);
  assert_state (self, "3:1 4:0 5:0 ");
  g_assert_true (store_read_sync (self->store, count_inbox, &reports, NULL));
  g_assert_cmpint (reports, ==, 1);
}

/* What is still held of a user who is removed is held by hand: the brake knows nobody any more. */
static gboolean
remove_user (StoreTransaction *transaction, gpointer data, GError **error)
{
  char address[] = "anna@example.com";
  gboolean done;

  return account_remove (transaction, address, &done, error);
}

static void
test_removed_user (Office *self, gconstpointer data)
{
  office_run (self, fill);
  act (self, BRAKE_LOCK);
  office_run (self, remove_user);
  assert_state (self, "1:1 2:1 3:1 4:0 5:0 ");
}

static gboolean
count_held (StoreTransaction *transaction, gpointer data, GError **error)
{
  Office *self = data;
  g_autoptr (GPtrArray) rows = queue_brake_rows_new ();
  gint64 count;

  g_assert_true (fill (transaction, self, NULL));
  g_assert_true (queue_brake (transaction, self->anna, rows, NULL));
  g_assert_cmpuint (rows->len, ==, 2);
  g_assert_true (queue_brake (transaction, self->anna, rows, NULL));
  g_assert_cmpuint (rows->len, ==, 0); /* it was held already */
  g_assert_true (
      queue_count_braked (store_transaction_database (transaction), self->anna, &count, NULL));
  g_assert_cmpint (count, ==, 2);
  return TRUE;
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/queue-brake/release", Office, NULL, office_set_up, test_release, office_tear_down);
  g_test_add ("/queue-brake/remove", Office, NULL, office_set_up, test_remove, office_tear_down);
  g_test_add ("/queue-brake/bounce", Office, NULL, office_set_up, test_bounce, office_tear_down);
  g_test_add ("/queue-brake/removed-user", Office, NULL, office_set_up, test_removed_user,
              office_tear_down);
  office_add_job ("/queue-brake/count", count_held);
  return g_test_run ();
}

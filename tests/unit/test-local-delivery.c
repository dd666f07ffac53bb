/* Tests of daemon/queue/local-delivery.c: what waited for its time comes into mailboxes here, once,
 * and whoever sent it hears when that is not possible. */
#include "queue/schedule.h"
#include "accounts-fixture.h"
#include "queue/queue.h"
#include "policy/intake.h"

typedef struct {
  Office *office;
  PreparedMessage *message;
  const char *recipients[4];
  gint64 released;
} Sending;

static gboolean
add_rows (StoreTransaction *transaction, gpointer data, GError **error)
{
  Sending *sending = data;
  QueueRow row = { .account = sending->office->anna,
                   .sender = "anna@example.com",
                   .is_local = TRUE,
                   .released = sending->released };

  row.message = message_append (transaction, sending->message, error);
  g_assert_cmpint (row.message, !=, 0);
  for (guint i = 0; sending->recipients[i]; i++) {
    row.recipient = sending->recipients[i];
    g_assert_true (queue_add (transaction, &row, error));
  }
  return TRUE;
}

static void
did_prepare (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;

  *(PreparedMessage **)data = intake_prepare_finish (result, &error);
  g_assert_no_error (error);
}

static void
queue_mail (Office *self, Sending *sending)
{
  static const char text[] = "From: anna@example.com\r\nSubject: later\r\n\r\nx\r\n";
  g_autoptr (GBytes) bytes = g_bytes_new_static (text, sizeof text - 1);
  const IntakeMail mail = { .bytes = bytes };
  g_autoptr (GError) error = NULL;

  sending->office = self;
  intake_prepare_async (self->store, &mail, did_prepare, &sending->message);
  while (sending->message == NULL)
    g_main_context_iteration (NULL, TRUE);
  store_write_sync (self->store, add_rows, sending, &error);
  g_assert_no_error (error);
  prepared_message_unref (sending->message);
}

typedef struct {
  gint64 rows, anna, bert;
} State;

static gint64
number (Database *database, const char *sql)
{
  Statement *row = database_query (database, NULL, sql, "");
  gint64 value;

  g_assert_true (statement_next (row, NULL));
  value = statement_int (row, 0);
  statement_done (row);
  return value;
}

static gboolean
read_state (StoreSnapshot *snapshot, gpointer data, GError **error)
{
  State *state = data;
  Database *database = store_snapshot_database (snapshot);

  state->rows = number (database, "SELECT count (*) FROM queue");
  state->anna = number (database,
                        "SELECT messages FROM mailbox m JOIN account a ON a.id ="
                        " m.account WHERE m.name = 'INBOX' AND a.address LIKE 'anna%'");
  state->bert = number (database,
                        "SELECT messages FROM mailbox m JOIN account a ON a.id ="
                        " m.account WHERE m.name = 'INBOX' AND a.address LIKE 'bert%'");
  return TRUE;
}

static State
wait_until_empty (Office *self)
{
  State state = { 1, 0, 0 };

  for (guint i = 0; i < 1000 && state.rows > 0; i++) {
    g_usleep (5000);
    g_assert_true (store_read_sync (self->store, read_state, &state, NULL));
  }
  g_assert_cmpint (state.rows, ==, 0);
  return state;
}

static Schedule *
begin (Office *self)
{
  const ScheduleOptions options = { .store = self->store, .hostname = "mail.example.com" };
  g_autoptr (GError) error = NULL;
  Schedule *schedule = schedule_new (&options, &error);

  g_assert_no_error (error);
  return schedule;
}

/* Found at the start, as after a restart: info@ is anna and bert, who gets it once. */
static void
test_deliver (Office *self, gconstpointer data)
{
  Sending sending = { .recipients = { "info@example.com", "bert@example.com", NULL } };
  State state;

  queue_mail (self, &sending);
  g_autoptr (Schedule) schedule = begin (self);
  state = wait_until_empty (self);
  g_assert_cmpint (state.anna, ==, 1);
  g_assert_cmpint (state.bert, ==, 1);
}

/* Announced while it runs; not before its time. */
static void
test_wait (Office *self, gconstpointer data)
{
  const gint64 released = g_get_real_time () / G_USEC_PER_SEC + 2;
  Sending sending = { .recipients = { "bert@example.com", NULL }, .released = released };
  State state;
  g_autoptr (Schedule) schedule = begin (self);

  queue_mail (self, &sending);
  schedule_announce_at (schedule, QUEUE_HERE, released);
  g_usleep (500000);
  g_assert_true (store_read_sync (self->store, read_state, &state, NULL));
  g_assert_cmpint (state.rows, ==, 1);
  state = wait_until_empty (self);
  g_assert_cmpint (state.bert, ==, 1);
  g_assert_cmpint (g_get_real_time () / G_USEC_PER_SEC, >=, released);
}

static void
test_nobody (Office *self, gconstpointer data)
{
  Sending sending = { .recipients = { "nobody@example.com", "bert@example.com", NULL } };
  State state;

  queue_mail (self, &sending);
  g_autoptr (Schedule) schedule = begin (self);
  state = wait_until_empty (self);
  g_assert_cmpint (state.bert, ==, 1);
  g_assert_cmpint (state.anna, ==, 1); /* the notification */
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/local-delivery/deliver", Office, NULL, office_set_up, test_deliver,
              office_tear_down);
  g_test_add ("/local-delivery/wait", Office, NULL, office_set_up, test_wait, office_tear_down);
  g_test_add ("/local-delivery/nobody", Office, NULL, office_set_up, test_nobody, office_tear_down);
  return g_test_run ();
}

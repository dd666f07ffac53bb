/* The queue as an administrator sees and changes it. */
#include "queue/queue-list.h"
#include "queue/queue.h"
#include "accounts-fixture.h"
#include "settings.h"
#include "smtp-peer.h"

/* One mail with two recipients: rows 1 and 2. Its message is not there, which a report survives. */
static gboolean
fill (StoreTransaction *transaction, gpointer data, GError **error)
{
  Office *self = data;
  QueueRow row = { .message = 7, .account = self->anna, .sender = "anna@example.com" };

  row.recipient = "one@there.example";
  if (!queue_add (transaction, &row, error))
    return FALSE;
  row.recipient = "two@there.example";
  return queue_add (transaction, &row, error);
}

typedef struct {
  gint64 id;
  GString *text;
} Listing;

static void
print (const QueueItem *item, gpointer data)
{
  g_string_append_printf (data, "%" G_GINT64_FORMAT " %s %s %s\n", item->id, item->recipient,
                          item->domain, item->held ? "held" : "due");
}

static gboolean
list (StoreSnapshot *snapshot, gpointer data, GError **error)
{
  Listing *listing = data;

  return queue_list (store_snapshot_database (snapshot), listing->id, 10, print, listing->text,
                     error);
}

static void
assert_list (Office *self, gint64 id, const char *expected)
{
  g_autoptr (GString) text = g_string_new (NULL);
  Listing listing = { id, text };

  g_assert_true (store_read_sync (self->store, list, &listing, NULL));
  g_assert_cmpstr (text->str, ==, expected);
}

static void
test_act (Office *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  office_run (self, fill);
  assert_list (self, 0,
               "1 one@there.example there.example due\n2 two@there.example there.example due\n");
  assert_list (self, 2, "2 two@there.example there.example due\n");
  g_assert_true (queue_act (self->store, NULL, 1, QUEUE_HOLD, &error));
  assert_list (self, 1, "1 one@there.example there.example held\n");
  g_assert_true (queue_act (self->store, NULL, 0, QUEUE_HOLD, &error));
  assert_list (self, 2, "2 two@there.example there.example held\n");
  g_assert_true (queue_act (self->store, NULL, 2, QUEUE_REMOVE, &error));
  assert_list (self, 0, "1 one@there.example there.example held\n");
  g_assert_false (queue_act (self->store, NULL, 2, QUEUE_REMOVE, &error));
  g_assert_error (error, STORE_ERROR, STORE_ERROR_NOT_FOUND);
}

/* Seconds from now: when a mail was due and released, and whether a retry changes when it is due.
 */
static const struct {
  gint64 due, released;
  gboolean changes;
} waits[] = {
  { 0, 0, TRUE }, { 900, 0, TRUE }, { -10, -10, TRUE }, { -11, -10, TRUE }, { 900, 900, FALSE }
};

typedef struct {
  gint64 due, released; /* to be written; then what is there */
} Wait;

static gboolean
set_wait (StoreTransaction *transaction, gpointer data, GError **error)
{
  const Wait *wait = data;

  return database_run (store_transaction_database (transaction), error,
                       "UPDATE queue SET due = ?1, released = ?2", "ii", wait->due, wait->released);
}

static gboolean
read_wait (StoreSnapshot *snapshot, gpointer data, GError **error)
{
  Statement *row = database_query (store_snapshot_database (snapshot), error,
                                   "SELECT max (due) FROM queue", "");

  g_assert_true (statement_next (row, NULL));
  ((Wait *)data)->due = statement_int (row, 0);
  statement_done (row);
  return TRUE;
}

/* Whatever is due already is due at another time, so that an attempt under way sees the wish. */
static void
test_retry (Office *self, gconstpointer data)
{
  const gint64 now = g_get_real_time () / G_USEC_PER_SEC;

  office_run (self, fill);
  for (guint i = 0; i < G_N_ELEMENTS (waits); i++) {
    Wait wait = { now + waits[i].due, waits[i].released ? now + waits[i].released : 0 };
    const gint64 before = wait.due;
    g_assert_true (store_write_sync (self->store, set_wait, &wait, NULL));
    g_assert_true (queue_act (self->store, NULL, 0, QUEUE_RETRY, NULL));
    g_assert_true (store_read_sync (self->store, read_wait, &wait, NULL));
    g_assert_cmpint (wait.due != before, ==, waits[i].changes);
    g_assert_cmpint (wait.due, <=, before);
  }
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

static void
test_bounce (Office *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  gint64 count = 0;

  office_run (self, fill);
  g_assert_true (queue_bounce (self->store, NULL, "mail.example.com", 1, &error));
  g_assert_no_error (error);
  assert_list (self, 0, "2 two@there.example there.example due\n");
  g_assert_true (store_read_sync (self->store, count_inbox, &count, NULL));
  g_assert_cmpint (count, ==, 1);
  g_assert_false (queue_bounce (self->store, NULL, "mail.example.com", 1, &error));
  g_assert_error (error, STORE_ERROR, STORE_ERROR_NOT_FOUND);
}

/* A server that takes its time: what it is being sent is not held, removed or returned. */
static void
test_on_its_way (Office *self, gconstpointer data)
{
  static const QueueAction refused[] = { QUEUE_HOLD, QUEUE_REMOVE };
  const ScheduleOptions options = { .store = self->store, .hostname = "me.example" };
  g_autofree char *route = NULL;
  g_autoptr (GError) error = NULL;
  SmtpPeer peer;
  Schedule *schedule;

  smtp_peer_start (&peer,
                   "> 220 Hello\n< EHLO me.example\n> 250 there\n"
                   "< MAIL FROM:<anna@example.com>\n! reached\n> 450 4.7.1 Slow down\n"
                   "< RSET\n> 250 ok\n< QUIT\n> 221 bye\n");
  route = g_strdup_printf ("there.example=127.0.0.1:%u", peer.port);
  g_assert_true (setting_set (SETTING_QUEUE_ROUTES, route, NULL));
  office_run (self, fill);
  schedule = schedule_new (&options, &error);
  g_assert_no_error (error);
  smtp_peer_await (&peer);
  for (guint i = 0; i < G_N_ELEMENTS (refused); i++) {
    g_assert_false (queue_act (self->store, schedule, 2, refused[i], &error));
    g_assert_error (error, G_IO_ERROR, G_IO_ERROR_BUSY);
    g_clear_error (&error);
  }
  g_assert_false (queue_bounce (self->store, schedule, "me.example", 1, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_BUSY);
  g_clear_error (&error);
  g_assert_true (queue_act (self->store, schedule, 0, QUEUE_HOLD, &error)); /* all others */
  assert_list (self, 1, "1 one@there.example there.example due\n");
  g_assert_false (queue_act (self->store, schedule, 9, QUEUE_HOLD, &error));
  g_assert_error (error, STORE_ERROR, STORE_ERROR_NOT_FOUND);
  smtp_peer_go_on (&peer);
  smtp_peer_end (&peer);
  schedule_free (schedule);
  assert_list (self, 0,
               "1 one@there.example there.example due\n2 two@there.example there.example due\n");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/queue-list/act", Office, NULL, office_set_up, test_act, office_tear_down);
  g_test_add ("/queue-list/retry", Office, NULL, office_set_up, test_retry, office_tear_down);
  g_test_add ("/queue-list/on-its-way", Office, NULL, office_set_up, test_on_its_way,
              office_tear_down);
  g_test_add ("/queue-list/bounce", Office, NULL, office_set_up, test_bounce, office_tear_down);
  return g_test_run ();
}

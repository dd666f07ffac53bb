/* What became of a mail, and what its sender is told, are one commit. */
#include "queue/settlement.h"
#include "queue/queue.h"
#include "accounts-fixture.h"

typedef struct {
  Office *office;
  gint64 rows, reports;
} Count;

static gboolean
add_row (StoreTransaction *transaction, gpointer data, GError **error)
{
  Office *self = data;
  const QueueRow row = { .message = 7,
                         .account = self->anna,
                         .sender = "anna@example.com",
                         .recipient = "x@there.example" };

  return queue_add (transaction, &row, error);
}

static gint64
number (StoreSnapshot *snapshot, const char *sql, gint64 id)
{
  Statement *row = database_query (store_snapshot_database (snapshot), NULL, sql, "i", id);
  gint64 value;

  g_assert_true (statement_next (row, NULL));
  value = statement_int (row, 0);
  statement_done (row);
  return value;
}

static gboolean
count (StoreSnapshot *snapshot, gpointer data, GError **error)
{
  Count *self = data;

  self->rows = number (snapshot, "SELECT count (*) FROM queue WHERE ?1 > 0", 1);
  self->reports
      = number (snapshot, "SELECT messages FROM mailbox WHERE name = 'INBOX' AND account = ?1",
                self->office->anna);
  return TRUE;
}

static void
did_write (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (settlement_write_finish (result, &error));
  g_main_loop_quit (data);
}

typedef struct {
  const char *sender;
  guint code;
  gint64 age; /* seconds since it was accepted */
  gint64 left; /* seconds until it is given up */
  gint64 rows, reports; /* then */
} Case;

static void
settle (Office *self, const Case *one)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  const gint64 now = g_get_real_time () / G_USEC_PER_SEC;
  QueueMail *mail = queue_mail_new ();
  QueueRecipient *recipient = queue_mail_add (mail, 1, "x@there.example");
  Count after = { .office = self };

  office_run (self, add_row);
  mail->message = 7;
  mail->account = self->anna;
  mail->sender = g_strdup (one->sender);
  recipient->created = now - one->age;
  recipient->expires = now + one->left;
  queue_mail_settle (mail, one->code, NULL, "as it was said", "mx.there.example");
  settlement_write_async (self->store, "mail.example.com", NULL, mail, did_write, loop);
  g_main_loop_run (loop);
  g_assert_true (store_read_sync (self->store, count, &after, NULL));
  g_assert_cmpint (after.rows, ==, one->rows);
  g_assert_cmpint (after.reports, ==, one->reports);
}

static void
test_case (Office *self, gconstpointer data)
{
  settle (self, data);
}

static const struct {
  const char *path;
  Case one;
} cases[] = {
  { "/settlement/delivered", { "anna@example.com", 250, 10, 1000, 0, 0 } },
  { "/settlement/failed", { "anna@example.com", 550, 10, 1000, 0, 1 } },
  { "/settlement/failed-null-path", { "", 550, 10, 1000, 0, 0 } },
  { "/settlement/deferred", { "anna@example.com", 450, 10, 1000, 1, 0 } },
  { "/settlement/late", { "anna@example.com", 450, 5 * 3600, 1000, 1, 1 } },
  { "/settlement/given-up", { "anna@example.com", 450, 6 * 86400, -1, 0, 1 } },
};

/* The steps of a settlement wait for the main loop, the writer does not: what comes before the
 * first of them is seen while it stands still. */
static void
wait_for_rows (Office *self, gint64 rows)
{
  Count now = { .office = self };

  for (guint i = 0; i < 1000; i++) {
    g_assert_true (store_read_sync (self->store, count, &now, NULL));
    if (now.rows == rows)
      return;
    g_usleep (5000);
  }
  g_assert_cmpint (now.rows, ==, rows);
}

/* Of a mail to two, one has it and one will not: the first is done before the report is begun. */
static void
test_two (Office *self, gconstpointer data)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  QueueMail *mail = queue_mail_new ();
  Count after = { .office = self };

  office_run (self, add_row);
  office_run (self, add_row);
  mail->message = 7;
  mail->account = self->anna;
  mail->sender = g_strdup ("anna@example.com");
  for (gint64 row = 1; row <= 2; row++) {
    QueueRecipient *recipient = queue_mail_add (mail, row, "x@there.example");
    recipient->created = g_get_real_time () / G_USEC_PER_SEC;
    recipient->expires = recipient->created + 1000;
    queue_recipient_settle (recipient, row == 1 ? 250 : 550, NULL, "as it was said", "mx.example");
  }
  settlement_write_async (self->store, "mail.example.com", NULL, mail, did_write, loop);
  wait_for_rows (self, 1);
  g_main_loop_run (loop);
  g_assert_true (store_read_sync (self->store, count, &after, NULL));
  g_assert_cmpint (after.rows, ==, 0);
  g_assert_cmpint (after.reports, ==, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    g_test_add (cases[i].path, Office, &cases[i].one, office_set_up, test_case, office_tear_down);
  g_test_add ("/settlement/two", Office, NULL, office_set_up, test_two, office_tear_down);
  return g_test_run ();
}

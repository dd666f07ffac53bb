/* Tests of daemon/queue/queue.c. */
#include "queue/queue.h"
#include "accounts-fixture.h"

static const QueueRow row_of_anna = { .message = 7,
                                      .sender = "anna@example.com",
                                      .recipient = "x@Elsewhere.Example",
                                      .orcpt = "rfc822;x@elsewhere.example",
                                      .notify = "FAILURE,DELAY",
                                      .content = QUEUE_EIGHT_BIT };

static void
add (StoreTransaction *transaction, gint64 account, gint64 message, const char *recipient)
{
  QueueRow row = row_of_anna;

  row.account = account;
  row.message = message;
  row.recipient = recipient;
  g_assert_true (queue_add (transaction, &row, NULL));
}

/* The first of the next sender's. */
static QueueMail *
next_mail (Database *database, const char *domain, gint64 now, gint64 after, const gint64 *busy,
           guint busy_count, gboolean *more)
{
  g_autoptr (GPtrArray) mails = g_ptr_array_new_with_free_func ((GDestroyNotify)queue_mail_free);

  g_assert_true (
      queue_next (database, domain, QUEUE_DUE, now, after, busy, busy_count, 1, mails, more, NULL));
  return mails->len > 0 ? g_ptr_array_steal_index (mails, 0) : NULL;
}

/* Several at once are of one sender, whatever is behind them. */
static gboolean
test_several (StoreTransaction *transaction, gpointer data, GError **error)
{
  Database *database = store_transaction_database (transaction);
  g_autoptr (GPtrArray) mails = g_ptr_array_new_with_free_func ((GDestroyNotify)queue_mail_free);
  const gint64 now = store_transaction_now (transaction), busy[] = { 2 };
  gboolean more = FALSE;

  for (gint64 message = 1; message <= 4; message++) {
    add (transaction, 1, message, "a@x.example");
    add (transaction, 1, message, "b@x.example");
  }
  add (transaction, 2, 5, "a@x.example");
  g_assert_true (
      queue_next (database, "x.example", QUEUE_DUE, now, 0, busy, 1, 2, mails, &more, error));
  g_assert_cmpuint (mails->len, ==, 2);
  g_assert_true (more);
  g_assert_cmpint (((QueueMail *)mails->pdata[1])->message, ==, 3);
  g_assert_cmpuint (((QueueMail *)mails->pdata[1])->recipients->len, ==, 2);
  g_assert_true (
      queue_next (database, "x.example", QUEUE_DUE, now, 0, NULL, 0, 9, mails, &more, error));
  g_assert_cmpuint (mails->len, ==, 6);
  g_assert_true (more);
  g_assert_true (
      queue_next (database, "x.example", QUEUE_DUE, now, 1, NULL, 0, 9, mails, &more, error));
  g_assert_cmpuint (mails->len, ==, 7);
  g_assert_false (more);
  return TRUE;
}

/* More recipients than a server takes: the rest goes when the first part is settled. */
static gboolean
test_many (StoreTransaction *transaction, gpointer data, GError **error)
{
  Database *database = store_transaction_database (transaction);
  g_autoptr (GPtrArray) mails = g_ptr_array_new_with_free_func ((GDestroyNotify)queue_mail_free);
  gboolean more = FALSE;

  for (guint i = 0; i < 150; i++)
    add (transaction, 1, 1, "a@x.example");
  g_assert_true (queue_next (database, "x.example", QUEUE_DUE, store_transaction_now (transaction),
                             0, NULL, 0, 9, mails, &more, error));
  g_assert_cmpuint (mails->len, ==, 1);
  g_assert_cmpuint (((QueueMail *)mails->pdata[0])->recipients->len, ==, 100);
  g_assert_true (more);
  return TRUE;
}

static gboolean
test_add (StoreTransaction *transaction, gpointer data, GError **error)
{
  Office *self = data;
  Database *database = store_transaction_database (transaction);
  gint64 now = store_transaction_now (transaction);
  g_autoptr (QueueMail) mail = NULL;
  gboolean more = FALSE;
  gint64 due;

  add (transaction, self->anna, 7, "x@Elsewhere.Example");
  mail = next_mail (database, "elsewhere.example", now, 0, NULL, 0, &more);
  g_assert_nonnull (mail);
  g_assert_false (more);
  g_assert_cmpint (mail->message, ==, 7);
  g_assert_cmpint (mail->account, ==, self->anna);
  g_assert_cmpstr (mail->sender, ==, "anna@example.com");
  g_assert_true (mail->eight_bit);
  g_assert_false (mail->utf8);
  g_assert_cmpuint (mail->recipients->len, ==, 1);
  const QueueRecipient *recipient = mail->recipients->pdata[0];
  g_assert_cmpstr (recipient->address, ==, "x@Elsewhere.Example");
  g_assert_cmpstr (recipient->orcpt, ==, "rfc822;x@elsewhere.example");
  g_assert_cmpstr (recipient->notify, ==, "FAILURE,DELAY");
  g_assert_cmpint (recipient->expires, ==, now + 5 * 86400);
  g_assert_true (queue_due (database, "elsewhere.example", &due, error));
  g_assert_cmpint (due, ==, now);
  g_assert_true (queue_due (database, "nowhere.example", &due, error));
  g_assert_cmpint (due, ==, 0);
  return TRUE;
}

/* One mail to many recipients of a domain is one; senders take turns; busy ones are left out. */
static gboolean
test_next (StoreTransaction *transaction, gpointer data, GError **error)
{
  Database *database = store_transaction_database (transaction);
  gint64 now = store_transaction_now (transaction);
  const gint64 busy[] = { 1 };
  gboolean more = FALSE;

  add (transaction, 1, 1, "a@x.example");
  add (transaction, 1, 1, "b@x.example");
  add (transaction, 1, 1, "c@y.example");
  add (transaction, 1, 2, "a@x.example");
  add (transaction, 2, 3, "a@x.example");
  g_autoptr (QueueMail) first = next_mail (database, "x.example", now, 0, NULL, 0, &more);
  g_assert_cmpint (first->message, ==, 1);
  g_assert_cmpuint (first->recipients->len, ==, 2);
  g_assert_true (more);
  g_autoptr (QueueMail) second = next_mail (database, "x.example", now, 1, busy, 1, &more);
  g_assert_cmpint (second->message, ==, 3);
  g_autoptr (QueueMail) third = next_mail (database, "x.example", now, 2, busy, 1, &more);
  g_assert_cmpint (third->message, ==, 2);
  g_assert_null (next_mail (database, "x.example", now - 1, 0, NULL, 0, &more));
  return TRUE;
}

static gboolean
test_settle (StoreTransaction *transaction, gpointer data, GError **error)
{
  Database *database = store_transaction_database (transaction);
  gint64 now = store_transaction_now (transaction), due = 0;
  gboolean more = FALSE;

  add (transaction, 1, 1, "gone@x.example");
  add (transaction, 1, 1, "later@x.example");
  add (transaction, 1, 1, "never@x.example");
  g_autoptr (QueueMail) mail = next_mail (database, "x.example", now, 0, NULL, 0, &more);
  queue_recipient_settle (mail->recipients->pdata[0], 250, NULL, "fine", "mx");
  queue_recipient_settle (mail->recipients->pdata[1], 450, NULL, "later", "mx");
  queue_recipient_settle (mail->recipients->pdata[2], 550, NULL, "never", "mx");
  g_assert_true (queue_settle (transaction, mail, error));
  g_assert_true (queue_due (database, "x.example", &due, error));
  g_assert_cmpint (due, >=, now + 300);
  g_assert_cmpint (due, <=, now + 375);
  g_autoptr (QueueMail) again = next_mail (database, "x.example", due, 0, NULL, 0, &more);
  g_assert_cmpuint (again->recipients->len, ==, 1);
  g_assert_cmpstr (((QueueRecipient *)again->recipients->pdata[0])->address, ==, "later@x.example");
  g_assert_cmpuint (((QueueRecipient *)again->recipients->pdata[0])->attempts, ==, 1);
  return TRUE;
}

/* The next attempt is never later than the end of a mail's life; who is past it is found. */
static gboolean
test_end (StoreTransaction *transaction, gpointer data, GError **error)
{
  Database *database = store_transaction_database (transaction);
  const gint64 now = store_transaction_now (transaction);
  g_autoptr (GPtrArray) mails = g_ptr_array_new_with_free_func ((GDestroyNotify)queue_mail_free);
  g_autoptr (QueueMail) mail = NULL;
  gint64 due = 0, end = 0;
  gboolean more = FALSE;

  add (transaction, 1, 1, "short@x.example");
  add (transaction, 1, 2, "long@x.example");
  g_assert_true (database_run (database, error, "UPDATE queue SET expires = ?1 WHERE message = 1",
                               "i", now + 10));
  mail = next_mail (database, "x.example", now, 0, NULL, 0, &more);
  queue_mail_settle (mail, 450, NULL, "not now", "mx");
  g_assert_true (queue_settle (transaction, mail, error));
  g_assert_true (
      database_run (database, error, "UPDATE queue SET due = ?1 WHERE message = 2", "i", now + 99));
  g_assert_true (queue_due (database, "x.example", &due, error));
  g_assert_cmpint (due, ==, now + 10);
  g_assert_true (queue_end (database, "x.example", &end, error));
  g_assert_cmpint (end, ==, now + 10);
  g_assert_true (queue_next (database, "x.example", QUEUE_EXPIRED, now + 9, 0, NULL, 0, 9, mails,
                             &more, error));
  g_assert_cmpuint (mails->len, ==, 0);
  g_assert_true (queue_next (database, "x.example", QUEUE_EXPIRED, now + 10, 0, NULL, 0, 9, mails,
                             &more, error));
  g_assert_cmpuint (mails->len, ==, 1);
  const QueueRecipient *recipient = ((QueueMail *)mails->pdata[0])->recipients->pdata[0];
  g_assert_cmpstr (recipient->address, ==, "short@x.example");
  g_assert_cmpstr (recipient->last_reply, ==, "not now");
  g_assert_true (queue_end (database, "nowhere.example", &end, error));
  g_assert_cmpint (end, ==, 0);
  return TRUE;
}

/* Mail with a demand about TLS has a way of its own. */
static gboolean
test_tls (StoreTransaction *transaction, gpointer data, GError **error)
{
  Database *database = store_transaction_database (transaction);
  const gint64 now = store_transaction_now (transaction);
  QueueRow row = row_of_anna;
  g_autoptr (QueueMail) mail = NULL;
  gboolean more = FALSE;

  row.content = QUEUE_REQUIRE_TLS | QUEUE_EIGHT_BIT;
  g_assert_true (queue_add (transaction, &row, error));
  g_assert_null (next_mail (database, "elsewhere.example", now, 0, NULL, 0, &more));
  mail = next_mail (database, "elsewhere.example/required", now, 0, NULL, 0, &more);
  g_assert_nonnull (mail);
  g_assert_true (mail->requires_tls);
  g_assert_true (mail->eight_bit);
  return TRUE;
}

static void
test_backoff (void)
{
  static const gint64 least[] = { 300, 600, 1200, 2400, 4800, 9600, 14400, 14400 };

  for (guint i = 0; i < G_N_ELEMENTS (least); i++) {
    g_assert_cmpint (queue_backoff (i), >=, least[i]);
    g_assert_cmpint (queue_backoff (i), <=, least[i] + least[i] / 4);
  }
  g_assert_cmpint (queue_backoff (G_MAXUINT), <=, 18000);
}

static void
test_destination (void)
{
  static const struct {
    const char *address, *sender;
    guint content;
    const char *destination, *domain;
    QueueTls tls;
  } cases[] = {
    { "a@B.Example", "x@y", QUEUE_UTF8, "b.example", "b.example", QUEUE_TLS_AS_PUBLISHED },
    { "\"a@b\"@c.example", "", 0, "c.example", "c.example", QUEUE_TLS_AS_PUBLISHED },
    { "a@b\xc3\xbc.example", "x@y", 0, "xn--b-eha.example", "xn--b-eha.example",
      QUEUE_TLS_AS_PUBLISHED },
    { "a@[192.0.2.1]", "x@y", 0, "[192.0.2.1]", "[192.0.2.1]", QUEUE_TLS_AS_PUBLISHED },
    { "a@b.example", "x@y", QUEUE_REQUIRE_TLS, "b.example/required", "b.example",
      QUEUE_TLS_REQUIRED },
    { "a@b.example", "", QUEUE_REQUIRE_TLS, "b.example/preferred", "b.example",
      QUEUE_TLS_PREFERRED },
    { "a@b.example", "x@y", QUEUE_WAIVE_TLS, "b.example/optional", "b.example",
      QUEUE_TLS_OPTIONAL },
    { "a@b.example", "", QUEUE_WAIVE_TLS | QUEUE_EIGHT_BIT, "b.example/optional", "b.example",
      QUEUE_TLS_OPTIONAL },
    { "a@b.example/required", "x@y", 0, NULL, NULL, QUEUE_TLS_AS_PUBLISHED },
    { "a", "x@y", 0, NULL, NULL, QUEUE_TLS_AS_PUBLISHED },
    { "a@", "x@y", 0, NULL, NULL, QUEUE_TLS_AS_PUBLISHED },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *destination
        = queue_destination (cases[i].address, cases[i].sender, cases[i].content);
    g_autofree char *domain = NULL;
    g_assert_cmpstr (destination, ==, cases[i].destination);
    if (destination == NULL)
      continue;
    g_assert_cmpint (queue_destination_read (destination, &domain), ==, cases[i].tls);
    g_assert_cmpstr (domain, ==, cases[i].domain);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  office_add_job ("/queue/add", test_add);
  office_add_job ("/queue/next", test_next);
  office_add_job ("/queue/several", test_several);
  office_add_job ("/queue/many", test_many);
  office_add_job ("/queue/settle", test_settle);
  g_test_add_func ("/queue/backoff", test_backoff);
  office_add_job ("/queue/end", test_end);
  office_add_job ("/queue/tls", test_tls);
  g_test_add_func ("/queue/destination", test_destination);
  return g_test_run ();
}

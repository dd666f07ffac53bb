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

  g_assert_true (queue_next (database, domain, now, after, busy, busy_count, 1, mails, more, NULL));
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
  g_assert_true (queue_next (database, "x.example", now, 0, busy, 1, 2, mails, &more, error));
  g_assert_cmpuint (mails->len, ==, 2);
  g_assert_true (more);
  g_assert_cmpint (((QueueMail *)mails->pdata[1])->message, ==, 3);
  g_assert_cmpuint (((QueueMail *)mails->pdata[1])->recipients->len, ==, 2);
  g_assert_true (queue_next (database, "x.example", now, 0, NULL, 0, 9, mails, &more, error));
  g_assert_cmpuint (mails->len, ==, 6);
  g_assert_true (more);
  g_assert_true (queue_next (database, "x.example", now, 1, NULL, 0, 9, mails, &more, error));
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
  g_assert_true (queue_next (database, "x.example", store_transaction_now (transaction), 0, NULL, 0,
                             9, mails, &more, error));
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
test_domain (void)
{
  static const struct {
    const char *address, *domain;
  } cases[] = { { "a@B.Example", "b.example" },
                { "\"a@b\"@c.example", "c.example" },
                { "a@b\xc3\xbc.example", "xn--b-eha.example" },
                { "a@[192.0.2.1]", "[192.0.2.1]" },
                { "a", NULL },
                { "a@", NULL } };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *domain = queue_domain (cases[i].address);
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
  g_test_add_func ("/queue/domain", test_domain);
  return g_test_run ();
}

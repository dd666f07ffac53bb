/* Tests of daemon/queue/queue-mail.c. */
#include "queue/queue-mail.h"

static const struct {
  guint code;
  const char *status;
  QueueOutcome outcome;
  const char *kept;
} cases[] = {
  { 250, "2.1.5", QUEUE_DELIVERED, "2.1.5" }, { 250, "", QUEUE_DELIVERED, "2.0.0" },
  { 450, "4.2.1", QUEUE_DEFERRED, "4.2.1" },  { 451, "5.7.1", QUEUE_DEFERRED, "4.0.0" },
  { 550, NULL, QUEUE_FAILED, "5.0.0" },       { 550, "5.1.1", QUEUE_FAILED, "5.1.1" },
};

static void
test_settle (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (QueueMail) mail = queue_mail_new ();
    QueueRecipient *recipient = queue_mail_add (mail, 1, "a@b.example");

    queue_recipient_settle (recipient, cases[i].code, cases[i].status, "a reply", "mx.example");
    g_assert_cmpint (recipient->outcome, ==, cases[i].outcome);
    g_assert_cmpstr (recipient->status, ==, cases[i].kept);
    g_assert_cmpstr (recipient->reply, ==, "a reply");
    g_assert_cmpstr (recipient->host, ==, "mx.example");
  }
}

/* Who has an outcome keeps it. */
static void
test_rest (void)
{
  g_autoptr (QueueMail) mail = queue_mail_new ();
  QueueRecipient *one = queue_mail_add (mail, 1, "one@b.example");
  QueueRecipient *two = queue_mail_add (mail, 2, "two@b.example");

  queue_recipient_settle (one, 550, NULL, "never", NULL);
  queue_mail_settle (mail, 250, NULL, "taken", NULL);
  g_assert_cmpint (one->outcome, ==, QUEUE_FAILED);
  g_assert_cmpint (two->outcome, ==, QUEUE_DELIVERED);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/queue-mail/settle", test_settle);
  g_test_add_func ("/queue-mail/rest", test_rest);
  return g_test_run ();
}

/* Tests of daemon/smtp/smtp-delivery.c: what is written when the brake holds, or when it is for
 * later. */
#include "smtp-fixture.h"
#include "accounts/brake.h"

#define ANNA "AGFubmFAZXhhbXBsZS5jb20AY29ycmVjdCBob3JzZQ==" /* AUTH PLAIN of the fixture */
#define BEGIN "220", "S: EHLO x", "250", "S: AUTH PLAIN " ANNA, "235"
#define TO_BOTH                                                                                    \
  "S: RCPT TO:<bert@example.com>", "250", "S: RCPT TO:<x@there.example>", "250", "S: DATA", "354", \
      "S: From: anna@example.com\r\n\r\nx\r\n."

static void
begin (Post *self)
{
  const ScheduleOptions options = { .store = self->office.store, .hostname = "mail.example.com" };
  g_autoptr (GError) error = NULL;

  self->service.schedule = schedule_new (&options, &error);
  g_assert_no_error (error);
}

/* "recipient:held:later …" */
static gboolean
read_queue (StoreSnapshot *snapshot, gpointer data, GError **error)
{
  Statement *row = database_query (store_snapshot_database (snapshot), error,
                                   "SELECT recipient, held, due > created FROM queue"
                                   " ORDER BY recipient",
                                   "");

  while (statement_next (row, NULL))
    g_string_append_printf (data, "%s:%d:%d ", statement_text (row, 0), (int)statement_int (row, 1),
                            (int)statement_int (row, 2));
  return TRUE;
}

static void
assert_queue (Post *self, const char *expected, guint bert)
{
  g_autoptr (GString) text = g_string_new (NULL);
  guint count;

  g_assert_true (store_read_sync (self->office.store, read_queue, text, NULL));
  g_assert_cmpstr (text->str, ==, expected);
  g_free (post_inbox (self, self->office.bert, &count));
  g_assert_cmpuint (count, ==, bert);
}

static gboolean
hold (StoreTransaction *transaction, gpointer data, GError **error)
{
  return brake_lock (transaction, "anna@example.com", error)
      && database_run (store_transaction_database (transaction), error,
                       "UPDATE account SET locked = 0", "");
}

/* People here are reached; what goes out waits, and the user is told so. */
static void
test_braked (Post *self, gconstpointer data)
{
  static const char *const steps[]
      = { BEGIN, "S: MAIL FROM:<anna@example.com>", "250", TO_BOTH, "250 2.0.0 Saved as ", NULL };

  begin (self);
  office_run (&self->office, hold);
  post_converse (steps);
  assert_queue (self, "x@there.example:2:0 ", 1);
  schedule_free (self->service.schedule);
}

static void
test_later (Post *self, gconstpointer data)
{
  static const char *const steps[] = {
    BEGIN, "S: MAIL FROM:<anna@example.com> HOLDFOR=3600", "250", TO_BOTH, "250 2.0.0 Saved as ",
    NULL
  };

  begin (self);
  post_converse (steps);
  assert_queue (self, "bert@example.com:0:1 x@there.example:0:1 ", 0);
  schedule_free (self->service.schedule);
}

/* Both: the mail here waits for its time, the other for its time and for the administrator. */
static void
test_braked_and_later (Post *self, gconstpointer data)
{
  static const char *const steps[] = {
    BEGIN, "S: MAIL FROM:<anna@example.com> HOLDFOR=3600", "250", TO_BOTH, "250 2.0.0 Saved as ",
    NULL
  };

  begin (self);
  office_run (&self->office, hold);
  post_converse (steps);
  assert_queue (self, "bert@example.com:0:1 x@there.example:2:1 ", 0);
  schedule_free (self->service.schedule);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  post_add ("/smtp-delivery/braked", SMTP_SUBMISSION, test_braked);
  post_add ("/smtp-delivery/later", SMTP_SUBMISSION, test_later);
  post_add ("/smtp-delivery/braked-and-later", SMTP_SUBMISSION, test_braked_and_later);
  return g_test_run ();
}

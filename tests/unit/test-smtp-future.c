/* Tests of daemon/smtp/smtp-future.c: HOLDFOR and HOLDUNTIL. */
#include "smtp-fixture.h"
#include "smtp/future-release.h"

#define ANNA "AGFubmFAZXhhbXBsZS5jb20AY29ycmVjdCBob3JzZQ==" /* AUTH PLAIN of the fixture */

static void
begin (Post *self)
{
  const ScheduleOptions options = { .store = self->office.store, .hostname = "mail.example.com" };
  g_autoptr (GError) error = NULL;

  self->service.schedule = schedule_new (&options, &error);
  g_assert_no_error (error);
}

static const struct {
  const char *parameter, *answer;
} rows[] = {
  { "HOLDFOR=3600", "250 2.1.0" },
  { "holdfor=1", "250 2.1.0" },
  { "HOLDFOR=2592000", "250 2.1.0" },
  { "HOLDFOR=2592001", "501 5.5.4" },
  { "HOLDFOR=0", "501 5.5.4" },
  { "HOLDFOR=", "501 5.5.4" },
  { "HOLDFOR", "501 5.5.4" },
  { "HOLDFOR=1h", "501 5.5.4" },
  { "HOLDUNTIL=2020-01-01T00:00:00Z", "501 5.5.4" },
  { "HOLDUNTIL=9999-01-01T00:00:00Z", "501 5.5.4" },
  { "HOLDUNTIL=tomorrow", "501 5.5.4" },
  { "HOLDUNTIL", "501 5.5.4" },
  { "HOLDFOR=10 HOLDFOR=10", "501 5.5.4" },
  { "HOLDFOR=10 HOLDUNTIL=2027-01-01T00:00:00Z", "501 5.5.4" },
};

static void
test_parameters (Post *self, gconstpointer data)
{
  begin (self);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autofree char *line
        = g_strconcat ("S: MAIL FROM:<anna@example.com> ", rows[i].parameter, NULL);
    const char *const steps[]
        = { "220", "S: EHLO x", "250", "S: AUTH PLAIN " ANNA, "235", line, rows[i].answer, NULL };
    g_test_message ("%s", rows[i].parameter);
    post_converse (steps);
  }
  schedule_free (self->service.schedule);
}

/* The same time in the reply, in the queue, and nothing in the mailbox. */
static void
test_hold (Post *self, gconstpointer data)
{
  const gint64 time = g_get_real_time () / G_USEC_PER_SEC + 7200;
  g_autofree char *text = future_release_print (time);
  g_autofree char *mail = g_strconcat ("S: MAIL FROM:<anna@example.com> HOLDUNTIL=", text, NULL);
  const char *const steps[] = { "220",
                                "S: EHLO x",
                                "250",
                                "S: AUTH PLAIN " ANNA,
                                "235",
                                mail,
                                "250",
                                "S: RCPT TO:<bert@example.com>",
                                "250",
                                "S: DATA",
                                "354",
                                "S: From: anna@example.com\r\n\r\nx\r\n.",
                                "250 2.0.0 Saved as",
                                "S: MAIL FROM:<anna@example.com>", /* it counted once */
                                "250",
                                "S: RCPT TO:<bert@example.com>",
                                "250",
                                "S: DATA",
                                "354",
                                "S: From: anna@example.com\r\n\r\nnow\r\n.",
                                "250 2.0.0 Saved as",
                                NULL };
  g_autofree char *inbox = NULL;
  guint count;

  begin (self);
  post_converse (steps);
  inbox = post_inbox (self, self->office.bert, &count);
  g_assert_cmpuint (count, ==, 1);
  g_assert_nonnull (strstr (inbox, "now\r\n"));
  schedule_free (self->service.schedule);
}

/* Where it is not offered, the parameter is not known. */
static void
test_not_offered (Post *self, gconstpointer data)
{
  static const char *const steps[]
      = { "220", "S: EHLO x", "250", "S: MAIL FROM:<a@b.example> HOLDFOR=3600", "555 5.5.4", NULL };

  post_converse (steps);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  post_add ("/smtp-future/parameters", SMTP_SUBMISSION, test_parameters);
  post_add ("/smtp-future/hold", SMTP_SUBMISSION, test_hold);
  post_add ("/smtp-future/not-offered", SMTP_MX, test_not_offered);
  return g_test_run ();
}

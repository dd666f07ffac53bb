/* Tests of daemon/smtp/smtp-envelope.c: MAIL and RCPT. */
#include "smtp-fixture.h"

static const struct {
  const char *mail, *answer;
} senders[] = {
  { "MAIL FROM:<a@b.example>", "250 2.1.0" },
  { "MAIL FROM:<>", "250 2.1.0" },
  { "MAIL FROM:<a@b.example> SIZE=1000 BODY=8BITMIME", "250 2.1.0" },
  { "MAIL FROM:<a@b.example> body=7bit", "250 2.1.0" },
  { "MAIL FROM:<a@b.example> SIZE=52428800", "250 2.1.0" },
  { "MAIL FROM:<a@b.example> SIZE=52428801", "552 5.3.4" },
  { "MAIL FROM:<a@b.example> SIZE=99999999999999999999", "501 5.5.4" },
  { "MAIL FROM:<a@b.example> SIZE=-1", "501 5.5.4" },
  { "MAIL FROM:<a@b.example> SIZE", "501 5.5.4" },
  { "MAIL FROM:<a@b.example> BODY=BINARYMIME", "250 2.1.0" },
  { "MAIL FROM:<a@b.example> BODY=16BIT", "504 5.5.4" },
  { "MAIL FROM:<\303\244@b.example>", "553 5.6.7" },
  { "MAIL FROM:<\303\244@b.example> SMTPUTF8", "250 2.1.0" },
  { "MAIL FROM:<a@b.example> SMTPUTF8=", "501 5.5.4" },
  { "MAIL FROM:<a@b.example> BODY", "504 5.5.4" },
  { "MAIL FROM:<a@b.example> RET=HDRS", "555 5.5.4" },
  { "MAIL FROM:<a@b.example> AUTH=<>", "555 5.5.4" }, /* not offered on this port */
  { "MAIL FROM:a@b.example", "501 5.1.7" },
  { "MAIL TO:<a@b.example>", "501 5.1.7" },
  { "MAIL", "501 5.1.7" },
};

static void
test_senders (Post *self, gconstpointer data)
{
  for (guint i = 0; i < G_N_ELEMENTS (senders); i++) {
    g_autofree char *line = g_strconcat ("S: ", senders[i].mail, NULL);
    const char *const steps[] = { "220", "S: EHLO x", "250", line, senders[i].answer, NULL };
    g_test_message ("%s", senders[i].mail);
    post_converse (steps);
  }
}

static gboolean
fill (StoreTransaction *transaction, gpointer data, GError **error)
{
  static const char *const outside[] = { "x@elsewhere.example", NULL };

  return account_add (transaction, "full@example.com", NULL, NULL, 100, FALSE, error)
      && account_add (transaction, "off@example.com", NULL, NULL, 0, FALSE, error)
      && account_set_enabled (transaction, "off@example.com", FALSE, error)
      && alias_add (transaction, "out@example.com", outside, error);
}

static const struct {
  const char *rcpt, *answer;
} recipients[] = {
  { "RCPT TO:<anna@example.com>", "250 2.1.5" },
  { "RCPT TO: <ANNA@example.com>", "250 2.1.5" },
  { "RCPT TO:<info@example.com>", "250 2.1.5" },
  { "RCPT TO:<postmaster>", "250 2.1.5" },
  { "RCPT TO:<abuse@example.com>", "250 2.1.5" },
  { "RCPT TO:<@relay.example:anna@example.com>", "250 2.1.5" },
  { "RCPT TO:<nobody@example.com>", "550 5.1.1" },
  { "RCPT TO:<x@elsewhere.example>", "550 5.7.1 That domain is not ours, and we do not relay" },
  { "RCPT TO:<anna%elsewhere.example@example.com>", "550 5.1.1" },
  { "RCPT TO:<out@example.com>", "550 5.7.1" },
  { "RCPT TO:<off@example.com>", "550 5.2.1" },
  { "RCPT TO:<full@example.com>", "452 4.2.2" },
  { "RCPT TO:<anna@example.com> NOTIFY=NEVER", "555 5.5.4" },
  { "RCPT TO:<>", "501 5.1.3" },
  { "RCPT TO:anna@example.com", "501 5.1.3" },
};

static void
test_recipients (Post *self, gconstpointer data)
{
  static const char *const begin[]
      = { "220", "S: EHLO x", "250", "S: MAIL FROM:<> SIZE=200", "250", NULL };
  g_autoptr (GSocket) client = net_connect ();

  office_run (&self->office, fill);
  post_talk (client, begin);
  for (guint i = 0; i < G_N_ELEMENTS (recipients); i++) {
    g_autofree char *line = g_strconcat ("S: ", recipients[i].rcpt, NULL);
    const char *const steps[] = { line, recipients[i].answer, NULL };
    g_test_message ("%s", recipients[i].rcpt);
    post_talk (client, steps);
  }
}

static void
test_too_many (Post *self, gconstpointer data)
{
  static const char *const begin[] = { "220", "S: EHLO x", "250 ", "S: MAIL FROM:<>", "250", NULL };
  static const char *const one[] = { "S: RCPT TO:<anna@example.com>", "250", NULL };
  static const char *const more[]
      = { "S: RCPT TO:<anna@example.com>", "452 4.5.3", "S: DATA", "354", "S: .", "250", NULL };
  g_autoptr (GSocket) client = net_connect ();
  guint count;

  g_assert_true (setting_set (SETTING_SMTP_MAX_RECIPIENTS, "100", NULL));
  post_talk (client, begin);
  for (guint i = 0; i < 100; i++)
    post_talk (client, one);
  post_talk (client, more);
  g_assert_true (setting_set (SETTING_SMTP_MAX_RECIPIENTS, "1000", NULL));
  g_autofree char *inbox = post_inbox (self, self->office.anna, &count);
  g_assert_cmpuint (count, ==, 1); /* named a hundred times, delivered once */
}

/* Guessing names ends the connection. */
static void
test_guessing (Post *self, gconstpointer data)
{
  static const char *const begin[] = { "220", "S: EHLO x", "250", "S: MAIL FROM:<>", "250", NULL };
  static const char *const guess[] = { "S: RCPT TO:<guess@example.com>", "550 5.1.1", NULL };
  static const char *const end[] = { "421 4.7.0", "", NULL };
  g_autoptr (GSocket) client = net_connect ();

  post_talk (client, begin);
  for (guint i = 0; i < 20; i++)
    post_talk (client, guess);
  post_talk (client, end);
}

static const struct {
  const char *mail, *answer;
} submitted[] = {
  { "MAIL FROM:<anna@example.com>", "250 2.1.0" },
  { "MAIL FROM: <Anna@Example.com> AUTH=<>", "250 2.1.0" },
  { "MAIL FROM:<only@example.com>", "250 2.1.0" },
  { "MAIL FROM:<>", "250 2.1.0" },
  { "MAIL FROM:<bert@example.com>", "553 5.7.1 <bert@example.com> is not an address of anna@" },
  { "MAIL FROM:<info@example.com>", "553 5.7.1" },
  { "MAIL FROM:<x@elsewhere.example>", "553 5.7.1" },
};

static gboolean
add_alias (StoreTransaction *transaction, gpointer data, GError **error)
{
  static const char *const anna[] = { "anna@example.com", NULL };

  return alias_add (transaction, "only@example.com", anna, error);
}

static void
test_submission (Post *self, gconstpointer data)
{
  static const char *const begin[]
      = { "220",       "S: EHLO x",
          "250",       "S: MAIL FROM:<anna@example.com>",
          "530 5.7.0", "S: AUTH PLAIN AGFubmFAZXhhbXBsZS5jb20AY29ycmVjdCBob3JzZQ==",
          "235",       NULL };
  g_autoptr (GSocket) client = net_connect ();

  office_run (&self->office, add_alias);
  post_talk (client, begin);
  for (guint i = 0; i < G_N_ELEMENTS (submitted); i++) {
    g_autofree char *line = g_strconcat ("S: ", submitted[i].mail, NULL);
    const gboolean accepted = *submitted[i].answer == '2';
    const char *const steps[]
        = { line,
            submitted[i].answer,
            "S: RCPT TO:<x@elsewhere.example>",
            accepted ? "550 5.7.1 Sending to other domains is not set up" : "503",
            "S: RSET",
            "250",
            NULL };
    g_test_message ("%s", submitted[i].mail);
    post_talk (client, steps);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  post_add ("/smtp-envelope/senders", SMTP_MX, test_senders);
  post_add ("/smtp-envelope/recipients", SMTP_MX, test_recipients);
  post_add ("/smtp-envelope/too-many", SMTP_MX, test_too_many);
  post_add ("/smtp-envelope/guessing", SMTP_MX, test_guessing);
  post_add ("/smtp-envelope/submission", SMTP_SUBMISSION, test_submission);
  return g_test_run ();
}

/* Tests of daemon/smtp/smtp-judge.c: who may be an author, and mail that runs in a circle. */
#include "smtp-fixture.h"

static const struct {
  const char *header, *answer;
} rows[] = {
  { "From: anna@example.com\r\n", "250" },
  { "from: Anna <ANNA@example.com>\r\n", "250" },
  { "X: y\r\n", "250" }, /* From is added */
  { "From: Bert <bert@example.com>\r\n",
    "550 5.7.1 <bert@example.com> in From or Sender is not an address of anna@example.com" },
  { "From: anna@example.com, bert@example.com\r\n", "550 5.7.1" },
  { "From: anna@example.com\r\nFrom: bert@example.com\r\n", "550 5.7.1" },
  { "From : bert@example.com\r\n", "550 5.7.1" },
  { "From: anna@example.com\r\nSender: bert@example.com\r\n", "550 5.7.1" },
  { "From:\r\n bert@example.com\r\n", "550 5.7.1" },
  { "From: \"anna@example.com\" <bert@example.com>\r\n", "550 5.7.1" },
  { "From: nobody\r\n", "550 5.6.0" },
  { "From:\r\n", "550 5.6.0" },
};

static void
test_authors (Post *self, gconstpointer data)
{
  static const char *const begin[]
      = { "220", "S: EHLO x", "250", "S: AUTH PLAIN AGFubmFAZXhhbXBsZS5jb20AY29ycmVjdCBob3JzZQ==",
          "235", NULL };
  g_autoptr (GSocket) client = net_connect ();

  post_talk (client, begin);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autofree char *mail = g_strconcat ("S: ", rows[i].header, "\r\nHello\r\n.", NULL);
    const char *const steps[] = { "S: MAIL FROM:<anna@example.com>",
                                  "250",
                                  "S: RCPT TO:<bert@example.com>",
                                  "250",
                                  "S: DATA",
                                  "354",
                                  mail,
                                  rows[i].answer,
                                  NULL };
    g_test_message ("%s", rows[i].header);
    post_talk (client, steps);
  }
}

/* An author behind 256 KiB of other fields would not be looked at. */
static void
test_far_author (Post *self, gconstpointer data)
{
  g_autofree char *fill = g_strnfill (262144, 'x');
  g_autofree char *mail
      = g_strconcat ("S: X: ", fill, "\r\nFrom: bert@example.com\r\n\r\nHello\r\n.", NULL);
  const char *const steps[]
      = { "220",       "S: EHLO x",
          "250",       "S: AUTH PLAIN AGFubmFAZXhhbXBsZS5jb20AY29ycmVjdCBob3JzZQ==",
          "235",       "S: MAIL FROM:<anna@example.com>",
          "250",       "S: RCPT TO:<bert@example.com>",
          "250",       "S: DATA",
          "354",       mail,
          "552 5.3.4", NULL };

  post_converse (steps);
}

static void
test_circle (Post *self, gconstpointer data)
{
  static const struct {
    guint hops;
    const char *answer;
  } circles[] = { { 50, "250" }, { 51, "554 5.4.6" } };

  for (guint i = 0; i < G_N_ELEMENTS (circles); i++) {
    g_autoptr (GString) mail = g_string_new ("S: ");
    for (guint hop = 0; hop < circles[i].hops; hop++)
      g_string_append (mail, "Received: by x; Tue, 24 Nov 2026 09:13:54 +0000\r\n");
    g_string_append (mail, "\r\nReceived: this is the body\r\n.");
    const char *const steps[] = { "220",
                                  "S: EHLO x",
                                  "250",
                                  "S: MAIL FROM:<>",
                                  "250",
                                  "S: RCPT TO:<anna@example.com>",
                                  "250",
                                  "S: DATA",
                                  "354",
                                  mail->str,
                                  circles[i].answer,
                                  NULL };
    post_converse (steps);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  post_add ("/smtp-judge/authors", SMTP_SUBMISSION, test_authors);
  post_add ("/smtp-judge/far-author", SMTP_SUBMISSION, test_far_author);
  post_add ("/smtp-judge/circle", SMTP_MX, test_circle);
  return g_test_run ();
}

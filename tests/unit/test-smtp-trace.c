/* Tests of daemon/smtp/smtp-trace.c: what is written above a mail. */
#include "smtp-fixture.h"
#include "smtp/smtp-trace.h"

static const struct {
  const char *mail;
  guint hops, authors;
  gboolean has_fields, has_date, has_message_id, has_from;
} headers[] = {
  { "", 0, 0, FALSE, FALSE, FALSE, FALSE },
  { "\r\nFrom: a@b.example\r\n", 0, 0, FALSE, FALSE, FALSE, FALSE },
  { "no field\r\n\r\n", 0, 0, FALSE, FALSE, FALSE, FALSE },
  { "Date: x\r\nMESSAGE-ID: y\r\n\r\n", 0, 0, TRUE, TRUE, TRUE, FALSE },
  { "Received: x\r\nreceived: y\r\nReceivedx: z\r\n\r\nReceived: w\r\n", 2, 0, TRUE, FALSE, FALSE,
    FALSE },
  { "From: a@b.example, c@d.example\r\nSender: e@f.example\r\n\r\n", 0, 3, TRUE, FALSE, FALSE,
    TRUE },
  { "From: a@b.example", 0, 1, TRUE, FALSE, FALSE, TRUE },
};

static void
test_read (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (headers); i++) {
    g_autoptr (GBytes) bytes = g_bytes_new_static (headers[i].mail, strlen (headers[i].mail));
    g_autoptr (SmtpHeader) header = smtp_header_read (bytes, TRUE);
    g_assert_cmpuint (header->hops, ==, headers[i].hops);
    g_assert_cmpuint (header->authors->len, ==, headers[i].authors);
    g_assert_cmpint (header->has_fields, ==, headers[i].has_fields);
    g_assert_cmpint (header->has_date, ==, headers[i].has_date);
    g_assert_cmpint (header->has_message_id, ==, headers[i].has_message_id);
    g_assert_cmpint (header->has_from, ==, headers[i].has_from);
    g_assert_false (header->is_cut);
  }
}

/* RFC 8689 §3: one field with the one word that there is. */
static void
test_tls_required (void)
{
  static const struct {
    const char *mail;
    gboolean waives;
  } cases[] = {
    { "TLS-Required: No\r\n\r\n", TRUE },
    { "tls-required:  (why not?) no (really)\r\n\r\n", TRUE },
    { "TLS-Required:\r\n No\r\n\r\n", TRUE },
    { "TLS-Required: Yes\r\n\r\n", FALSE },
    { "TLS-Required: Nobody\r\n\r\n", FALSE },
    { "TLS-Required: N\r\n\r\n", FALSE },
    { "TLS-Required:\r\n\r\n", FALSE },
    { "TLS-Required: No\r\nTLS-Required: No\r\n\r\n", FALSE },
    { "TLS-Required: Yes\r\nTLS-Required: No\r\n\r\n", FALSE },
    { "Subject: x\r\n\r\nTLS-Required: No\r\n", FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GBytes) bytes = g_bytes_new_static (cases[i].mail, strlen (cases[i].mail));
    g_autoptr (SmtpHeader) header = smtp_header_read (bytes, FALSE);
    g_test_message ("%s", cases[i].mail);
    g_assert_cmpint (header->waives_tls, ==, cases[i].waives);
  }
}

static void
test_many_authors (void)
{
  g_autoptr (GString) mail = g_string_new ("From: a@b.example");
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (SmtpHeader) header = NULL;

  for (guint i = 0; i < 200; i++)
    g_string_append (mail, ", a@b.example");
  bytes = g_bytes_new (mail->str, mail->len);
  header = smtp_header_read (bytes, TRUE);
  g_assert_true (header->is_cut);
}

static void
assert_fits (const char *pattern, const char *text)
{
  if (!g_regex_match_simple (pattern, text, G_REGEX_RAW | G_REGEX_DOTALL, 0))
    g_error ("%s does not fit %s", text, pattern);
}

static void
test_received (Post *self, gconstpointer data)
{
  static const char *const one[] = {
    "220", "S: EHLO client.example(x)", "250", "S: MAIL FROM:<a@b.example>", "250",
    "S: RCPT TO:<anna@example.com>", "250", "S: DATA", "354", "S: A: b\r\n\r\nHello\r\n.", "250",
    /* two recipients: neither is named */
    "S: HELO [192.0.2.1]", "250", "S: MAIL FROM:<>", "250", "S: RCPT TO:<bert@example.com>", "250",
    "S: RCPT TO:<admin@example.com>", "250", "S: DATA", "354", "S: A: b\r\n\r\n.", "250", NULL
  };

  post_converse (one);
  g_autofree char *anna = post_inbox (self, self->office.anna, NULL);
  g_autofree char *bert = post_inbox (self, self->office.bert, NULL);
  assert_fits ("^Return-Path: <a@b\\.example>\r\n"
               "Received: from client\\.example\\?x\\? \\(\\[127\\.0\\.0\\.1\\]\\)\r\n"
               "\tby mail\\.example\\.com \\(Hauspost\\) with ESMTP id [0-9a-z.]+\r\n"
               "\tfor <anna@example\\.com>;\r\n"
               "\t[A-Z][a-z]{2}, \\d+ [A-Z][a-z]{2} \\d{4} \\d\\d:\\d\\d:\\d\\d [+-]\\d{4}\r\n"
               "A: b\r\n\r\nHello\r\n",
               anna);
  assert_fits (
      "^Return-Path: <>\r\n"
      "Received: from \\[192\\.0\\.2\\.1\\] \\(\\[127\\.0\\.0\\.1\\]\\)\r\n"
      "\tby mail\\.example\\.com \\(Hauspost\\) with SMTP id [0-9a-z.]+;\r\n\t[^\r]+\r\nA: b",
      bert);
}

/* RFC 6409 §8: what scanners and copiers leave out. */
static void
test_submission_adds (Post *self, gconstpointer data)
{
  static const char *const steps[]
      = { "220", "S: EHLO scanner",
          "250", "S: AUTH PLAIN AGFubmFAZXhhbXBsZS5jb20AY29ycmVjdCBob3JzZQ==",
          "235", "S: MAIL FROM:<anna@example.com>",
          "250", "S: RCPT TO:<bert@example.com>",
          "250", "S: DATA",
          "354", "S: Subject: scan\r\n\r\nx\r\n.",
          "250", NULL };

  post_converse (steps);
  g_autofree char *bert = post_inbox (self, self->office.bert, NULL);
  assert_fits (
      "with ESMTPA id .*\r\nDate: [^\r]+\r\nMessage-ID: <[0-9a-z.]+@mail\\.example\\.com>\r\n"
      "From: <anna@example\\.com>\r\nSubject: scan\r\n\r\nx\r\n",
      bert);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/smtp-trace/read", test_read);
  g_test_add_func ("/smtp-trace/tls-required", test_tls_required);
  g_test_add_func ("/smtp-trace/many-authors", test_many_authors);
  post_add ("/smtp-trace/received", SMTP_MX, test_received);
  post_add ("/smtp-trace/submission-adds", SMTP_SUBMISSION, test_submission_adds);
  return g_test_run ();
}

/* Tests of daemon/smtp/smtp-commands.c: order, arguments, lines. */
#include "smtp-fixture.h"

static const struct {
  const char *name;
  SmtpKind kind;
  const char *steps[14];
} rows[] = {
  { "order/mail", SMTP_MX, { "S: MAIL FROM:<a@b.example>", "503 5.5.1 Say EHLO" } },
  { "order/rcpt",
    SMTP_MX,
    { "S: EHLO x", "250", "S: RCPT TO:<anna@example.com>", "503 5.5.1 Say MAIL" } },
  { "order/data",
    SMTP_MX,
    { "S: EHLO x", "250", "S: MAIL FROM:<>", "250", "S: DATA", "503 5.5.1" } },
  { "order/rset",
    SMTP_MX,
    { "S: EHLO x", "250", "S: MAIL FROM:<>", "250", "S: RSET", "250",
      "S: RCPT TO:<anna@example.com>", "503" } },
  { "order/ehlo-resets",
    SMTP_MX,
    { "S: EHLO x", "250", "S: MAIL FROM:<>", "250", "S: EHLO x", "250", "S: DATA", "503" } },
  { "order/second-mail",
    SMTP_MX,
    { "S: EHLO x", "250", "S: MAIL FROM:<>", "250", "S: MAIL FROM:<>", "503 5.5.1" } },
  { "helo", SMTP_MX, { "S: helo x", "250 mail.example.com", "S: MAIL FROM:<>", "250" } },
  { "helo/nothing", SMTP_MX, { "S: EHLO", "501 5.5.4", "S: EHLO  ", "501 5.5.4" } },
  { "argument",
    SMTP_MX,
    { "S: QUIT now", "501 5.5.4", "S: RSET x", "501 5.5.4", "S: NOOP x", "250" } },
  { "small-letters", SMTP_MX, { "S: ehlo x", "250", "S: noop", "250", "S: quit", "221", "" } },
  { "vrfy",
    SMTP_MX,
    { "S: VRFY anna", "252 2.5.0", "S: EXPN info", "502 5.5.1", "S: HELP", "214" } },
  { "unknown", SMTP_MX, { "S: TURN", "500 5.5.1", "S: ", "500 5.5.1" } },
  { "lhlo", SMTP_MX, { "S: LHLO x", "500 5.5.1" } },
  { "pipelined",
    SMTP_MX,
    { "R: EHLO x\r\nMAIL FROM:<>\r\nRCPT TO:<anna@example.com>\r\nRCPT "
      "TO:<nobody@example.com>\r\nDATA\r\n.\r\nQUIT\r\n",
      "250", "250 2.1.0", "250 2.1.5", "550 5.1.1", "354", "250 2.0.0", "221", "" } },
  /* A bare LF or CR must not end a line, and what follows it cannot be trusted. */
  { "line/bare-lf", SMTP_MX, { "R: NOOP\nQUIT\r\n", "421 4.7.0", "" } },
  { "line/bare-cr", SMTP_MX, { "R: NOOP\rQUIT\r\n", "421 4.7.0", "" } },
  { "line/cr-cr-lf", SMTP_MX, { "R: NOOP\r\r\n", "421 4.7.0", "" } },
  { "line/in-pieces", SMTP_MX, { "R: NO", "R: OP\r", "R: \nNOOP\r\n", "250", "250" } },
};

static void
test_row (Post *self, gconstpointer data)
{
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autoptr (GSocket) client = NULL;
    if (rows[i].kind != self->service.kind)
      continue;
    g_test_message ("%s", rows[i].name);
    client = net_connect ();
    post_expect (client, "220");
    post_talk (client, rows[i].steps);
  }
}

static void
test_long_lines (Post *self, gconstpointer data)
{
  static const struct {
    const char *begin;
    gsize length;
    const char *answer;
  } lines[] = { { "NOOP ", 2000, "250" },
                { "NOOP ", 2100, "421 4.7.0" },
                { "AUTH PLAIN ", 4000, "501" },
                { "AUTH PLAIN ", 12200, "501" },
                { "AUTH PLAIN ", 12500, "421 4.7.0" } };

  for (guint i = 0; i < G_N_ELEMENTS (lines); i++) {
    g_autofree char *fill = g_strnfill (lines[i].length, 'x');
    g_autofree char *line = g_strconcat ("S: ", lines[i].begin, fill, NULL);
    const char *const steps[] = { "220", "S: EHLO x", "250", line, lines[i].answer, NULL };
    post_converse (steps);
  }
}

static void
test_nul (Post *self, gconstpointer data)
{
  g_autoptr (GSocket) client = net_connect ();

  post_expect (client, "220");
  net_send (client, "NOOP \0x\r\nNOOP\r\n", 15);
  post_expect (client, "500 5.5.2");
  post_expect (client, "250");
}

/* Only what is whole is named, and the last line ends the list. */
static void
test_extensions (Post *self, gconstpointer data)
{
  static const char wanted[]
      = "250-mail.example.com\r\n250-PIPELINING\r\n250-SIZE 52428800\r\n"
        "250-8BITMIME\r\n250-SMTPUTF8\r\n250-CHUNKING\r\n250-BINARYMIME\r\n250-STARTTLS\r\n"
        "250-AUTH SCRAM-SHA-256 PLAIN LOGIN\r\n250-LIMITS RCPTMAX=1000\r\n"
        "250 ENHANCEDSTATUSCODES\r\n";
  static const char without_auth[]
      = "250-mail.example.com\r\n250-PIPELINING\r\n"
        "250-SIZE 52428800\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250-CHUNKING\r\n250-BINARYMIME\r\n"
        "250-STARTTLS\r\n250-LIMITS RCPTMAX=1000\r\n"
        "250 ENHANCEDSTATUSCODES\r\n";
  g_autoptr (GSocket) client = net_connect ();

  post_expect (client, "220");
  net_send (client, "EHLO x\r\n", 8);
  net_expect (client, wanted);
  g_assert_true (setting_set (SETTING_PLAINTEXT_PASSWORDS, "never", NULL));
  net_send (client, "EHLO x\r\n", 8);
  net_expect (client, without_auth);
  g_assert_true (setting_set (SETTING_PLAINTEXT_PASSWORDS, "loopback", NULL));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  post_add ("/smtp-commands/rows", SMTP_MX, test_row);
  post_add ("/smtp-commands/long-lines", SMTP_SUBMISSION, test_long_lines);
  post_add ("/smtp-commands/nul", SMTP_MX, test_nul);
  post_add ("/smtp-commands/extensions", SMTP_SUBMISSION, test_extensions);
  return g_test_run ();
}

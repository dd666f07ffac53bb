/* Tests of daemon/smtp/smtp-data.c: dots, line ends, chunks, sizes. */
#include "smtp-fixture.h"

/* One mail: what is sent after 354, and what is stored behind the trace fields. */
static const struct {
  const char *name, *sent, *answer, *stored;
} rows[] = {
  { "plain", "A: b\r\n\r\nHello\r\n.\r\n", "250", "A: b\r\n\r\nHello\r\n=====" },
  { "empty", ".\r\n", "250", "\r\n=====" },
  { "only-body", "Hello\r\n.\r\n", "250", "\r\nHello\r\n=====" },
  { "stuffed", "A: b\r\n\r\n..\r\n...x\r\n.y\r\n.\r\n", "250",
    "A: b\r\n\r\n.\r\n..x\r\ny\r\n=====" },
  { "dot-inside", "A: b\r\n\r\na.\r\n .\r\n.\r\n", "250", "A: b\r\n\r\na.\r\n .\r\n=====" },
  { "eight-bit", "A: b\r\n\r\n\303\244\377\r\n.\r\n", "250", "A: b\r\n\r\n\303\244\377\r\n=====" },
  /* What another server might take for the end (CVE-2023-51764 and its kin) is no end here, and
   * such a mail is refused. */
  { "smuggle/lf-dot-lf", "A: b\r\n\r\nx\n.\nMAIL FROM:<>\r\n.\r\n", "550 5.6.0", NULL },
  { "smuggle/lf-dot-crlf", "A: b\r\n\r\nx\n.\r\nMAIL FROM:<>\r\n.\r\n", "550 5.6.0", NULL },
  { "smuggle/crlf-dot-lf", "A: b\r\n\r\nx\r\n.\nMAIL FROM:<>\r\n.\r\n", "550 5.6.0", NULL },
  { "smuggle/crlf-dot-cr", "A: b\r\n\r\nx\r\n.\rMAIL FROM:<>\r\n.\r\n", "550 5.6.0", NULL },
  { "smuggle/cr-dot-cr", "A: b\r\n\r\nx\r.\rMAIL FROM:<>\r\n.\r\n", "550 5.6.0", NULL },
  { "smuggle/cr-dot-crlf", "A: b\r\n\r\nx\r.\r\nMAIL FROM:<>\r\n.\r\n", "550 5.6.0", NULL },
  { "smuggle/crlf-dot-cr-cr-lf", "A: b\r\n\r\nx\r\n.\r\r\nMAIL FROM:<>\r\n.\r\n", "550 5.6.0",
    NULL },
  { "smuggle/cr-cr-lf", "A: b\r\n\r\nx\r\r\n.\r\n", "550 5.6.0", NULL },
};

static void
send_mail (GSocket *client, const char *sent, gboolean in_pieces, const char *answer)
{
  static const char *const begin[] = {
    "S: MAIL FROM:<>", "250", "S: RCPT TO:<anna@example.com>", "250", "S: DATA", "354", NULL
  };

  post_talk (client, begin);
  if (in_pieces)
    for (; *sent; sent++) {
      net_send (client, sent, 1);
      g_usleep (500);
    }
  else
    net_send (client, sent, strlen (sent));
  post_expect (client, answer);
  net_send (client, "NOOP\r\n", 6); /* nothing of the mail was left over as a command */
  post_expect (client, "250 2.0.0 OK");
}

/* Each mail whole, then byte by byte: both must be stored alike. */
static void
test_rows (Post *self, gconstpointer data)
{
  static const char *const begin[] = { "220", "S: EHLO x", "250", NULL };
  guint wanted = 0, count;

  for (guint i = 0; i < 2 * G_N_ELEMENTS (rows); i++) {
    const guint row = i / 2;
    g_autoptr (GSocket) client = net_connect ();
    g_autofree char *inbox = NULL;
    g_test_message ("%s", rows[row].name);
    g_socket_set_option (client, 6, 1, 1, NULL); /* TCP_NODELAY */
    post_talk (client, begin);
    send_mail (client, rows[row].sent, i % 2, rows[row].answer);
    wanted += rows[row].stored != NULL;
    inbox = post_inbox (self, self->office.anna, &count);
    g_assert_cmpuint (count, ==, wanted);
    if (rows[row].stored) {
      g_autofree char *end = g_strconcat ("\r\n", rows[row].stored, "\n", NULL);
      g_assert_true (g_str_has_suffix (inbox, end));
    }
  }
}

static const struct {
  const char *name;
  const char *steps[12];
} chunks[] = {
  { "one",
    { "S: MAIL FROM:<>", "250", "S: RCPT TO:<anna@example.com>", "250",
      "R: BDAT 16 LAST\r\nA: b\r\n\r\n.\r\nx\r\n\r\n", "250 2.0.0 Saved", "S: RSET", "250" } },
  { "two",
    { "S: MAIL FROM:<>", "250", "S: RCPT TO:<anna@example.com>", "250", "R: BDAT 6\r\nA: b\r\n",
      "250 2.0.0 Go on", "R: BDAT 4\r\n\r\nx\r", "250", "R: BDAT 1 LAST\r\n\n",
      "250 2.0.0 Saved" } },
  { "empty-last",
    { "S: MAIL FROM:<>", "250", "S: RCPT TO:<anna@example.com>", "250", "R: BDAT 8\r\nA: b\r\n\r\n",
      "250", "S: BDAT 0 LAST", "250 2.0.0 Saved" } },
  /* The bytes of a chunk are never commands, whatever was refused before it. */
  { "no-mail", { "R: BDAT 6\r\nQUIT\r\nNOOP\r\n", "503 5.5.1", "250 2.0.0 OK" } },
  { "no-recipient",
    { "S: MAIL FROM:<>", "250", "R: BDAT 6 LAST\r\nQUIT\r\nNOOP\r\n", "503 5.5.1",
      "250 2.0.0 OK" } },
  { "too-big-then-more",
    { "S: MAIL FROM:<>", "250", "S: RCPT TO:<anna@example.com>", "250", "R: BDAT 6\r\nQUI\nT\n",
      "550 5.6.0", "R: BDAT 6 LAST\r\nQUIT\r\nNOOP\r\n", "503 5.5.1", "250 2.0.0 OK" } },
  { "bare-cr-at-the-end",
    { "S: MAIL FROM:<>", "250", "S: RCPT TO:<anna@example.com>", "250",
      "R: BDAT 9 LAST\r\nA: b\r\n\r\n\r", "550 5.6.0" } },
  { "mixed-with-data",
    { "S: MAIL FROM:<>", "250", "S: RCPT TO:<anna@example.com>", "250", "R: BDAT 6\r\nA: b\r\n",
      "250", "S: DATA", "503 5.5.1", "S: RCPT TO:<bert@example.com>", "503 5.5.1" } },
  { "malformed", { "S: BDAT x", "501 5.5.4", "" } },
  { "malformed/last", { "S: BDAT 5 FIRST", "501 5.5.4", "" } },
  { "malformed/nothing", { "S: BDAT", "501 5.5.4", "" } },
  { "malformed/negative", { "S: BDAT -1 LAST", "501 5.5.4", "" } },
};

static void
test_chunks (Post *self, gconstpointer data)
{
  guint count;

  for (guint i = 0; i < G_N_ELEMENTS (chunks); i++) {
    g_autoptr (GSocket) client = net_connect ();
    g_test_message ("%s", chunks[i].name);
    post_expect (client, "220");
    net_send (client, "EHLO x\r\n", 8);
    post_expect (client, "250");
    post_talk (client, chunks[i].steps);
  }
  g_autofree char *inbox = post_inbox (self, self->office.anna, &count);
  g_assert_cmpuint (count, ==, 3);
  g_assert_nonnull (strstr (inbox, "A: b\r\n\r\n.\r\nx\r\n\r\n=====")); /* no dot is taken away */
  g_assert_nonnull (strstr (inbox, "A: b\r\n\r\nx\r\n====="));
}

/* The limit also holds when no size was declared; the session goes on after it. */
static void
test_too_big (Post *self, gconstpointer data)
{
  static const char *const begin[] = { "220", "S: EHLO x", "250", NULL };
  g_autofree char *line = g_strnfill (70000, 'x');
  g_autofree char *mail = g_strconcat ("A: b\r\n\r\n", line, "\r\n.\r\n", NULL);
  g_autoptr (GSocket) client = net_connect ();
  guint count;

  g_assert_true (setting_set (SETTING_SMTP_MAX_MESSAGE_SIZE, "64K", NULL));
  post_talk (client, begin);
  send_mail (client, mail, FALSE, "552 5.3.4");
  g_assert_true (setting_set (SETTING_SMTP_MAX_MESSAGE_SIZE, "50M", NULL));
  send_mail (client, mail, FALSE, "250"); /* one line of 70,000 bytes is taken as it is */
  g_autofree char *inbox = post_inbox (self, self->office.anna, &count);
  g_assert_cmpuint (count, ==, 1);
  g_assert_nonnull (strstr (inbox, line));
}

#define ENVELOPE "MAIL FROM:<>\r\nRCPT TO:<anna@example.com>\r\n"

/* Who goes on and on after the limit is sent away; each way in. */
static void
test_endless (Post *self, gconstpointer data)
{
  static const struct {
    const char *begin, *replies[5];
  } endings[] = {
    { ENVELOPE "DATA\r\n", { "250", "250", "354", "552 5.3.4", "" } },
    { ENVELOPE "BDAT 900000000\r\n", { "250", "250", "552 5.3.4", "" } },
    { "BDAT 900000000\r\n", { "503 5.5.1", "" } },
  };
  g_autofree char *block = g_strnfill (65536, 'x');

  g_assert_true (setting_set (SETTING_SMTP_MAX_MESSAGE_SIZE, "64K", NULL));
  for (guint i = 0; i < G_N_ELEMENTS (endings); i++) {
    g_autoptr (GSocket) client = net_connect ();
    post_expect (client, "220");
    net_send (client, "EHLO x\r\n", 8);
    post_expect (client, "250");
    net_send (client, endings[i].begin, strlen (endings[i].begin));
    for (guint sent = 0; sent < 3; sent++)
      net_send (client, block, 65536);
    for (guint r = 0; r < G_N_ELEMENTS (endings[i].replies) && endings[i].replies[r]; r++)
      post_expect (client, endings[i].replies[r]);
  }
  g_assert_true (setting_set (SETTING_SMTP_MAX_MESSAGE_SIZE, "50M", NULL));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  post_add ("/smtp-data/rows", SMTP_MX, test_rows);
  post_add ("/smtp-data/chunks", SMTP_MX, test_chunks);
  post_add ("/smtp-data/too-big", SMTP_MX, test_too_big);
  post_add ("/smtp-data/endless", SMTP_MX, test_endless);
  return g_test_run ();
}

/* Tests of daemon/smtp/smtp-session.c: greeting, TLS, too many errors, silence, goodbye. */
#include "smtp-fixture.h"

static void
test_greeting (Post *self, gconstpointer data)
{
  static const char *const steps[]
      = { "220 mail.example.com ESMTP", "S: QUIT", "221 2.0.0", "", NULL };

  post_converse (steps);
}

static void
test_lmtp_greeting (Post *self, gconstpointer data)
{
  static const char *const steps[] = {
    "220 mail.example.com LMTP", "S: EHLO x", "500 5.5.1", "S: LHLO x", "250 ENHANCED", NULL
  };

  post_converse (steps);
}

static void
test_errors (Post *self, gconstpointer data)
{
  static const char *const begin[] = { "220", NULL };
  static const char *const wrong[] = { "S: NONSENSE", "500 5.5.1", NULL };
  static const char *const end[] = { "421 4.7.0", "", NULL };
  g_autoptr (GSocket) client = net_connect ();

  post_talk (client, begin);
  for (guint i = 0; i < 20; i++)
    post_talk (client, wrong);
  post_talk (client, end);
}

/* What was said in the clear is forgotten: the greeting, the mail, and pipelined commands behind
 * STARTTLS are never answered (CVE-2011-0411). */
static void
test_starttls (Post *self, gconstpointer data)
{
  static const char *const steps[] = { "220",       "S: EHLO x",
                                       "250",       "S: MAIL FROM:<a@b.example>",
                                       "250",       "R: STARTTLS\r\nRSET\r\n",
                                       "220 2.0.0", NULL };
  g_autoptr (GSocket) client = net_connect ();
  char answer[512];
  SSL *ssl;

  post_talk (client, steps);
  ssl = net_tls (client, "mail.example.com", TLS1_3_VERSION);
  g_assert_nonnull (ssl);
  SSL_write (ssl, "MAIL FROM:<a@b.example>\r\nSTARTTLS\r\n", 35);
  for (int got = 0; got < 10 || answer[got - 1] != '\n' || strstr (answer, "STARTTLS") == NULL;) {
    int more = net_tls_read (ssl, answer + got, sizeof answer - 1 - got);
    g_assert_cmpint (more, >, 0);
    got += more;
    answer[got] = '\0';
    if (g_strrstr (answer, "TLS is"))
      break;
  }
  g_assert_true (g_str_has_prefix (answer, "503 5.5.1 Say EHLO first\r\n503 5.5.1 TLS"));
  SSL_free (ssl);
}

static void
test_silence (Post *self, gconstpointer data)
{
  static const char *const steps[] = { "220", "421 4.4.2", "", NULL };
  g_autoptr (GSocket) client = NULL;

  g_assert_true (setting_set (SETTING_IDLE_TIMEOUT_SMTP, "10s", NULL));
  client = net_connect ();
  g_socket_set_timeout (client, 20);
  post_talk (client, steps);
  g_assert_true (setting_set (SETTING_IDLE_TIMEOUT_SMTP, "5m", NULL));
}

static void
test_dismissed (Post *self, gconstpointer data)
{
  static const char *const begin[] = { "220", "S: NOOP", "250", NULL };
  static const char *const end[] = { "421 4.3.2", "", NULL };
  g_autoptr (GSocket) client = net_connect ();

  post_talk (client, begin);
  for (guint i = 0; i < NET_THREADS; i++)
    io_thread_dismiss (net.threads[i]);
  post_talk (client, end);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  post_add ("/smtp-session/greeting", SMTP_MX, test_greeting);
  post_add ("/smtp-session/lmtp-greeting", SMTP_LMTP, test_lmtp_greeting);
  post_add ("/smtp-session/errors", SMTP_MX, test_errors);
  post_add ("/smtp-session/starttls", SMTP_MX, test_starttls);
  post_add ("/smtp-session/silence", SMTP_MX, test_silence);
  post_add ("/smtp-session/dismissed", SMTP_MX, test_dismissed);
  return g_test_run ();
}

/* Tests of daemon/smtp/smtp-defence.c on loopback: greylisting, and who is left alone. Block lists
 * and the greeting need other addresses and a DNS: tests/authentication/defences.py. */
#include "smtp-fixture.h"

#define OFFER "S: MAIL FROM:<a@x.example>", "250", "S: RCPT TO:<anna@example.com>"

static void
set (Setting setting, const char *text)
{
  g_autoptr (GError) error = NULL;

  setting_set (setting, text, &error);
  g_assert_no_error (error);
}

static void
begin (Post *self)
{
  self->service.known_clients = known_clients_new (self->office.store);
  set (SETTING_AUTHENTICATION_EXEMPT_NETWORKS, "");
}

static void
end (Post *self)
{
  for (guint i = 0; i < 1000 && metric_get (METRIC_CONNECTIONS_OPEN) > 0; i++)
    g_usleep (10000);
  net_stop ();
  g_clear_pointer (&self->service.known_clients, known_clients_free);
  set (SETTING_AUTHENTICATION_EXEMPT_NETWORKS, "127.0.0.0/8");
  set (SETTING_SMTP_GREYLIST, "0");
}

static void
test_greylist (Post *self, gconstpointer data)
{
  static const char *const first[]
      = { "220",
          "S: EHLO c.example",
          "250",
          OFFER,
          "451 4.7.1 This server does not know yours yet: come again in",
          "S: RCPT TO:<nobody@example.com>",
          "550 5.1.1",
          "S: RCPT TO:<postmaster@example.com>",
          "250",
          "S: QUIT",
          "221",
          NULL };
  static const char *const early[]
      = { "220", "S: EHLO c.example", "250", OFFER, "451 4.7.1", "S: QUIT", "221", NULL };
  static const char *const back[]
      = { "220", "S: EHLO c.example", "250", OFFER, "250", "S: RSET", "250",
          /* known by now: nothing else is asked again */
          "S: MAIL FROM:<new@y.example>", "250", "S: RCPT TO:<bert@example.com>", "250", "S: QUIT",
          "221", NULL };
  const gint64 before = metric_get (METRIC_SMTP_GREYLISTED);

  begin (self);
  set (SETTING_SMTP_GREYLIST, "3s");
  post_converse (first);
  post_converse (early);
  g_assert_cmpint (metric_get (METRIC_SMTP_GREYLISTED), ==, before + 2);
  g_usleep (4 * G_USEC_PER_SEC);
  post_converse (back);
  post_converse (back);
  end (self);
}

/* Off, as it is unless somebody wants it; and the office's own networks. */
static void
test_exempt (Post *self, gconstpointer data)
{
  static const char *const at_once[]
      = { "220", "S: EHLO c.example", "250", OFFER, "250", "S: QUIT", "221", NULL };

  begin (self);
  post_converse (at_once);
  set (SETTING_SMTP_GREYLIST, "1h");
  set (SETTING_AUTHENTICATION_EXEMPT_NETWORKS, "127.0.0.0/8");
  post_converse (at_once);
  end (self);
}

/* Who has sent a mail is known, whether greylisting was on or not; loopback never waits. */
static void
test_welcome (Post *self, gconstpointer data)
{
  static const char *const mail[] = {
    "220", "S: EHLO c.example", "250",  OFFER, "250",     "S: DATA", "354", "S: From: a@x.example",
    "S: ", "S: text",           "S: .", "250", "S: QUIT", "221",     NULL
  };
  static const char *const other[] = { "220", "S: EHLO c.example",
                                       "250", "S: MAIL FROM:<b@z.example>",
                                       "250", "S: RCPT TO:<anna@example.com>",
                                       "250", "S: QUIT",
                                       "221", NULL };
  g_autoptr (GInetAddress) peer = g_inet_address_new_from_string ("127.0.0.1");
  const gint64 begun = g_get_monotonic_time ();

  begin (self);
  set (SETTING_SMTP_GREET_DELAY, "10s");
  g_assert_false (known_clients_know (self->service.known_clients, peer));
  post_converse (mail);
  g_assert_true (known_clients_know (self->service.known_clients, peer));
  set (SETTING_SMTP_GREYLIST, "1h");
  post_converse (other);
  g_assert_cmpint (g_get_monotonic_time () - begun, <, 8 * G_USEC_PER_SEC);
  set (SETTING_SMTP_GREET_DELAY, "2s");
  end (self);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  post_add ("/smtp-defence/greylist", SMTP_MX, test_greylist);
  post_add ("/smtp-defence/exempt", SMTP_MX, test_exempt);
  post_add ("/smtp-defence/welcome", SMTP_MX, test_welcome);
  return g_test_run ();
}

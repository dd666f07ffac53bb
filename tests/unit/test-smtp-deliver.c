/* Tests of daemon/smtp/smtp-deliver.c: what is stored for whom, and what the client hears. */
#include "smtp-fixture.h"

static void
test_everybody_once (Post *self, gconstpointer data)
{
  static const char *const steps[] = { "220",
                                       "S: EHLO x",
                                       "250",
                                       "S: MAIL FROM:<>",
                                       "250",
                                       "S: RCPT TO:<info@example.com>",
                                       "250",
                                       "S: RCPT TO:<anna@example.com>",
                                       "250",
                                       "S: DATA",
                                       "354",
                                       "S: A: b\r\n\r\nx\r\n.",
                                       "250 2.0.0 Saved as",
                                       "S: DATA",
                                       "503",
                                       NULL };
  guint anna, bert, admin;

  post_converse (steps);
  g_free (post_inbox (self, self->office.anna, &anna));
  g_free (post_inbox (self, self->office.bert, &bert));
  g_free (post_inbox (self, self->office.admin, &admin));
  g_assert_cmpuint (anna, ==, 1);
  g_assert_cmpuint (bert, ==, 1);
  g_assert_cmpuint (admin, ==, 0);
}

static gboolean
remove_bert (StoreTransaction *transaction, gpointer data, GError **error)
{
  gboolean done;

  return account_remove (transaction, (gpointer) "bert@example.com", &done, error);
}

/* RFC 2033 §4.2: an answer for each recipient that RCPT accepted; bert goes away meanwhile. */
static void
test_lmtp (Post *self, gconstpointer data)
{
  static const char *const begin[] = { "220", "S: LHLO x",
                                       "250", "S: MAIL FROM:<>",
                                       "250", "S: RCPT TO:<anna@example.com>",
                                       "250", "S: RCPT TO:<nobody@example.com>",
                                       "550", "S: RCPT TO:<bert@example.com>",
                                       "250", NULL };
  static const char *const end[] = { "S: DATA",   "354",     "S: A: b\r\n\r\nx\r\n.", "250 2.0.0",
                                     "550 5.1.1", "S: NOOP", "250 2.0.0 OK",          NULL };
  static const char *const refused[] = { "S: MAIL FROM:<>",
                                         "250",
                                         "S: RCPT TO:<anna@example.com>",
                                         "250",
                                         "S: RCPT TO:<info@example.com>",
                                         "250",
                                         "R: BDAT 2 LAST\r\n\n\n",
                                         "550 5.6.0",
                                         "550 5.6.0",
                                         "S: NOOP",
                                         "250 2.0.0 OK",
                                         NULL };
  g_autoptr (GSocket) client = net_connect ();
  guint count;

  post_talk (client, begin);
  office_run (&self->office, remove_bert);
  post_talk (client, end);
  post_talk (client, refused);
  g_free (post_inbox (self, self->office.anna, &count));
  g_assert_cmpuint (count, ==, 1);
}

/* One answer for two recipients: nobody gets the mail before the client has heard who is gone. */
static void
test_one_left (Post *self, gconstpointer data)
{
  static const char *const begin[] = { "220", "S: EHLO x",
                                       "250", "S: MAIL FROM:<>",
                                       "250", "S: RCPT TO:<anna@example.com>",
                                       "250", "S: RCPT TO:<bert@example.com>",
                                       "250", NULL };
  static const char *const end[] = { "S: DATA",
                                     "354",
                                     "S: A: b\r\n\r\nx\r\n.",
                                     "451 4.2.1",
                                     "S: MAIL FROM:<>",
                                     "250",
                                     "S: RCPT TO:<bert@example.com>",
                                     "550 5.1.1",
                                     NULL };
  g_autoptr (GSocket) client = net_connect ();
  guint count;

  post_talk (client, begin);
  office_run (&self->office, remove_bert);
  post_talk (client, end);
  g_free (post_inbox (self, self->office.anna, &count));
  g_assert_cmpuint (count, ==, 0);
}

/* A client that goes away after its dot has its mail kept, and harms nobody. */
static void
test_gone (Post *self, gconstpointer data)
{
  static const char mail[] = "EHLO x\r\nMAIL FROM:<>\r\nRCPT TO:<anna@example.com>\r\nDATA\r\n"
                             "A: b\r\n\r\nx\r\n.\r\n";

  for (guint i = 0; i < 200; i++) {
    g_autoptr (GSocket) client = net_connect ();
    net_send (client, mail, i % 5 == 4 ? sizeof mail - 4 : sizeof mail - 1);
    g_usleep (i * 20);
    g_socket_close (client, NULL);
  }
}

/* Three mails in one packet. */
static void
test_pipelined (Post *self, gconstpointer data)
{
#define MAIL "MAIL FROM:<>\r\nRCPT TO:<anna@example.com>\r\nDATA\r\nA: b\r\n\r\nx\r\n.\r\n"
  static const char *const steps[] = { "220",
                                       "R: EHLO x\r\n" MAIL MAIL MAIL "QUIT\r\n",
                                       "250",
                                       "250 2.1.0",
                                       "250 2.1.5",
                                       "354",
                                       "250 2.0.0 Saved",
                                       "250 2.1.0",
                                       "250 2.1.5",
                                       "354",
                                       "250 2.0.0 Saved",
                                       "250 2.1.0",
                                       "250 2.1.5",
                                       "354",
                                       "250 2.0.0 Saved",
                                       "221",
                                       "",
                                       NULL };
  guint count;

  post_converse (steps);
  g_free (post_inbox (self, self->office.anna, &count));
  g_assert_cmpuint (count, ==, 3);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  post_add ("/smtp-deliver/everybody-once", SMTP_MX, test_everybody_once);
  post_add ("/smtp-deliver/lmtp", SMTP_LMTP, test_lmtp);
  post_add ("/smtp-deliver/one-left", SMTP_MX, test_one_left);
  post_add ("/smtp-deliver/gone", SMTP_MX, test_gone);
  post_add ("/smtp-deliver/pipelined", SMTP_MX, test_pipelined);
  return g_test_run ();
}

/* Tests of daemon/smtp/smtp-check.c with a DNS that does not answer; verdicts that matter need a
 * zone, see tests/authentication. */
#include "smtp-fixture.h"

static const char *const steps[] = { "220",
                                     "S: EHLO c.example",
                                     "250",
                                     "S: MAIL FROM:<a@nothing.invalid>",
                                     "250",
                                     "S: RCPT TO:<anna@example.com>",
                                     "250",
                                     "S: DATA",
                                     "354",
                                     "S: Authentication-Results: mail.example.com; spf=pass",
                                     "S: From: a@nothing.invalid",
                                     "S: ",
                                     "S: text",
                                     "S: .",
                                     "250",
                                     "S: QUIT",
                                     "221",
                                     NULL };

static Dns *
dns_lonely (const char *folder)
{
  g_autofree char *path = g_build_filename (folder, "dns", NULL);
  const DnsOptions options = { path, "127.0.0.1@1" };

  return dns_new (&options, NULL);
}

static void
set (Setting setting, const char *text)
{
  g_autoptr (GError) error = NULL;

  setting_set (setting, text, &error);
  g_assert_no_error (error);
}

/* What is said in our name goes, whether the mail is checked or not. */
static void
test_exempt (Post *self, gconstpointer data)
{
  g_autofree char *inbox = NULL;

  self->service.dns = dns_lonely (self->office.folder);
  post_converse (steps);
  inbox = post_inbox (self, self->office.anna, NULL);
  g_assert_null (strstr (inbox, "Authentication-Results:"));
  dns_free (self->service.dns);
}

/* What was found out stands above the mail; what came in our name is gone. */
static void
test_checked (Post *self, gconstpointer data)
{
  g_autofree char *inbox = NULL;
  const char *field;

  self->service.dns = dns_lonely (self->office.folder);
  set (SETTING_AUTHENTICATION_EXEMPT_NETWORKS, "");
  post_converse (steps);
  inbox = post_inbox (self, self->office.anna, NULL);
  field = strstr (inbox, "Authentication-Results: mail.example.com;\r\n\tiprev=");
  g_assert_nonnull (field);
  g_assert_true (field < strstr (inbox, "Received:"));
  g_assert_nonnull (strstr (field, "\tspf=none\r\n\t smtp.mailfrom=a@nothing.invalid;"));
  g_assert_nonnull (strstr (field, "\tdmarc=none\r\n\t header.from=nothing.invalid\r\n"));
  g_assert_null (strstr (inbox, "spf=pass"));
  dns_free (self->service.dns);
  set (SETTING_AUTHENTICATION_EXEMPT_NETWORKS, "127.0.0.0/8");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  post_add ("/smtp-check/exempt", SMTP_MX, test_exempt);
  post_add ("/smtp-check/checked", SMTP_MX, test_checked);
  return g_test_run ();
}

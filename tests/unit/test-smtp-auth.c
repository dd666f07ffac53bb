/* Tests of daemon/smtp/smtp-auth.c. */
#include "smtp-fixture.h"

/* anna@example.com, "correct horse" */
#define ANNA "YW5uYUBleGFtcGxlLmNvbQ=="
#define HORSE "Y29ycmVjdCBob3JzZQ=="
#define PLAIN "AGFubmFAZXhhbXBsZS5jb20AY29ycmVjdCBob3JzZQ=="
#define WRONG "AGFubmFAZXhhbXBsZS5jb20Ad3Jvbmc="

static const struct {
  const char *name;
  const char *steps[16];
} rows[] = {
  { "plain/initial", { "S: AUTH PLAIN " PLAIN, "235 2.7.0", "S: AUTH PLAIN " PLAIN, "503 5.5.1" } },
  { "plain/later", { "S: AUTH plain", "334 ", "S: " PLAIN, "235 2.7.0" } },
  { "login",
    { "S: AUTH LOGIN", "334 VXNlcm5hbWU6", "S: " ANNA, "334 UGFzc3dvcmQ6", "S: " HORSE, "235" } },
  { "login/initial", { "S: AUTH LOGIN " ANNA, "334 UGFzc3dvcmQ6", "S: " HORSE, "235" } },
  { "cancelled", { "S: AUTH LOGIN", "334", "S: *", "501 5.7.0", "S: NOOP", "250" } },
  { "malformed",
    { "S: AUTH PLAIN !!!!", "501 5.5.2", "S: AUTH LOGIN", "334", "S: ", "501 5.5.2" } },
  { "unknown", { "S: AUTH CRAM-MD5", "504 5.5.4", "S: AUTH", "504 5.5.4" } },
  { "bare-lf", { "S: AUTH LOGIN", "334", "R: " ANNA "\n", "421 4.7.0", "" } },
  { "too-late", { "S: MAIL FROM:<anna@example.com>", "530 5.7.0" } },
  { "wrong-is-not-signed-on",
    { "S: AUTH PLAIN " WRONG, "535 5.7.8", "S: MAIL FROM:<anna@example.com>", "530 5.7.0" } },
  { "three-failures",
    { "S: AUTH PLAIN " WRONG, "535", "S: AUTH PLAIN " WRONG, "535", "S: AUTH PLAIN " WRONG, "535",
      "421 4.7.0", "" } },
};

static void
test_row (Post *self, gconstpointer data)
{
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autoptr (GSocket) client = net_connect ();
    g_test_message ("%s", rows[i].name);
    post_expect (client, "220");
    net_send (client, "EHLO x\r\n", 8);
    post_expect (client, "250");
    post_talk (client, rows[i].steps);
  }
}

static void
test_before_ehlo (Post *self, gconstpointer data)
{
  static const char *const steps[] = { "220", "S: AUTH PLAIN " PLAIN, "503 5.5.1", NULL };

  post_converse (steps);
}

static void
test_not_in_the_clear (Post *self, gconstpointer data)
{
  static const char *const steps[]
      = { "220", "S: EHLO x", "250", "S: AUTH PLAIN " PLAIN, "538 5.7.11", NULL };

  g_assert_true (setting_set (SETTING_PLAINTEXT_PASSWORDS, "never", NULL));
  post_converse (steps);
  g_assert_true (setting_set (SETTING_PLAINTEXT_PASSWORDS, "loopback", NULL));
}

static void
test_not_here (Post *self, gconstpointer data)
{
  static const char *const steps[]
      = { "220", "S: EHLO x", "250", "S: AUTH PLAIN " PLAIN, "503 5.5.1", NULL };

  post_converse (steps);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  post_add ("/smtp-auth/rows", SMTP_SUBMISSION, test_row);
  post_add ("/smtp-auth/before-ehlo", SMTP_SUBMISSION, test_before_ehlo);
  post_add ("/smtp-auth/not-in-the-clear", SMTP_SUBMISSION, test_not_in_the_clear);
  post_add ("/smtp-auth/not-here", SMTP_MX, test_not_here);
  return g_test_run ();
}

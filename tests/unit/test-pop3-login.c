/* Tests of daemon/pop3/pop3-login.c. */
#include "pop3-fixture.h"

#define PLAIN "AGFubmFAZXhhbXBsZS5jb20Ac2VjcmV0" /* anna@example.com, "secret" */
#define WRONG "AGFubmFAZXhhbXBsZS5jb20Ad3Jvbmc="

static const struct {
  const char *name;
  const char *steps[16];
} rows[] = {
  { "user-pass", { "C: USER Anna@Example.com", "+OK", "C: PASS secret", "+OK 0 messages" } },
  { "pass-first", { "C: PASS secret", "-ERR Say USER" } },
  { "pass-once",
    { "C: USER anna@example.com", "+OK", "C: PASS", "-ERR", "C: PASS secret", "-ERR" } },
  { "nobody", { "C: USER nobody@example.com", "+OK", "C: PASS secret", "-ERR [AUTH]" } },
  { "not-utf-8", { "C: USER \xff", "-ERR" } },
  { "initial", { "C: AUTH PLAIN " PLAIN, "+OK 0", "C: AUTH PLAIN " PLAIN, "-ERR You" } },
  { "later", { "C: auth plain", "+ ", "C: " PLAIN, "+OK" } },
  { "login",
    { "C: AUTH LOGIN", "+ VXNlcm5hbWU6", "C: YW5uYUBleGFtcGxlLmNvbQ==", "+ UGFzc3dvcmQ6",
      "C: c2VjcmV0", "+OK" } },
  { "cancelled", { "C: AUTH PLAIN", "+ ", "C: *", "-ERR", "C: AUTH PLAIN " PLAIN, "+OK" } },
  { "malformed", { "C: AUTH PLAIN =", "-ERR", "C: AUTH PLAIN !!", "-ERR" } },
  { "unknown", { "C: AUTH CRAM-MD5", "-ERR" } },
  { "bare-auth", { "C: AUTH", "+OK", "SCRAM-SHA-256", "PLAIN", "LOGIN" } },
  { "three-failures",
    { "C: AUTH PLAIN " WRONG, "-ERR [AUTH]", "C: AUTH PLAIN " WRONG, "-ERR [AUTH]",
      "C: AUTH PLAIN " WRONG, "-ERR [AUTH]", "$" } },
};

static void
test_rows (void)
{
  pop3_set_up ();
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    static const char *const greeting[] = { "+OK mail.example.com", NULL };
    g_autoptr (GSocket) client = net_connect ();
    g_test_message ("%s", rows[i].name);
    pop3_talk (client, greeting);
    pop3_talk (client, rows[i].steps);
  }
  pop3_tear_down ();
}

static void
test_not_in_the_clear (void)
{
  static const char *const steps[] = { "+OK",           "C: USER anna@example.com",
                                       "-ERR Say STLS", "C: AUTH PLAIN " PLAIN,
                                       "-ERR",          "C: AUTH",
                                       "+OK",           ".",
                                       "C: CAPA",       "+OK",
                                       "STLS",          NULL };
  g_autoptr (GSocket) client = NULL;

  pop3_set_up ();
  g_assert_true (setting_set (SETTING_PLAINTEXT_PASSWORDS, "never", NULL));
  client = net_connect ();
  pop3_talk (client, steps);
  g_assert_true (setting_set (SETTING_PLAINTEXT_PASSWORDS, "loopback", NULL));
  g_clear_object (&client);
  pop3_tear_down ();
}

static void
test_door (void)
{
  static const char *const refused[] = { "+OK", "C: AUTH PLAIN " PLAIN, "-ERR [IN-USE]", NULL };
  static const char *const again[] = { "C: AUTH PLAIN " PLAIN, "+OK", "C: QUIT", "+OK", "$", NULL };
  static const char *const quit[] = { "C: QUIT", "+OK", "$", NULL };
  static const char *const soon[] = { "+OK", "C: AUTH PLAIN " PLAIN, "-ERR [LOGIN-DELAY]", NULL };
  g_autoptr (GSocket) first = NULL;
  g_autoptr (GSocket) second = NULL;

  pop3_set_up ();
  g_assert_true (setting_set (SETTING_POP3_EXCLUSIVE, "yes", NULL));
  first = pop3_log_in ();
  second = net_connect ();
  pop3_talk (second, refused);
  pop3_talk (first, quit);
  pop3_talk (second, again);
  g_assert_true (setting_set (SETTING_POP3_LOGIN_DELAY, "60s", NULL));
  g_clear_object (&first);
  g_clear_object (&second);
  first = pop3_log_in ();
  pop3_talk (first, quit);
  second = net_connect ();
  pop3_talk (second, soon);
  g_assert_true (setting_set (SETTING_POP3_EXCLUSIVE, "no", NULL));
  g_assert_true (setting_set (SETTING_POP3_LOGIN_DELAY, "0s", NULL));
  g_clear_object (&first);
  g_clear_object (&second);
  pop3_tear_down ();
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/pop3-login/rows", test_rows);
  g_test_add_func ("/pop3-login/not-in-the-clear", test_not_in_the_clear);
  g_test_add_func ("/pop3-login/door", test_door);
  return g_test_run ();
}

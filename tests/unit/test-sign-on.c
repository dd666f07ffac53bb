/* Tests of daemon/accounts/sign-on.c over POP3: what is offered, and exchanges that end early.
 * (Whole ones are tests/clients/scram.py's.) */
#include "pop3-fixture.h"

/* n,,n=anna@example.com,r=abc */
#define FIRST "biwsbj1hbm5hQGV4YW1wbGUuY29tLHI9YWJj"

static void
talk (const char *const *steps)
{
  static const char *const greeting[] = { "+OK", NULL };
  g_autoptr (GSocket) client = net_connect ();

  pop3_talk (client, greeting);
  pop3_talk (client, steps);
}

static void
test_ends_early (void)
{
  static const char *const rows[][10] = {
    { "C: AUTH SCRAM-SHA-256", "+ ", "C: *", "-ERR The login" },
    { "C: AUTH SCRAM-SHA-256", "+ ", "C: !", "-ERR That" },
    { "C: AUTH scram-sha-256 " FIRST, "+ cj1hYm", "C: ", "-ERR [AUTH]" },
    { "C: AUTH SCRAM-SHA-256 " FIRST, "+ cj1hYm", "C: *", "-ERR The login", "C: CAPA", "+OK" },
    { "C: AUTH SCRAM-SHA-256 biws", "-ERR That", "C: QUIT", "+OK", "$" },
    { "C: AUTH SCRAM-SHA-256-PLUS", "-ERR This" },
    { "C: AUTH", "+OK", "SCRAM-SHA-256", "PLAIN", "LOGIN", "." },
  };

  pop3_set_up ();
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    talk (rows[i]);
  pop3_tear_down ();
}

static void
test_off (void)
{
  static const char *const steps[]
      = { "C: AUTH SCRAM-SHA-256", "-ERR This", "C: AUTH", "+OK", "PLAIN", NULL };

  pop3_set_up ();
  g_assert_true (setting_set (SETTING_SCRAM, "off", NULL));
  talk (steps);
  g_assert_true (setting_set (SETTING_SCRAM, "all", NULL));
  pop3_tear_down ();
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sign-on/ends-early", test_ends_early);
  g_test_add_func ("/sign-on/off", test_off);
  return g_test_run ();
}

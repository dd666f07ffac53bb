#include "tests/unit/imap-fixture.h"

static void
test_capability (void)
{
  IMAP_TALK ({ "M", "a LOGIN ANNA@example.com secret",
               "a OK [CAPABILITY IMAP4rev1 * UIDPLUS *] Logged in\r\n" },
             { "M", "b LOGIN anna@example.com secret", "b BAD LOGIN cannot come *\r\n" });
}

/* A connection is no place to guess for long; the authenticator may slow guesses down before. */
static void
test_guessing (void)
{
  GSocket *client;

  imap_set_up ();
  client = imap_client ("M");
  for (guint i = 0; i < 4; i++) {
    net_send (client, "a LOGIN nobody@example.com guess\r\n", 34);
    imap_expect (client, "a NO [*] *\r\n");
  }
  imap_tear_down ();
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/imap-login/capability", test_capability);
  g_test_add_func ("/imap-login/guessing", test_guessing);
  return g_test_run ();
}

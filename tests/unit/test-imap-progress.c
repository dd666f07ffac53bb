#include "tests/unit/imap-fixture.h"

/* What takes no time says nothing. */
static void
test_quiet (void)
{
  IMAP_TALK (IMAP_SAVE ("1"), { "A", "s SELECT INBOX", "*s OK [READ-WRITE] Selected\r\n" },
             { "A", "a SEARCH BODY x", "* SEARCH\r\na OK Searched\r\n" });
}

/* More messages than one read job looks at. */
static void
test_steps (void)
{
  static const ImapStep steps[] = {
    { "A", "s SELECT INBOX", "*s OK [READ-WRITE] Selected\r\n" },
    { "A", "a SEARCH RETURN (COUNT) ALL",
      "*[INPROGRESS (\"a\" * 50001)]*ESEARCH (TAG \"a\") COUNT 50001\r\na OK Searched\r\n" },
  };
  g_autoptr (GError) error = NULL;

  imap_set_up ();
  imap_fill_inbox (50001);
  g_assert_true (setting_set (SETTING_IMAP_PROGRESS, "0s", &error));
  imap_talk (steps, G_N_ELEMENTS (steps));
  g_assert_true (setting_set (SETTING_IMAP_PROGRESS, "10s", &error));
  imap_tear_down ();
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/imap-progress/quiet", test_quiet);
  g_test_add_func ("/imap-progress/steps", test_steps);
  return g_test_run ();
}

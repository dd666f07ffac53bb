#include "tests/unit/imap-fixture.h"

#include "imap/imap-commands.h"

static void
test_table (void)
{
  static const char *const names[]
      = { "APPEND", "CAPABILITY", "EXPUNGE", "idle", "Unsubscribe", "XLISTS", "" };
  static const gboolean known[] = { TRUE, TRUE, TRUE, TRUE, TRUE, FALSE, FALSE };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++) {
    const ImapCommand *command = imap_command_find (names[i]);
    g_assert_cmpint (command != NULL, ==, known[i]);
    g_assert_true (!command || (command->run && command->usage && command->states));
  }
}

static void
test_dispatch (void)
{
  IMAP_TALK (
      { "M", "a NOPE", "a BAD Unknown command\r\n" },
      { "M", "b", "* BAD A command begins with a tag and a space\r\n" },
      { "M", "", "* BAD A command begins with a tag and a space\r\n" },
      { "M", "c UID", "c BAD Unknown command\r\n" },
      { "M", "d UID NOOP", "d BAD Unknown command\r\n" },
      { "M", "e SELECT INBOX", "e BAD SELECT cannot come before a login\r\n" },
      { "M", "f noop", "f OK Done\r\n" },
      { "A", "g LOGIN a b", "g BAD LOGIN cannot come while no mailbox is selected\r\n" },
      { "A", "h UID FETCH 1 FLAGS", "h BAD FETCH cannot come while no mailbox is selected\r\n" },
      { "A", "i NOOP x", "i BAD Expected: NOOP\r\n" });
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/imap-commands/table", test_table);
  g_test_add_func ("/imap-commands/dispatch", test_dispatch);
  return g_test_run ();
}

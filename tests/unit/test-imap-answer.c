#include "tests/unit/imap-fixture.h"

/* News come before the tagged answer, and EXPUNGE only where it may (RFC 9051 §7.5.1). */
static void
test_order (void)
{
  IMAP_TALK (IMAP_SAVE ("1"), IMAP_SAVE ("2"),
             { "A", "s SELECT INBOX", "*s OK [READ-WRITE] Selected\r\n" },
             { "B", "s SELECT INBOX", "*s OK [READ-WRITE] Selected\r\n" },
             { "B", "a STORE 1 +FLAGS.SILENT (\\Deleted)", "a OK Stored\r\n" },
             { "B", "b EXPUNGE", "* 1 EXPUNGE\r\nb OK Expunged\r\n" }, IMAP_SAVE ("3"),
             { "A", "c STORE 2 +FLAGS.SILENT (\\Seen)",
               "* 3 EXISTS\r\n* 3 RECENT\r\nc OK [EXPUNGEISSUED] Stored\r\n" },
             { "A", "d FETCH 3 (UID)", "* 3 FETCH (UID 3)\r\nd OK [EXPUNGEISSUED] Fetched\r\n" },
             { "A", "e UID STORE 3 +FLAGS.SILENT (\\Seen)", "* 1 EXPUNGE\r\ne OK Stored\r\n" },
             { "A", "f FETCH 2 (UID)", "* 2 FETCH (UID 3)\r\nf OK Fetched\r\n" });
}

static void
test_errors_in_a_row (void)
{
  GSocket *client;

  imap_set_up ();
  client = imap_client ("M");
  for (guint i = 0; i < 19; i++) {
    net_send (client, "a NOPE\r\n", 8);
    imap_expect (client, "a BAD Unknown command\r\n");
  }
  /* One good command, and the count begins anew. */
  net_send (client, "b NOOP\r\n", 8);
  imap_expect (client, "b OK Done\r\n");
  for (guint i = 0; i < 19; i++) {
    net_send (client, "a NOPE\r\n", 8);
    imap_expect (client, "a BAD Unknown command\r\n");
  }
  net_send (client, "a NOPE\r\n", 8);
  imap_expect (client, "a BAD Unknown command\r\n* BYE Too many errors\r\n");
  net_expect_end (client);
  imap_tear_down ();
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/imap-answer/order", test_order);
  g_test_add_func ("/imap-answer/errors-in-a-row", test_errors_in_a_row);
  return g_test_run ();
}

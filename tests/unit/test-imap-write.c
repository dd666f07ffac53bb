#include "tests/unit/imap-fixture.h"

/* More messages than one job takes: in slices, with the same answers. */
static const ImapStep big_steps[] = {
  { "A", "s SELECT INBOX", "** 3000 EXISTS\r\n*s OK [READ-WRITE] Selected\r\n" },
  { "B", "s SELECT INBOX", "** 3000 EXISTS\r\n*s OK [READ-WRITE] Selected\r\n" },
  { "A", "a STORE 1:* +FLAGS.SILENT (\\Seen $All)", "*a OK Stored\r\n" },
  { "A", "b SEARCH UNSEEN", "* SEARCH\r\nb OK Searched\r\n" },
  { "A", "c UID COPY 1:* Archive", "c OK [COPYUID * 1:3000 1:3000] Copied\r\n" },
  { "A", "d STORE 1:2998 +FLAGS.SILENT (\\Deleted)", "d OK Stored\r\n" },
  { "A", "e EXPUNGE", "* 2998 EXPUNGE\r\n* 2997 EXPUNGE\r\n** 1 EXPUNGE\r\ne OK Expunged\r\n" },
  { "A", "f FETCH 1:* (UID)", "* 1 FETCH (UID 2999)\r\n* 2 FETCH (UID 3000)\r\nf OK Fetched\r\n" },
  { "B", "g NOOP",
    "* FLAGS *\r\n* 2998 EXPUNGE\r\n** 1 EXPUNGE\r\n"
    "* 1 FETCH (UID 2999 FLAGS (\\Seen $All))\r\n"
    "* 2 FETCH (UID 3000 FLAGS (\\Seen $All))\r\ng OK Done\r\n" },
  { "B", "h UID MOVE 2999:3000 Trash",
    "* OK [COPYUID * 2999:3000 1:2] Moved\r\n* 2 EXPUNGE\r\n* 1 EXPUNGE\r\nh OK Done\r\n" },
  { "A", "i STATUS Archive (MESSAGES UNSEEN)",
    "* STATUS \"Archive\" (MESSAGES 3000 UNSEEN 0)\r\n"
    "* 2 EXPUNGE\r\n* 1 EXPUNGE\r\ni OK Done\r\n" },
};

static void
test_slices (void)
{
  imap_set_up ();
  store_write_sync (imap.store, imap_lift_quota, NULL, NULL);
  imap_fill_inbox (3000);
  imap_talk (big_steps, G_N_ELEMENTS (big_steps));
  imap_tear_down ();
}

/* What another changed before is told although one's own silent change came after it. */
static void
test_foreign (void)
{
  IMAP_TALK (IMAP_SAVE ("1"), IMAP_SAVE ("2"),
             { "A", "s SELECT INBOX", "*s OK [READ-WRITE] Selected\r\n" },
             { "B", "s SELECT INBOX", "*s OK [READ-WRITE] Selected\r\n" },
             { "B", "a STORE 1 +FLAGS.SILENT (\\Flagged)", "a OK Stored\r\n" },
             { "A", "b STORE 1:2 +FLAGS.SILENT (\\Seen)",
               "* 1 FETCH (UID 1 FLAGS (\\Flagged \\Seen \\Recent))\r\nb OK Stored\r\n" },
             { "A", "c NOOP", "c OK Done\r\n" },
             { "B", "d NOOP",
               "* 1 FETCH (UID 1 FLAGS (\\Flagged \\Seen))\r\n"
               "* 2 FETCH (UID 2 FLAGS (\\Seen))\r\nd OK Done\r\n" });
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/imap-write/slices", test_slices);
  g_test_add_func ("/imap-write/foreign", test_foreign);
  return g_test_run ();
}

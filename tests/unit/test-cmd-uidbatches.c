#include "tests/unit/imap-fixture.h"

static void
test_batches (void)
{
  static const ImapStep steps[] = {
    { "A", "s SELECT INBOX", "*s OK [READ-WRITE] Selected\r\n" },
    { "A", "d UID STORE 601:603 +FLAGS.SILENT (\\Deleted)", "d OK Stored\r\n" },
    { "A", "e EXPUNGE", "*e OK Expunged\r\n" },
    { "A", "a UIDBATCHES 500", "* UIDBATCHES (TAG \"a\") 1203:704,703:201,200:1\r\na OK Done\r\n" },
    { "A", "b UIDBATCHES 600 1:2", "* UIDBATCHES (TAG \"b\") 1203:604,603:1\r\nb OK Done\r\n" },
    { "A", "c UIDBATCHES 500 2:2", "* UIDBATCHES (TAG \"c\") 703:201\r\nc OK Done\r\n" },
    { "A", "f UIDBATCHES 4294967295 1:4294967295",
      "* UIDBATCHES (TAG \"f\") 1203:1\r\nf OK Done\r\n" },
    { "A", "g UIDBATCHES 500 4:5", "* UIDBATCHES (TAG \"g\")\r\ng OK Done\r\n" },
    { "A", "h UIDBATCHES 499", "h NO [TOOFEW] *\r\n" },
    { "A", "i UIDBATCHES 500 2:1", "i BAD [CLIENTBUG] *\r\n" },
    { "A", "j UIDBATCHES 500 2", "j BAD Expected: *\r\n" },
  };

  imap_set_up ();
  imap_fill_inbox (1203);
  imap_talk (steps, G_N_ELEMENTS (steps));
  imap_tear_down ();
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/cmd-uidbatches/batches", test_batches);
  return g_test_run ();
}

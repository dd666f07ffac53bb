#include "tests/unit/imap-fixture.h"

static void
test_refusals (void)
{
  IMAP_TALK ({ "M", "a NOTIFY NONE", "a BAD NOTIFY cannot come before a login\r\n" },
             { "A", "a NOTIFY", "a BAD Expected: NOTIFY NONE, or *\r\n" },
             { "A", "b NOTIFY SET (personal (FlagChange))", "b BAD *\r\n" },
             { "A", "c NOTIFY SET (personal (Sunrise))",
               "c NO [BADEVENT (MessageNew MessageExpunge FlagChange MailboxName"
               " SubscriptionChange MailboxMetadataChange ServerMetadataChange)] *\r\n" },
             { "A", "d NOTIFY NONE", "d OK *\r\n" });
}

static void
test_status (void)
{
  IMAP_TALK (
      IMAP_SAVE ("1"),
      { "A", "a NOTIFY SET STATUS (mailboxes (INBOX Nowhere) (MessageNew MessageExpunge))",
        "* STATUS \"INBOX\" (MESSAGES 1 UIDNEXT 2 UIDVALIDITY *)\r\na OK *\r\n" },
      { "A", "s SELECT INBOX", "*s OK [READ-WRITE] Selected\r\n" },
      { "A", "b NOTIFY SET STATUS (mailboxes INBOX (MessageNew MessageExpunge))", "b OK *\r\n" });
}

/* What has gathered is told, whatever is wanted from then on. */
static void
test_accumulated (void)
{
  IMAP_TALK ({ "A", "s SELECT INBOX", "*s OK [READ-WRITE] Selected\r\n" },
             { "A", "a NOTIFY NONE", "a OK *\r\n" }, IMAP_SAVE ("1"),
             { "A", "n NOOP", "n OK Done\r\n" },
             { "A", "b NOTIFY SET (selected NONE)", "* 1 EXISTS\r\n* 1 RECENT\r\nb OK *\r\n" },
             IMAP_SAVE ("2"), { "A", "n NOOP", "n OK Done\r\n" });
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/cmd-notify/refusals", test_refusals);
  g_test_add_func ("/cmd-notify/status", test_status);
  g_test_add_func ("/cmd-notify/accumulated", test_accumulated);
  return g_test_run ();
}

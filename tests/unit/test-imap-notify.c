/* When a session is told: between commands, in IDLE, once; and what is its own. */
#include "tests/unit/imap-fixture.h"

static void
test_between_commands (void)
{
  IMAP_TALK (
      { "A", "a NOTIFY SET (personal (MessageNew MessageExpunge MailboxName))", "a OK *\r\n" },
      IMAP_SAVE ("1"), { "A", NULL, "* STATUS \"INBOX\" (MESSAGES 1 UIDNEXT 2)\r\n" },
      { "B", "b CREATE x", "*b OK *\r\n" },
      { "A", NULL, "* LIST (\\HasNoChildren) \"/\" \"x\"\r\n" }, { "A", "i IDLE", "+ idling\r\n" },
      IMAP_SAVE ("2"), { "A", NULL, "* STATUS \"INBOX\" (MESSAGES 2 UIDNEXT 3)\r\n" },
      { "A", "DONE", "i OK Idle ended\r\n" });
}

/* Three at once, and pipelined: nothing is told twice, nothing is lost. */
static void
test_pipelined (void)
{
  IMAP_TALK ({ "A", "a NOTIFY SET (personal (MessageNew MessageExpunge))", "a OK *\r\n" },
             IMAP_SAVE ("1"), { "A", NULL, "* STATUS \"INBOX\" (MESSAGES 1 UIDNEXT 2)\r\n" },
             { "A", "b NOOP\r\nc CREATE y\r\nd NOOP", "b OK Done\r\nc OK *\r\nd OK Done\r\n" },
             { "B", "e SELECT INBOX", "*e OK *\r\n" },
             { "B", "f STORE 1 +FLAGS.SILENT (\\Deleted)", "f OK *\r\n" },
             { "B", "g EXPUNGE", "* 1 EXPUNGE\r\ng OK *\r\n" },
             { "A", NULL, "* STATUS \"INBOX\" (MESSAGES 0 UIDNEXT 2)\r\n" });
}

static void
test_own (void)
{
  IMAP_TALK (
      { "A", "a NOTIFY SET (personal (MessageNew MessageExpunge MailboxName))", "a OK *\r\n" },
      { "A", "b APPEND INBOX {30+}\r\nFrom: a@b.c\r\nSubject: 1\r\n\r\nabc",
        "b OK [APPENDUID *] Saved\r\n" },
      { "A", "c CREATE z", "*c OK *\r\n" }, { "A", "s SELECT INBOX", "*s OK *\r\n" },
      { "A", "d COPY 1 z", "d OK [COPYUID *\r\n" }, { "A", "e UNSELECT", "e OK Closed\r\n" },
      IMAP_SAVE ("2"), { "A", NULL, "* STATUS \"INBOX\" (MESSAGES 2 UIDNEXT 3)\r\n" });
}

static void
test_selected (void)
{
  IMAP_TALK ({ "A", "s SELECT INBOX", "*s OK *\r\n" },
             { "A", "a NOTIFY SET (selected (MessageNew (UID) MessageExpunge))", "a OK *\r\n" },
             IMAP_SAVE ("1"), { "A", NULL, "* 1 EXISTS\r\n* 1 RECENT\r\n* 1 FETCH (UID 1)\r\n" },
             { "B", "s SELECT INBOX", "*s OK *\r\n" },
             { "B", "b STORE 1 +FLAGS.SILENT (\\Deleted)", "b OK *\r\n" },
             { "B", "c EXPUNGE", "* 1 EXPUNGE\r\nc OK *\r\n" }, { "A", NULL, "* 1 EXPUNGE\r\n" });
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/imap-notify/between-commands", test_between_commands);
  g_test_add_func ("/imap-notify/pipelined", test_pipelined);
  g_test_add_func ("/imap-notify/own", test_own);
  g_test_add_func ("/imap-notify/selected", test_selected);
  return g_test_run ();
}
